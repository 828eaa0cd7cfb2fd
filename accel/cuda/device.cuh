#pragma once

#include <array>
#include <chrono>
#include <string>

#include "accel/cuda/backend.hpp"
#include "accel/cuda/runtime.cuh"
#include "base/result.hpp"

/// One opened device: its two lanes, its memory budget and whether it is still alive. Not
/// thread-safe; the backend serialises calls.

namespace buri::accel::cuda {

using CallStatus = Status<BackendFault>;

/// A stream with the buffers that one chunk in flight needs.
struct Lane {
  cudaStream_t stream = nullptr;
  PinnedBuffer host_input;
  PinnedBuffer host_output;
  DeviceBuffer device;
};

/// Sizes of the buffers of a Lane for one kind of chunk.
struct LaneBytes {
  std::size_t host_input;
  std::size_t host_output;
  std::size_t device;
};

class Device {
 public:
  /// REQUIRES: device `index` exists.
  Device(int index, const DeviceOptions& options);
  ~Device();
  Device(const Device&) = delete;
  Device& operator=(const Device&) = delete;

  /// Creates the streams. A device that failed to open must not be used.
  CallStatus open();

  /// Starts a call: makes the device current and starts the clock of the deadline.
  CallStatus begin_call();

  /// cudaSuccess, or the fault; a sticky error loses the device.
  CallStatus check(cudaError_t error);

  /// Grows the buffers of `lane`, within the memory cap.
  CallStatus reserve(Lane& lane, const LaneBytes& bytes);
  /// Grows a buffer that outlives calls (tables), within the memory cap.
  CallStatus reserve(DeviceBuffer& buffer, std::size_t bytes);
  /// How many bytes a lane may use for its chunk with the tables that are held now.
  [[nodiscard]] std::size_t lane_budget_bytes() const;

  /// Gives back what reserve() grew.
  void release(DeviceBuffer& buffer);

  /// Waits for all work of `lane`; past the deadline the device is lost (kTimeout).
  CallStatus wait(const Lane& lane);
  /// After a fault: lets both lanes finish, so that their buffers may be used again.
  void drain();

  /// Runs chunks 0 .. count-1 on alternating lanes: `enqueue(lane, chunk)` fills the input and
  /// starts copies and kernels, `harvest(lane, chunk)` reads the output once they are done.
  template <class Enqueue, class Harvest>
  CallStatus pipeline(std::size_t count, Enqueue enqueue, Harvest harvest) {
    CallStatus status = run_chunks(count, enqueue, harvest);
    if (!status.ok()) drain();
    return status;
  }

  [[nodiscard]] bool lost() const { return lost_; }
  [[nodiscard]] const DeviceOptions& options() const { return options_; }
  [[nodiscard]] Lane& lane(std::size_t chunk) { return lanes_[chunk % kLanes]; }

 private:
  static constexpr std::size_t kLanes = 2;

  template <class Enqueue, class Harvest>
  CallStatus run_chunks(std::size_t count, Enqueue& enqueue, Harvest& harvest) {
    for (std::size_t chunk = 0; chunk < count + kLanes; ++chunk) {
      if (chunk >= kLanes && chunk - kLanes < count) {
        RETURN_IF_ERROR(wait(lane(chunk)));
        RETURN_IF_ERROR(harvest(lane(chunk), chunk - kLanes));
      }
      if (chunk < count) RETURN_IF_ERROR(enqueue(lane(chunk), chunk));
    }
    return Unit{};
  }
  CallStatus grow(DeviceBuffer& buffer, std::size_t bytes);
  CallStatus wait_until(const Lane& lane, std::chrono::steady_clock::time_point limit);

  int index_;
  DeviceOptions options_;
  bool lost_ = false;
  bool hung_ = false;
  std::size_t held_bytes_ = 0;
  std::chrono::steady_clock::time_point deadline_;
  std::array<Lane, kLanes> lanes_;
};

}  // namespace buri::accel::cuda
