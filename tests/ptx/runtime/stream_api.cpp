#include "tests/ptx/runtime/state.hpp"

/// Devices, streams, events and errors.

using namespace buri::ptx::runtime;  // NOLINT: this file defines CUDA's own global names

// NOLINTBEGIN(readability-*): names and parameters are NVIDIA's
extern "C" {

cudaError_t cudaGetDeviceCount(int* count) {
  const Call call;
  RETURN_IF_INJECTED(call, Api::kGetDeviceCount);
  if (call->settings.device_count == 0) return call->finish(cudaErrorNoDevice);
  *count = call->settings.device_count;
  return cudaSuccess;
}

cudaError_t cudaGetDeviceProperties(cudaDeviceProp* properties, int device) {
  const Call call;
  RETURN_IF_INJECTED(call, Api::kGetDeviceProperties);
  if (device < 0 || device >= call->settings.device_count) {
    return call->finish(cudaErrorInvalidDevice);
  }
  *properties = {};
  std::snprintf(properties->name, sizeof properties->name, "PTX interpreter");
  properties->major = call->settings.compute_major;
  properties->totalGlobalMem = call->settings.device_bytes;
  properties->multiProcessorCount = 2;
  properties->warpSize = 32;
  properties->maxThreadsPerBlock = buri::ptx::kMaxBlockThreads;
  properties->maxThreadsPerMultiProcessor = 2048;
  properties->sharedMemPerBlock = 48 * 1024;
  properties->regsPerBlock = 65536;
  properties->asyncEngineCount = 2;
  return cudaSuccess;
}

cudaError_t cudaSetDevice(int device) {
  const Call call;
  RETURN_IF_INJECTED(call, Api::kSetDevice);
  const bool exists = device >= 0 && device < call->settings.device_count;
  return call->finish(exists ? cudaSuccess : cudaErrorInvalidDevice);
}

cudaError_t cudaStreamCreateWithFlags(cudaStream_t* handle, unsigned flags) {
  const Call call;
  RETURN_IF_INJECTED(call, Api::kStreamCreate);
  auto stream = std::make_unique<Stream>();
  stream->blocking = (flags & cudaStreamNonBlocking) == 0;
  Stream* const raw = stream.get();
  call->streams[raw] = std::move(stream);
  ++call->usage.streams;
  *handle = reinterpret_cast<cudaStream_t>(raw);
  return cudaSuccess;
}

/// Returns at once on a device; work that is left still runs, so it runs now.
cudaError_t cudaStreamDestroy(cudaStream_t handle) {
  const Call call;
  auto* const raw = reinterpret_cast<Stream*>(handle);
  if (raw == nullptr || !call->streams.contains(raw)) {
    return call->finish(cudaErrorInvalidResourceHandle);
  }
  while (!raw->hung && !raw->pending.empty() && call->sticky_error == cudaSuccess) {
    call->step(*raw);
  }
  call->streams.erase(raw);
  --call->usage.streams;
  return call->finish(call->sticky_error);
}

/// Every question lets the stream do one operation.
cudaError_t cudaStreamQuery(cudaStream_t handle) {
  const Call call;
  RETURN_IF_INJECTED(call, Api::kStreamQuery);
  Stream& stream = call->stream(handle);
  const cudaError_t error = call->step(stream);
  if (error != cudaSuccess) return call->finish(error);
  return stream.done == stream.issued ? cudaSuccess : cudaErrorNotReady;
}

cudaError_t cudaStreamSynchronize(cudaStream_t handle) {
  const Call call;
  RETURN_IF_INJECTED(call, Api::kStreamSynchronize);
  Stream& stream = call->stream(handle);
  return call->wait(stream, stream.issued);
}

cudaError_t cudaEventCreateWithFlags(cudaEvent_t* handle, unsigned) {
  const Call call;
  RETURN_IF_INJECTED(call, Api::kEventCreate);
  auto* const event = new Event;
  call->events.insert(event);
  ++call->usage.events;
  *handle = reinterpret_cast<cudaEvent_t>(event);
  return cudaSuccess;
}
cudaError_t cudaEventDestroy(cudaEvent_t handle) {
  const Call call;
  auto* const event = reinterpret_cast<Event*>(handle);
  if (call->events.erase(event) == 0) return call->finish(cudaErrorInvalidResourceHandle);
  delete event;
  --call->usage.events;
  return call->finish(call->sticky_error);
}
cudaError_t cudaEventRecord(cudaEvent_t handle, cudaStream_t stream) {
  const Call call;
  RETURN_IF_INJECTED(call, Api::kEventRecord);
  Stream& where = call->stream(stream);
  *reinterpret_cast<Event*>(handle) = {&where, where.issued};
  return cudaSuccess;
}
cudaError_t cudaEventQuery(cudaEvent_t handle) {
  const Call call;
  RETURN_IF_INJECTED(call, Api::kEventQuery);
  const Event& event = *reinterpret_cast<Event*>(handle);
  if (event.stream == nullptr) return cudaSuccess;
  const cudaError_t error = call->step(*event.stream);
  if (error != cudaSuccess) return call->finish(error);
  return event.stream->done >= event.position ? cudaSuccess : cudaErrorNotReady;
}
cudaError_t cudaEventSynchronize(cudaEvent_t handle) {
  const Call call;
  RETURN_IF_INJECTED(call, Api::kEventQuery);
  const Event& event = *reinterpret_cast<Event*>(handle);
  return event.stream == nullptr ? cudaSuccess : call->wait(*event.stream, event.position);
}
cudaError_t cudaGetLastError() {
  const Call call;
  const cudaError_t error = call->last_error;
  call->last_error = call->sticky_error;
  return error;
}

const char* cudaGetErrorString(cudaError_t error) {
  switch (error) {
    case cudaSuccess:
      return "no error";
    case cudaErrorMemoryAllocation:
      return "out of memory";
    case cudaErrorNoDevice:
      return "no CUDA-capable device is detected";
    case cudaErrorInsufficientDriver:
      return "CUDA driver version is insufficient for CUDA runtime version";
    default:
      return "an error of the fake runtime";
  }
}

}  // extern "C"
// NOLINTEND(readability-*)
