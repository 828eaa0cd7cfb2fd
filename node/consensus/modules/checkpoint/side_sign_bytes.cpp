#include "node/consensus/modules/checkpoint/side_sign_bytes.hpp"

#include "node/consensus/runtime/address.hpp"
#include "node/consensus/runtime/integer.hpp"
#include "node/consensus/runtime/keys.hpp"

namespace buri::consensus::modules::checkpoint {
namespace {

constexpr std::size_t kWordBytes = 32;
constexpr std::size_t kWords = 6;

void append_word(Bytes& target, ByteView value) {
  if (value.size() > kWordBytes) return;
  target.insert(target.end(), kWordBytes - value.size(), 0);
  append(target, value);
}

std::uint64_t low_bits(ByteView word) {
  std::uint64_t value = 0;
  for (const std::uint8_t byte : word.last(8)) value = value << 8 | byte;
  return value;
}

}  // namespace

std::optional<Bytes> side_sign_bytes(const MsgCheckpoint& message) {
  const auto proposer = runtime::parse_address(message.proposer);
  if (!proposer.ok()) return std::nullopt;
  const auto chain_id = runtime::Integer::from_decimal(message.bor_chain_id);
  Bytes bytes;
  append_word(bytes, *proposer);
  append_word(bytes, runtime::number_value(message.start_block));
  append_word(bytes, runtime::number_value(message.end_block));
  append_word(bytes, message.root_hash);
  append_word(bytes, message.account_root_hash);
  append_word(bytes, runtime::number_value(chain_id ? chain_id->to_uint64().value_or(0) : 0));
  return bytes;
}

std::optional<MsgCheckpoint> from_side_sign_bytes(ByteView bytes) {
  if (bytes.size() != kWords * kWordBytes) return std::nullopt;
  const auto word = [bytes](std::size_t i) { return bytes.subspan(i * kWordBytes, kWordBytes); };
  const auto content = [&word](std::size_t i) { return Bytes(word(i).begin(), word(i).end()); };
  return MsgCheckpoint{.proposer = runtime::to_text(Address::from(word(0).last(Address::kSize))),
                       .start_block = low_bits(word(1)),
                       .end_block = low_bits(word(2)),
                       .root_hash = content(3),
                       .account_root_hash = content(4),
                       .bor_chain_id = std::to_string(low_bits(word(5)))};
}

}  // namespace buri::consensus::modules::checkpoint
