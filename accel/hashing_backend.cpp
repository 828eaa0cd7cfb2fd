#include "accel/hashing_backend.hpp"

#include "accel/cpu.hpp"
#include "accel/merkle.hpp"

namespace buri::accel {

bool HashingBackend::supports(Operation operation) const {
  switch (operation) {
    case Operation::kKeccak256:
    case Operation::kSha256:
    case Operation::kCheckpointRoot:
    case Operation::kRfc6962Root:
      return true;
    default:
      return false;
  }
}

std::string HashingBackend::description() const { return cpu_features().model; }

Status<BackendFault> HashingBackend::keccak256(std::span<const ByteView> messages,
                                               std::span<Hash256> digests) {
  hasher_.keccak256_batch(messages, digests);
  return Unit{};
}

Status<BackendFault> HashingBackend::sha256(std::span<const ByteView> messages,
                                            std::span<Hash256> digests) {
  hasher_.sha256_batch(messages, digests);
  return Unit{};
}

Status<BackendFault> HashingBackend::checkpoint_root(std::span<const Hash256> leaves,
                                                     Hash256& root) {
  root = accel::checkpoint_root(leaves, hasher_);
  return Unit{};
}

Status<BackendFault> HashingBackend::rfc6962_root(std::span<const ByteView> leaves, Hash256& root) {
  root = accel::rfc6962_root(leaves, hasher_);
  return Unit{};
}

}  // namespace buri::accel
