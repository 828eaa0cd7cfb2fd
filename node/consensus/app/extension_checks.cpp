#include "node/consensus/app/extension_checks.hpp"

#include <algorithm>
#include <set>

#include "base/hex.hpp"
#include "node/consensus/app/extension_rules.hpp"
#include "node/consensus/modules/milestone/proposition.hpp"

namespace buri::consensus::app {
namespace {

using modules::stake::Validator;
using runtime::Error;

Verdict reject(std::string reason) { return Failure{std::move(reason)}; }

/// What is known of the votes so far.
struct Progress {
  std::optional<Bytes> block_hash;
  std::set<Bytes> seen;
  std::int64_t power = 0;
};

class Checker {
 public:
  Checker(const ExtensionScene& scene, std::int32_t round)
      : scene_(scene),
        height_(scene.context->height() - 1),
        claims_{scene.context->block().chain_id, height_, round} {}

  Verdict check(std::span<const ExtendedVote> votes) {
    constexpr ExtensionKind kKinds[] = {ExtensionKind::kOrdinary};
    check_ahead(*scene_.signatures, claims_, *scene_.judges, votes, kKinds);
    for (const ExtendedVote& vote : votes) {
      if (is_placeholder(vote)) continue;
      RETURN_IF_ERROR(check_vote(vote));
    }
    if (progress_.power <= scene_.judges->two_thirds()) {
      return reject("insufficient cumulative voting power: " + std::to_string(progress_.power));
    }
    return Unit{};
  }

 private:
  Verdict check_vote(const ExtendedVote& vote) {
    if (has_unknown_fields(vote.vote_extension, *scene_.registry)) {
      return reject("unknown fields in a vote extension");
    }
    if (!is_known_flag(vote.block_id_flag)) return reject("invalid block id flag");
    if (vote.block_id_flag != kFlagCommit) return Unit{};
    const std::string name = to_hex(vote.validator.address);
    if (!has_address(vote)) return reject("invalid validator address " + name);
    if (vote.extension_signature.empty()) return reject("no extension signature from " + name);
    const auto extension = decode_extension(vote.vote_extension);
    if (!extension.ok()) return reject("undecodable vote extension of " + name);
    RETURN_IF_ERROR(check_content(*extension, name));
    if (!progress_.seen.insert(vote.validator.address).second) {
      return reject("duplicate vote of " + name);
    }
    return check_power_and_signature(vote, name);
  }

  Verdict check_content(const VoteExtension& extension, const std::string& name) {
    const auto& forks = scene_.context->forks();
    Status<Error> status = check_extension_form(extension, forks, height_);
    if (!status.ok()) return reject(status.error().log);
    if (!progress_.block_hash) progress_.block_hash = extension.block_hash;
    if (*progress_.block_hash != extension.block_hash) {
      return reject("another block hash from " + name);
    }
    status = check_side_responses(extension.side_tx_responses);
    if (status.ok() && extension.milestone_proposition) {
      status = modules::milestone::validate_proposition(*scene_.context,
                                                        *extension.milestone_proposition, height_);
    }
    return status.ok() ? Verdict(Unit{}) : reject(status.error().log + ", from " + name);
  }

  Verdict check_power_and_signature(const ExtendedVote& vote, const std::string& name) {
    const auto member = scene_.judges->expect(*scene_.context, vote.validator.address);
    if (!member.ok()) return reject(member.error().log);
    const Validator* validator = *member;
    if (validator == nullptr) return Unit{};
    if (vote.validator.power != validator->voting_power) {
      return reject("mismatching power of " + name);
    }
    const auto claim = claims_.claim(*validator, vote, ExtensionKind::kOrdinary);
    if (!scene_.signatures->is_valid(claim)) return reject("bad extension signature of " + name);
    progress_.power += validator->voting_power;
    return Unit{};
  }

  const ExtensionScene& scene_;
  std::int64_t height_;  ///< of the votes
  ExtensionClaims claims_;
  Progress progress_;
};

}  // namespace

Verdict check_extended_votes(const ExtensionScene& scene, std::span<const ExtendedVote> votes,
                             std::int32_t round) {
  const std::int64_t height = scene.context->height();
  const auto enabled = check_extensions_enabled(scene.enable_height, height + 1);
  if (!enabled.ok()) return reject(enabled.error().log);
  if (height <= scene.enable_height) {
    return votes.empty() ? Verdict(Unit{}) : reject("vote extensions at the initial height");
  }
  return Checker(scene, round).check(votes);
}

Verdict check_completeness(std::span<const CommitVote> last_commit,
                           std::span<const ExtendedVote> votes) {
  std::map<Bytes, std::int32_t> flags;
  for (const ExtendedVote& vote : votes) flags[vote.validator.address] = vote.block_id_flag;
  for (const CommitVote& committed : last_commit) {
    if (committed.block_id_flag != kFlagCommit) continue;
    const auto found = flags.find(committed.address);
    if (found == flags.end() || found->second != kFlagCommit) {
      return reject("the committed vote of " + to_hex(committed.address) + " is missing");
    }
  }
  return Unit{};
}

}  // namespace buri::consensus::app
