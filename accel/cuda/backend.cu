#include "accel/cuda/backend.hpp"

#include <mutex>

#include "accel/cuda/hash_calls.cuh"
#include "accel/cuda/signature_calls.cuh"
#include "accel/cuda/tree_calls.cuh"
#include "base/check.hpp"

namespace buri::accel::cuda {
namespace {

/// Devices below this cannot run the PTX that ships.
constexpr int kLeastComputeMajor = 8;

class CudaBackend final : public Backend {
 public:
  CudaBackend(int index, std::string description, const DeviceOptions& options)
      : name_("cuda:" + std::to_string(index)),
        description_(std::move(description)),
        device_(index, options),
        tables_(device_) {}

  CallStatus open() { return device_.open(); }

  [[nodiscard]] std::string_view name() const override { return name_; }
  [[nodiscard]] std::string description() const override { return description_; }
  [[nodiscard]] bool is_device() const override { return true; }
  [[nodiscard]] bool supports(Operation) const override { return true; }

  CallStatus recover(std::span<const RecoverRequest> requests, LowS low_s,
                     std::span<RecoverResult> results) override {
    const std::lock_guard lock(mutex_);
    return cuda::recover(device_, tables_, requests, low_s, results);
  }
  CallStatus verify(std::span<const VerifyRequest> requests, LowS low_s,
                    std::span<SignatureStatus> results) override {
    const std::lock_guard lock(mutex_);
    return cuda::verify(device_, tables_, requests, low_s, results);
  }
  CallStatus verify_known(const KeySet& keys, std::span<const KnownKeyRequest> requests, LowS low_s,
                          std::span<SignatureStatus> results) override {
    const std::lock_guard lock(mutex_);
    return cuda::verify_known(device_, tables_, keys, requests, low_s, results);
  }
  CallStatus keccak256(std::span<const ByteView> messages, std::span<Hash256> digests) override {
    const std::lock_guard lock(mutex_);
    return cuda::keccak256(device_, messages, digests);
  }
  CallStatus sha256(std::span<const ByteView> messages, std::span<Hash256> digests) override {
    const std::lock_guard lock(mutex_);
    return cuda::sha256(device_, messages, digests);
  }

  CallStatus checkpoint_root(std::span<const Hash256> leaves, Hash256& root) override {
    const std::lock_guard lock(mutex_);
    return cuda::checkpoint_root(device_, leaves, root);
  }
  CallStatus rfc6962_root(std::span<const ByteView> leaves, Hash256& root) override {
    const std::lock_guard lock(mutex_);
    return cuda::rfc6962_root(device_, leaves, root);
  }

 private:
  std::string name_;
  std::string description_;
  std::mutex mutex_;
  Device device_;
  ResidentTables tables_;
};

void add_reason(std::string& reason, const std::string& subject, const std::string& what) {
  if (!reason.empty()) reason += "; ";
  reason += subject + ": " + what;
}

/// Opens device `index`, or adds to `found.reason` why not.
void open_device(int index, const DeviceOptions& options, Devices& found) {
  const std::string subject = "cuda:" + std::to_string(index);
  cudaDeviceProp properties{};
  const cudaError_t error = cudaGetDeviceProperties(&properties, index);
  if (error != cudaSuccess) return add_reason(found.reason, subject, cudaGetErrorString(error));
  const std::string card = properties.name;
  if (properties.major < kLeastComputeMajor)
    return add_reason(found.reason, subject, card + " has compute capability below 8.0");
  auto backend = std::make_unique<CudaBackend>(index, card, options);
  if (!backend->open().ok())
    return add_reason(found.reason, subject, card + " could not be opened");
  found.backends.push_back(std::move(backend));
}

}  // namespace

Devices open_devices(const DeviceOptions& options) {
  CHECK(options.exact != nullptr && options.chunk_items > 0,
        "devices opened without their options");
  Devices found;
  int count = 0;  // left as it is when the call fails
  const cudaError_t error = cudaGetDeviceCount(&count);
  if (error != cudaSuccess) {
    found.reason = std::string("no CUDA device: ") + cudaGetErrorString(error);
    return found;
  }
  if (count == 0) found.reason = "no CUDA device";
  for (int index = 0; index < count; ++index) open_device(index, options, found);
  return found;
}

}  // namespace buri::accel::cuda
