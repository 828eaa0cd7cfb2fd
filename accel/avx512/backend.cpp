#include "accel/avx512/backend.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <new>
#include <utility>

#include "accel/avx512/keccak256.hpp"
#include "accel/avx512/kernels.hpp"
#include "accel/cpu.hpp"
#include "accel/generator_table.hpp"
#include "accel/scalar/single.hpp"
#include "base/check.hpp"

namespace buri::accel::avx512 {

struct Avx512Backend::Scratch {
  static constexpr std::align_val_t kAlignment{64};

  Scratch() : bytes(::operator new(kernel_scratch_bytes(), kAlignment)) {}
  ~Scratch() { ::operator delete(bytes, kAlignment); }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;

  void* bytes;
};

class Avx512Backend::Lease {
 public:
  explicit Lease(Avx512Backend& backend) : backend_(backend) {
    const std::scoped_lock lock(backend_.mutex_);
    if (backend_.idle_.empty()) {
      scratch_ = std::make_unique<Scratch>();
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
  Avx512Backend& backend_;
  std::unique_ptr<Scratch> scratch_;
};

namespace {

/// Fills in the addresses of the recovered keys, eight at a time; any lane without a key hashes
/// zeros.
void hash_keys(std::span<RecoverResult> results) {
  constexpr std::size_t kLanes = 8;
  std::vector<ByteView> keys;
  std::array<Hash256, kLanes> digests;
  for (std::size_t done = 0; done < results.size(); done += kLanes) {
    const auto group = results.subspan(done, std::min(kLanes, results.size() - done));
    keys.clear();
    for (const RecoverResult& result : group) keys.emplace_back(result.public_key);
    keccak256_batch(keys, std::span(digests).first(group.size()));
    for (std::size_t i = 0; i < group.size(); ++i) {
      group[i].address = {};
      if (group[i].status != SignatureStatus::kOk) continue;
      std::copy_n(digests[i].data() + 12, Address::kSize, group[i].address.data());
    }
  }
}

}  // namespace

Avx512Backend::Avx512Backend() : HashingBackend(avx512_hasher()) {
  CHECK(is_supported(), "the AVX-512 backend on a processor without AVX-512 IFMA");
}

Avx512Backend::~Avx512Backend() = default;

bool Avx512Backend::is_supported() { return cpu_features().avx512_ifma; }

bool Avx512Backend::supports(Operation) const { return true; }

Status<BackendFault> Avx512Backend::recover(std::span<const RecoverRequest> requests, LowS low_s,
                                            std::span<RecoverResult> results) {
  CHECK(results.size() == requests.size(), "one result per request");
  const Lease lease(*this);
  avx512::recover(lease.context(low_s), requests.data(), requests.size(), results.data());
  hash_keys(results);
  for (std::size_t i = 0; i < results.size(); ++i) {
    if (results[i].status == kUndecided) results[i] = scalar::recover_single(requests[i], low_s);
  }
  return Unit{};
}

Status<BackendFault> Avx512Backend::verify(std::span<const VerifyRequest> requests, LowS low_s,
                                           std::span<SignatureStatus> results) {
  CHECK(results.size() == requests.size(), "one result per request");
  const Lease lease(*this);
  avx512::verify(lease.context(low_s), requests.data(), requests.size(), results.data());
  for (std::size_t i = 0; i < results.size(); ++i) {
    if (results[i] == kUndecided) results[i] = scalar::verify_single(requests[i], low_s);
  }
  return Unit{};
}

Status<BackendFault> Avx512Backend::verify_known(const KeySet& keys,
                                                 std::span<const KnownKeyRequest> requests,
                                                 LowS low_s, std::span<SignatureStatus> results) {
  CHECK(results.size() == requests.size(), "one result per request");
  if (keys.size() > 0) {
    const Lease lease(*this);
    const KernelKeys tables{keys.all_rows().data(), CombShape::kRows * sizeof(AffineRow),
                            keys.size()};
    avx512::verify_known(lease.context(low_s), tables, requests.data(), requests.size(),
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

}  // namespace buri::accel::avx512
