#pragma once

#include <cstring>
#include <span>
#include <vector>

#include "accel/cuda/message_slot.cuh"
#include "base/bytes.hpp"

/// How messages of mixed lengths travel: one arena of zero-filled 8-byte words and a slot for each
/// message. A batch is cut where a chunk would exceed its number of messages or its bytes.

namespace buri::accel::cuda {

/// Longer messages are hashed on the CPU: one thread would hold up its whole chunk.
inline constexpr std::size_t kMaxDeviceMessageBytes = std::size_t{64} << 10;
inline constexpr std::size_t kArenaBytes = std::size_t{16} << 20;

/// A run of messages [begin, end) and the words of their arena.
struct MessageChunk {
  std::size_t begin = 0;
  std::size_t end = 0;
  std::size_t words = 0;
  [[nodiscard]] std::size_t count() const { return end - begin; }
};

/// Bytes of a message that go to the device (none of an oversized one), after `prefix_bytes`.
inline std::size_t device_bytes(ByteView message, std::size_t prefix_bytes) {
  return message.size() > kMaxDeviceMessageBytes ? 0 : message.size() + prefix_bytes;
}

/// Cuts the batch into chunks of at most `max_count` messages and `max_bytes` of arena (but never
/// less than one message).
inline std::vector<MessageChunk> cut(std::span<const ByteView> messages, std::size_t prefix_bytes,
                                     std::size_t max_count, std::size_t max_bytes) {
  std::vector<MessageChunk> chunks;
  MessageChunk chunk;
  for (std::size_t i = 0; i < messages.size(); ++i) {
    const std::size_t words = (device_bytes(messages[i], prefix_bytes) + 7) / 8;
    const bool full = chunk.count() == max_count || 8 * (chunk.words + words) > max_bytes;
    if (full && chunk.count() > 0) {
      chunks.push_back(chunk);
      chunk = {i, i, 0};
    }
    chunk.end = i + 1;
    chunk.words += words;
  }
  if (chunk.count() > 0) chunks.push_back(chunk);
  return chunks;
}

/// Writes the chunk's arena and slots; every message is preceded by `prefix`.
inline void pack(std::span<const ByteView> messages, const MessageChunk& chunk, ByteView prefix,
                 std::uint64_t* arena, MessageSlot* slots) {
  std::size_t word = 0;
  for (std::size_t i = chunk.begin; i < chunk.end; ++i) {
    const std::size_t bytes = device_bytes(messages[i], prefix.size());
    slots[i - chunk.begin] = {static_cast<std::uint32_t>(word), static_cast<std::uint32_t>(bytes)};
    if (bytes == 0) continue;
    const std::size_t words = (bytes + 7) / 8;
    arena[word + words - 1] = 0;
    auto* target = reinterpret_cast<std::uint8_t*>(arena + word);
    if (!prefix.empty()) std::memcpy(target, prefix.data(), prefix.size());
    if (!messages[i].empty())
      std::memcpy(target + prefix.size(), messages[i].data(), messages[i].size());
    word += words;
  }
}

}  // namespace buri::accel::cuda
