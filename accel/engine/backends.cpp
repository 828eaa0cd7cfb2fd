#include <algorithm>

#include "accel/avx2/backend.hpp"
#include "accel/avx512/backend.hpp"
#include "accel/cpu.hpp"
#include "accel/engine/parts.hpp"
#include "accel/scalar/backend.hpp"
#ifdef BURI_WITH_CUDA
#include "accel/cuda/backend.hpp"
#include "accel/engine/with_deadline.hpp"
#endif

/// The one place that knows every backend by its class.

namespace buri::accel::engine {
namespace {

#ifdef BURI_WITH_CUDA
/// Opens a device again after it was lost; null while it is still gone.
std::shared_ptr<Backend> reopen(const cuda::DeviceOptions& options, const std::string& name) {
  cuda::Devices devices = cuda::open_devices(options);
  for (auto& device : devices.backends) {
    if (device->name() == name) return std::move(device);
  }
  return nullptr;
}

void add_devices(const EngineOptions& options, Parts& parts) {
  cuda::DeviceOptions device_options;
  device_options.exact = parts.backends.front().backend;
  device_options.deadline = options.device_deadline;
  if (options.device_memory_bytes != 0) {
    device_options.memory_cap_bytes = options.device_memory_bytes;
  }
  auto opened = with_deadline<cuda::Devices>(
      [device_options] { return cuda::open_devices(device_options); }, kOpenDeadline);
  if (!opened) {
    parts.absent.push_back({"cuda", "its driver did not answer within 30 seconds", true});
    return;
  }
  cuda::Devices& devices = *opened;
  if (!devices.reason.empty()) parts.absent.push_back({"cuda", devices.reason, true});
  for (auto& device : devices.backends) {
    const std::string name(device->name());
    parts.backends.push_back(
        {std::move(device), [device_options, name] { return reopen(device_options, name); }});
  }
}
#else
void add_devices(const EngineOptions&, Parts& parts) {
  parts.absent.push_back({"cuda", "this build has no CUDA code: no nvcc was found", true});
}
#endif

}  // namespace

Parts available_parts(const EngineOptions& options) {
  Parts parts;
  parts.backends.push_back({std::make_shared<scalar::ScalarBackend>(), nullptr});
  if (cpu_features().avx2) {
    parts.backends.push_back({std::make_shared<avx2::Avx2Backend>(), nullptr});
  } else {
    parts.absent.push_back({"avx2", "the processor has no AVX2"});
  }
  if (avx512::Avx512Backend::is_supported()) {
    parts.backends.push_back({std::make_shared<avx512::Avx512Backend>(), nullptr});
  } else {
    parts.absent.push_back({"avx512", "the processor has no AVX-512 with IFMA"});
  }
  // Opening a device takes a while and may wake a sleeping card: only when it may be used.
  const auto& allowed = options.allowed_backends;
  const auto names_cuda = [](const std::string& name) { return name.starts_with("cuda"); };
  if (allowed.empty() || std::any_of(allowed.begin(), allowed.end(), names_cuda)) {
    add_devices(options, parts);
  } else {
    parts.absent.push_back({"cuda", "not on the allow-list", true});
  }
  return parts;
}

}  // namespace buri::accel::engine
