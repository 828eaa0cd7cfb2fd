#include "hsm/wire/plain_extension.hpp"

#include <algorithm>

#include "base/u256.hpp"

namespace buri::hsm::wire {
namespace {

constexpr std::string_view kBanner = "\t\r\n#HEIMDALL-VOTE-EXTENSION#\r\n\t";
constexpr std::uint8_t kBar = '|';
constexpr std::uint8_t kYesVote = 1;
constexpr std::size_t kWordBytes = 32;

Bytes big_endian(std::int64_t value) {
  Bytes bytes(8);
  for (std::size_t i = 0; i < 8; ++i) {
    bytes[i] = static_cast<std::uint8_t>(static_cast<std::uint64_t>(value) >> (56 - 8 * i));
  }
  return bytes;
}

/// The last N bytes of word `index`, if the bytes before them are zero.
template <std::size_t N>
std::optional<FixedBytes<N>> word_tail(ByteView words, std::size_t index) {
  const ByteView word = words.subspan(index * kWordBytes, kWordBytes);
  const ByteView padding = word.first(kWordBytes - N);
  if (std::any_of(padding.begin(), padding.end(), [](std::uint8_t byte) { return byte != 0; })) {
    return std::nullopt;
  }
  return FixedBytes<N>::from(word.last(N));
}

std::optional<std::uint64_t> word_number(ByteView words, std::size_t index) {
  const auto tail = word_tail<8>(words, index);
  if (!tail) return std::nullopt;
  return U256::from_big_endian(*tail)->to_uint64();
}

}  // namespace

Bytes plain_dummy(ExtensionForm form, std::int64_t height, std::string_view chain_id) {
  Bytes bytes;
  if (form == ExtensionForm::kBanner) {
    append(bytes, as_bytes(kBanner));
    bytes.push_back(kBar);
    append(bytes, big_endian(height));
    bytes.push_back(kBar);
  } else {
    bytes.push_back(0);
    append(bytes, big_endian(height));
  }
  append(bytes, as_bytes(chain_id));
  return bytes;
}

FixedBytes<192> checkpoint_words(const Checkpoint& checkpoint) {
  Bytes words(kWordBytes - Address::size());
  append(words, checkpoint.proposer);
  append(words, U256::from_uint64(checkpoint.start_block).to_word());
  append(words, U256::from_uint64(checkpoint.end_block).to_word());
  append(words, checkpoint.root_hash);
  append(words, checkpoint.account_root_hash);
  append(words, U256::from_uint64(checkpoint.bor_chain_id).to_word());
  return FixedBytes<192>::from(words);
}

Bytes plain_checkpoint(const Checkpoint& checkpoint) {
  Bytes bytes{kYesVote};
  append(bytes, checkpoint_words(checkpoint));
  return bytes;
}

std::optional<Checkpoint> parse_plain_checkpoint(ByteView bytes) {
  if (bytes.size() != 1 + 6 * kWordBytes || bytes[0] != kYesVote) return std::nullopt;
  const ByteView words = bytes.subspan(1);
  const auto proposer = word_tail<20>(words, 0);
  const auto start = word_number(words, 1);
  const auto end = word_number(words, 2);
  const auto chain = word_number(words, 5);
  if (!proposer || !start || !end || !chain) return std::nullopt;
  return Checkpoint{*proposer, *start, *end, *word_tail<32>(words, 3), *word_tail<32>(words, 4),
                    *chain};
}

}  // namespace buri::hsm::wire
