#pragma once

#include <array>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "tests/ptx/interpreter/launch.hpp"
#include "tests/ptx/runtime/fake_runtime.hpp"

/// The inside of the fake runtime, shared by the files that define CUDA's symbols.

namespace buri::ptx::runtime {

/// The PTX of one fat binary, read when it is first needed.
struct Image {
  std::string ptx;
  std::unique_ptr<Module> module;
};

/// A kernel as host code knows it. Lives as long as the program: host code keeps pointers.
struct Kernel {
  std::string name;
  Image* image = nullptr;
};

/// A device variable as host code knows it.
struct Symbol {
  std::string name;
  Image* image = nullptr;
};

/// What a stream does next; cudaSuccess or the error that ends everything.
using Operation = std::function<cudaError_t()>;

struct Stream {
  std::deque<Operation> pending;
  std::uint64_t issued = 0;
  std::uint64_t done = 0;
  bool hung = false;
  bool blocking = true;  ///< ordered with the default stream
};

/// A point in a stream: reached when `position` operations are done.
struct Event {
  Stream* stream = nullptr;
  std::uint64_t position = 0;
};

/// A mapping of whole pages; `bytes` of it belong to the program.
struct Mapping {
  std::size_t bytes = 0;
  std::size_t mapped_bytes = 0;
};

class State {
 public:
  /// The one state; registration calls it before main().
  static State& instance();

  std::recursive_mutex mutex;

  void reset(Settings next);

  /// Counts a call and answers the error it must return, if any.
  cudaError_t enter(Api api);
  /// Remembers `error` for cudaGetLastError and returns it.
  cudaError_t finish(cudaError_t error);

  cudaError_t allocate(void** data, std::size_t bytes, bool pinned);
  cudaError_t release(void* data, bool pinned);
  /// Whether all of [data, data + bytes) lies in one allocation of that kind.
  [[nodiscard]] bool is_device(const void* data, std::size_t bytes) const;
  [[nodiscard]] bool is_pinned(const void* data, std::size_t bytes) const;

  Stream& stream(cudaStream_t handle);
  void enqueue(Stream& stream, Operation operation);
  /// Does one pending operation, if there is one and it does not hang.
  cudaError_t step(Stream& stream);
  /// Does what is pending up to `position`; counts an endless wait when it hangs.
  cudaError_t wait(Stream& stream, std::uint64_t position);
  cudaError_t wait_for_all();

  /// The decoded module, or null after noting why it cannot be read.
  Module* module_of(Image& image);
  cudaError_t run_kernel(const Kernel& kernel, const LaunchRequest& request);

  Settings settings;
  Usage usage;
  cudaError_t last_error = cudaSuccess;
  cudaError_t sticky_error = cudaSuccess;
  std::array<unsigned, kApiCount> calls{};
  std::vector<std::unique_ptr<Image>> images;
  std::map<const void*, std::unique_ptr<Kernel>> kernels;
  std::map<const void*, Symbol> symbols;
  std::map<Stream*, std::unique_ptr<Stream>> streams;
  std::set<Event*> events;

 private:
  State() { streams[&default_stream_] = nullptr; }
  void open_device_memory(bool open);

  Stream default_stream_;
  std::uint64_t operations_ = 0;
  std::map<const std::uint8_t*, Mapping> device_;
  std::map<const std::uint8_t*, Mapping> pinned_;
  std::unique_ptr<GlobalMemory> memory_ = std::make_unique<GlobalMemory>();
};

/// Holds the runtime's lock for the length of a call.
class Call {
 public:
  Call() : lock_(State::instance().mutex) {}
  State* operator->() const { return &State::instance(); }
  State& operator*() const { return State::instance(); }

 private:
  std::lock_guard<std::recursive_mutex> lock_;
};

}  // namespace buri::ptx::runtime

/// Returns from a CUDA call that was told to fail.
#define RETURN_IF_INJECTED(call, api)                                             \
  if (const cudaError_t injected = (call)->enter(api); injected != cudaSuccess) { \
    return injected;                                                              \
  }
