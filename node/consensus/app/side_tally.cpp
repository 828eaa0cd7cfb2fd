#include "node/consensus/app/side_tally.hpp"

#include <array>
#include <map>

#include "base/hex.hpp"
#include "node/consensus/app/extension_rules.hpp"
#include "node/consensus/engine/priority.hpp"

namespace buri::consensus::app {
namespace {

using modules::stake::Validator;
using runtime::Context;
using runtime::Error;
using runtime::Outcome;
using runtime::plain_error;

/// Power behind each answer on one transaction, by runtime::SideVote.
using Answers = std::array<std::int64_t, 3>;

Status<Error> fail(std::string_view text) { return Failure{plain_error(text)}; }

class Tally {
 public:
  Tally(const Context& context, const Judges& judges) : context_(context), judges_(judges) {}

  Status<Error> add(const DecodedVote& decoded) {
    const VoteExtension& extension = *decoded.extension;
    const Bytes& address = decoded.vote->validator.address;
    RETURN_IF_ERROR(check_extension_form(extension, context_.forks(), context_.height() - 1));
    if (block_hash_ == nullptr) block_hash_ = &extension.block_hash;
    if (*block_hash_ != extension.block_hash) {
      return fail("another block hash from " + to_hex(address));
    }
    if (!has_address(*decoded.vote)) return fail("invalid validator address " + to_hex(address));
    const Validator* validator = judges_.find(address);
    if (validator == nullptr) return Unit{};
    if (!seen_.insert(validator).second) {
      return fail("duplicate vote received from " + to_hex(address));
    }
    if (extension.side_tx_responses.empty()) return Unit{};
    const auto [power, is_new] = powers_.try_emplace(&extension, 0);
    if (is_new) RETURN_IF_ERROR(check_answers(extension));
    power->second = engine::wrapping_add(power->second, validator->voting_power);
    return Unit{};
  }

  Outcome<std::set<Bytes>> approved(const Reporter& reporter) const {
    const bool is_checked = context_.forks().power_overflow_is_fatal(context_.height());
    std::set<Bytes> hashes;
    for (const auto& [hash, answers] : answers_by_hash()) {
      std::int64_t power = 0;
      for (const std::int64_t part : answers) power = engine::wrapping_add(power, part);
      if (is_checked && power > judges_.total_power()) {
        return Failure{plain_error("votes power exceeds total voting power for " + to_hex(hash))};
      }
      const SideOutcome outcome = outcome_of(answers);
      reporter.tell([&](Observer& observer) { observer.side_tx_tallied(outcome); });
      if (outcome == SideOutcome::kApproved) hashes.insert(hash);
    }
    return hashes;
  }

 private:
  [[nodiscard]] SideOutcome outcome_of(const Answers& answers) const {
    const auto has_majority = [&](runtime::SideVote vote) {
      return answers[static_cast<std::size_t>(vote)] > judges_.two_thirds();
    };
    if (has_majority(runtime::SideVote::kYes)) return SideOutcome::kApproved;
    return has_majority(runtime::SideVote::kNo) ? SideOutcome::kRejected : SideOutcome::kUndecided;
  }
  static Status<Error> check_answers(const VoteExtension& extension) {
    std::set<Bytes> voted;
    for (const SideTxResponse& response : extension.side_tx_responses) {
      if (!voted.insert(response.tx_hash).second) {
        return fail("multiple votes received for side tx " + to_hex(response.tx_hash));
      }
      const bool is_known = static_cast<std::uint32_t>(response.result) < Answers{}.size();
      if (!is_known) return fail("invalid vote " + std::to_string(response.result));
    }
    return Unit{};
  }

  [[nodiscard]] std::map<Bytes, Answers> answers_by_hash() const {
    std::map<Bytes, Answers> by_hash;
    for (const auto& [extension, power] : powers_) {
      for (const SideTxResponse& response : extension->side_tx_responses) {
        std::int64_t& sum = by_hash[response.tx_hash][static_cast<std::size_t>(response.result)];
        sum = engine::wrapping_add(sum, power);
      }
    }
    return by_hash;
  }

  const Context& context_;
  const Judges& judges_;
  const Bytes* block_hash_ = nullptr;
  std::set<const Validator*> seen_;
  std::map<const VoteExtension*, std::int64_t> powers_;  ///< behind extensions with answers
};

}  // namespace

Outcome<std::vector<DecodedVote>> decode_votes(std::span<const ExtendedVote> votes) {
  std::vector<DecodedVote> decoded;
  decoded.reserve(votes.size());
  std::map<ByteView, std::shared_ptr<const VoteExtension>, store::KeyOrder> known;
  for (const ExtendedVote& vote : votes) {
    if (!counts(vote)) continue;
    auto& shared = known[vote.vote_extension];
    if (shared == nullptr) {
      auto extension = decode_extension(vote.vote_extension);
      if (!extension.ok()) {
        return Failure{plain_error("error while unmarshalling vote extension: " +
                                   std::string(codec::describe(extension.error())))};
      }
      shared = std::make_shared<const VoteExtension>(std::move(extension).value());
    }
    decoded.push_back({&vote, shared});
  }
  return decoded;
}

Outcome<std::set<Bytes>> approved_txs(const Context& context, const Judges& judges,
                                      std::span<const ExtendedVote> votes,
                                      std::span<const DecodedVote> decoded,
                                      const Reporter& reporter) {
  for (const ExtendedVote& vote : votes) {
    if (is_known_flag(vote.block_id_flag)) continue;
    return Failure{plain_error("received vote with invalid block ID flag " +
                               std::to_string(vote.block_id_flag))};
  }
  Tally tally(context, judges);
  for (const DecodedVote& vote : decoded) RETURN_IF_ERROR(tally.add(vote));
  return tally.approved(reporter);
}

}  // namespace buri::consensus::app
