#include "hsm/signer/state_board.hpp"

namespace buri::hsm::signer {

StateView StateBoard::view_locked() const {
  return {lifecycle_.state(), lifecycle_.epoch(), lifecycle_.halt_reason()};
}

StateView StateBoard::view() const {
  const std::lock_guard lock(mutex_);
  return view_locked();
}

void StateBoard::report(const StateView& now, std::string_view why) const {
  if (listener_) listener_(now, why);
}

Result<SignerState, EventRefused> StateBoard::apply(SignerEvent event, std::string_view why) {
  StateView now;
  {
    const std::lock_guard lock(mutex_);
    RETURN_IF_ERROR(lifecycle_.apply(event));
    now = view_locked();
  }
  report(now, why);
  return now.state;
}

Result<SignerState, EventRefused> StateBoard::activate(std::uint64_t epoch) {
  StateView now;
  {
    const std::lock_guard lock(mutex_);
    RETURN_IF_ERROR(lifecycle_.activate(epoch));
    now = view_locked();
  }
  report(now, "activated");
  return now.state;
}

void StateBoard::halt(std::string_view reason) {
  StateView now;
  {
    const std::lock_guard lock(mutex_);
    if (lifecycle_.state() == SignerState::kHalted) return;
    lifecycle_.halt(reason);
    now = view_locked();
  }
  report(now, reason);
}

void StateBoard::take_note(const GuardError& error) {
  if (error.fault == GuardFault::kHalt) halt(error.reason);
  if (error.fault == GuardFault::kFencedOff) (void)apply(SignerEvent::kFencedOff, error.reason);
}

}  // namespace buri::hsm::signer
