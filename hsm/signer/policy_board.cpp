#include "hsm/signer/policy_board.hpp"

#include "base/hex.hpp"

namespace buri::hsm::signer {

Result<std::string, std::string> PolicyBoard::propose(std::string_view text,
                                                      std::uint32_t administrator) {
  auto policy = rules::parse_policy(text);
  if (!policy.ok()) return Failure{rules::describe(policy.error())};
  const auto comparison = rules::compare(*context_.policy(), *policy);
  const Hash256 hash = rules::policy_hash(*policy);
  if (comparison.change != rules::PolicyChange::kWider) {
    context_.set_policy(std::move(policy).value());
    waiting_.reset();
    return "policy " + to_hex(hash) + " holds";
  }
  std::string answer = "policy " + to_hex(hash) + " widens and waits for another administrator:";
  for (const std::string& setting : comparison.widened) answer += "\n  " + setting;
  waiting_ = Waiting{std::move(policy).value(), hash, {administrator}, clock_.monotonic()};
  return answer;
}

bool PolicyBoard::waits(std::string_view hash) const {
  return waiting_ && to_hex(waiting_->hash) == hash &&
         clock_.monotonic() - waiting_->since < kApprovalLife;
}

Result<std::string, std::string> PolicyBoard::approve(std::string_view hash,
                                                      std::uint32_t administrator) {
  if (!waits(hash)) return Failure{std::string("no policy of that hash waits")};
  waiting_->administrators.insert(administrator);
  if (waiting_->administrators.size() < rules::kApprovalsNeeded) {
    return Failure{std::string("the same administrator cannot approve twice")};
  }
  context_.set_policy(std::move(waiting_->policy));
  waiting_.reset();
  return "policy " + std::string(hash) + " holds";
}

}  // namespace buri::hsm::signer
