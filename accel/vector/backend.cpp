#include "accel/vector/backend.hpp"

#include <algorithm>
#include <array>
#include <new>
#include <utility>

#include "accel/generator_table.hpp"
#include "accel/scalar/single.hpp"
#include "base/check.hpp"

namespace buri::accel::vector {

struct VectorBackend::Scratch {
  static constexpr std::align_val_t kAlignment{64};

  explicit Scratch(std::size_t size) : bytes(::operator new(size, kAlignment)) {}
  ~Scratch() { ::operator delete(bytes, kAlignment); }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;

  void* bytes;
};

class VectorBackend::Lease {
 public:
  explicit Lease(VectorBackend& backend) : backend_(backend) {
    const std::scoped_lock lock(backend_.mutex_);
    if (backend_.idle_.empty()) {
      scratch_ = std::make_unique<Scratch>(backend_.kernels_.scratch_bytes);
    } else {
      scratch_ = std::move(backend_.idle_.back());
      backend_.idle_.pop_back();
    }
  }
  ~Lease() {
    const std::scoped_lock lock(backend_.mutex_);
    backend_.idle_.push_back(std::move(scratch_));
  }
  Lease(const Lease&) = delete;
  Lease& operator=(const Lease&) = delete;

  [[nodiscard]] KernelContext context(LowS low_s) const {
    return {generator_rows().data(), scratch_->bytes, low_s};
  }

 private:
  VectorBackend& backend_;
  std::unique_ptr<Scratch> scratch_;
};

VectorBackend::VectorBackend(const Hasher& hasher, const Kernels& kernels)
    : HashingBackend(hasher), kernels_(kernels) {}

VectorBackend::~VectorBackend() = default;

bool VectorBackend::supports(Operation) const { return true; }

/// Fills in the addresses of the recovered keys, eight at a time; any lane without a key hashes
/// zeros.
void VectorBackend::hash_keys(std::span<RecoverResult> results) {
  constexpr std::size_t kTogether = 8;
  std::array<ByteView, kTogether> keys;
  std::array<Hash256, kTogether> digests;
  for (std::size_t done = 0; done < results.size(); done += kTogether) {
    const auto group = results.subspan(done, std::min(kTogether, results.size() - done));
    for (std::size_t i = 0; i < group.size(); ++i) keys[i] = group[i].public_key;
    const Status<BackendFault> hashed =
        keccak256(std::span(keys).first(group.size()), std::span(digests).first(group.size()));
    CHECK(hashed.ok(), "hashing on a CPU never fails");
    for (std::size_t i = 0; i < group.size(); ++i) {
      group[i].address = {};
      if (group[i].status != SignatureStatus::kOk) continue;
      std::copy_n(digests[i].data() + 12, Address::kSize, group[i].address.data());
    }
  }
}

Status<BackendFault> VectorBackend::recover(std::span<const RecoverRequest> requests, LowS low_s,
                                            std::span<RecoverResult> results) {
  CHECK(results.size() == requests.size(), "one result per request");
  const Lease lease(*this);
  kernels_.recover(lease.context(low_s), requests.data(), requests.size(), results.data());
  hash_keys(results);
  for (std::size_t i = 0; i < results.size(); ++i) {
    if (results[i].status == kUndecided) results[i] = scalar::recover_single(requests[i], low_s);
  }
  return Unit{};
}

Status<BackendFault> VectorBackend::verify(std::span<const VerifyRequest> requests, LowS low_s,
                                           std::span<SignatureStatus> results) {
  CHECK(results.size() == requests.size(), "one result per request");
  const Lease lease(*this);
  kernels_.verify(lease.context(low_s), requests.data(), requests.size(), results.data());
  for (std::size_t i = 0; i < results.size(); ++i) {
    if (results[i] == kUndecided) results[i] = scalar::verify_single(requests[i], low_s);
  }
  return Unit{};
}

Status<BackendFault> VectorBackend::verify_known(const KeySet& keys,
                                                 std::span<const KnownKeyRequest> requests,
                                                 LowS low_s, std::span<SignatureStatus> results) {
  CHECK(results.size() == requests.size(), "one result per request");
  if (keys.size() > 0) {
    const Lease lease(*this);
    const KernelKeys tables{keys.all_rows().data(), CombShape::kRows * sizeof(AffineRow),
                            keys.size()};
    kernels_.verify_known(lease.context(low_s), tables, requests.data(), requests.size(),
                          results.data());
  }
  for (std::size_t i = 0; i < results.size(); ++i) {
    const std::size_t key = requests[i].key_index;
    const bool usable = key < keys.size() && keys.key_status(key) == SignatureStatus::kOk;
    if (!usable || results[i] == kUndecided) {
      results[i] = scalar::verify_known_single(keys, requests[i], low_s);
    }
  }
  return Unit{};
}

}  // namespace buri::accel::vector
