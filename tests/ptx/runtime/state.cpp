#include "tests/ptx/runtime/state.hpp"

#include <sys/mman.h>

#include <cstdio>
#include <cstring>

namespace buri::ptx::runtime {
namespace {

constexpr std::size_t kPageBytes = 4096;

/// What fresh memory holds: nothing a program should rely on.
constexpr int kFreshByte = 0xcd;

bool holds(const std::map<const std::uint8_t*, Mapping>& mappings, const void* data,
           std::size_t bytes) {
  const auto* begin = static_cast<const std::uint8_t*>(data);
  auto after = mappings.upper_bound(begin);
  if (after == mappings.begin()) return false;
  const auto& [start, mapping] = *--after;
  return begin + bytes <= start + mapping.bytes;
}

/// CUDA's error for a kernel's fault.
cudaError_t error_of(FaultKind kind) {
  switch (kind) {
    case FaultKind::kOutOfBounds:
      return cudaErrorIllegalAddress;
    case FaultKind::kMisaligned:
      return cudaErrorMisalignedAddress;
    case FaultKind::kBadLaunch:
      return cudaErrorInvalidValue;
    default:
      return cudaErrorLaunchFailure;
  }
}

}  // namespace

State& State::instance() {
  static State* const state = new State;  // registration outlives static destructors
  return *state;
}

void State::reset(Settings next) {
  for (const bool pinned : {false, true}) {
    auto& mappings = pinned ? pinned_ : device_;
    while (!mappings.empty()) release(const_cast<std::uint8_t*>(mappings.begin()->first), pinned);
  }
  for (const auto& image : images) {
    if (settings.edit_ptx || next.edit_ptx) image->module = nullptr;
    if (image->module != nullptr) image->module->reset_variables();
  }
  settings = std::move(next);
  usage = {};
  last_error = sticky_error = cudaSuccess;
  calls = {};
  streams.clear();
  events.clear();
  default_stream_ = {};
  streams[&default_stream_] = nullptr;
  operations_ = 0;
  memory_ = std::make_unique<GlobalMemory>();
}

cudaError_t State::enter(Api api) {
  const unsigned nth = ++calls[static_cast<std::size_t>(api)];
  if (sticky_error != cudaSuccess) return finish(sticky_error);
  for (const InjectedFault& fault : settings.faults) {
    if (fault.api != api || fault.nth != nth) continue;
    if (fault.sticky) sticky_error = fault.error;
    return finish(fault.error);
  }
  return cudaSuccess;
}

cudaError_t State::finish(cudaError_t error) {
  if (error != cudaSuccess) last_error = error;
  return error;
}

cudaError_t State::allocate(void** data, std::size_t bytes, bool pinned) {
  if (!pinned &&
      (bytes > settings.device_bytes || usage.device_bytes > settings.device_bytes - bytes)) {
    return finish(cudaErrorMemoryAllocation);
  }
  const std::size_t mapped = (bytes + kPageBytes) / kPageBytes * kPageBytes;
  void* const start =
      mmap(nullptr, mapped, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (start == MAP_FAILED) return finish(cudaErrorMemoryAllocation);
  std::memset(start, kFreshByte, bytes);
  auto& mappings = pinned ? pinned_ : device_;
  mappings[static_cast<const std::uint8_t*>(start)] = {bytes, mapped};
  if (pinned) {
    ++usage.pinned_allocations;
  } else {
    ++usage.device_allocations;
    usage.device_bytes += bytes;
    memory_->add(start, bytes);
    mprotect(start, mapped, PROT_NONE);
  }
  *data = start;
  return cudaSuccess;
}

cudaError_t State::release(void* data, bool pinned) {
  if (data == nullptr) return cudaSuccess;
  auto& mappings = pinned ? pinned_ : device_;
  const auto found = mappings.find(static_cast<const std::uint8_t*>(data));
  if (found == mappings.end()) return finish(cudaErrorInvalidValue);
  if (pinned) {
    --usage.pinned_allocations;
  } else {
    --usage.device_allocations;
    usage.device_bytes -= found->second.bytes;
    memory_->remove(data);
  }
  munmap(data, found->second.mapped_bytes);
  mappings.erase(found);
  return cudaSuccess;
}

bool State::is_device(const void* data, std::size_t bytes) const {
  return holds(device_, data, bytes);
}
bool State::is_pinned(const void* data, std::size_t bytes) const {
  return holds(pinned_, data, bytes);
}

void State::open_device_memory(bool open) {
  for (const auto& [start, mapping] : device_) {
    mprotect(const_cast<std::uint8_t*>(start), mapping.mapped_bytes,
             open ? PROT_READ | PROT_WRITE : PROT_NONE);
  }
}

Stream& State::stream(cudaStream_t handle) {
  return handle == nullptr ? default_stream_ : *reinterpret_cast<Stream*>(handle);
}

void State::enqueue(Stream& stream, Operation operation) {
  // Work in the default stream comes after all earlier work of blocking streams, and the other way
  // round; doing that work now is the simplest such order.
  for (auto& [other, owner] : streams) {
    if (other != &stream && other->blocking && stream.blocking &&
        (other == &default_stream_ || &stream == &default_stream_)) {
      wait(*other, other->issued);
    }
  }
  const bool hangs = ++operations_ == settings.hung_operation;
  stream.pending.push_back(hangs ? Operation() : std::move(operation));
  ++stream.issued;
}

cudaError_t State::step(Stream& stream) {
  if (sticky_error != cudaSuccess || stream.hung || stream.pending.empty()) return sticky_error;
  if (!stream.pending.front()) {
    stream.hung = true;
    return sticky_error;
  }
  const Operation operation = std::move(stream.pending.front());
  stream.pending.pop_front();
  open_device_memory(true);
  const cudaError_t error = operation();
  open_device_memory(false);
  ++stream.done;
  if (error != cudaSuccess) sticky_error = error;
  return sticky_error;
}

cudaError_t State::wait(Stream& stream, std::uint64_t position) {
  while (sticky_error == cudaSuccess && stream.done < position) {
    step(stream);
    if (!stream.hung) continue;
    ++usage.endless_waits;
    std::fprintf(stderr, "fake runtime: the host would wait for ever on a stream that hangs\n");
    sticky_error = cudaErrorLaunchTimeout;
  }
  return finish(sticky_error);
}

cudaError_t State::wait_for_all() {
  for (auto& [each, owner] : streams) wait(*each, each->issued);
  return sticky_error;
}

Module* State::module_of(Image& image) {
  if (image.module != nullptr) return image.module.get();
  std::string ptx = image.ptx;
  if (settings.edit_ptx) ptx = settings.edit_ptx(std::move(ptx));
  auto module = Module::parse(std::move(ptx));
  if (!module.ok()) {
    usage.parse_error =
        "PTX line " + std::to_string(module.error().line) + ": " + module.error().text;
    std::fprintf(stderr, "fake runtime: %s\n", usage.parse_error.c_str());
    return nullptr;
  }
  image.module = std::move(module).value();
  return image.module.get();
}

cudaError_t State::run_kernel(const Kernel& kernel, const LaunchRequest& request) {
  auto statistics = launch(*kernel.image->module, *memory_, request, settings.launch);
  ++usage.launches;
  if (statistics.ok()) {
    usage.thread_instructions += statistics->thread_instructions;
    return cudaSuccess;
  }
  const cudaError_t error = error_of(statistics.error().kind);
  if (!usage.fault) usage.fault = std::move(statistics).error();
  usage.fault->text = kernel.name + ": " + usage.fault->text;
  return error;
}

std::string_view api_name(Api api) {
  constexpr std::array<std::string_view, kApiCount> kNames = {
      "cudaGetDeviceCount", "cudaGetDeviceProperties", "cudaSetDevice",         "cudaMalloc",
      "cudaFree",           "cudaMallocHost",          "cudaFreeHost",          "cudaMemcpyAsync",
      "cudaStreamCreate",   "cudaStreamQuery",         "cudaStreamSynchronize", "cudaEventCreate",
      "cudaEventRecord",    "cudaEventQuery",          "cudaLaunchKernel"};
  return kNames[static_cast<std::size_t>(api)];
}

void reset(Settings settings) { Call()->reset(std::move(settings)); }

void set_launch_options(const LaunchOptions& options) { Call()->settings.launch = options; }

Usage usage() { return Call()->usage; }

unsigned calls(Api api) { return Call()->calls[static_cast<std::size_t>(api)]; }

}  // namespace buri::ptx::runtime
