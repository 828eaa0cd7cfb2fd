#include "node/protocol/ethereum/contracts.hpp"

#include "accel/hasher.hpp"

namespace buri::protocol::ethereum {
namespace {

constexpr std::size_t kSelectorBytes = 4;

U256 integer(const Hash256& word) { return U256::from_big_endian(word).value(); }

/// The address in the low bytes of a word; nothing if the others are not zero.
std::optional<Address> address(const Hash256& word) {
  const ByteView bytes = word;
  const std::size_t padding = bytes.size() - Address::kSize;
  for (const std::uint8_t byte : bytes.first(padding)) {
    if (byte != 0) return std::nullopt;
  }
  return Address::from(bytes.subspan(padding));
}

}  // namespace

Bytes call_data(std::string_view signature, std::initializer_list<U256> arguments) {
  const ByteView message = as_bytes(signature);
  Hash256 digest;
  accel::scalar_hasher().keccak256_batch(std::span(&message, 1), std::span(&digest, 1));
  Bytes data(digest.data(), digest.data() + kSelectorBytes);
  for (const U256& argument : arguments) append(data, argument.to_word());
  return data;
}

std::optional<std::vector<Hash256>> read_words(ByteView result, std::size_t count) {
  if (result.size() != count * Hash256::kSize) return std::nullopt;
  std::vector<Hash256> words;
  for (std::size_t i = 0; i < count; ++i) {
    words.push_back(Hash256::from(result.subspan(i * Hash256::kSize, Hash256::kSize)));
  }
  return words;
}

std::optional<RootChainHeaderBlock> read_header_block(ByteView result) {
  const auto words = read_words(result, 5);
  if (!words) return std::nullopt;
  const auto start = integer((*words)[1]).to_uint64();
  const auto end = integer((*words)[2]).to_uint64();
  const auto created_at = integer((*words)[3]).to_uint64();
  const auto proposer = address((*words)[4]);
  if (!start || !end || !created_at || !proposer) return std::nullopt;
  return RootChainHeaderBlock{(*words)[0], *start, *end, *created_at, *proposer};
}

std::optional<StakerDetails> read_staker_details(ByteView result) {
  const auto words = read_words(result, 6);
  if (!words) return std::nullopt;
  const auto activation = integer((*words)[2]).to_uint64();
  const auto deactivation = integer((*words)[3]).to_uint64();
  const auto signer = address((*words)[4]);
  if (!activation || !deactivation || !signer) return std::nullopt;
  return StakerDetails{
      integer((*words)[0]), integer((*words)[1]), *activation, *deactivation, *signer,
      integer((*words)[5])};
}

}  // namespace buri::protocol::ethereum
