#include <algorithm>
#include <map>
#include <set>

#include "base/hex.hpp"
#include "node/consensus/app/extension_checks.hpp"
#include "node/consensus/app/extension_rules.hpp"
#include "node/consensus/modules/milestone/proposition.hpp"

/// The proposer's half of extension_checks.hpp.

namespace buri::consensus::app {
namespace {

using modules::stake::Validator;
using runtime::Error;
using runtime::Outcome;
using runtime::plain_error;

/// What becomes of a vote.
enum class Fate : std::uint8_t {
  kKept,
  kDropped,
  kBad,    ///< dropped before Phuket, from then on emptied
  kFatal,  ///< an error before Phuket, from then on emptied
};

class Filter {
 public:
  Filter(const ExtensionScene& scene, const ExtendedCommit& commit, std::int64_t max_tx_bytes)
      : scene_(scene),
        commit_(commit),
        height_(scene.context->height() - 1),
        is_phuket_(scene.context->forks().is_phuket(scene.context->height())),
        max_bytes_(max_extension_bytes(max_tx_bytes, scene.judges->set().validators.size())),
        claims_{scene.context->block().chain_id, height_, commit.round} {}

  Outcome<std::vector<ExtendedVote>> run() {
    constexpr ExtensionKind kKinds[] = {ExtensionKind::kOrdinary, ExtensionKind::kNonRp};
    check_ahead(*scene_.signatures, claims_, *scene_.judges, commit_.votes,
                std::span(kKinds).first(is_phuket_ ? 2 : 1));
    for (const ExtendedVote& vote : commit_.votes) {
      ASSIGN_OR_RETURN(const Fate fate, judge(vote));
      if (fate == Fate::kKept) {
        kept_.push_back(vote);
      } else if (fate != Fate::kDropped && is_phuket_) {
        kept_.push_back(to_placeholder(vote));
      } else if (fate == Fate::kFatal) {
        return Failure{plain_error("a vote extension of " + to_hex(vote.validator.address) +
                                   " without valid signature")};
      }
    }
    return of_the_majority();
  }

 private:
  Outcome<Fate> judge(const ExtendedVote& vote) {
    if (!has_address(vote)) return Failure{plain_error("an invalid validator address")};
    if (is_phuket_ && !has_fitting_size(vote)) return Fate::kBad;
    if (has_unknown_fields(vote.vote_extension, *scene_.registry)) return Fate::kBad;
    if (vote.block_id_flag != kFlagCommit) return Fate::kDropped;
    if (vote.extension_signature.empty()) return Fate::kFatal;
    const auto extension = decode_extension(vote.vote_extension);
    if (!extension.ok() || !has_valid_content(*extension)) return Fate::kBad;
    if (!seen_.insert(vote.validator.address).second) {
      return Failure{plain_error("duplicated vote of " + to_hex(vote.validator.address))};
    }
    return judge_signer(vote, *extension);
  }

  [[nodiscard]] bool has_fitting_size(const ExtendedVote& vote) const {
    const std::size_t bytes = vote.vote_extension.size();
    const std::size_t non_rp = vote.non_rp_extension.size();
    return bytes >= kMinExtensionBytes && bytes <= max_bytes_ &&
           non_rp >= min_non_rp_bytes(scene_.context->forks(), height_) && non_rp <= kMaxNonRpBytes;
  }

  [[nodiscard]] bool has_valid_content(const VoteExtension& extension) const {
    const auto& proposition = extension.milestone_proposition;
    return check_extension_form(extension, scene_.context->forks(), height_).ok() &&
           check_side_responses(extension.side_tx_responses).ok() &&
           (!proposition ||
            modules::milestone::validate_proposition(*scene_.context, *proposition, height_).ok());
  }

  Fate judge_signer(const ExtendedVote& vote, const VoteExtension& extension) {
    const Validator* validator = scene_.judges->find(vote.validator.address);
    if (validator == nullptr || vote.validator.power != validator->voting_power) return Fate::kBad;
    if (!is_signed(*validator, vote, ExtensionKind::kOrdinary)) return Fate::kFatal;
    if (is_phuket_ && !is_signed(*validator, vote, ExtensionKind::kNonRp)) return Fate::kBad;
    powers_[extension.block_hash] += validator->voting_power;
    return Fate::kKept;
  }

  bool is_signed(const Validator& validator, const ExtendedVote& vote, ExtensionKind kind) {
    return scene_.signatures->is_valid(claims_.claim(validator, vote, kind));
  }

  /// Of the votes kept so far those for the block that two thirds voted for.
  Outcome<std::vector<ExtendedVote>> of_the_majority() {
    const auto majority = std::ranges::find_if(
        powers_, [this](const auto& power) { return power.second > scene_.judges->two_thirds(); });
    if (majority == powers_.end()) {
      return Failure{plain_error("insufficient cumulative voting power for one block")};
    }
    std::vector<ExtendedVote> votes;
    for (ExtendedVote& vote : kept_) {
      const bool is_theirs =
          is_placeholder(vote) || !counts(vote) ||
          decode_extension(vote.vote_extension).value().block_hash == majority->first;
      if (is_theirs) {
        votes.push_back(std::move(vote));
      } else if (is_phuket_) {
        votes.push_back(to_placeholder(vote));
      }
    }
    return votes;
  }

  const ExtensionScene& scene_;
  const ExtendedCommit& commit_;
  std::int64_t height_;  ///< of the votes
  bool is_phuket_;
  std::size_t max_bytes_;
  ExtensionClaims claims_;
  std::set<Bytes> seen_;
  std::map<Bytes, std::int64_t> powers_;  ///< by block hash
  std::vector<ExtendedVote> kept_;
};

}  // namespace

Outcome<std::vector<ExtendedVote>> filter_votes(const ExtensionScene& scene,
                                                const ExtendedCommit& commit,
                                                std::int64_t max_tx_bytes) {
  const std::int64_t height = scene.context->height();
  RETURN_IF_ERROR(check_extensions_enabled(scene.enable_height, height + 1));
  if (height <= scene.enable_height) {
    if (commit.votes.empty()) return std::vector<ExtendedVote>{};
    return Failure{plain_error("vote extensions at the initial height")};
  }
  return Filter(scene, commit, max_tx_bytes).run();
}

}  // namespace buri::consensus::app
