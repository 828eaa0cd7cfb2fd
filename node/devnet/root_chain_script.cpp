#include "node/devnet/root_chain_script.hpp"

#include <fmt/format.h>

#include "accel/hasher.hpp"
#include "base/hex.hpp"
#include "base/u256.hpp"

namespace buri::devnet {
namespace {

namespace json = boost::json;

constexpr std::uint64_t kFirstBlock = 1'000;
constexpr std::uint64_t kBlocksPerEvent = 20;
constexpr std::uint64_t kTopUpWei = 5'000'000'000'000'000'000;
constexpr std::uint64_t kLogIndex = 2;
constexpr std::string_view kStateSender = "0x00000000000000000000000000000000000000a3";
constexpr std::string_view kStakingInfo = "0x00000000000000000000000000000000000000a2";
constexpr std::string_view kBlockHash =
    "0x0000000000000000000000000000000000000000000000000000000000000001";

Hash256 keccak(std::string_view text) {
  const ByteView message = as_bytes(text);
  Hash256 digest;
  accel::scalar_hasher().keccak256_batch({&message, 1}, {&digest, 1});
  return digest;
}

std::string hex(ByteView bytes) { return "0x" + to_hex(bytes); }
std::string quantity(std::uint64_t number) { return fmt::format("0x{:x}", number); }
std::string word(std::uint64_t number) { return hex(U256::from_uint64(number).to_word()); }
std::string word(const Address& address) { return "0x" + std::string(24, '0') + to_hex(address); }

Address low_address(std::uint64_t number) {
  return Address::from(ByteView(U256::from_uint64(number).to_word()).last(Address::kSize));
}

/// A byte string as the only value of an event: its place, its length, itself, padded.
Bytes encoded(ByteView content) {
  Bytes data;
  append(data, U256::from_uint64(32).to_word());
  append(data, U256::from_uint64(content.size()).to_word());
  append(data, content);
  while (data.size() % 32 != 0) data.push_back(0);
  return data;
}

/// The event with that place in the row, from 0.
ScriptedEvent event_at(std::uint64_t place) {
  ScriptedEvent event;
  event.is_top_up = place % 2 == 1;
  event.id = place / 2 + 1;
  event.block_number = kFirstBlock + (place + 1) * kBlocksPerEvent;
  event.log_index = kLogIndex;
  event.tx_hash = keccak(fmt::format("buri devnet event {}", place));
  event.address = low_address(event.is_top_up ? 0xb000 + event.id : 0xc0);
  const std::string content = fmt::format("message {}", event.id);
  if (!event.is_top_up) event.data.assign(content.begin(), content.end());
  return event;
}

json::object log_json(const ScriptedEvent& event) {
  json::array topics;
  if (event.is_top_up) {
    topics = {hex(keccak("TopUpFee(address,uint256)")), word(event.address), word(kTopUpWei)};
  } else {
    topics = {hex(keccak("StateSynced(uint256,address,bytes)")), word(event.id),
              word(event.address)};
  }
  return {{"address", event.is_top_up ? kStakingInfo : kStateSender},
          {"topics", topics},
          {"data", event.is_top_up ? "0x" : hex(encoded(event.data))},
          {"blockNumber", quantity(event.block_number)},
          {"transactionHash", hex(event.tx_hash)},
          {"transactionIndex", "0x1"},
          {"blockHash", kBlockHash},
          {"blockTimestamp", "0x0"},
          {"logIndex", quantity(event.log_index)},
          {"removed", false}};
}

}  // namespace

std::uint64_t root_chain_head(std::uint64_t seconds) { return kFirstBlock + seconds; }

std::vector<ScriptedEvent> events_until(std::uint64_t block_number) {
  std::vector<ScriptedEvent> events;
  for (std::uint64_t place = 0;; ++place) {
    ScriptedEvent event = event_at(place);
    if (event.block_number > block_number) return events;
    events.push_back(std::move(event));
  }
}

std::optional<ScriptedEvent> event_of(const Hash256& tx_hash, std::uint64_t block_number) {
  for (ScriptedEvent& event : events_until(block_number)) {
    if (event.tx_hash == tx_hash) return std::move(event);
  }
  return std::nullopt;
}

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
  json::object object{{"kind", event.is_top_up ? "top_up" : "state_sync"},
                      {"tx_hash", hex(event.tx_hash)},
                      {"log_index", event.log_index},
                      {"block_number", event.block_number}};
  if (event.is_top_up) {
    object["user"] = hex(event.address);
    object["fee"] = std::to_string(kTopUpWei);
  } else {
    object["id"] = event.id;
    object["contract"] = hex(event.address);
    object["data"] = hex(event.data);
  }
  return object;
}

}  // namespace buri::devnet
