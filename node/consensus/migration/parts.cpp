#include "node/consensus/migration/parts.hpp"

#include "base/codec/base64.hpp"
#include "node/consensus/runtime/address.hpp"
#include "node/consensus/runtime/integer.hpp"

namespace buri::consensus::migration {
namespace {

using runtime::Error;
using Kind = JsonValue::Kind;

/// Heimdall's own names, and the key as protobuf's JSON has bytes.
Status<JsonError> change_validator(JsonValue& validator) {
  RETURN_IF_ERROR(rename(validator, "power", "voting_power"));
  RETURN_IF_ERROR(rename(validator, "accum", "proposer_priority"));
  RETURN_IF_ERROR(rename(validator, "ID", "val_id"));
  return hex_to_base64(validator, "pubKey");
}

Status<JsonError> change_validators(JsonValue& holder, std::string_view key) {
  ASSIGN_OR_RETURN(JsonValue* const list, member(holder, key));
  for (JsonValue& validator : list->children) RETURN_IF_ERROR(change_validator(validator));
  return Unit{};
}

Status<JsonError> change_set(JsonValue& set) {
  RETURN_IF_ERROR(change_validators(set, "validators"));
  JsonValue* const proposer = find(set, "proposer");
  if (proposer == nullptr || proposer->kind == Kind::kNull) return Unit{};
  return change_validator(*proposer);
}

/// A change that keeps every value.
Change keeping(Status<JsonError> (*change)(JsonValue&)) {
  return [change](JsonValue& value) -> Result<bool, JsonError> {
    RETURN_IF_ERROR(change(value));
    return true;
  };
}

Result<std::string, JsonError> canonical_address(JsonValue& object, std::string_view key) {
  ASSIGN_OR_RETURN(const std::string text, text_of(object, key));
  const auto address = runtime::parse_address(text);
  if (!address.ok()) return Failure{JsonError{std::string(key), "an address", "\"" + text + "\""}};
  return runtime::to_text(*address);
}

/// False for a module's account: v2 makes those anew.
Result<bool, JsonError> change_account(JsonValue& account) {
  const JsonValue* const module = find(account, "module_name");
  if (module != nullptr && !module->text.empty()) return false;
  ASSIGN_OR_RETURN(std::string address, canonical_address(account, "address"));
  ASSIGN_OR_RETURN(const std::uint64_t number, number_of(account, "account_number"));
  ASSIGN_OR_RETURN(const std::uint64_t sequence, number_of(account, "sequence_number"));
  account = empty_value(Kind::kObject);
  put(account, "@type", string_value("/cosmos.auth.v1beta1.BaseAccount"));
  put(account, "address", string_value(std::move(address)));
  put(account, "pub_key", empty_value(Kind::kNull));
  put(account, "account_number", string_value(std::to_string(number)));
  put(account, "sequence", string_value(std::to_string(sequence)));
  return true;
}

Result<bool, JsonError> change_auth_params(JsonValue& params) {
  for (const auto* name : {"max_memo_characters", "tx_size_cost_per_byte",
                           "sig_verify_cost_ed25519", "sig_verify_cost_secp256k1", "max_tx_gas"}) {
    ASSIGN_OR_RETURN(const std::uint64_t number, number_of(params, name));
    put(params, name, string_value(std::to_string(number)));
  }
  RETURN_IF_ERROR(text_of(params, "tx_fees"));
  put(params, "tx_sig_limit", string_value("1"));
  return true;
}

/// An account as its balance; false for one without coins.
Result<bool, JsonError> change_balance(JsonValue& account) {
  ASSIGN_OR_RETURN(std::string address, text_of(account, "address"));
  JsonValue* const listed = find(account, "coins");
  if (listed == nullptr || listed->children.empty()) return false;
  JsonValue coins = std::move(*listed);
  for (JsonValue& coin : coins.children) {
    RETURN_IF_ERROR(text_of(coin, "denom"));
    ASSIGN_OR_RETURN(const std::string amount, text_of(coin, "amount"));
    if (runtime::Integer::from_decimal(amount)) continue;
    return Failure{JsonError{"coins.amount", "a decimal number", "\"" + amount + "\""}};
  }
  account = empty_value(Kind::kObject);
  put(account, "address", string_value(std::move(address)));
  put(account, "coins", std::move(coins));
  return true;
}

Result<bool, JsonError> change_span(JsonValue& span) {
  RETURN_IF_ERROR(rename(span, "span_id", "id"));
  RETURN_IF_ERROR(change_validators(span, "selected_producers"));
  ASSIGN_OR_RETURN(JsonValue* const set, member(span, "validator_set"));
  RETURN_IF_ERROR(change_set(*set));
  return true;
}

/// Nanoseconds become a duration's text.
Result<bool, JsonError> change_checkpoint_params(JsonValue& params) {
  ASSIGN_OR_RETURN(const std::uint64_t nanos, number_of(params, "checkpoint_buffer_time"));
  put(params, "checkpoint_buffer_time",
      string_value(std::to_string(nanos / app::kNanosPerSecond) + "s"));
  return true;
}

Change numbered_checkpoint(std::uint64_t& count) {
  return [&count](JsonValue& checkpoint) -> Result<bool, JsonError> {
    if (checkpoint.kind == Kind::kNull) return true;  // an empty buffer
    RETURN_IF_ERROR(hex_to_base64(checkpoint, "root_hash"));
    put(checkpoint, "id", string_value(std::to_string(++count)));
    return true;
  };
}

}  // namespace

Status<Error> write_auth(PartWriter& part) {
  RETURN_IF_ERROR(part.value("params", "params", &change_auth_params));
  return part.array("accounts", "accounts", &change_account);
}

Status<Error> write_bank(PartWriter& part, const app::GenesisFileSection& auth) {
  std::string params;
  RETURN_IF_ERROR(part.value("send_enabled", {}, [&](JsonValue& flag) -> Result<bool, JsonError> {
    if (flag.kind != Kind::kBoolean) {
      return Failure{JsonError{"send_enabled", "true or false", "another value"}};
    }
    params = flag.boolean ? R"({"send_enabled":[],"default_send_enabled":true})"
                          : R"({"send_enabled":[],"default_send_enabled":false})";
    return false;
  }));
  RETURN_IF_ERROR(part.text("params", params));
  RETURN_IF_ERROR(part.array_of(auth, "accounts", "balances", &change_balance));
  for (const auto* name : {"supply", "denom_metadata", "send_enabled"}) {
    RETURN_IF_ERROR(part.text(name, "[]"));
  }
  return Unit{};
}

Status<Error> write_bor(PartWriter& part) { return part.array("spans", "spans", &change_span); }

Status<Error> write_chainmanager(PartWriter& part, const std::string& chain_id) {
  return part.value("params", "params", [&](JsonValue& params) -> Result<bool, JsonError> {
    RETURN_IF_ERROR(rename(params, "mainchain_tx_confirmations", "main_chain_tx_confirmations"));
    RETURN_IF_ERROR(rename(params, "maticchain_tx_confirmations", "bor_chain_tx_confirmations"));
    ASSIGN_OR_RETURN(JsonValue* const chain, member(params, "chain_params"));
    RETURN_IF_ERROR(rename(*chain, "matic_token_address", "pol_token_address"));
    put(*chain, "heimdall_chain_id", string_value(chain_id));
    return true;
  });
}

Status<Error> write_checkpoint(PartWriter& part) {
  RETURN_IF_ERROR(part.value("params", "params", &change_checkpoint_params));
  std::uint64_t count = 0;
  RETURN_IF_ERROR(part.array_by_time("checkpoints", "checkpoints", numbered_checkpoint(count)));
  const std::uint64_t expected = count;
  RETURN_IF_ERROR(part.value("ack_count", "ack_count", [&](JsonValue& acks) {
    auto number = codec::read_json<std::uint64_t>(JsonCursor(acks));
    if (number.ok() && *number == expected) return Result<bool, JsonError>(true);
    return Result<bool, JsonError>(Failure{JsonError{
        "ack_count", "the number of checkpoints, " + std::to_string(expected), acks.text}});
  }));
  RETURN_IF_ERROR(
      part.value("buffered_checkpoint", "buffered_checkpoint", numbered_checkpoint(count), true));
  part.drop("milestones");
  RETURN_IF_ERROR(part.text("checkpoint_signatures", R"({"signatures":[]})"));
  return part.text("checkpoint_signatures_txhash", "\"\"");
}

Status<Error> write_clerk(PartWriter& part) {
  return part.array("event_records", "event_records",
                    keeping([](JsonValue& record) { return hex_to_base64(record, "data"); }));
}

Status<Error> write_milestone(PartWriter& part) {
  for (const std::string& name : part.old().names()) part.drop(name);
  RETURN_IF_ERROR(part.array_by_time("milestones", "milestones", keeping([](JsonValue& milestone) {
                                       return hex_to_base64(milestone, "hash");
                                     })));
  return part.text("params",
                   R"({"max_milestone_proposition_length":10,"ff_milestone_threshold":1000,)"
                   R"("ff_milestone_block_interval":100})");
}

Status<Error> write_stake(PartWriter& part) {
  const Change change = keeping(&change_set);
  RETURN_IF_ERROR(part.array("validators", "validators", keeping(&change_validator)));
  RETURN_IF_ERROR(part.value("current_val_set", "current_validator_set", change));
  RETURN_IF_ERROR(part.value("current_val_set", "previous_block_validator_set", change));
  return part.text("last_block_txs", R"({"txs":[]})");
}

Status<Error> write_topup(PartWriter& part) {
  return part.array("tx_sequences", "topup_sequences", &unchanged);
}

}  // namespace buri::consensus::migration
