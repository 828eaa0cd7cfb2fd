#pragma once

#include <memory>
#include <span>
#include <string>

#include "accel/cuda/backend.hpp"
#include "tests/ptx/runtime/fake_runtime.hpp"

/// The shipped CUDA backend on the fake runtime: host code and kernels are those of the product,
/// the device is the interpreter.

namespace buri::ptx {

struct NamedSchedule {
  std::string_view name;
  Schedule schedule;
};

/// The orders of execution that kernels are run under.
std::span<const NamedSchedule> test_schedules();

/// Options for small batches: `chunk_items` in a chunk, an exact CPU backend, a short deadline.
accel::cuda::DeviceOptions device_options(std::size_t chunk_items = 256);

/// Opens the one device of the fake runtime, which must have been set up. Null when that fails;
/// `reason` then says why.
std::unique_ptr<accel::Backend> open_device(const accel::cuda::DeviceOptions& options,
                                            std::string* reason = nullptr);

/// A device whose every call runs under one schedule and, after it, fails the running test if a
/// kernel broke a rule. The device is opened at its first call; several may exist at once.
class ScheduledDevice final : public accel::Backend {
 public:
  explicit ScheduledDevice(const NamedSchedule& schedule);

  [[nodiscard]] std::string_view name() const override { return name_; }
  [[nodiscard]] std::string description() const override { return "PTX interpreter"; }
  [[nodiscard]] bool is_device() const override { return true; }
  [[nodiscard]] bool supports(accel::Operation operation) const override;

  using Answer = Status<accel::BackendFault>;
  Answer recover(std::span<const accel::RecoverRequest> requests, accel::LowS low_s,
                 std::span<accel::RecoverResult> results) override;
  Answer verify(std::span<const accel::VerifyRequest> requests, accel::LowS low_s,
                std::span<accel::SignatureStatus> results) override;
  Answer verify_known(const accel::KeySet& keys, std::span<const accel::KnownKeyRequest> requests,
                      accel::LowS low_s, std::span<accel::SignatureStatus> results) override;
  Answer keccak256(std::span<const ByteView> messages, std::span<Hash256> digests) override;
  Answer sha256(std::span<const ByteView> messages, std::span<Hash256> digests) override;
  Answer checkpoint_root(std::span<const Hash256> leaves, Hash256& root) override;
  Answer rfc6962_root(std::span<const ByteView> leaves, Hash256& root) override;

 private:
  accel::Backend& device() const;
  template <class Call>
  Answer run(Call call);

  std::string name_;
  LaunchOptions options_;
  mutable std::unique_ptr<accel::Backend> device_;
};

}  // namespace buri::ptx
