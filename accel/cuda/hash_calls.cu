#include "accel/cuda/hash_calls.cuh"

#include <algorithm>

#include "accel/cuda/hash_kernels.cuh"
#include "accel/cuda/message_arena.cuh"

namespace buri::accel::cuda {
namespace {

using LaunchHash = cudaError_t (*)(const std::uint64_t*, const MessageSlot*, std::uint32_t,
                                   DeviceHash*, cudaStream_t);
using ExactHash = Status<BackendFault> (Backend::*)(std::span<const ByteView>, std::span<Hash256>);

/// The buffers of one chunk, alike on both sides: slots and arena in, digests out.
struct Layout {
  Layout(const MessageChunk& chunk, void* input, void* output) {
    Carver in(input);
    slots = in.take<MessageSlot>(chunk.count());
    arena = in.take<std::uint64_t>(chunk.words);
    input_bytes = in.used();
    Carver out(output);
    digests = out.take<DeviceHash>(chunk.count());
    output_bytes = out.used();
  }
  MessageSlot* slots;
  std::uint64_t* arena;
  DeviceHash* digests;
  std::size_t input_bytes;
  std::size_t output_bytes;
};

class HashCall {
 public:
  HashCall(Device& device, LaunchHash launch, std::span<const ByteView> messages,
           std::span<Hash256> digests)
      : device_(device), launch_(launch), messages_(messages), digests_(digests) {}

  CallStatus run() {
    RETURN_IF_ERROR(device_.begin_call());
    const std::size_t max_bytes = std::min(kArenaBytes, device_.lane_budget_bytes() / 2);
    const std::size_t per_message = sizeof(MessageSlot) + sizeof(DeviceHash);
    const std::size_t max_count =
        std::clamp<std::size_t>(max_bytes / per_message, 1, device_.options().chunk_items);
    chunks_ = cut(messages_, 0, max_count, max_bytes);
    return device_.pipeline(
        chunks_.size(), [this](Lane& lane, std::size_t i) { return enqueue(lane, chunks_[i]); },
        [this](Lane& lane, std::size_t i) { return harvest(lane, chunks_[i]); });
  }

 private:
  CallStatus enqueue(Lane& lane, const MessageChunk& chunk) {
    const Layout sizes(chunk, nullptr, nullptr);
    RETURN_IF_ERROR(device_.reserve(lane, {.host_input = sizes.input_bytes,
                                           .host_output = sizes.output_bytes,
                                           .device = sizes.input_bytes + sizes.output_bytes}));
    const Layout host(chunk, lane.host_input.data(), lane.host_output.data());
    auto* base = static_cast<std::byte*>(lane.device.data());
    const Layout there(chunk, base, base + sizes.input_bytes);
    pack(messages_, chunk, {}, host.arena, host.slots);
    RETURN_IF_ERROR(device_.check(cudaMemcpyAsync(base, lane.host_input.data(), sizes.input_bytes,
                                                  cudaMemcpyHostToDevice, lane.stream)));
    RETURN_IF_ERROR(
        device_.check(launch_(there.arena, there.slots, static_cast<std::uint32_t>(chunk.count()),
                              there.digests, lane.stream)));
    return device_.check(cudaMemcpyAsync(host.digests, there.digests,
                                         chunk.count() * sizeof(DeviceHash), cudaMemcpyDeviceToHost,
                                         lane.stream));
  }

  CallStatus harvest(Lane& lane, const MessageChunk& chunk) {
    std::memcpy(digests_[chunk.begin].data(), lane.host_output.data(),
                chunk.count() * sizeof(DeviceHash));
    return Unit{};
  }

  Device& device_;
  LaunchHash launch_;
  std::span<const ByteView> messages_;
  std::span<Hash256> digests_;
  std::vector<MessageChunk> chunks_;
};

CallStatus hash_oversized(Backend& exact, ExactHash hash, std::span<const ByteView> messages,
                          std::span<Hash256> digests) {
  for (std::size_t i = 0; i < messages.size(); ++i) {
    if (messages[i].size() > kMaxDeviceMessageBytes)
      RETURN_IF_ERROR((exact.*hash)(messages.subspan(i, 1), digests.subspan(i, 1)));
  }
  return Unit{};
}

}  // namespace

static_assert(sizeof(Hash256) == sizeof(DeviceHash));

CallStatus keccak256(Device& device, std::span<const ByteView> messages,
                     std::span<Hash256> digests) {
  RETURN_IF_ERROR(HashCall(device, launch_keccak256, messages, digests).run());
  return hash_oversized(*device.options().exact, &Backend::keccak256, messages, digests);
}

CallStatus sha256(Device& device, std::span<const ByteView> messages, std::span<Hash256> digests) {
  RETURN_IF_ERROR(HashCall(device, launch_sha256, messages, digests).run());
  return hash_oversized(*device.options().exact, &Backend::sha256, messages, digests);
}

}  // namespace buri::accel::cuda
