#include "accel/engine/sample_batch.hpp"

#include <algorithm>

#include "accel/engine/known_answers.hpp"

namespace buri::accel::engine {
namespace {

/// The key set of the valid sample signatures, built once.
const std::shared_ptr<const KeySet>& sample_keys() {
  static const std::shared_ptr<const KeySet> keys = [] {
    std::vector<PublicKey> all;
    for (const VerifyRequest& request : valid_signatures()) all.push_back(request.key);
    return KeySet::build(all);
  }();
  return keys;
}

template <class T>
std::vector<T> cycled(const std::vector<T>& source, std::size_t items) {
  std::vector<T> result;
  result.reserve(items);
  for (std::size_t i = 0; i < items; ++i) result.push_back(source[i % source.size()]);
  return result;
}

}  // namespace

SampleBatch::SampleBatch(Operation operation, std::size_t items)
    : operation_(operation), digests_(items) {
  switch (operation) {
    case Operation::kRecover:
      recover_ = cycled(valid_recoveries(), items);
      recovered_.resize(items);
      return;
    case Operation::kVerify:
      verify_ = cycled(valid_signatures(), items);
      statuses_.resize(items);
      return;
    case Operation::kVerifyKnown: {
      keys_ = sample_keys();
      const auto signatures = cycled(valid_signatures(), items);
      for (std::size_t i = 0; i < items; ++i) {
        known_.push_back({signatures[i].signature, static_cast<std::uint32_t>(i % keys_->size())});
      }
      statuses_.resize(items);
      return;
    }
    case Operation::kKeccak256:
      fill_messages(items, 64);
      return;
    case Operation::kSha256:
      fill_messages(items, 65);
      return;
    case Operation::kRfc6962Root:
      fill_messages(items, 32);
      return;
    case Operation::kCheckpointRoot:
      leaves_.resize(items);
      return;
  }
}

void SampleBatch::fill_messages(std::size_t items, std::size_t length) {
  bytes_.resize(items);
  for (std::size_t i = 0; i < items; ++i) {
    bytes_[i].fill(static_cast<std::uint8_t>(i));
    messages_.push_back(ByteView(bytes_[i]).first(length));
  }
}

Status<BackendFault> SampleBatch::run(Backend& backend) {
  switch (operation_) {
    case Operation::kRecover:
      return backend.recover(recover_, LowS::kRequired, recovered_);
    case Operation::kVerify:
      return backend.verify(verify_, LowS::kRequired, statuses_);
    case Operation::kVerifyKnown:
      return backend.verify_known(*keys_, known_, LowS::kRequired, statuses_);
    case Operation::kKeccak256:
      return backend.keccak256(messages_, digests_);
    case Operation::kSha256:
      return backend.sha256(messages_, digests_);
    case Operation::kCheckpointRoot:
      return backend.checkpoint_root(leaves_, digests_[0]);
    case Operation::kRfc6962Root:
      return backend.rfc6962_root(messages_, digests_[0]);
  }
  CHECK(false, "an Operation outside its enumerators");
}

}  // namespace buri::accel::engine
