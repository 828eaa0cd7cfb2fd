#include "hsm/signer/fence.hpp"

namespace buri::hsm::signer {

std::string_view describe(FenceError error) {
  switch (error) {
    case FenceError::kUnreachable:
      return "the fence did not answer in time";
    case FenceError::kLost:
      return "another signer holds the fence";
    case FenceError::kHeld:
      return "the fence is held by a signer that is alive";
    case FenceError::kConflict:
      return "the fence holds another record than the one expected";
    case FenceError::kMalformed:
      return "the fence holds something that no signer wrote";
    case FenceError::kWentBack:
      return "the fence answers from an earlier time, or is another store";
  }
  return "unknown error";
}

}  // namespace buri::hsm::signer
