#include "hsm/rules/extensions.hpp"

#include <algorithm>
#include <limits>

#include "hsm/rules/digest.hpp"
#include "hsm/rules/limits.hpp"
#include "hsm/wire/plain_extension.hpp"
#include "hsm/wire/sign_bytes.hpp"
#include "hsm/wire/vote_extension.hpp"

namespace buri::hsm::rules {
namespace {

using wire::Checkpoint;
using wire::Purpose;
using wire::Rule;

/// Bytes of a hash that the compact form keeps.
constexpr std::size_t kCompactHashBytes = 8;

wire::ExtensionForm form_at(const VoteExtensionPolicy& policy, std::int64_t height) {
  const bool compact = policy.compact_from_height != 0 &&
                       static_cast<std::uint64_t>(height) >= policy.compact_from_height;
  return compact ? wire::ExtensionForm::kCompact : wire::ExtensionForm::kBanner;
}

Status<wire::Refusal> check_milestone(const wire::MilestoneProposition& proposition,
                                      wire::ExtensionForm form, const VoteExtensionPolicy& policy) {
  const std::size_t count = proposition.block_hashes.size();
  if (count == 0 || count > policy.max_milestone_blocks ||
      count != proposition.block_total_difficulties.size()) {
    return refuse(Rule::kVoteExtension, "vote.extension.milestone.block_hashes",
                  "1 to " + std::to_string(policy.max_milestone_blocks) +
                      " hashes, each with a total difficulty",
                  std::to_string(count) + " hashes");
  }
  if (saturating_add(proposition.start_block_number, count) ==
      std::numeric_limits<std::uint64_t>::max()) {
    return refuse(Rule::kVoteExtension, "vote.extension.milestone.start_block_number",
                  "a block number", std::to_string(proposition.start_block_number));
  }
  const std::size_t parent_bytes =
      form == wire::ExtensionForm::kCompact ? kCompactHashBytes : Hash256::size();
  const auto absent_or = [](const Bytes& hash, std::size_t size) {
    return hash.empty() || hash.size() == size;
  };
  if (!absent_or(proposition.parent_hash, parent_bytes) ||
      !absent_or(proposition.latest_block_hash, Hash256::size())) {
    return refuse(Rule::kVoteExtension, "vote.extension.milestone.parent_hash",
                  "hashes of the form's length or none", "another length");
  }
  return Unit{};
}

/// The extension is Heimdall's, canonical, and speaks of the block and height of this vote.
Status<wire::Refusal> check_vote_extension(const wire::SignVote& vote,
                                           const VoteExtensionPolicy& policy) {
  auto decoded = wire::decode_vote_extension(*vote.extension);
  if (!decoded.ok()) {
    decoded.error().field = "vote.extension." + decoded.error().field;
    return Failure{std::move(decoded).error()};
  }
  if (wire::encode_vote_extension(*decoded) != *vote.extension) {
    return refuse(Rule::kVoteExtension, "vote.extension", "the one encoding of its content",
                  "another");
  }
  const wire::ExtensionForm form = form_at(policy, vote.height);
  const bool compact = form == wire::ExtensionForm::kCompact;
  const ByteView voted =
      ByteView(*vote.block_id.hash).first(compact ? kCompactHashBytes : Hash256::size());
  if (!equal(decoded->block_hash, voted) || decoded->height != (compact ? 0 : vote.height)) {
    return refuse(Rule::kVoteExtension, "vote.extension.block_hash", "block and height of the vote",
                  "others");
  }
  if (decoded->side_tx_responses.size() > policy.max_side_tx_responses) {
    return refuse(Rule::kVoteExtension, "vote.extension.side_tx_responses",
                  "at most " + std::to_string(policy.max_side_tx_responses),
                  std::to_string(decoded->side_tx_responses.size()));
  }
  if (!decoded->milestone) return Unit{};
  return check_milestone(*decoded->milestone, form, policy);
}

/// The highest end of a checkpoint that this key knows of.
std::optional<std::uint64_t> highest_end(const ConsensusRecord& record) {
  if (record.checkpoints.empty()) return record.checkpoint_floor;
  return std::max(record.checkpoints.back().end_block, record.checkpoint_floor.value_or(0));
}

Status<wire::Refusal> check_end(const ConsensusRecord& record, const CheckpointPolicy& policy,
                                std::string_view field, std::uint64_t end) {
  if (record.checkpoint_floor && end <= *record.checkpoint_floor) {
    return refuse(Rule::kCheckpointRange, field,
                  "above " + std::to_string(*record.checkpoint_floor), std::to_string(end));
  }
  const auto highest = highest_end(record);
  if (highest && end > saturating_add(*highest, policy.max_jump_blocks)) {
    return refuse(
        Rule::kCheckpointRange, field,
        "at most " + std::to_string(policy.max_jump_blocks) + " above " + std::to_string(*highest),
        std::to_string(end));
  }
  return Unit{};
}

Status<wire::Refusal> check_checkpoint(const ConsensusRecord& record,
                                       const CheckpointPolicy& policy, const Checkpoint& checkpoint,
                                       Approval& approval) {
  RETURN_IF_ERROR(require_enabled(policy.enabled, "checkpoint"));
  if (checkpoint.bor_chain_id != policy.bor_chain_id) {
    return refuse(Rule::kChain, "vote.plain_extension.bor_chain_id",
                  std::to_string(policy.bor_chain_id), std::to_string(checkpoint.bor_chain_id));
  }
  if (checkpoint.start_block > checkpoint.end_block ||
      checkpoint.end_block - checkpoint.start_block >= policy.max_blocks) {
    return refuse(
        Rule::kCheckpointRange, "vote.plain_extension.start_block",
        "1 to " + std::to_string(policy.max_blocks) + " blocks",
        std::to_string(checkpoint.start_block) + " to " + std::to_string(checkpoint.end_block));
  }
  RETURN_IF_ERROR(
      check_end(record, policy, "vote.plain_extension.end_block", checkpoint.end_block));
  const bool conflicts =
      std::any_of(record.checkpoints.begin(), record.checkpoints.end(), [&](const Checkpoint& old) {
        return old.start_block == checkpoint.start_block && old.end_block == checkpoint.end_block &&
               old.root_hash != checkpoint.root_hash;
      });
  if (!conflicts) return Unit{};
  if (!policy.allow_conflicting_root) {
    return refuse(Rule::kCheckpointConflict, "vote.plain_extension.root_hash",
                  "the root signed for this range", "another");
  }
  approval.alarms.push_back(Alarm::kConflictingCheckpoint);
  return Unit{};
}

/// Keeps the checkpoint among the signed ones; what no longer fits raises the floor instead.
void remember(ConsensusRecord& record, const Checkpoint& checkpoint) {
  std::vector<Checkpoint>& all = record.checkpoints;
  const auto ends_later = [](const Checkpoint& a, const Checkpoint& b) {
    return a.end_block < b.end_block;
  };
  all.insert(std::upper_bound(all.begin(), all.end(), checkpoint, ends_later), checkpoint);
  if (all.size() <= kMaxCheckpoints) return;
  record.checkpoint_floor = std::max(record.checkpoint_floor.value_or(0), all.front().end_block);
  all.erase(all.begin());
}

Status<wire::Refusal> check_plain_extension(const Context& context, const wire::SignVote& vote,
                                            ConsensusRecord& record, Approval& approval,
                                            bool& changed) {
  const Bytes dummy = wire::plain_dummy(form_at(context.policy.vote_extension, vote.height),
                                        vote.height, vote.chain_id);
  if (*vote.plain_extension == dummy) return Unit{};
  const auto checkpoint = wire::parse_plain_checkpoint(*vote.plain_extension);
  if (!checkpoint) {
    return refuse(Rule::kPlainExtension, "vote.plain_extension",
                  "the dummy of this height or a checkpoint", "other bytes");
  }
  const auto& all = record.checkpoints;
  if (std::find(all.begin(), all.end(), *checkpoint) != all.end()) return Unit{};
  RETURN_IF_ERROR(check_checkpoint(record, context.policy.checkpoint, *checkpoint, approval));
  remember(record, *checkpoint);
  changed = true;
  return Unit{};
}

/// The slot of an extension: a known one, or a new entry of `signed_before`.
void add_slot(Purpose purpose, const Hash256& digest, std::vector<SignedDigest>& signed_before,
              Approval& approval, bool& changed) {
  const auto known =
      std::find_if(signed_before.begin(), signed_before.end(),
                   [&](const SignedDigest& entry) { return entry.digest == digest; });
  if (known != signed_before.end()) {
    approval.slots.push_back({purpose, digest, known->signature});
    return;
  }
  if (signed_before.size() == kMaxExtensions) signed_before.erase(signed_before.begin());
  signed_before.push_back({digest, std::nullopt});
  approval.slots.push_back({purpose, digest, std::nullopt});
  changed = true;
}

/// Whether one more extension may be signed where `signed_before` were.
Status<wire::Refusal> check_alternative(const VoteExtensionPolicy& policy, const Hash256& digest,
                                        const std::vector<SignedDigest>& signed_before,
                                        Approval& approval) {
  const bool known = std::any_of(signed_before.begin(), signed_before.end(),
                                 [&](const SignedDigest& entry) { return entry.digest == digest; });
  if (signed_before.empty() || known) return Unit{};
  const std::uint64_t allowed = policy.tier == ExtensionTier::kStrict ? 0 : policy.max_alternatives;
  if (signed_before.size() > allowed) {
    return refuse(Rule::kExtensionTier, "vote.extension",
                  "at most " + std::to_string(allowed) + " others at this height and round",
                  "one more");
  }
  approval.alarms.push_back(Alarm::kOtherExtension);
  return Unit{};
}

}  // namespace

Status<wire::Refusal> decide_extensions(const Context& context, const wire::SignVote& vote,
                                        ConsensusRecord& record, Approval& approval,
                                        bool& changed) {
  const VoteExtensionPolicy& policy = context.policy.vote_extension;
  RETURN_IF_ERROR(require_enabled(policy.enabled, "vote_extension"));
  RETURN_IF_ERROR(check_vote_extension(vote, policy));
  const Hash256 digest = keccak256(
      wire::vote_extension_sign_bytes(vote.chain_id, vote.height, vote.round, *vote.extension));
  RETURN_IF_ERROR(check_alternative(policy, digest, record.extensions, approval));
  RETURN_IF_ERROR(check_plain_extension(context, vote, record, approval, changed));
  add_slot(Purpose::kVoteExtension, digest, record.extensions, approval, changed);
  add_slot(Purpose::kPlainExtension, keccak256(*vote.plain_extension), record.plain_extensions,
           approval, changed);
  return Unit{};
}

Decision decide_checkpoint_report(const Context& context, const ConsensusRecord& record,
                                  const wire::ReportCheckpoint& report) {
  Approval approval;
  if (record.checkpoint_floor == report.end_block) return approval;
  RETURN_IF_ERROR(check_end(record, context.policy.checkpoint, "report_checkpoint.end_block",
                            report.end_block));
  ConsensusRecord next = record;
  next.checkpoint_floor = report.end_block;
  approval.record = std::move(next);
  return approval;
}

}  // namespace buri::hsm::rules
