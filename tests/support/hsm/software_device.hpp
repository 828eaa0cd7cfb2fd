#pragma once

#include <map>
#include <mutex>
#include <random>

#include "accel/backend.hpp"
#include "hsm/pkcs11/signing_device.hpp"
#include "tests/support/accel/signer.hpp"

/// A signing device in this process, for tests of what is above the HSM.

namespace buri::hsm::testing_support {

/// Signs with a key drawn from a seed. Thread-safe.
class SoftwareDevice final : public pkcs11::SigningDevice {
 public:
  explicit SoftwareDevice(std::uint64_t seed) : random_(seed), signer_(random_) {}

  [[nodiscard]] FixedBytes<65> public_key() const {
    return FixedBytes<65>::from(signer_.key().view());
  }
  /// While set, every call fails.
  void set_broken(bool is_broken) { is_broken_ = is_broken; }
  [[nodiscard]] std::uint64_t signature_count() const { return signature_count_; }

  Result<std::vector<pkcs11::RecoverableSignature>, pkcs11::SigningError> sign_all(
      std::span<const pkcs11::SigningRequest> requests, MonotonicTime) override {
    const std::lock_guard lock(mutex_);
    if (is_broken_) return Failure{broken()};
    std::vector<pkcs11::RecoverableSignature> signatures;
    for (const auto& request : requests) {
      const accel::RecoverRequest made = signer_.sign(request.digest);
      pkcs11::RecoverableSignature signature;
      std::copy_n(made.signature.r.data(), 32, signature.data());
      std::copy_n(made.signature.s.data(), 32, signature.data() + 32);
      signature.bytes[64] = made.recovery_id;
      signatures.push_back(signature);
      ++signature_count_;
    }
    return signatures;
  }
  Result<std::optional<Bytes>, pkcs11::SigningError> read_anchor(const Hash256& name,
                                                                 MonotonicTime) override {
    const std::lock_guard lock(mutex_);
    if (is_broken_) return Failure{broken()};
    const auto found = anchors_.find(name);
    return found == anchors_.end() ? std::optional<Bytes>() : found->second;
  }
  Status<pkcs11::SigningError> write_anchor(const Hash256& name, ByteView value,
                                            MonotonicTime) override {
    const std::lock_guard lock(mutex_);
    if (is_broken_) return Failure{broken()};
    anchors_[name] = {value.begin(), value.end()};
    return Unit{};
  }

 private:
  static pkcs11::SigningError broken() { return {pkcs11::SigningFault::kUnavailable, "broken"}; }

  std::mutex mutex_;
  std::mt19937_64 random_;
  accel::Signer signer_;
  std::map<Hash256, Bytes> anchors_;
  bool is_broken_ = false;
  std::uint64_t signature_count_ = 0;
};

}  // namespace buri::hsm::testing_support
