#include "hsm/signer/states.hpp"

#include <optional>

namespace buri::hsm::signer {
namespace {

std::optional<SignerState> successor(SignerState state, SignerEvent event) {
  using enum SignerState;
  switch (event) {
    case SignerEvent::kUnlocked:
      return state == kLocked ? std::optional(kStandby) : std::nullopt;
    case SignerEvent::kLock:
      return state != kHalted ? std::optional(kLocked) : std::nullopt;
    case SignerEvent::kActivate:
      return state == kStandby ? std::optional(kActive) : std::nullopt;
    case SignerEvent::kDrain:
      return state == kActive ? std::optional(kDraining) : std::nullopt;
    case SignerEvent::kDrained:
      return state == kDraining ? std::optional(kStandby) : std::nullopt;
    case SignerEvent::kFencedOff:
      return state == kActive || state == kDraining ? std::optional(kStandby) : std::nullopt;
    case SignerEvent::kHalt:
      return kHalted;
    case SignerEvent::kReset:
      return state == kHalted ? std::optional(kLocked) : std::nullopt;
    case SignerEvent::kBeginCeremony:
      return state == kStandby ? std::optional(kCeremony) : std::nullopt;
    case SignerEvent::kEndCeremony:
      return state == kCeremony ? std::optional(kStandby) : std::nullopt;
  }
  return std::nullopt;
}

}  // namespace

std::string_view name_of(SignerState state) {
  switch (state) {
    case SignerState::kLocked:
      return "LOCKED";
    case SignerState::kStandby:
      return "STANDBY";
    case SignerState::kActive:
      return "ACTIVE";
    case SignerState::kDraining:
      return "DRAINING";
    case SignerState::kHalted:
      return "HALTED";
    case SignerState::kCeremony:
      return "CEREMONY";
  }
  return "?";
}

std::string_view name_of(SignerEvent event) {
  switch (event) {
    case SignerEvent::kUnlocked:
      return "unlock";
    case SignerEvent::kLock:
      return "lock";
    case SignerEvent::kActivate:
      return "activate";
    case SignerEvent::kDrain:
      return "drain";
    case SignerEvent::kDrained:
      return "drained";
    case SignerEvent::kFencedOff:
      return "fenced off";
    case SignerEvent::kHalt:
      return "halt";
    case SignerEvent::kReset:
      return "reset";
    case SignerEvent::kBeginCeremony:
      return "begin ceremony";
    case SignerEvent::kEndCeremony:
      return "end ceremony";
  }
  return "?";
}

Result<SignerState, EventRefused> Lifecycle::apply(SignerEvent event) {
  CHECK(event != SignerEvent::kActivate && event != SignerEvent::kHalt,
        "activate() and halt() carry what apply() does not");
  const auto next = successor(state_, event);
  if (!next) return Failure{EventRefused{state_, event}};
  state_ = *next;
  if (state_ != SignerState::kDraining) epoch_ = 0;
  halt_reason_.clear();
  return state_;
}

Result<SignerState, EventRefused> Lifecycle::activate(std::uint64_t epoch) {
  const auto next = successor(state_, SignerEvent::kActivate);
  if (!next) return Failure{EventRefused{state_, SignerEvent::kActivate}};
  state_ = *next;
  epoch_ = epoch;
  return state_;
}

void Lifecycle::halt(std::string_view reason) {
  if (state_ == SignerState::kHalted) return;
  state_ = SignerState::kHalted;
  epoch_ = 0;
  halt_reason_ = reason;
}

}  // namespace buri::hsm::signer
