#include "node/consensus/app/side_tally.hpp"

#include <array>

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

Status<Error> fail(std::string text) { return Failure{plain_error(text)}; }

class Tally {
 public:
  Tally(const Context& context, const Judges& judges) : context_(context), judges_(judges) {}

  Status<Error> add(const DecodedVote& decoded) {
    const VoteExtension& extension = decoded.extension;
    const std::string name = to_hex(decoded.vote->validator.address);
    RETURN_IF_ERROR(check_extension_form(extension, context_.forks(), context_.height() - 1));
    if (!block_hash_) block_hash_ = extension.block_hash;
    if (*block_hash_ != extension.block_hash) return fail("another block hash from " + name);
    if (!has_address(*decoded.vote)) return fail("invalid validator address " + name);
    const Validator* validator = judges_.find(decoded.vote->validator.address);
    if (validator == nullptr) return Unit{};
    if (!seen_.insert(validator).second) return fail("duplicate vote received from " + name);
    return add_answers(extension, *validator);
  }

  Outcome<std::set<Bytes>> approved() const {
    const bool is_checked = context_.forks().power_overflow_is_fatal(context_.height());
    std::set<Bytes> hashes;
    for (const auto& [hash, answers] : answers_) {
      std::int64_t power = 0;
      for (const std::int64_t part : answers) power = engine::wrapping_add(power, part);
      if (is_checked && power > judges_.total_power()) {
        return Failure{plain_error("votes power exceeds total voting power for " + to_hex(hash))};
      }
      const auto yes = static_cast<std::size_t>(runtime::SideVote::kYes);
      if (answers[yes] > judges_.two_thirds()) hashes.insert(hash);
    }
    return hashes;
  }

 private:
  Status<Error> add_answers(const VoteExtension& extension, const Validator& validator) {
    std::set<Bytes> voted;
    for (const SideTxResponse& response : extension.side_tx_responses) {
      if (!voted.insert(response.tx_hash).second) {
        return fail("multiple votes received for side tx " + to_hex(response.tx_hash));
      }
      const auto answer = static_cast<std::uint32_t>(response.result);
      Answers& answers = answers_[response.tx_hash];
      if (answer >= answers.size()) return fail("invalid vote " + std::to_string(response.result));
      answers[answer] = engine::wrapping_add(answers[answer], validator.voting_power);
    }
    return Unit{};
  }

  const Context& context_;
  const Judges& judges_;
  std::optional<Bytes> block_hash_;
  std::set<const Validator*> seen_;
  std::map<Bytes, Answers> answers_;
};

}  // namespace

Outcome<std::vector<DecodedVote>> decode_votes(std::span<const ExtendedVote> votes) {
  std::vector<DecodedVote> decoded;
  for (const ExtendedVote& vote : votes) {
    if (!counts(vote)) continue;
    auto extension = decode_extension(vote.vote_extension);
    if (!extension.ok()) {
      return Failure{plain_error("error while unmarshalling vote extension: " +
                                 std::string(codec::describe(extension.error())))};
    }
    decoded.push_back({&vote, std::move(extension).value()});
  }
  return decoded;
}

Outcome<std::set<Bytes>> approved_txs(const Context& context, const Judges& judges,
                                      std::span<const ExtendedVote> votes,
                                      std::span<const DecodedVote> decoded) {
  for (const ExtendedVote& vote : votes) {
    if (is_known_flag(vote.block_id_flag)) continue;
    return Failure{plain_error("received vote with invalid block ID flag " +
                               std::to_string(vote.block_id_flag))};
  }
  Tally tally(context, judges);
  for (const DecodedVote& vote : decoded) RETURN_IF_ERROR(tally.add(vote));
  return tally.approved();
}

}  // namespace buri::consensus::app
