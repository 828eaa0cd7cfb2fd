#include "accel/cuda/tree_calls.cuh"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <vector>

#include "accel/cuda/hash_kernels.cuh"
#include "accel/cuda/message_arena.cuh"

namespace buri::accel::cuda {
namespace {

constexpr std::size_t kMaxLeaves = std::size_t{1} << 31;
constexpr std::uint8_t kLeafPrefix[1] = {0x00};

/// Two rows of nodes: each launch reads one and writes the other.
struct NodeBuffers {
  NodeBuffers(std::size_t leaves, void* base) {
    Carver carver(base);
    current = carver.take<DeviceHash>(leaves);
    next = carver.take<DeviceHash>((leaves + 1) / 2);
    bytes = carver.used();
  }
  DeviceHash* current;
  DeviceHash* next;
  std::size_t bytes;
};

unsigned tree_levels(std::size_t leaves) {
  return static_cast<unsigned>(std::bit_width(leaves - 1));
}

std::size_t parents_of(std::size_t nodes, unsigned levels) {
  return (nodes + (std::size_t{1} << levels) - 1) >> levels;
}

/// Folds all levels on the device and reads the root. `launch(from, count, levels, height, to)`
/// folds `levels` levels that start `height` levels above the leaves.
template <class Launch>
CallStatus fold_to_root(Device& device, Lane& lane, NodeBuffers nodes, std::size_t leaves,
                        Launch launch, Hash256& root) {
  const unsigned all = tree_levels(leaves);
  std::size_t count = leaves;
  for (unsigned height = 0; height < all;) {
    const unsigned levels = std::min(kTreeLevelsPerLaunch, all - height);
    RETURN_IF_ERROR(device.check(
        launch(nodes.current, static_cast<std::uint32_t>(count), levels, height, nodes.next)));
    count = parents_of(count, levels);
    height += levels;
    std::swap(nodes.current, nodes.next);
  }
  RETURN_IF_ERROR(
      device.check(cudaMemcpyAsync(lane.host_output.data(), nodes.current, sizeof(Hash256),
                                   cudaMemcpyDeviceToHost, lane.stream)));
  RETURN_IF_ERROR(device.wait(lane));
  std::memcpy(root.data(), lane.host_output.data(), sizeof(Hash256));
  return Unit{};
}

/// Roots of all-zero subtrees of height 0, 1, ...: the padding of each level.
std::array<DeviceHash, 32> zero_subtrees() {
  std::array<DeviceHash, 32> roots{};
  for (std::size_t i = 1; i < roots.size(); ++i)
    keccak256_pair(roots[i - 1].words, roots[i - 1].words, roots[i].words);
  return roots;
}

/// Copies the leaves through the pinned buffer, piece by piece.
CallStatus copy_leaves(Device& device, Lane& lane, std::span<const Hash256> leaves,
                       DeviceHash* target) {
  const std::size_t piece = lane.host_input.bytes() / sizeof(Hash256);
  for (std::size_t begin = 0; begin < leaves.size(); begin += piece) {
    const std::size_t count = std::min(piece, leaves.size() - begin);
    if (begin > 0) RETURN_IF_ERROR(device.wait(lane));  // the piece before is still being read
    std::memcpy(lane.host_input.data(), leaves.data() + begin, count * sizeof(Hash256));
    RETURN_IF_ERROR(device.check(cudaMemcpyAsync(target + begin, lane.host_input.data(),
                                                 count * sizeof(Hash256), cudaMemcpyHostToDevice,
                                                 lane.stream)));
  }
  return Unit{};
}

CallStatus checkpoint_on_lane(Device& device, Lane& lane, std::span<const Hash256> leaves,
                              Hash256& root) {
  static const std::array<DeviceHash, 32> padding = zero_subtrees();
  const NodeBuffers sizes(leaves.size(), nullptr);
  RETURN_IF_ERROR(
      device.reserve(lane, {.host_input = std::min(leaves.size() * sizeof(Hash256), kArenaBytes),
                            .host_output = sizeof(Hash256),
                            .device = sizes.bytes}));
  const NodeBuffers nodes(leaves.size(), lane.device.data());
  RETURN_IF_ERROR(copy_leaves(device, lane, leaves, nodes.current));
  const auto launch = [&](const DeviceHash* from, std::uint32_t count, unsigned levels,
                          unsigned height, DeviceHash* to) {
    return launch_checkpoint_levels(from, count, levels, padding[height], to, lane.stream);
  };
  return fold_to_root(device, lane, nodes, leaves.size(), launch, root);
}

/// Packs one chunk of leaves behind their prefix, hashes it into `nodes`, and waits: the arena is
/// used again by the next chunk.
CallStatus hash_leaves(Device& device, Lane& lane, std::span<const ByteView> leaves,
                       const MessageChunk& chunk, std::byte* arena_there, DeviceHash* nodes) {
  Carver host(lane.host_input.data());
  Carver there(arena_there);
  auto* slots = host.take<MessageSlot>(chunk.count());
  auto* arena = host.take<std::uint64_t>(chunk.words);
  auto* slots_there = there.take<MessageSlot>(chunk.count());
  auto* words_there = there.take<std::uint64_t>(chunk.words);
  pack(leaves, chunk, kLeafPrefix, arena, slots);
  RETURN_IF_ERROR(device.check(
      cudaMemcpyAsync(slots_there, slots, host.used(), cudaMemcpyHostToDevice, lane.stream)));
  RETURN_IF_ERROR(device.check(launch_sha256(words_there, slots_there,
                                             static_cast<std::uint32_t>(chunk.count()),
                                             nodes + chunk.begin, lane.stream)));
  return device.wait(lane);
}

std::size_t packed_bytes(const MessageChunk& chunk) {
  Carver carver(nullptr);
  carver.take<MessageSlot>(chunk.count());
  carver.take<std::uint64_t>(chunk.words);
  return carver.used();
}

CallStatus rfc6962_on_lane(Device& device, Lane& lane, std::span<const ByteView> leaves,
                           Hash256& root) {
  const std::vector<MessageChunk> chunks =
      cut(leaves, sizeof kLeafPrefix, device.options().chunk_items, kArenaBytes);
  std::size_t arena_bytes = 0;
  for (const MessageChunk& chunk : chunks) arena_bytes = std::max(arena_bytes, packed_bytes(chunk));
  const NodeBuffers sizes(leaves.size(), nullptr);
  RETURN_IF_ERROR(device.reserve(lane, {.host_input = arena_bytes,
                                        .host_output = sizeof(Hash256),
                                        .device = sizes.bytes + arena_bytes}));
  const NodeBuffers nodes(leaves.size(), lane.device.data());
  std::byte* arena_there = static_cast<std::byte*>(lane.device.data()) + sizes.bytes;
  for (const MessageChunk& chunk : chunks)
    RETURN_IF_ERROR(hash_leaves(device, lane, leaves, chunk, arena_there, nodes.current));
  const auto launch = [&](const DeviceHash* from, std::uint32_t count, unsigned levels, unsigned,
                          DeviceHash* to) {
    return launch_rfc6962_levels(from, count, levels, to, lane.stream);
  };
  return fold_to_root(device, lane, nodes, leaves.size(), launch, root);
}

bool fits_the_device(std::span<const ByteView> leaves) {
  return !leaves.empty() && leaves.size() <= kMaxLeaves &&
         std::all_of(leaves.begin(), leaves.end(),
                     [](ByteView leaf) { return leaf.size() <= kMaxDeviceMessageBytes; });
}

CallStatus drained(Device& device, CallStatus status) {
  if (!status.ok()) device.drain();
  return status;
}

}  // namespace

CallStatus checkpoint_root(Device& device, std::span<const Hash256> leaves, Hash256& root) {
  RETURN_IF_ERROR(device.begin_call());
  if (leaves.size() > kMaxLeaves) return Failure{BackendFault::kOutOfMemory};
  return drained(device, checkpoint_on_lane(device, device.lane(0), leaves, root));
}

CallStatus rfc6962_root(Device& device, std::span<const ByteView> leaves, Hash256& root) {
  RETURN_IF_ERROR(device.begin_call());
  if (!fits_the_device(leaves)) return device.options().exact->rfc6962_root(leaves, root);
  return drained(device, rfc6962_on_lane(device, device.lane(0), leaves, root));
}

}  // namespace buri::accel::cuda
