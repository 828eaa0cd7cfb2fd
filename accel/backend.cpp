#include "accel/backend.hpp"

#include "base/check.hpp"

namespace buri::accel {

std::string_view operation_name(Operation operation) {
  switch (operation) {
    case Operation::kRecover:
      return "recover";
    case Operation::kVerify:
      return "verify";
    case Operation::kVerifyKnown:
      return "verify_known";
    case Operation::kKeccak256:
      return "keccak256";
    case Operation::kSha256:
      return "sha256";
    case Operation::kCheckpointRoot:
      return "checkpoint_root";
    case Operation::kRfc6962Root:
      return "rfc6962_root";
  }
  CHECK(false, "an Operation outside its enumerators");
}

// A backend overrides what it supports; the rest answers kUnsupported.
Status<BackendFault> Backend::recover(std::span<const RecoverRequest>, LowS,
                                      std::span<RecoverResult>) {
  return Failure{BackendFault::kUnsupported};
}
Status<BackendFault> Backend::verify(std::span<const VerifyRequest>, LowS,
                                     std::span<SignatureStatus>) {
  return Failure{BackendFault::kUnsupported};
}
Status<BackendFault> Backend::verify_known(const KeySet&, std::span<const KnownKeyRequest>, LowS,
                                           std::span<SignatureStatus>) {
  return Failure{BackendFault::kUnsupported};
}
Status<BackendFault> Backend::keccak256(std::span<const ByteView>, std::span<Hash256>) {
  return Failure{BackendFault::kUnsupported};
}
Status<BackendFault> Backend::sha256(std::span<const ByteView>, std::span<Hash256>) {
  return Failure{BackendFault::kUnsupported};
}
Status<BackendFault> Backend::checkpoint_root(std::span<const Hash256>, Hash256&) {
  return Failure{BackendFault::kUnsupported};
}
Status<BackendFault> Backend::rfc6962_root(std::span<const ByteView>, Hash256&) {
  return Failure{BackendFault::kUnsupported};
}

}  // namespace buri::accel
