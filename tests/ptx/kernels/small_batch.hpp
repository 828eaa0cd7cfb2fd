#pragma once

#include <memory>
#include <vector>

#include "accel/backend.hpp"

/// A small batch for every operation, with the answers of a CPU backend.

namespace buri::ptx {

class SmallBatch {
 public:
  /// `count` items of each operation, drawn from `seed`, some of them broken. `exact` gives the
  /// expected answers about signatures. REQUIRES: count > 0.
  SmallBatch(std::size_t count, std::uint64_t seed, accel::Backend& exact);

  /// Lets `backend` do the operation. On success, `right` says whether every answer is as expected.
  Status<accel::BackendFault> run(accel::Backend& backend, accel::Operation operation,
                                  bool& right) const;

 private:
  /// The answers to the whole batch.
  struct Answers {
    std::vector<accel::RecoverResult> recovered;
    std::vector<accel::SignatureStatus> statuses;
    std::vector<Hash256> digests;

    friend bool operator==(const Answers&, const Answers&) = default;
  };
  [[nodiscard]] Answers blank_answers() const;
  Answers& expected(accel::Operation operation) {
    return expected_[static_cast<std::size_t>(operation)];
  }
  Status<accel::BackendFault> ask(accel::Backend& backend, accel::Operation operation,
                                  Answers& answers) const;

  std::vector<Bytes> messages_;
  std::vector<ByteView> views_;
  std::vector<Hash256> leaves_;
  std::vector<accel::RecoverRequest> recover_;
  std::vector<accel::VerifyRequest> verify_;
  std::vector<accel::KnownKeyRequest> known_;
  std::shared_ptr<const accel::KeySet> keys_;
  std::vector<Answers> expected_;
};

}  // namespace buri::ptx
