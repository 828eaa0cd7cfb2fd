#pragma once

#include "accel/backend.hpp"
#include "accel/hasher.hpp"

/// The half of a CPU backend that hashes: what every CPU backend derives from.

namespace buri::accel {

/// Answers the four hash operations with the functions of one Hasher and leaves the signature
/// operations to the derived class. Never fails; stateless and thread-safe.
class HashingBackend : public Backend {
 public:
  /// True for keccak256, sha256 and both trees; a derived class adds its own.
  [[nodiscard]] bool supports(Operation operation) const override;
  /// The processor's model.
  [[nodiscard]] std::string description() const override;

  Status<BackendFault> keccak256(std::span<const ByteView> messages,
                                 std::span<Hash256> digests) final;
  Status<BackendFault> sha256(std::span<const ByteView> messages, std::span<Hash256> digests) final;
  Status<BackendFault> checkpoint_root(std::span<const Hash256> leaves, Hash256& root) final;
  Status<BackendFault> rfc6962_root(std::span<const ByteView> leaves, Hash256& root) final;

 protected:
  /// `hasher` must outlive the backend; the tables of hasher.hpp do.
  explicit HashingBackend(const Hasher& hasher) : hasher_(hasher) {}

 private:
  const Hasher& hasher_;
};

}  // namespace buri::accel
