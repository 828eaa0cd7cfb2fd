#pragma once

#include <functional>
#include <mutex>
#include <string>

#include "hsm/signer/guard.hpp"
#include "hsm/signer/states.hpp"

/// The signer's state as its threads share it.

namespace buri::hsm::signer {

/// A state at one instant.
struct StateView {
  SignerState state{};
  std::uint64_t epoch = 0;
  std::string halt_reason;
};

/// Thread-safe. Every change is reported to the listener, outside the lock.
class StateBoard {
 public:
  using Listener = std::function<void(const StateView& now, std::string_view why)>;

  explicit StateBoard(Listener listener = {}) : listener_(std::move(listener)) {}

  [[nodiscard]] StateView view() const;
  Result<SignerState, EventRefused> apply(SignerEvent event, std::string_view why);
  Result<SignerState, EventRefused> activate(std::uint64_t epoch);
  void halt(std::string_view reason);
  /// What a guard's failure means for the signer: standby, halt or nothing.
  void take_note(const GuardError& error);

 private:
  void report(const StateView& now, std::string_view why) const;
  [[nodiscard]] StateView view_locked() const;

  Listener listener_;
  mutable std::mutex mutex_;
  Lifecycle lifecycle_;
};

}  // namespace buri::hsm::signer
