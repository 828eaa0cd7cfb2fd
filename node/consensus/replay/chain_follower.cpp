#include "node/consensus/replay/chain_follower.hpp"

#include "base/hex.hpp"
#include "node/consensus/app/results_hash.hpp"
#include "node/consensus/engine/hashes.hpp"

namespace buri::consensus::replay {
namespace {

using engine::ValidatorSet;

std::string text_of(const engine::OptionalHash& hash) { return hash ? to_hex(*hash) : "none"; }
std::string text_of(const engine::BlockId& id) {
  return text_of(id.hash) + " in " + std::to_string(id.parts.total) + " parts " +
         text_of(id.parts.hash);
}

Result<std::vector<engine::Validator>, std::string> members_of(
    accel::Engine& crypto, const std::vector<runtime::ValidatorUpdate>& updates) {
  std::vector<engine::Validator> members;
  for (const runtime::ValidatorUpdate& update : updates) {
    if (update.public_key.size() != engine::PublicKeyBytes::kSize) {
      return Failure{"a validator's key of " + std::to_string(update.public_key.size()) + " bytes"};
    }
    members.push_back({{}, engine::PublicKeyBytes::from(update.public_key), update.power, 0});
  }
  const auto addresses = engine::key_addresses(crypto, members);
  for (std::size_t i = 0; i < members.size(); ++i) members[i].address = addresses[i];
  return members;
}

}  // namespace

Result<ChainFollower, std::string> ChainFollower::begin(accel::Engine& crypto, std::string chain_id,
                                                        std::int64_t initial_height,
                                                        const app::InitChainResult& genesis) {
  ASSIGN_OR_RETURN(const auto members, members_of(crypto, genesis.validators));
  auto set = ValidatorSet::create(members);
  if (!set.ok()) return Failure{std::string(engine::describe(set.error()))};
  ChainFollower follower(crypto, std::move(chain_id), initial_height, std::move(set).value());
  follower.next_validators_.increment_proposer_priority(1);
  follower.validators_hash_ = engine::validators_hash(crypto, follower.validators_.validators());
  follower.next_validators_hash_ = follower.validators_hash_;
  follower.app_hash_.assign(genesis.app_hash.bytes.begin(), genesis.app_hash.bytes.end());
  follower.results_hash_ = app::results_hash(crypto, {});
  follower.take_params(codec::encode(genesis.params));
  return follower;
}

void ChainFollower::take_params(ByteView params) {
  const auto read = codec::decode<modules::consensus::ConsensusParams>(params);
  if (!read.ok() || !read->block) return;
  const bool is_same = read->block->max_bytes == max_bytes_ && read->block->max_gas == max_gas_;
  if (is_same && consensus_hash_ != Hash256{}) return;
  max_bytes_ = read->block->max_bytes;
  max_gas_ = read->block->max_gas;
  consensus_hash_ = engine::consensus_hash(*crypto_, max_bytes_, max_gas_);
}

void ChainFollower::check_header(const engine::Block& block, Comparison& comparison) const {
  const engine::Header& header = block.header;
  comparison.compare("header chain id", chain_id_, header.chain_id);
  comparison.compare("header height", next_height_, header.height);
  if (header.last_block_id != last_block_id_) {
    comparison.compare("header last block id", text_of(last_block_id_),
                       text_of(header.last_block_id));
  }
  comparison.compare("header last commit hash", engine::commit_hash(*crypto_, block.last_commit),
                     header.last_commit_hash);
  comparison.compare("header data hash", engine::data_hash(*crypto_, block.txs), header.data_hash);
  comparison.compare("header evidence hash", engine::evidence_hash(*crypto_, block.evidence),
                     header.evidence_hash);
  comparison.compare("header validators hash", validators_hash_, header.validators_hash);
  comparison.compare("header next validators hash", next_validators_hash_,
                     header.next_validators_hash);
  comparison.compare("header consensus hash", consensus_hash_, header.consensus_hash);
  comparison.compare("header app hash", ByteView(app_hash_), ByteView(header.app_hash));
  comparison.compare("header last results hash", results_hash_, header.last_results_hash);
  if (validators_.find(header.proposer_address) == nullptr) {
    comparison.note({.rule = "proposer",
                     .expected = "a validator of the height",
                     .found = to_hex(header.proposer_address)});
  }
}

Status<std::string> ChainFollower::advance(const engine::BlockId& block_id,
                                           const app::BlockResult& result) {
  ASSIGN_OR_RETURN(const auto changes, members_of(*crypto_, result.validator_updates));
  last_validators_ = std::move(validators_);
  validators_ = next_validators_;
  validators_hash_ = next_validators_hash_;
  if (!changes.empty()) {
    const auto updated = next_validators_.update_with_change_set(changes);
    if (!updated.ok()) return Failure{std::string(engine::describe(updated.error()))};
    next_validators_hash_ = engine::validators_hash(*crypto_, next_validators_.validators());
  }
  next_validators_.increment_proposer_priority(1);
  last_block_id_ = block_id;
  app_hash_.assign(result.app_hash.bytes.begin(), result.app_hash.bytes.end());
  results_hash_ = app::results_hash(*crypto_, result.txs);
  take_params(result.consensus_params);
  ++next_height_;
  return Unit{};
}

}  // namespace buri::consensus::replay
