#pragma once

#include <chrono>
#include <mutex>
#include <string>
#include <string_view>

#include "hsm/signer/ledger_rules.hpp"
#include "hsm/signer/peer.hpp"
#include "hsm/signer/pipeline.hpp"

/// The signer's part in a key ceremony: while one is held, possession of the key is proved to its
/// witnesses, and nothing else is signed (signer.md 5 and 7).

namespace buri::hsm::signer {

/// How long a ceremony that nobody ends goes on.
inline constexpr std::chrono::hours kCeremonyLife{4};

/// What the desk works with; everything must outlive it.
struct CeremonyParts {
  StateBoard* board = nullptr;
  RulesContext* rules = nullptr;
  pkcs11::SigningDevice* device = nullptr;
  SharedAudit* audit = nullptr;
  const Clock* clock = nullptr;
};

/// Thread-safe.
class CeremonyDesk {
 public:
  explicit CeremonyDesk(const CeremonyParts& parts) : parts_(parts) {}

  /// From STANDBY to CEREMONY. `id` is 1 to 64 printable characters without spaces.
  Status<std::string> begin(std::string_view id);
  /// Back to STANDBY.
  Status<std::string> end(std::string_view why);
  /// Ends a ceremony that is older than kCeremonyLife.
  void end_if_old();

  /// Signs the proof, if that very ceremony is held. No record: the bytes have a form of their own,
  /// so that they contradict nothing.
  wire::ResponseBody prove(const wire::ProveOfPossession& request, const Peer& peer,
                           MonotonicTime deadline);

 private:
  [[nodiscard]] bool is_held(std::string_view id) const;

  const CeremonyParts parts_;
  mutable std::mutex mutex_;
  std::string id_;
  MonotonicTime began_;
};

}  // namespace buri::hsm::signer
