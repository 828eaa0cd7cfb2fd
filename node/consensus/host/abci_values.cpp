#include "node/consensus/host/abci_values.hpp"

#include <fmt/format.h>

#include "node/consensus/app/results_hash.hpp"
#include "node/consensus/codec/message.hpp"
#include "node/consensus/engine/hashes.hpp"
#include "node/consensus/runtime/go_time.hpp"

namespace buri::consensus::host {
namespace {

using engine::Validator;
using engine::ValidatorSet;
using modules::consensus::ConsensusParams;

Bytes bytes_of(const Address& address) { return {address.bytes.begin(), address.bytes.end()}; }

}  // namespace

app::ExtendedCommit extended_commit_info(const engine::ExtendedCommitRecord& commit,
                                         const ValidatorSet& validators) {
  app::ExtendedCommit info{.round = commit.round, .votes = {}};
  if (commit.signatures.empty()) return info;
  CHECK(commit.signatures.size() == validators.size(), "a commit has an entry per validator");
  for (std::size_t i = 0; i < validators.size(); ++i) {
    const Validator& validator = validators.validators()[i];
    const engine::ExtendedCommitSig& entry = commit.signatures[i];
    info.votes.push_back({.validator = {bytes_of(validator.address), validator.voting_power},
                          .vote_extension = entry.extension,
                          .extension_signature = entry.extension_signature,
                          .block_id_flag = static_cast<std::int32_t>(entry.vote.flag),
                          .non_rp_extension = entry.non_rp_extension,
                          .non_rp_signature = entry.non_rp_signature});
  }
  return info;
}

app::LastCommit last_commit_info(const engine::Commit& commit, const ValidatorSet& validators) {
  app::LastCommit info{.round = commit.round, .votes = {}};
  if (commit.signatures.empty()) return info;
  CHECK(commit.signatures.size() == validators.size(), "a commit has an entry per validator");
  for (std::size_t i = 0; i < validators.size(); ++i) {
    const Validator& validator = validators.validators()[i];
    info.votes.push_back({bytes_of(validator.address), validator.voting_power,
                          static_cast<std::int32_t>(commit.signatures[i].flag)});
  }
  return info;
}

engine::ChainParams chain_params(const ConsensusParams& params, const engine::ChainParams& before) {
  engine::ChainParams after = before;
  if (params.block) {
    after.max_block_bytes = params.block->max_bytes;
    after.max_block_gas = params.block->max_gas;
  }
  if (params.evidence) {
    after.max_evidence_bytes = params.evidence->max_bytes;
    after.evidence_age_blocks = params.evidence->max_age_num_blocks;
    after.evidence_age_nanos = runtime::go_nanoseconds(params.evidence->max_age_duration);
  }
  if (params.abci) after.extensions_height = params.abci->vote_extensions_enable_height;
  return after;
}

Result<std::vector<Validator>, std::string> validators_of(
    accel::Engine& crypto, const std::vector<runtime::ValidatorUpdate>& updates) {
  std::vector<Validator> members;
  for (const runtime::ValidatorUpdate& update : updates) {
    if (update.public_key.size() != engine::PublicKeyBytes::kSize) {
      return Failure{fmt::format("a validator's key has {} bytes, expected {}",
                                 update.public_key.size(), engine::PublicKeyBytes::kSize)};
    }
    members.push_back({{}, engine::PublicKeyBytes::from(update.public_key), update.power, 0});
  }
  const auto addresses = engine::key_addresses(crypto, members);
  for (std::size_t i = 0; i < members.size(); ++i) members[i].address = addresses[i];
  return members;
}

Result<engine::BlockOutcome, std::string> outcome_of(accel::Engine& crypto,
                                                     const app::BlockResult& result,
                                                     const engine::ChainParams& before) {
  engine::BlockOutcome outcome;
  outcome.app_hash.assign(result.app_hash.bytes.begin(), result.app_hash.bytes.end());
  outcome.results_hash = app::results_hash(crypto, result.txs);
  ASSIGN_OR_RETURN(outcome.changes, validators_of(crypto, result.validator_updates));
  if (result.consensus_params.empty()) return outcome;
  const auto params = codec::decode<ConsensusParams>(result.consensus_params);
  if (!params.ok()) {
    return Failure{"the consensus parameters do not decode: " +
                   std::string(codec::describe(params.error()))};
  }
  const engine::ChainParams after = chain_params(*params, before);
  if (after != before) outcome.params = after;
  return outcome;
}

Result<engine::ChainState, std::string> genesis_chain(accel::Engine& crypto,
                                                      const app::GenesisHead& head,
                                                      const app::InitChainResult& answer) {
  ASSIGN_OR_RETURN(const auto members, validators_of(crypto, answer.validators));
  auto chain = engine::ChainState::genesis(crypto, head.chain_id, head.initial_height,
                                           {head.time.seconds, head.time.nanos}, members);
  if (!chain.ok()) {
    return Failure{"the genesis' validators make no set: " +
                   std::string(engine::describe(chain.error()))};
  }
  chain->params = chain_params(answer.params, chain->params);
  if (answer.params.version) chain->app_version = answer.params.version->app;
  chain->app_hash.assign(answer.app_hash.bytes.begin(), answer.app_hash.bytes.end());
  return std::move(chain).value();
}

}  // namespace buri::consensus::host
