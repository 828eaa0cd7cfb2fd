#pragma once

#include <memory>
#include <vector>

#include "accel/backend.hpp"

/// A batch of typical, valid inputs, for measuring.

namespace buri::accel::engine {

/// Owns requests and answers of one operation: valid signatures from a handful of keys, messages of
/// 64 bytes, leaves of 32. Not thread-safe.
class SampleBatch {
 public:
  SampleBatch(Operation operation, std::size_t items);

  /// Computes the batch once.
  Status<BackendFault> run(Backend& backend);

 private:
  void fill_messages(std::size_t items, std::size_t length);

  Operation operation_;
  std::vector<RecoverRequest> recover_;
  std::vector<RecoverResult> recovered_;
  std::vector<VerifyRequest> verify_;
  std::vector<KnownKeyRequest> known_;
  std::shared_ptr<const KeySet> keys_;
  std::vector<SignatureStatus> statuses_;
  std::vector<std::array<std::uint8_t, 65>> bytes_;
  std::vector<ByteView> messages_;
  std::vector<Hash256> leaves_;
  std::vector<Hash256> digests_;
};

}  // namespace buri::accel::engine
