#pragma once

#include <array>
#include <cstdint>
#include <string>

#include "hsm/wire/purpose.hpp"

namespace buri::hsm::sim {

/// What happened in a schedule, or in many.
struct Report {
  std::uint64_t conflicts = 0;  ///< what must never happen: signatures that contradict each other,
                                ///< that nobody asked for, or that answer a hostile request
  std::uint64_t wrong_replies = 0;
  std::uint64_t released = 0;
  /// Signatures in answers, by purpose; [0] is not used.
  std::array<std::uint64_t, wire::kPurposeCount + 1> by_purpose{};
  std::uint64_t replayed_unequal = 0;  ///< signed again after a crash took the signatures
  std::uint64_t refused = 0;
  std::uint64_t hostile = 0;   ///< hostile requests that a signer in service refused
  std::uint64_t approved = 0;  ///< answers that two administrators had approved
  std::uint64_t crashes = 0;
  std::uint64_t halts = 0;
  std::uint64_t fenced_off = 0;
  std::uint64_t unopened = 0;  ///< starts refused because the sign-state was lost
  std::uint64_t stranded = 0;  ///< starts refused although nothing was lost
  std::uint64_t broken_logs = 0;
  std::string story;  ///< the first thing that must not happen, for people

  void add(const Report& other);
  friend bool operator==(const Report&, const Report&) = default;
};

}  // namespace buri::hsm::sim
