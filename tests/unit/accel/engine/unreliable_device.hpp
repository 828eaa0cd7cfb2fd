#pragma once

#include <atomic>
#include <condition_variable>
#include <mutex>

#include "tests/sim/accel/toy_backends.hpp"

/// A device that tests tell how to fail, while other threads use it.

namespace buri::accel {

/// Thread-safe.
class UnreliableDevice final : public Backend {
 public:
  [[nodiscard]] std::string_view name() const override { return "cuda:0"; }
  [[nodiscard]] std::string description() const override { return "unreliable device"; }
  [[nodiscard]] bool is_device() const override { return true; }
  [[nodiscard]] bool supports(Operation operation) const override {
    return operation == Operation::kVerify || operation == Operation::kKeccak256;
  }

  Status<BackendFault> verify(std::span<const VerifyRequest> requests, LowS low_s,
                              std::span<SignatureStatus> results) override {
    RETURN_IF_ERROR(enter(requests.size()));
    const std::lock_guard lock(mutex_);
    return toy_.verify(requests, low_s, results);
  }
  Status<BackendFault> keccak256(std::span<const ByteView> messages,
                                 std::span<Hash256> digests) override {
    RETURN_IF_ERROR(enter(messages.size()));
    const std::lock_guard lock(mutex_);
    return toy_.keccak256(messages, digests);
  }

  /// From now on every call fails in this way; nothing: calls work.
  void fail_with(std::optional<BackendFault> fault) {
    const std::lock_guard lock(mutex_);
    fault_ = fault;
  }
  void limit_memory(std::size_t items) { memory_items_ = items; }
  void lie(sim::Lie lie, double probability) {
    const std::lock_guard lock(mutex_);
    toy_.lie(lie, probability);
  }
  /// From now on calls do not come back before release().
  void hang() { hanging_ = true; }
  void release() {
    const std::lock_guard lock(mutex_);
    hanging_ = false;
    released_.notify_all();
  }
  [[nodiscard]] std::size_t calls() const { return calls_; }

 private:
  Status<BackendFault> enter(std::size_t items) {
    ++calls_;
    std::unique_lock lock(mutex_);
    released_.wait(lock, [&] { return !hanging_; });
    if (fault_) return Failure{*fault_};
    if (items > memory_items_) return Failure{BackendFault::kOutOfMemory};
    return Unit{};
  }

  std::mutex mutex_;
  std::condition_variable released_;
  sim::ToyDevice toy_{1};
  std::optional<BackendFault> fault_;
  std::atomic<std::size_t> memory_items_{SIZE_MAX};
  std::atomic<bool> hanging_{false};
  std::atomic<std::size_t> calls_{0};
};

}  // namespace buri::accel
