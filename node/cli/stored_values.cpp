#include "node/cli/stored_values.hpp"

#include <algorithm>
#include <span>

#include "base/hex.hpp"
#include "node/consensus/modules/auth/account.hpp"
#include "node/consensus/modules/bank/genesis_types.hpp"
#include "node/consensus/modules/bor/types.hpp"
#include "node/consensus/modules/chainmanager/types.hpp"
#include "node/consensus/modules/checkpoint/types.hpp"
#include "node/consensus/modules/clerk/types.hpp"
#include "node/consensus/modules/consensus/types.hpp"
#include "node/consensus/modules/gov/types.hpp"
#include "node/consensus/modules/milestone/types.hpp"
#include "node/consensus/modules/stake/types.hpp"
#include "node/consensus/modules/topup/types.hpp"
#include "node/consensus/runtime/address.hpp"

namespace buri::cli {
namespace {

using namespace std::string_view_literals;
using namespace consensus;
using runtime::MessageRegistry;
using runtime::StoreId;

/// Appends a value's JSON; false if the value does not have the form.
using Writer = bool (*)(std::string& json, ByteView value, const MessageRegistry& registry);

/// A table of a store: keys that begin with `prefix`, and nothing after it if `is_item`.
struct Table {
  StoreId store;
  std::string_view prefix;
  bool is_item;
  std::string_view name;
  std::string_view type;
  Writer write;
};

template <codec::Message T>
bool write_message(std::string& json, ByteView value, const MessageRegistry& registry) {
  const auto decoded = codec::decode<T>(value);
  if (!decoded.ok()) return false;
  codec::append_json(json, *decoded, registry.any_json());
  return true;
}

bool write_number(std::string& json, ByteView value, const MessageRegistry& /*registry*/) {
  if (value.size() != 8) return false;
  std::uint64_t number = 0;
  for (const std::uint8_t byte : value) number = number << 8 | byte;
  json += '"' + std::to_string(number) + '"';
  return true;
}

bool write_text(std::string& json, ByteView value, const MessageRegistry& /*registry*/) {
  codec::append_json_string(json, as_text(value));
  return true;
}

bool write_address(std::string& json, ByteView value, const MessageRegistry& /*registry*/) {
  if (value.size() != Address::kSize) return false;
  json += '"' + runtime::to_text(Address::from(value)) + '"';
  return true;
}

bool write_bytes(std::string& json, ByteView value, const MessageRegistry& /*registry*/) {
  json += "\"" + to_hex(value) + '"';
  return true;
}

bool write_marker(std::string& json, ByteView /*value*/, const MessageRegistry& /*registry*/) {
  json += "true";
  return true;
}

bool write_account(std::string& json, ByteView value, const MessageRegistry& registry) {
  const auto any = codec::decode<codec::Any>(value);
  if (!any.ok()) return false;
  const auto account = modules::auth::account_from_any(*any);
  if (!account) return false;
  json += "{\"address\":\"" + runtime::to_text(account->address) + "\",\"public_key\":";
  if (!account->public_key || !registry.any_json().write(json, *account->public_key)) {
    json += "null";
  }
  json += ",\"account_number\":\"" + std::to_string(account->number) + "\",\"sequence\":\"" +
          std::to_string(account->sequence) + "\",\"module\":";
  if (account->module) {
    codec::append_json_string(json, *account->module);
  } else {
    json += "null";
  }
  json += '}';
  return true;
}

/// A table whose values are messages.
template <codec::Message T>
constexpr Table messages(StoreId store, std::string_view prefix, bool is_item,
                         std::string_view name) {
  return {store, prefix, is_item, name, T::kName, &write_message<T>};
}

constexpr bool kItem = true;
constexpr bool kMap = false;

constexpr Table kTables[] = {
    messages<modules::auth::Params>(StoreId::kAuth, "\x00"sv, kItem, "parameters"),
    {StoreId::kAuth, "\x01"sv, kMap, "account", "account", &write_account},
    {StoreId::kAuth, "\x02"sv, kItem, "next account number", "number", &write_number},
    {StoreId::kAuth, "accountNumber"sv, kMap, "account by number", "address", &write_address},
    {StoreId::kAuth, "proposer"sv, kItem, "block proposer", "address", &write_address},
    {StoreId::kBank, "\x00"sv, kMap, "supply", "text", &write_text},
    messages<modules::bank::Metadata>(StoreId::kBank, "\x01"sv, kMap, "denomination"),
    {StoreId::kBank, "\x02"sv, kMap, "balance", "text", &write_text},
    {StoreId::kBank, "\x03"sv, kMap, "holder of a denomination", "marker", &write_marker},
    {StoreId::kBank, "\x04"sv, kMap, "send enabled", "bytes", &write_bytes},
    messages<modules::bank::Params>(StoreId::kBank, "\x05"sv, kItem, "parameters"),
    {StoreId::kBor, "\x35"sv, kItem, "last span id", "number", &write_number},
    messages<modules::bor::Span>(StoreId::kBor, "\x36"sv, kMap, "span"),
    {StoreId::kBor, "\x37"sv, kMap, "seed author of a span", "address", &write_address},
    messages<modules::bor::Params>(StoreId::kBor, "\x38"sv, kItem, "parameters"),
    messages<modules::bor::ProducerVotes>(StoreId::kBor, "\x39"sv, kMap, "producer votes"),
    {StoreId::kBor, "\x3A"sv, kMap, "performance score", "number", &write_number},
    {StoreId::kBor, "\x3B"sv, kMap, "latest active producer", "marker", &write_marker},
    {StoreId::kBor, "\x3C"sv, kMap, "latest failed producer", "marker", &write_marker},
    {StoreId::kBor, "\x3D"sv, kItem, "height of the last span", "number", &write_number},
    messages<modules::bor::BlockRange>(StoreId::kBor, "\x3E"sv, kMap, "planned downtime"),
    messages<modules::chainmanager::Params>(StoreId::kChainmanager, "\x00"sv, kItem, "parameters"),
    messages<modules::checkpoint::Params>(StoreId::kCheckpoint, "\x80"sv, kItem, "parameters"),
    messages<modules::checkpoint::Checkpoint>(StoreId::kCheckpoint, "\x81"sv, kMap, "checkpoint"),
    messages<modules::checkpoint::Checkpoint>(StoreId::kCheckpoint, "\x82"sv, kItem,
                                              "buffered checkpoint"),
    {StoreId::kCheckpoint, "\x83"sv, kItem, "count of acks", "number", &write_number},
    {StoreId::kCheckpoint, "\x84"sv, kItem, "last no-ack", "number", &write_number},
    messages<modules::checkpoint::CheckpointSignatures>(StoreId::kCheckpoint, "\x85"sv, kItem,
                                                        "checkpoint signatures"),
    {StoreId::kCheckpoint, "\x86"sv, kItem, "transaction of the signatures", "text", &write_text},
    messages<modules::clerk::EventRecord>(StoreId::kClerk, "\x00"sv, kMap, "event record"),
    {StoreId::kClerk, "\x01"sv, kMap, "event record by time", "number", &write_number},
    {StoreId::kClerk, "\x02"sv, kMap, "root chain sequence", "marker", &write_marker},
    {StoreId::kClerk, "\x04"sv, kMap, "record not visible yet", "marker", &write_marker},
    {StoreId::kClerk, "\x05"sv, kMap, "height by block time", "number", &write_number},
    {StoreId::kClerk, "\x06"sv, kMap, "height of visibility", "number", &write_number},
    messages<modules::consensus::ConsensusParams>(StoreId::kConsensus, "Consensus"sv, kItem,
                                                  "parameters"),
    messages<modules::gov::Proposal>(StoreId::kGov, "\x00"sv, kMap, "proposal"),
    {StoreId::kGov, "\x01"sv, kMap, "vote's end", "number", &write_number},
    {StoreId::kGov, "\x02"sv, kMap, "deposit's end", "number", &write_number},
    {StoreId::kGov, "\x03"sv, kItem, "next proposal id", "number", &write_number},
    {StoreId::kGov, "\x04"sv, kMap, "proposal in its voting period", "marker", &write_marker},
    messages<modules::gov::Deposit>(StoreId::kGov, "\x10"sv, kMap, "deposit"),
    messages<modules::gov::Vote>(StoreId::kGov, "\x20"sv, kMap, "vote"),
    messages<modules::gov::Params>(StoreId::kGov, "\x30"sv, kItem, "parameters"),
    {StoreId::kGov, "\x31"sv, kItem, "constitution", "text", &write_text},
    messages<modules::milestone::Params>(StoreId::kMilestone, "\x80"sv, kItem, "parameters"),
    messages<modules::milestone::Milestone>(StoreId::kMilestone, "\x81"sv, kMap, "milestone"),
    {StoreId::kMilestone, "\x83"sv, kItem, "count", "number", &write_number},
    {StoreId::kMilestone, "\x84"sv, kItem, "height of the last milestone", "number", &write_number},
    {StoreId::kMilestone, "\x85"sv, kItem, "pending Bor block", "number", &write_number},
    {StoreId::kMilestone, "\x86"sv, kItem, "pending Bor block's hash", "bytes", &write_bytes},
    {StoreId::kMilestone, "\x87"sv, kItem, "pending since height", "number", &write_number},
    messages<modules::stake::Validator>(StoreId::kStake, "\x21"sv, kMap, "validator"),
    messages<modules::stake::ValidatorSet>(StoreId::kStake, "\x22\x23"sv, kItem, "current set"),
    messages<modules::stake::ValidatorSet>(StoreId::kStake, "\x22\x27"sv, kItem, "previous set"),
    messages<modules::stake::ValidatorSet>(StoreId::kStake, "\x22\x28"sv, kItem, "penultimate set"),
    {StoreId::kStake, "\x24"sv, kMap, "root chain sequence", "marker", &write_marker},
    {StoreId::kStake, "\x25"sv, kMap, "signer by validator id", "text", &write_text},
    messages<modules::stake::LastBlockTxs>(StoreId::kStake, "\x26"sv, kItem, "last block's txs"),
    {StoreId::kTopup, "\x81"sv, kMap, "root chain sequence", "marker", &write_marker},
    messages<modules::topup::DividendAccount>(StoreId::kTopup, "\x82"sv, kMap, "dividend account"),
};

bool holds(const Table& table, StoreId store, std::string_view key) {
  if (table.store != store || !key.starts_with(table.prefix)) return false;
  return table.is_item == (key.size() == table.prefix.size());
}

}  // namespace

std::optional<StoredValue> describe_value(StoreId store, ByteView key, ByteView value,
                                          const MessageRegistry& registry) {
  const auto table = std::ranges::find_if(
      kTables, [&](const Table& one) { return holds(one, store, as_text(key)); });
  if (table == std::end(kTables)) return std::nullopt;
  StoredValue described{std::string(table->name), std::string(table->type), {}};
  if (!table->write(described.json, value, registry)) return std::nullopt;
  return described;
}

}  // namespace buri::cli
