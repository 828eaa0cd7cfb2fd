#include <cstring>

#include "tests/ptx/runtime/state.hpp"

/// cudaMalloc to cudaMemcpyToSymbol.

using namespace buri::ptx::runtime;  // NOLINT: this file defines CUDA's own global names

namespace {

/// Freeing waits for all work, and gives memory back even when the device is lost.
cudaError_t free_memory(State& state, Api api, void* data, bool pinned) {
  const cudaError_t injected = state.enter(api);
  if (injected != cudaSuccess && state.sticky_error == cudaSuccess) return injected;
  const cudaError_t waited = data == nullptr ? cudaSuccess : state.wait_for_all();
  const cudaError_t released = state.release(data, pinned);
  return state.finish(waited != cudaSuccess ? waited : released);
}

/// Whether the two ends of a copy are where its kind says.
bool ends_fit(const State& state, const void* to, const void* from, std::size_t bytes,
              cudaMemcpyKind kind) {
  const bool to_device = kind == cudaMemcpyHostToDevice || kind == cudaMemcpyDeviceToDevice;
  const bool from_device = kind == cudaMemcpyDeviceToHost || kind == cudaMemcpyDeviceToDevice;
  return kind != cudaMemcpyDefault && state.is_device(to, bytes) == to_device &&
         state.is_device(from, bytes) == from_device;
}

cudaError_t copy(State& state, void* to, const void* from, std::size_t bytes, cudaMemcpyKind kind,
                 Stream& stream) {
  if (bytes == 0) return cudaSuccess;
  if (!ends_fit(state, to, from, bytes, kind)) return state.finish(cudaErrorInvalidValue);
  const bool pageable_source = kind == cudaMemcpyHostToDevice && !state.is_pinned(from, bytes);
  const bool pageable_target = kind == cudaMemcpyDeviceToHost && !state.is_pinned(to, bytes);
  if (pageable_source) {
    // The runtime takes such data before it returns.
    const auto* begin = static_cast<const std::uint8_t*>(from);
    state.enqueue(stream, [to, data = buri::Bytes(begin, begin + bytes)] {
      std::memcpy(to, data.data(), data.size());
      return cudaSuccess;
    });
  } else {
    state.enqueue(stream, [to, from, bytes] {
      std::memmove(to, from, bytes);
      return cudaSuccess;
    });
  }
  if (pageable_source || pageable_target) ++state.usage.pageable_copies;
  return pageable_target ? state.wait(stream, stream.issued) : cudaSuccess;
}

/// The place of a device variable, or null.
std::uint8_t* symbol_storage(State& state, const void* symbol) {
  const auto found = state.symbols.find(symbol);
  if (found == state.symbols.end()) return nullptr;
  buri::ptx::Module* const module = state.module_of(*found->second.image);
  if (module == nullptr) return nullptr;
  const buri::ptx::Variable* const variable = module->find_variable(found->second.name);
  return variable == nullptr ? nullptr : module->storage_of(*variable);
}

}  // namespace

// NOLINTBEGIN(readability-*): names and parameters are NVIDIA's
extern "C" {

cudaError_t cudaMalloc(void** data, std::size_t bytes) {
  const Call call;
  RETURN_IF_INJECTED(call, Api::kMalloc);
  return call->allocate(data, bytes, false);
}
cudaError_t cudaFree(void* data) {
  const Call call;
  return free_memory(*call, Api::kFree, data, false);
}
cudaError_t cudaMallocHost(void** data, std::size_t bytes) {
  const Call call;
  RETURN_IF_INJECTED(call, Api::kMallocHost);
  return call->allocate(data, bytes, true);
}
cudaError_t cudaFreeHost(void* data) {
  const Call call;
  return free_memory(*call, Api::kFreeHost, data, true);
}

cudaError_t cudaMemcpyAsync(void* to, const void* from, std::size_t bytes, cudaMemcpyKind kind,
                            cudaStream_t stream) {
  const Call call;
  RETURN_IF_INJECTED(call, Api::kMemcpy);
  return copy(*call, to, from, bytes, kind, call->stream(stream));
}

cudaError_t cudaMemcpyToSymbol(const void* symbol, const void* from, std::size_t bytes,
                               std::size_t offset, cudaMemcpyKind) {
  const Call call;
  RETURN_IF_INJECTED(call, Api::kMemcpy);
  call->wait_for_all();
  std::uint8_t* const storage = symbol_storage(*call, symbol);
  if (storage == nullptr) return call->finish(cudaErrorInvalidSymbol);
  std::memcpy(storage + offset, from, bytes);
  return cudaSuccess;
}

}  // extern "C"
// NOLINTEND(readability-*)
