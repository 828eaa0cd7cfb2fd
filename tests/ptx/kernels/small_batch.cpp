#include "tests/ptx/kernels/small_batch.hpp"

#include <random>

#include "accel/key_set.hpp"
#include "base/check.hpp"
#include "tests/ptx/kernels/reference_hashes.hpp"
#include "tests/support/accel/signer.hpp"

namespace buri::ptx {

using accel::LowS;
using accel::Operation;

SmallBatch::SmallBatch(std::size_t count, std::uint64_t seed, accel::Backend& exact) {
  std::mt19937_64 random(seed);
  const auto signers = accel::make_signers(3, random);
  std::vector<accel::PublicKey> keys;
  keys.reserve(signers.size());
  for (const accel::Signer& signer : signers) keys.push_back(signer.key());
  keys_ = accel::KeySet::build(keys);
  for (std::size_t i = 0; i < count; ++i) {
    messages_.emplace_back(random() % 300, static_cast<std::uint8_t>(i));
    leaves_.push_back(accel::random_hash(random));
    const std::size_t key = random() % signers.size();
    accel::RecoverRequest request = signers[key].sign(accel::random_hash(random));
    if (i % 5 == 4) request.signature.digest.bytes[i % 32] ^= 1;
    if (i % 7 == 6) request.signature.s = {};
    recover_.push_back(request);
    verify_.push_back({request.signature, signers[key].key()});
    known_.push_back({request.signature, static_cast<std::uint32_t>(key)});
  }
  views_.assign(messages_.begin(), messages_.end());
  for (std::size_t k = 0; k < accel::kOperationCount; ++k) expected_.push_back(blank_answers());
  for (const Operation operation :
       {Operation::kRecover, Operation::kVerify, Operation::kVerifyKnown}) {
    CHECK(ask(exact, operation, expected(operation)).ok(), "a CPU backend failed");
  }
  for (std::size_t i = 0; i < count; ++i) {
    expected(Operation::kKeccak256).digests[i] = reference_keccak256(messages_[i]);
    expected(Operation::kSha256).digests[i] = reference_sha256(messages_[i]);
  }
  expected(Operation::kCheckpointRoot).digests[0] = reference_checkpoint_root(leaves_);
  expected(Operation::kRfc6962Root).digests[0] = reference_rfc6962_root(views_);
}

SmallBatch::Answers SmallBatch::blank_answers() const {
  return {std::vector<accel::RecoverResult>(recover_.size()),
          std::vector<accel::SignatureStatus>(verify_.size()),
          std::vector<Hash256>(messages_.size())};
}

Status<accel::BackendFault> SmallBatch::run(accel::Backend& backend, Operation operation,
                                            bool& right) const {
  Answers answers = blank_answers();
  RETURN_IF_ERROR(ask(backend, operation, answers));
  right = answers == expected_[static_cast<std::size_t>(operation)];
  return Unit{};
}

Status<accel::BackendFault> SmallBatch::ask(accel::Backend& backend, Operation operation,
                                            Answers& answers) const {
  switch (operation) {
    case Operation::kRecover:
      return backend.recover(recover_, LowS::kRequired, answers.recovered);
    case Operation::kVerify:
      return backend.verify(verify_, LowS::kRequired, answers.statuses);
    case Operation::kVerifyKnown:
      return backend.verify_known(*keys_, known_, LowS::kRequired, answers.statuses);
    case Operation::kKeccak256:
      return backend.keccak256(views_, answers.digests);
    case Operation::kSha256:
      return backend.sha256(views_, answers.digests);
    case Operation::kCheckpointRoot:
      return backend.checkpoint_root(leaves_, answers.digests.front());
    case Operation::kRfc6962Root:
      return backend.rfc6962_root(views_, answers.digests.front());
  }
  CHECK(false, "an Operation outside its enumerators");
}

}  // namespace buri::ptx
