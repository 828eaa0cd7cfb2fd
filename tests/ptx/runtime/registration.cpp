#include <cstring>

#include "tests/ptx/runtime/state.hpp"

/// What nvcc's host stubs call: registration of fat binaries, kernels and variables before main(),
/// and the launch behind <<<>>>. Private to NVIDIA; as declared in crt/device_functions.h and
/// crt/host_runtime.h of CUDA 13.2.

namespace buri::ptx::runtime {
namespace {

/// The object that __cudaRegisterFatBinary is given.
struct FatBinaryWrapper {
  std::uint32_t magic;
  std::uint32_t version;
  const std::uint8_t* data;
  const void* unused;
};
constexpr std::uint32_t kWrapperMagic = 0x466243b1;

/// Head of the fat binary, and of each of the images in it.
struct FatBinaryHeader {
  std::uint32_t magic;
  std::uint16_t version;
  std::uint16_t header_bytes;
  std::uint64_t payload_bytes;
};
constexpr std::uint32_t kFatBinaryMagic = 0xba55ed50;
struct ImageHeader {
  std::uint16_t kind;
  std::uint16_t version;
  std::uint32_t header_bytes;
  std::uint64_t payload_bytes;
};
constexpr std::uint16_t kPtxImage = 1;

/// The text of the first PTX image; empty when there is none.
std::string ptx_of(const FatBinaryWrapper& wrapper) {
  FatBinaryHeader header;
  std::memcpy(&header, wrapper.data, sizeof header);
  CHECK(wrapper.magic == kWrapperMagic && header.magic == kFatBinaryMagic,
        "a fat binary of an unknown layout: another CUDA release?");
  const std::uint8_t* at = wrapper.data + header.header_bytes;
  const std::uint8_t* const end = at + header.payload_bytes;
  while (at < end) {
    ImageHeader image;
    std::memcpy(&image, at, sizeof image);
    if (image.kind == kPtxImage) {
      const auto* text = reinterpret_cast<const char*>(at + image.header_bytes);
      std::string ptx(text, strnlen(text, image.payload_bytes));
      CHECK(ptx.find(".version") != std::string::npos,
            "the PTX of a fat binary is compressed: nvcc needs -compress-mode=none");
      return ptx;
    }
    at += image.header_bytes + image.payload_bytes;
  }
  return {};
}

/// The configuration that <<<>>> pushes and its stub pops, per thread.
struct LaunchConfiguration {
  dim3 grid;
  dim3 block;
  std::size_t shared_bytes;
  cudaStream_t stream;
};
std::vector<LaunchConfiguration>& configurations() {
  thread_local std::vector<LaunchConfiguration> stack;
  return stack;
}

Dim3 from(dim3 size) { return {size.x, size.y, size.z}; }

/// Most shared memory a block gets without asking for more, on every device.
constexpr std::size_t kSharedBytesPerBlock = 48 * 1024;

/// Why the device would refuse this launch, or cudaSuccess.
cudaError_t launch_refusal(const Module& module, const Function* kernel,
                           const LaunchConfiguration& configuration) {
  if (kernel == nullptr) return cudaErrorInvalidDeviceFunction;
  const std::uint64_t threads = from(configuration.block).volume();
  if (from(configuration.grid).volume() == 0 || threads == 0 || threads > kMaxBlockThreads) {
    return cudaErrorInvalidConfiguration;
  }
  if (kernel->max_threads != 0 && threads > kernel->max_threads) return cudaErrorInvalidValue;
  if (module.shared_layout.size() + configuration.shared_bytes > kSharedBytesPerBlock) {
    return cudaErrorInvalidValue;
  }
  return cudaSuccess;
}

cudaError_t enqueue_launch(State& state, Kernel& kernel, const LaunchConfiguration& configuration,
                           void** arguments) {
  Module* const module = state.module_of(*kernel.image);
  if (module == nullptr) return cudaErrorInvalidPtx;
  const Function* const function = module->find_kernel(kernel.name);
  const cudaError_t refusal = launch_refusal(*module, function, configuration);
  if (refusal != cudaSuccess) return refusal;
  // Arguments are copied now: the host's stack frame is gone when the kernel runs.
  std::vector<Bytes> copies;
  copies.reserve(function->parameters.size());
  for (std::size_t k = 0; k < function->parameters.size(); ++k) {
    const auto* bytes = static_cast<const std::uint8_t*>(arguments[k]);
    copies.emplace_back(bytes, bytes + function->parameters[k].bytes);
  }
  state.enqueue(state.stream(configuration.stream),
                [&state, &kernel, configuration, copies = std::move(copies)] {
                  const std::vector<ByteView> views(copies.begin(), copies.end());
                  return state.run_kernel(
                      kernel, {kernel.name, from(configuration.grid), from(configuration.block),
                               static_cast<std::uint32_t>(configuration.shared_bytes), views});
                });
  return cudaSuccess;
}

}  // namespace
}  // namespace buri::ptx::runtime

using namespace buri::ptx::runtime;  // NOLINT: this file defines CUDA's own global names

// NOLINTBEGIN: names and parameters are NVIDIA's
extern "C" {

void** __cudaRegisterFatBinary(void* wrapper) {
  const Call call;
  auto image = std::make_unique<Image>();
  image->ptx = ptx_of(*static_cast<const FatBinaryWrapper*>(wrapper));
  call->images.push_back(std::move(image));
  return reinterpret_cast<void**>(call->images.back().get());
}
void __cudaRegisterFatBinaryEnd(void**) {}
void __cudaUnregisterFatBinary(void**) {}
char __cudaInitModule(void**) { return 1; }

void __cudaRegisterFunction(void** image, const char* host_function, char*, const char* name, int,
                            void*, void*, void*, void*, int*) {
  const Call call;
  auto kernel = std::make_unique<Kernel>();
  *kernel = {name, reinterpret_cast<Image*>(image)};
  call->kernels[host_function] = std::move(kernel);
}

void __cudaRegisterVar(void** image, char* host_variable, char*, const char* name, int, std::size_t,
                       int, int) {
  Call()->symbols[host_variable] = {name, reinterpret_cast<Image*>(image)};
}

unsigned __cudaPushCallConfiguration(dim3 grid, dim3 block, std::size_t shared_bytes,
                                     cudaStream_t stream) {
  configurations().push_back({grid, block, shared_bytes, stream});
  return 0;
}
cudaError_t __cudaPopCallConfiguration(dim3* grid, dim3* block, std::size_t* shared_bytes,
                                       void* stream) {
  CHECK(!configurations().empty(), "a launch was popped that nobody pushed");
  const LaunchConfiguration top = configurations().back();
  configurations().pop_back();
  *grid = top.grid;
  *block = top.block;
  *shared_bytes = top.shared_bytes;
  *static_cast<cudaStream_t*>(stream) = top.stream;
  return cudaSuccess;
}

cudaError_t __cudaGetKernel(cudaKernel_t* kernel, const void* host_function) {
  const Call call;
  const auto found = call->kernels.find(host_function);
  if (found == call->kernels.end()) return call->finish(cudaErrorInvalidDeviceFunction);
  *kernel = reinterpret_cast<cudaKernel_t>(found->second.get());
  return cudaSuccess;
}

cudaError_t __cudaLaunchKernel(cudaKernel_t kernel, dim3 grid, dim3 block, void** arguments,
                               std::size_t shared_bytes, cudaStream_t stream) {
  const Call call;
  RETURN_IF_INJECTED(call, Api::kLaunchKernel);
  return call->finish(enqueue_launch(*call, *reinterpret_cast<Kernel*>(kernel),
                                     {grid, block, shared_bytes, stream}, arguments));
}

}  // extern "C"
// NOLINTEND
