#include <algorithm>

#include "accel/hasher.hpp"
#include "node/protocol/root_chain.hpp"

namespace buri::protocol {
namespace {

constexpr std::size_t kWordBytes = 32;

Hash256 topic_of(std::string_view signature) {
  const ByteView message = as_bytes(signature);
  Hash256 topic;
  accel::scalar_hasher().keccak256_batch(std::span(&message, 1), std::span(&topic, 1));
  return topic;
}

U256 integer(const Hash256& word) { return U256::from_big_endian(word).value(); }
std::uint64_t low_bits(const Hash256& word) { return integer(word).limbs[0]; }
Address address(const Hash256& word) { return Address::from(ByteView(word).last(Address::kSize)); }

/// A log whose topics and words of data were counted.
struct Found {
  const RootChainLog* log = nullptr;

  [[nodiscard]] const Hash256& topic(std::size_t i) const { return log->topics[i]; }
  [[nodiscard]] Hash256 word(std::size_t i) const {
    return Hash256::from(ByteView(log->data).subspan(i * kWordBytes, kWordBytes));
  }
  /// The byte string whose place word `i` tells.
  [[nodiscard]] std::optional<Bytes> bytes(std::size_t i) const {
    const ByteView data = log->data;
    const auto offset = integer(word(i)).to_uint64();
    if (!offset || *offset > data.size() || data.size() - *offset < kWordBytes) return std::nullopt;
    const ByteView tail = data.subspan(*offset);
    const auto length = U256::from_big_endian(tail.first(kWordBytes))->to_uint64();
    if (!length || *length > tail.size() - kWordBytes) return std::nullopt;
    const ByteView content = tail.subspan(kWordBytes, *length);
    return Bytes(content.begin(), content.end());
  }
};

/// The log at that place if it is the event with `topics` topics, its own hash among them, and at
/// least `words` words of data.
std::optional<Found> find(const RootChainReceipt& receipt, const LogPlace& place,
                          std::string_view signature, std::size_t topics, std::size_t words) {
  const auto log = std::ranges::find_if(receipt.logs, [&place](const RootChainLog& one) {
    return one.index == place.index && one.address == place.contract;
  });
  if (log == receipt.logs.end() || log->topics.size() != topics) return std::nullopt;
  if (log->topics.front() != topic_of(signature)) return std::nullopt;
  if (log->data.size() < words * kWordBytes) return std::nullopt;
  return Found{&*log};
}

}  // namespace

std::optional<RootChainReceipt> receipt_in_block(RootChain& chain, const Hash256& tx_hash,
                                                 std::uint64_t block_number,
                                                 std::uint64_t confirmations) {
  auto receipt = chain.confirmed_receipt(tx_hash, confirmations);
  if (!receipt.ok() || receipt->block_number != block_number) return std::nullopt;
  return std::move(receipt).value();
}

std::optional<StakedEvent> staked_event(const RootChainReceipt& receipt, const LogPlace& place) {
  const auto found =
      find(receipt, place, "Staked(address,uint256,uint256,uint256,uint256,uint256,bytes)", 4, 4);
  if (!found) return std::nullopt;
  auto key = found->bytes(3);
  if (!key) return std::nullopt;
  return StakedEvent{.signer = address(found->topic(1)),
                     .validator_id = low_bits(found->topic(2)),
                     .nonce = low_bits(found->word(0)),
                     .activation_epoch = low_bits(found->topic(3)),
                     .amount = integer(found->word(1)),
                     .signer_public_key = *std::move(key)};
}

std::optional<StakeUpdateEvent> stake_update_event(const RootChainReceipt& receipt,
                                                   const LogPlace& place) {
  const auto found = find(receipt, place, "StakeUpdate(uint256,uint256,uint256)", 4, 0);
  if (!found) return std::nullopt;
  return StakeUpdateEvent{.validator_id = low_bits(found->topic(1)),
                          .nonce = low_bits(found->topic(2)),
                          .new_amount = integer(found->topic(3))};
}

std::optional<SignerChangeEvent> signer_change_event(const RootChainReceipt& receipt,
                                                     const LogPlace& place) {
  const auto found =
      find(receipt, place, "SignerChange(uint256,uint256,address,address,bytes)", 4, 2);
  if (!found) return std::nullopt;
  auto key = found->bytes(1);
  if (!key) return std::nullopt;
  return SignerChangeEvent{.validator_id = low_bits(found->topic(1)),
                           .nonce = low_bits(found->word(0)),
                           .new_signer = address(found->topic(3)),
                           .signer_public_key = *std::move(key)};
}

std::optional<UnstakeInitEvent> unstake_init_event(const RootChainReceipt& receipt,
                                                   const LogPlace& place) {
  const auto found =
      find(receipt, place, "UnstakeInit(address,uint256,uint256,uint256,uint256)", 4, 2);
  if (!found) return std::nullopt;
  return UnstakeInitEvent{.validator_id = low_bits(found->topic(2)),
                          .nonce = low_bits(found->word(0)),
                          .deactivation_epoch = low_bits(found->word(1))};
}

std::optional<TopUpFeeEvent> top_up_fee_event(const RootChainReceipt& receipt,
                                              const LogPlace& place) {
  const auto found = find(receipt, place, "TopUpFee(address,uint256)", 3, 0);
  if (!found) return std::nullopt;
  return TopUpFeeEvent{.user = address(found->topic(1)), .fee = integer(found->topic(2))};
}

std::optional<StateSyncedEvent> state_synced_event(const RootChainReceipt& receipt,
                                                   const LogPlace& place) {
  const auto found = find(receipt, place, "StateSynced(uint256,address,bytes)", 3, 1);
  if (!found) return std::nullopt;
  auto data = found->bytes(0);
  if (!data) return std::nullopt;
  return StateSyncedEvent{.id = low_bits(found->topic(1)),
                          .contract = address(found->topic(2)),
                          .data = *std::move(data)};
}

}  // namespace buri::protocol
