#include "hsm/wire/response.hpp"

namespace buri::hsm::wire {

std::string_view signer_state_name(SignerState state) {
  switch (state) {
    case SignerState::kLocked:
      return "locked";
    case SignerState::kStandby:
      return "standby";
    case SignerState::kActive:
      return "active";
    case SignerState::kDraining:
      return "draining";
    case SignerState::kHalted:
      return "halted";
    case SignerState::kCeremony:
      return "ceremony";
  }
  return "unknown";
}

}  // namespace buri::hsm::wire
