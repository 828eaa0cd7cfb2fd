#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.hpp"

/// Whether the signer may sign, as a pure state machine (signer.md 5).
///
///   LOCKED -> STANDBY -> ACTIVE(epoch) -> DRAINING -> STANDBY
///   STANDBY -> CEREMONY -> STANDBY (nothing is signed but proofs of possession)
///   any -> HALTED (a rule of safety was broken) -> LOCKED, by an operator's reset alone

namespace buri::hsm::signer {

enum class SignerState : std::uint8_t {
  kLocked,    ///< no login at the HSM
  kStandby,   ///< the HSM is verified; nothing is signed
  kActive,    ///< signs under its epoch
  kDraining,  ///< finishes what it has begun, accepts nothing
  kHalted,    ///< sign-state, key or fence contradict each other; only an operator goes on
  kCeremony,  ///< proves possession of the key to a ceremony's witnesses; signs nothing else
};

/// "LOCKED", "STANDBY", ...
std::string_view name_of(SignerState state);

/// What can happen to a signer.
enum class SignerEvent : std::uint8_t {
  kUnlocked,       ///< the HSM worker logged in and proved the pinned key
  kLock,           ///< an operator, or the HSM was lost for good
  kActivate,       ///< an operator, after sign-state (and fence) agree
  kDrain,          ///< an operator, or the service stops
  kDrained,        ///< the last request has ended
  kFencedOff,      ///< the fence says that another signer is active
  kHalt,           ///< see SignerState::kHalted
  kReset,          ///< an operator looked into a halt and ends it
  kBeginCeremony,  ///< an operator, with a ceremony's name
  kEndCeremony,    ///< an operator, or the ceremony's time is over
};

std::string_view name_of(SignerEvent event);

/// An event that the present state does not admit.
struct EventRefused {
  SignerState state{};
  SignerEvent event{};
};

/// The signer's state. Not thread-safe.
class Lifecycle {
 public:
  [[nodiscard]] SignerState state() const { return state_; }
  /// The fencing epoch while kActive or kDraining; 0 without a fence and in other states.
  [[nodiscard]] std::uint64_t epoch() const { return epoch_; }
  /// Why it halted; empty unless kHalted.
  [[nodiscard]] const std::string& halt_reason() const { return halt_reason_; }
  [[nodiscard]] bool may_sign() const { return state_ == SignerState::kActive; }

  /// Applies any event but kActivate and kHalt, which carry something.
  Result<SignerState, EventRefused> apply(SignerEvent event);
  Result<SignerState, EventRefused> activate(std::uint64_t epoch);
  /// Always possible; the first reason stands.
  void halt(std::string_view reason);

 private:
  SignerState state_ = SignerState::kLocked;
  std::uint64_t epoch_ = 0;
  std::string halt_reason_;
};

}  // namespace buri::hsm::signer
