#include "node/consensus/metrics/block_metrics.hpp"

#include "node/consensus/engine/duplicate_vote.hpp"
#include "node/consensus/engine/times.hpp"

namespace buri::consensus::metrics {
namespace {

using engine::Block;
using engine::BlockIdFlag;

void add(Gauge& gauge, std::size_t amount) {
  gauge.set(gauge.value() + static_cast<double>(amount));
}

double count(std::size_t value) { return static_cast<double>(value); }

}  // namespace

void BlockMetrics::GroupGauges::set(const Group& group) const {
  count.set(static_cast<double>(group.count));
  power.set(static_cast<double>(group.power));
}

BlockMetrics::BlockMetrics(BlockMetricsParts parts, engine::ChainState chain)
    : parts_(std::move(parts)),
      make_(*parts_.registry, parts_.names),
      before_(std::make_shared<const engine::ChainState>(std::move(chain))),
      latest_height_(make_.gauge("consensus_latest_block_height", "The last block's height.")),
      tx_count_(make_.gauge("consensus_num_txs", "Transactions of the last block.")),
      all_tx_count_(make_.gauge("consensus_total_txs", "Transactions of blocks since the start.")),
      block_bytes_(make_.gauge("consensus_block_size_bytes", "Size of the last block.")),
      chain_bytes_(
          make_.counter("consensus_chain_size_bytes", "Size of the blocks since the start.")),
      interval_seconds_(make_.histogram("consensus_block_interval_seconds",
                                        "From a block's time to the next one's.",
                                        default_second_bounds())),
      validators_{make_.gauge("consensus_validators", "Validators of the last block's height."),
                  make_.gauge("consensus_validators_power", "The power of all of them.")},
      missing_{make_.gauge("consensus_missing_validators",
                           "Validators whose precommit the last block does not have."),
               make_.gauge("consensus_missing_validators_power", "The power of these.")},
      byzantine_{
          make_.gauge("consensus_byzantine_validators",
                      "Double votes that the last block is evidence of."),
          make_.gauge("consensus_byzantine_validators_power", "The power of those who cast them.")},
      validator_updates_(make_.counter("state_validator_set_updates",
                                       "Blocks that changed the validators, since the start.")),
      param_updates_(make_.counter("state_consensus_param_updates",
                                   "Blocks whose result names the parameters of consensus, as "
                                   "all of them do, since the start.")),
      synced_tx_count_(
          make_.gauge("blocksync_num_txs", "Transactions of the last block that was fetched.")),
      all_synced_tx_count_(
          make_.gauge("blocksync_total_txs", "Transactions of blocks that were fetched.")),
      synced_block_bytes_(
          make_.gauge("blocksync_block_size_bytes", "Size of the last block that was fetched.")),
      synced_height_(
          make_.gauge("blocksync_latest_block_height", "Height of the last that was fetched.")) {
  latest_height_.set(static_cast<double>(before_->last_height));
}

void BlockMetrics::block_applied(const host::AppliedBlock& applied) {
  const Block& block = applied.block->block;
  const auto meta = parts_.blocks->meta(block.header.height);
  const double bytes = meta ? static_cast<double>(meta->block_bytes) : 0;
  latest_height_.set(static_cast<double>(block.header.height));
  if (!applied.result->validator_updates.empty()) validator_updates_.add();
  if (!applied.result->consensus_params.empty()) param_updates_.add();
  if (parts_.is_syncing()) {
    record_synced(block, bytes);
  } else {
    record_decided(block, bytes);
  }
  before_ = applied.chain;
}

/// As stock, which tells nothing else of blocks that it fetches.
void BlockMetrics::record_synced(const Block& block, double bytes) {
  synced_tx_count_.set(count(block.txs.size()));
  add(all_synced_tx_count_, block.txs.size());
  synced_block_bytes_.set(bytes);
  synced_height_.set(static_cast<double>(block.header.height));
}

void BlockMetrics::record_decided(const Block& block, double bytes) {
  tx_count_.set(count(block.txs.size()));
  add(all_tx_count_, block.txs.size());
  block_bytes_.set(bytes);
  chain_bytes_.add(static_cast<std::uint64_t>(bytes));
  const engine::ValidatorSet& validators = before_->validators;
  validators_.set({static_cast<std::int64_t>(validators.size()), validators.total_voting_power()});
  missing_.set(missing_of(block));
  byzantine_.set(byzantine_of(block));
  record_own(block);
  if (before_->is_first() || before_->last_height + 1 != block.header.height) return;
  const std::chrono::nanoseconds interval(
      engine::nanos_between(before_->last_time, block.header.time));
  interval_seconds_.observe(std::chrono::duration<double>(interval).count());
}

/// Whether it is known who could have signed the block's last commit.
bool BlockMetrics::has_last_signers(const Block& block) const {
  return !before_->is_first() && before_->last_height + 1 == block.header.height &&
         before_->last_validators.size() == block.last_commit.signatures.size();
}

BlockMetrics::Group BlockMetrics::missing_of(const Block& block) const {
  Group missing;
  if (!has_last_signers(block)) return missing;
  const auto validators = before_->last_validators.validators();
  for (std::size_t i = 0; i < validators.size(); ++i) {
    if (block.last_commit.signatures[i].flag != BlockIdFlag::kAbsent) continue;
    ++missing.count;
    missing.power += validators[i].voting_power;
  }
  return missing;
}

void BlockMetrics::record_own(const Block& block) {
  if (!parts_.validator || !has_last_signers(block)) return;
  const auto validators = before_->last_validators.validators();
  const auto own = std::ranges::find(validators, *parts_.validator, &engine::Validator::address);
  if (own == validators.end()) return;
  const MetricLabels labels{{"validator_address", address_label(own->address)}};
  make_.gauge("consensus_validator_power", "This validator's power.", labels)
      .set(static_cast<double>(own->voting_power));
  const auto index = static_cast<std::size_t>(own - validators.begin());
  Gauge& missed =
      make_.gauge("consensus_validator_missed_blocks",
                  "Blocks without this validator's precommit, since the start.", labels);
  if (block.last_commit.signatures[index].flag != BlockIdFlag::kCommit) return add(missed, 1);
  make_
      .gauge("consensus_validator_last_signed_height",
             "The last block that has this validator's precommit.", labels)
      .set(static_cast<double>(block.header.height));
}

BlockMetrics::Group BlockMetrics::byzantine_of(const Block& block) const {
  Group group;
  for (const engine::EvidencePiece& piece : block.evidence) {
    if (piece.is_light_client_attack) continue;
    const auto evidence = engine::decode_duplicate_vote(piece.encoded);
    if (!evidence.ok()) continue;
    const auto* who = before_->validators.find(evidence->vote_a.validator_address);
    if (who == nullptr) continue;
    ++group.count;
    group.power += who->voting_power;
  }
  return group;
}

}  // namespace buri::consensus::metrics
