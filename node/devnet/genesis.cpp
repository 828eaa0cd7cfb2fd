#include "node/devnet/genesis.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <boost/json.hpp>

#include "base/codec/base64.hpp"
#include "base/hex.hpp"

namespace buri::devnet {
namespace {

namespace json = boost::json;

constexpr std::uint64_t kPower = 100;
constexpr std::uint64_t kSpanBlocks = 128;
constexpr std::string_view kBalance = "1000000000000000000000";  // 1000 POL in wei
constexpr std::size_t kMaxProducers = 4;

std::string text(std::uint64_t number) { return std::to_string(number); }
std::string hex(const Address& address) { return "0x" + to_hex(address); }
std::string key_text(const ValidatorIdentity& validator) { return to_base64(validator.public_key); }

json::object validator_json(const ValidatorIdentity& validator, std::size_t id) {
  return {{"end_epoch", "0"},
          {"jailed", false},
          {"last_updated", ""},
          {"nonce", "1"},
          {"proposer_priority", "0"},
          {"pub_key", key_text(validator)},
          {"signer", hex(validator.address())},
          {"start_epoch", "0"},
          {"val_id", text(id)},
          {"voting_power", text(kPower)}};
}

json::array validators_json(const Identity& identity, std::size_t limit) {
  json::array validators;
  for (std::size_t i = 0; i < identity.validators.size() && i < limit; ++i) {
    validators.push_back(validator_json(identity.validators[i], i + 1));
  }
  return validators;
}

json::object validator_set_json(const Identity& identity) {
  return {{"proposer", validator_json(identity.validators.front(), 1)},
          {"total_voting_power", "0"},
          {"validators", validators_json(identity, kMaxValidators)}};
}

json::object auth_json(const Identity& identity) {
  json::array accounts;
  for (std::size_t i = 0; i < identity.validators.size(); ++i) {
    const ValidatorIdentity& validator = identity.validators[i];
    accounts.push_back(
        {{"@type", "/cosmos.auth.v1beta1.BaseAccount"},
         {"account_number", text(i + 1)},
         {"address", hex(validator.address())},
         {"pub_key", {{"@type", "/cosmos.crypto.secp256k1.PubKey"}, {"key", key_text(validator)}}},
         {"sequence", "0"}});
  }
  return {{"accounts", accounts},
          {"params",
           {{"max_memo_characters", "256"},
            {"max_tx_gas", "1000000"},
            {"sig_verify_cost_ed25519", "590"},
            {"sig_verify_cost_secp256k1", "1000"},
            {"tx_fees", "1000000000000000"},
            {"tx_sig_limit", "1"},
            {"tx_size_cost_per_byte", "10"}}}};
}

json::object bank_json(const Identity& identity) {
  json::array balances;
  for (const ValidatorIdentity& validator : identity.validators) {
    json::object coin{{"amount", kBalance}, {"denom", "pol"}};
    balances.push_back({{"address", hex(validator.address())}, {"coins", json::array{coin}}});
  }
  const std::string supply = text(identity.validators.size()) + std::string(kBalance.substr(1));
  json::object total{{"amount", supply}, {"denom", "pol"}};
  return {{"balances", balances},
          {"denom_metadata", json::array()},
          {"params", {{"default_send_enabled", true}, {"send_enabled", json::array()}}},
          {"send_enabled", json::array()},
          {"supply", json::array{total}}};
}

json::object bor_json(const Identity& identity) {
  json::object span{{"bor_chain_id", text(kBorChainId)},
                    {"end_block", text(kSpanBlocks - 1)},
                    {"id", "0"},
                    {"selected_producers", validators_json(identity, kMaxProducers)},
                    {"start_block", "0"},
                    {"validator_set", validator_set_json(identity)}};
  return {{"params",
           {{"producer_count", text(kMaxProducers)},
            {"span_duration", text(kSpanBlocks)},
            {"sprint_duration", "16"}}},
          {"spans", json::array{span}}};
}

/// The contracts are names alone: the scripted root chain answers for them.
json::object chainmanager_json(const Identity& identity) {
  return {{"params",
           {{"bor_chain_tx_confirmations", "2"},
            {"chain_params",
             {{"bor_chain_id", text(kBorChainId)},
              {"heimdall_chain_id", identity.chain_id},
              {"pol_token_address", "0x00000000000000000000000000000000000000a5"},
              {"root_chain_address", "0x00000000000000000000000000000000000000a1"},
              {"slash_manager_address", "0x00000000000000000000000000000000000000a4"},
              {"staking_info_address", "0x00000000000000000000000000000000000000a2"},
              {"staking_manager_address", "0x00000000000000000000000000000000000000a4"},
              {"state_receiver_address", "0x0000000000000000000000000000000000001001"},
              {"state_sender_address", "0x00000000000000000000000000000000000000a3"},
              {"validator_set_address", "0x0000000000000000000000000000000000001000"}}},
            {"main_chain_tx_confirmations", "6"}}}};
}

json::object checkpoint_json() {
  return {{"ack_count", "0"},
          {"buffered_checkpoint", nullptr},
          {"checkpoint_signatures", {{"signatures", json::array()}}},
          {"checkpoint_signatures_txhash", ""},
          {"checkpoints", json::array()},
          {"last_no_ack", "0"},
          {"params",
           {{"avg_checkpoint_length", "32"},
            {"checkpoint_buffer_time", "12s"},
            {"child_chain_block_interval", "10000"},
            {"max_checkpoint_length", "1024"}}}};
}

json::object clerk_json() {
  return {{"block_time_entries", json::array()},           {"event_records", json::array()},
          {"pending_visibility_event_ids", json::array()}, {"record_sequences", json::array()},
          {"visibility_heights_by_id", json::array()},     {"visibility_time_upgrade_id", "0"}};
}

json::array deposit_json(std::string_view amount) {
  return json::array{json::object{{"amount", amount}, {"denom", "pol"}}};
}

/// Votes of seconds: a devnet is for trying things.
json::object gov_json() {
  return {{"constitution", ""},
          {"deposit_params", nullptr},
          {"deposits", json::array()},
          {"params",
           {{"burn_proposal_deposit_prevote", false},
            {"burn_vote_quorum", false},
            {"burn_vote_veto", true},
            {"expedited_min_deposit", deposit_json("20000000000000000000")},
            {"expedited_threshold", "0.667000000000000000"},
            {"expedited_voting_period", "5s"},
            {"max_deposit_period", "15s"},
            {"min_deposit", deposit_json("10000000000000000000")},
            {"min_deposit_ratio", "0.010000000000000000"},
            {"min_initial_deposit_ratio", "0.000000000000000000"},
            {"proposal_cancel_dest", ""},
            {"proposal_cancel_ratio", "0.500000000000000000"},
            {"quorum", "0.334000000000000000"},
            {"threshold", "0.500000000000000000"},
            {"veto_threshold", "0.334000000000000000"},
            {"voting_period", "10s"}}},
          {"proposals", json::array()},
          {"starting_proposal_id", "1"},
          {"tally_params", nullptr},
          {"votes", json::array()},
          {"voting_params", nullptr}};
}

json::object milestone_json() {
  return {{"milestones", json::array()},
          {"params",
           {{"ff_milestone_block_interval", 100},
            {"ff_milestone_threshold", 1000},
            {"max_milestone_proposition_length", 10}}}};
}

json::object stake_json(const Identity& identity) {
  return {{"current_validator_set", validator_set_json(identity)},
          {"last_block_txs", {{"txs", json::array()}}},
          {"penultimate_block_validator_set", validator_set_json(identity)},
          {"previous_block_validator_set", validator_set_json(identity)},
          {"staking_sequences", json::array()},
          {"validators", validators_json(identity, kMaxValidators)}};
}

json::object topup_json(const Identity& identity) {
  json::array accounts;
  for (const ValidatorIdentity& validator : identity.validators) {
    accounts.push_back({{"fee_amount", "0"}, {"user", hex(validator.address())}});
  }
  return {{"dividend_accounts", accounts}, {"topup_sequences", json::array()}};
}

json::object app_state_json(const Identity& identity) {
  return {{"auth", auth_json(identity)},
          {"bank", bank_json(identity)},
          {"bor", bor_json(identity)},
          {"chainmanager", chainmanager_json(identity)},
          {"checkpoint", checkpoint_json()},
          {"clerk", clerk_json()},
          {"consensus", nullptr},
          {"gov", gov_json()},
          {"milestone", milestone_json()},
          {"params", nullptr},
          {"stake", stake_json(identity)},
          {"topup", topup_json(identity)}};
}

json::object consensus_params_json() {
  return {{"abci", {{"vote_extensions_enable_height", 1}}},
          {"blob", {{"max_bytes", 0}}},
          {"block", {{"max_bytes", 2'097'152}, {"max_gas", 10'000'000}}},
          {"evidence",
           {{"max_age_duration", 172'800'000'000'000},
            {"max_age_num_blocks", 100'000},
            {"max_bytes", 10'240}}},
          {"validator", {{"pub_key_types", json::array{"secp256k1"}}}},
          {"version", {{"app", 0}}}};
}

}  // namespace

std::string genesis_text(const Identity& identity) {
  const std::string time =
      fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(std::time_t{identity.genesis_time_s}));
  return json::serialize(json::object{{"app_hash", nullptr},
                                      {"app_name", "heimdalld"},
                                      {"app_state", app_state_json(identity)},
                                      {"app_version", ""},
                                      {"chain_id", identity.chain_id},
                                      {"consensus_params", consensus_params_json()},
                                      {"genesis_time", time},
                                      {"initial_height", 1}}) +
         "\n";
}

std::string forks_text() {
  return R"({"initial":0,"tally_fix":0,"producer_downtime":0,"rio":128,"phuket":5,)"
         R"("fee_withdraw_gate":6,"zurich":8,"ithaca":10})"
         "\n";
}

}  // namespace buri::devnet
