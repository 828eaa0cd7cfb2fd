#pragma once

#include <optional>
#include <set>
#include <string>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "hsm/rules/policy.hpp"
#include "hsm/signer/approvals.hpp"
#include "hsm/signer/ledger_rules.hpp"

/// How a policy changes while the signer runs: what narrows holds at once, what widens needs two
/// administrators.

namespace buri::hsm::signer {

/// Not thread-safe.
class PolicyBoard {
 public:
  /// What they are given must outlive it.
  PolicyBoard(RulesContext& context, const Clock& clock) : context_(context), clock_(clock) {}

  /// An administrator asks for the policy in `text`. It holds at once unless it widens; then it
  /// waits for kApprovalLife, with this administrator's approval, and replaces what waited before.
  /// The answer is for people; an error says what is wrong with the text.
  Result<std::string, std::string> propose(std::string_view text, std::uint32_t administrator);

  /// Whether a policy of that hash in hex waits.
  [[nodiscard]] bool waits(std::string_view hash) const;

  /// An administrator agrees to the waiting policy, named by its hash in hex. The second one makes
  /// it hold.
  Result<std::string, std::string> approve(std::string_view hash, std::uint32_t administrator);

 private:
  struct Waiting {
    rules::Policy policy;
    Hash256 hash;
    std::set<std::uint32_t> administrators;
    MonotonicTime since;
  };

  RulesContext& context_;
  const Clock& clock_;
  std::optional<Waiting> waiting_;
};

}  // namespace buri::hsm::signer
