#pragma once

#include <memory>

#include "node/execution/evm/keccak.hpp"

namespace buri::execution::evm {

/// Remembers digests of two words: the slots of mappings, which contracts hash again for every read
/// and write of the same entry. Each place holds one message, the newest. Not thread-safe.
class KeccakMemo {
 public:
  static constexpr std::size_t kMessageBytes = 64;

  /// keccak256(message). REQUIRES: message.size() == kMessageBytes.
  Hash256 hash(ByteView message) {
    Entry& entry = entries_[place(message)];
    if (!entry.is_set || std::memcmp(entry.message.data(), message.data(), kMessageBytes) != 0) {
      std::memcpy(entry.message.data(), message.data(), kMessageBytes);
      entry.digest = keccak256(message);
      entry.is_set = true;
    }
    return entry.digest;
  }

 private:
  static constexpr std::size_t kEntries = 1024;
  struct Entry {
    std::array<std::uint8_t, kMessageBytes> message;
    Hash256 digest;
    bool is_set = false;
  };

  /// Keys are most often addresses or small numbers: what varies is in the upper words' low bytes.
  static std::size_t place(ByteView message) {
    std::array<std::uint64_t, 8> words;
    std::memcpy(words.data(), message.data(), kMessageBytes);
    std::uint64_t mixed = 0;
    for (const std::uint64_t word : words) mixed = (mixed ^ word) * 0x9e3779b97f4a7c15;
    return mixed >> 54;
  }
  static_assert(kEntries == std::size_t{1} << (64 - 54));

  std::unique_ptr<Entry[]> entries_ =
      std::make_unique<Entry[]>(kEntries);  // NOLINT(modernize-avoid-c-arrays)
};

}  // namespace buri::execution::evm
