#include "accel/cuda/resident_tables.cuh"

#include <algorithm>
#include <cstring>

#include "accel/generator_table.hpp"

namespace buri::accel::cuda {
namespace {

static_assert(sizeof(AffineRow) == sizeof(DeviceRow));

constexpr std::size_t kCopyPieceBytes = std::size_t{4} << 20;

/// Bytes of a set on the device; with a base, also where its parts lie.
std::size_t lay_out(const KeySet& keys, void* base, DeviceRow*& rows, Verdict*& verdicts) {
  Carver carver(base);
  rows = carver.take<DeviceRow>(keys.all_rows().size());
  verdicts = carver.take<Verdict>(keys.size());
  return carver.used();
}

}  // namespace

ResidentTables::~ResidentTables() {
  device_.release(generator_);
  for (Entry& entry : entries_) device_.release(entry.memory);
}

/// Copies through the pinned buffer of lane 0 and waits, so that it may be used again.
CallStatus ResidentTables::copy_bytes(void* target, const void* source, std::size_t bytes) {
  Lane& lane = device_.lane(0);
  RETURN_IF_ERROR(device_.reserve(
      lane, {.host_input = std::min(bytes, kCopyPieceBytes), .host_output = 0, .device = 0}));
  const std::size_t piece = lane.host_input.bytes();
  for (std::size_t begin = 0; begin < bytes; begin += piece) {
    const std::size_t count = std::min(piece, bytes - begin);
    std::memcpy(lane.host_input.data(), static_cast<const std::byte*>(source) + begin, count);
    RETURN_IF_ERROR(device_.check(cudaMemcpyAsync(static_cast<std::byte*>(target) + begin,
                                                  lane.host_input.data(), count,
                                                  cudaMemcpyHostToDevice, lane.stream)));
    RETURN_IF_ERROR(device_.wait(lane));
  }
  return Unit{};
}

Result<const DeviceRow*, BackendFault> ResidentTables::generator_rows() {
  if (!generator_ready_) {
    const std::span<const AffineRow> rows = accel::generator_rows();
    RETURN_IF_ERROR(device_.reserve(generator_, rows.size_bytes()));
    RETURN_IF_ERROR(copy_bytes(generator_.data(), rows.data(), rows.size_bytes()));
    generator_ready_ = true;
  }
  return static_cast<const DeviceRow*>(generator_.data());
}

void ResidentTables::make_room(std::size_t bytes) {
  const std::size_t limit = device_.options().memory_cap_bytes / 2;
  const auto held = [this] {
    std::size_t sum = 0;
    for (const Entry& entry : entries_) sum += entry.memory.bytes();
    return sum;
  };
  while (!entries_.empty() && held() + bytes > limit) {
    const auto oldest =
        std::min_element(entries_.begin(), entries_.end(),
                         [](const Entry& a, const Entry& b) { return a.last_use < b.last_use; });
    device_.release(oldest->memory);
    entries_.erase(oldest);
  }
}

CallStatus ResidentTables::copy(const KeySet& keys, Entry& entry) {
  DeviceRow* rows = nullptr;
  Verdict* verdicts = nullptr;
  const std::size_t bytes = lay_out(keys, nullptr, rows, verdicts);
  if (bytes > device_.options().memory_cap_bytes / 2) return Failure{BackendFault::kOutOfMemory};
  make_room(bytes);
  RETURN_IF_ERROR(device_.reserve(entry.memory, std::max<std::size_t>(bytes, 1)));
  lay_out(keys, entry.memory.data(), rows, verdicts);
  std::vector<Verdict> status(keys.size());
  for (std::size_t i = 0; i < status.size(); ++i) status[i] = verdict(keys.key_status(i));
  RETURN_IF_ERROR(copy_bytes(rows, keys.all_rows().data(), keys.all_rows().size_bytes()));
  RETURN_IF_ERROR(copy_bytes(verdicts, status.data(), status.size()));
  entry.arrays = {rows, verdicts, static_cast<std::uint32_t>(keys.size())};
  return Unit{};
}

Result<KeySetArrays, BackendFault> ResidentTables::key_set(const KeySet& keys) {
  ++uses_;
  for (Entry& entry : entries_) {
    if (entry.id != keys.id()) continue;
    entry.last_use = uses_;
    return entry.arrays;
  }
  Entry entry{.id = keys.id(), .last_use = uses_, .memory = {}, .arrays = {}};
  const CallStatus status = copy(keys, entry);
  if (!status.ok()) {
    device_.drain();
    device_.release(entry.memory);
    return Failure{status.error()};
  }
  entries_.push_back(std::move(entry));
  return entries_.back().arrays;
}

}  // namespace buri::accel::cuda
