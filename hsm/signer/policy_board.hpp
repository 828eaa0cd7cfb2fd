#pragma once

#include <optional>
#include <set>
#include <string>

#include "base/result.hpp"
#include "hsm/rules/policy.hpp"
#include "hsm/signer/ledger_rules.hpp"

/// How a policy changes while the signer runs: what narrows holds at once, what widens needs two
/// administrators.

namespace buri::hsm::signer {

/// Not thread-safe.
class PolicyBoard {
 public:
  /// `context` must outlive it.
  explicit PolicyBoard(RulesContext& context) : context_(context) {}

  /// An administrator asks for the policy in `text`. It holds at once unless it widens; then it
  /// waits, with this administrator's approval, and replaces what waited before. The answer is for
  /// people; an error says what is wrong with the text.
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
  };

  RulesContext& context_;
  std::optional<Waiting> waiting_;
};

}  // namespace buri::hsm::signer
