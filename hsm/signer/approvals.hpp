#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <string_view>

#include "base/bytes.hpp"
#include "base/clock.hpp"
#include "base/result.hpp"
#include "hsm/wire/request.hpp"

/// Requests that the policy does not allow by itself: each waits here until two administrators
/// agreed to exactly it. Nothing outlives the process; who approved before a restart approves
/// again.

namespace buri::hsm::signer {

/// How long a request waits for its administrators, and how long their approval holds.
inline constexpr std::chrono::minutes kApprovalLife{60};
/// A further request that needs approval replaces the one that waits longest.
inline constexpr std::size_t kMostWaiting = 16;

/// Thread-safe.
class Approvals {
 public:
  /// `clock` must outlive it.
  explicit Approvals(const Clock& clock) : clock_(clock) {}

  /// Whether the request is of a kind that can need approval, and fits a frame.
  static bool may_need(const wire::RequestBody& request);
  /// What a request is approved by: SHA-256 of its one encoding, without id and timeout.
  static Hash256 name_of(const wire::RequestBody& request);

  /// Administrators who approved exactly this request and whose approval has not expired.
  [[nodiscard]] unsigned count(const wire::RequestBody& request) const;
  /// Lets a request that was refused for want of approval wait. True if it did not wait already.
  /// REQUIRES: may_need().
  bool wait(const wire::RequestBody& request, std::string_view peer);

  /// An administrator agrees to the waiting request of that name in hex, or takes it from the list.
  /// The answer and the error are for people.
  Result<std::string, std::string> approve(std::string_view name, std::uint32_t administrator);
  Result<std::string, std::string> deny(std::string_view name);

  /// Everything that waits, field by field, for administrators to read; empty if nothing does.
  [[nodiscard]] std::string text() const;
  [[nodiscard]] std::size_t size() const;

 private:
  struct Waiting {
    wire::RequestBody request;
    std::string peer;
    MonotonicTime since;
    std::set<std::uint32_t> administrators;
  };

  using All = std::map<Hash256, Waiting>;

  [[nodiscard]] bool has_expired(const Waiting& one) const;
  Result<All::iterator, std::string> find(std::string_view name);

  const Clock& clock_;
  mutable std::mutex mutex_;
  All waiting_;
};

}  // namespace buri::hsm::signer
