#include <fmt/format.h>

#include "base/hex.hpp"
#include "node/devnet/root_chain_script.hpp"
#include "node/devnet/script_keys.hpp"

/// Events of the root chain's script as JSON: what eth_getTransactionReceipt answers (the logs of
/// the contracts StakingInfo and StateSender), and the same for people.

namespace buri::devnet {
namespace {

namespace json = boost::json;
using enum EventKind;

constexpr std::string_view kBlockHash =
    "0x0000000000000000000000000000000000000000000000000000000000000001";
constexpr std::size_t kWordBytes = 32;

std::string hex(ByteView bytes) { return "0x" + to_hex(bytes); }
std::string quantity(std::uint64_t number) { return fmt::format("0x{:x}", number); }
std::string word(std::uint64_t number) { return hex(U256::from_uint64(number).to_word()); }
std::string word(const U256& number) { return hex(number.to_word()); }
std::string word(const Address& address) { return "0x" + std::string(24, '0') + to_hex(address); }
std::string topic(std::string_view signature) { return hex(keccak(as_bytes(signature))); }

/// Values in a word each, then a byte string: its place, its length, itself, padded.
Bytes words_and_bytes(std::initializer_list<U256> values, ByteView content) {
  Bytes data;
  for (const U256& value : values) append(data, value.to_word());
  append(data, U256::from_uint64((values.size() + 1) * kWordBytes).to_word());
  append(data, U256::from_uint64(content.size()).to_word());
  append(data, content);
  while (data.size() % kWordBytes != 0) data.push_back(0);
  return data;
}

/// The 64 bytes of a key that contracts log.
ByteView point(const FixedBytes<65>& key) { return ByteView(key).subspan(1); }

json::array topics_of(const ScriptedEvent& event) {
  switch (event.kind) {
    case kStateSynced:
      return {topic("StateSynced(uint256,address,bytes)"), word(event.id), word(event.address)};
    case kTopUpFee:
      return {topic("TopUpFee(address,uint256)"), word(event.address), word(event.amount_wei)};
    case kStakeUpdate:
      return {topic("StakeUpdate(uint256,uint256,uint256)"), word(event.id), word(event.nonce),
              word(event.amount_wei)};
    case kStaked:
      return {topic("Staked(address,uint256,uint256,uint256,uint256,uint256,bytes)"),
              word(event.address), word(event.id), word(event.epoch)};
    case kSignerChange:
      return {topic("SignerChange(uint256,uint256,address,address,bytes)"), word(event.id),
              word(event.old_signer), word(event.address)};
    case kUnstakeInit:
      return {topic("UnstakeInit(address,uint256,uint256,uint256,uint256)"), word(event.address),
              word(event.id), word(event.amount_wei)};
  }
  return {};
}

Bytes data_of(const ScriptedEvent& event) {
  const U256 nonce = U256::from_uint64(event.nonce);
  switch (event.kind) {
    case kStateSynced:
      return words_and_bytes({}, event.data);
    case kStaked:
      return words_and_bytes({nonce, event.amount_wei, event.amount_wei}, point(event.public_key));
    case kSignerChange:
      return words_and_bytes({nonce}, point(event.public_key));
    case kUnstakeInit: {
      Bytes data;
      append(data, nonce.to_word());
      append(data, U256::from_uint64(event.epoch).to_word());
      return data;
    }
    case kTopUpFee:
    case kStakeUpdate:
      break;
  }
  return {};
}

json::object log_json(const ScriptedEvent& event) {
  return {{"address", event.kind == kStateSynced ? kStateSender : kStakingInfo},
          {"topics", topics_of(event)},
          {"data", hex(data_of(event))},
          {"blockNumber", quantity(event.block_number)},
          {"transactionHash", hex(event.tx_hash)},
          {"transactionIndex", "0x1"},
          {"blockHash", kBlockHash},
          {"blockTimestamp", "0x0"},
          {"logIndex", quantity(event.log_index)},
          {"removed", false}};
}

}  // namespace

json::object receipt_json(const ScriptedEvent& event) {
  return {{"type", "0x2"},
          {"root", "0x"},
          {"status", "0x1"},
          {"cumulativeGasUsed", "0x5208"},
          {"logsBloom", "0x" + std::string(512, '0')},
          {"logs", json::array{log_json(event)}},
          {"transactionHash", hex(event.tx_hash)},
          {"contractAddress", "0x0000000000000000000000000000000000000000"},
          {"gasUsed", "0x5208"},
          {"effectiveGasPrice", "0x7"},
          {"blockHash", kBlockHash},
          {"blockNumber", quantity(event.block_number)},
          {"transactionIndex", "0x1"}};
}

json::object event_json(const ScriptedEvent& event) {
  json::object object{{"kind", event_name(event.kind)},
                      {"tx_hash", hex(event.tx_hash)},
                      {"log_index", event.log_index},
                      {"block_number", event.block_number}};
  if (event.kind == kStateSynced) {
    object["id"] = event.id;
    object["contract"] = hex(event.address);
    object["data"] = hex(event.data);
    return object;
  }
  if (event.kind == kTopUpFee) {
    object["user"] = hex(event.address);
    object["fee"] = event.amount_wei.to_decimal();
    return object;
  }
  object["validator"] = event.id;
  object["nonce"] = event.nonce;
  if (event.kind != kSignerChange) object["amount"] = event.amount_wei.to_decimal();
  if (event.kind == kStaked || event.kind == kSignerChange) {
    object["public_key"] = hex(event.public_key);
  }
  if (event.kind == kStaked || event.kind == kUnstakeInit) object["epoch"] = event.epoch;
  return object;
}

}  // namespace buri::devnet
