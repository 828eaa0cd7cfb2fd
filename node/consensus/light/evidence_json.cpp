#include <fmt/chrono.h>
#include <fmt/format.h>

#include <boost/json.hpp>

#include "base/codec/base64.hpp"
#include "base/hex.hpp"
#include "node/consensus/light/rpc_provider.hpp"

/// An attack in the stock node's Amino JSON: 64-bit numbers as text, hashes in upper-case hex, an
/// absent entry of a commit with null for its signature.

namespace buri::consensus::light {
namespace {

namespace json = boost::json;

std::string hash_text(const engine::OptionalHash& hash) {
  return hash ? to_upper_hex(*hash) : std::string();
}

/// RFC 3339 as Go prints it.
std::string time_text(const engine::Timestamp& time) {
  const std::chrono::sys_seconds point{std::chrono::seconds(time.seconds)};
  const auto day = std::chrono::floor<std::chrono::days>(point);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(point - day);
  std::string text =
      fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}", static_cast<int>(date.year()),
                  static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                  clock.hours().count(), clock.minutes().count(), clock.seconds().count());
  if (time.nanos != 0) {
    text += fmt::format(".{:09}", time.nanos);
    text.erase(text.find_last_not_of('0') + 1);
  }
  return text + "Z";
}

json::object block_id_json(const engine::BlockId& id) {
  return {{"hash", hash_text(id.hash)},
          {"parts", json::object{{"total", id.parts.total}, {"hash", hash_text(id.parts.hash)}}}};
}

json::object header_json(const engine::Header& header) {
  json::object version{{"block", std::to_string(header.block_version)}};
  if (header.app_version != 0) version["app"] = std::to_string(header.app_version);
  return {{"version", std::move(version)},
          {"chain_id", header.chain_id},
          {"height", std::to_string(header.height)},
          {"time", time_text(header.time)},
          {"last_block_id", block_id_json(header.last_block_id)},
          {"last_commit_hash", hash_text(header.last_commit_hash)},
          {"data_hash", hash_text(header.data_hash)},
          {"validators_hash", hash_text(header.validators_hash)},
          {"next_validators_hash", hash_text(header.next_validators_hash)},
          {"consensus_hash", hash_text(header.consensus_hash)},
          {"app_hash", to_upper_hex(header.app_hash)},
          {"last_results_hash", hash_text(header.last_results_hash)},
          {"evidence_hash", hash_text(header.evidence_hash)},
          {"proposer_address", to_upper_hex(header.proposer_address)}};
}

json::object commit_json(const engine::Commit& commit) {
  json::array signatures;
  for (const engine::CommitSig& entry : commit.signatures) {
    json::object one{{"block_id_flag", static_cast<int>(entry.flag)},
                     {"validator_address",
                      entry.validator_address ? to_upper_hex(*entry.validator_address) : ""},
                     {"timestamp", time_text(entry.timestamp)},
                     {"signature", nullptr}};
    if (!entry.signature.empty()) one["signature"] = to_base64(entry.signature);
    signatures.push_back(std::move(one));
  }
  return {{"height", std::to_string(commit.height)},
          {"round", commit.round},
          {"block_id", block_id_json(commit.block_id)},
          {"signatures", std::move(signatures)}};
}

json::object validator_json(const engine::Validator& validator) {
  return {{"address", to_upper_hex(validator.address)},
          {"pub_key", json::object{{"type", "cometbft/PubKeySecp256k1eth"},
                                   {"value", to_base64(validator.public_key)}}},
          {"voting_power", std::to_string(validator.voting_power)},
          {"proposer_priority", std::to_string(validator.proposer_priority)}};
}

json::array validators_json(std::span<const engine::Validator> validators) {
  json::array all;
  for (const engine::Validator& one : validators) all.push_back(validator_json(one));
  return all;
}

}  // namespace

std::string evidence_json(const engine::LightClientAttack& attack) {
  const engine::LightBlockRecord& block = attack.conflicting;
  json::object conflicting{
      {"signed_header",
       json::object{{"header", header_json(block.header)}, {"commit", commit_json(block.commit)}}},
      {"validator_set", json::object{{"validators", validators_json(block.validators.validators())},
                                     {"proposer", validator_json(block.validators.proposer())}}}};
  return json::serialize(json::object{
      {"type", "tendermint/LightClientAttackEvidence"},
      {"value", json::object{{"ConflictingBlock", std::move(conflicting)},
                             {"CommonHeight", std::to_string(attack.common_height)},
                             {"ByzantineValidators", validators_json(attack.byzantine)},
                             {"TotalVotingPower", std::to_string(attack.total_voting_power)},
                             {"Timestamp", time_text(attack.timestamp)}}}});
}

}  // namespace buri::consensus::light
