#pragma once

#include <array>
#include <span>

#include "base/bytes.hpp"

namespace buri::execution::evm {

/// What a LOG instruction, or a rule of the chain, writes into a receipt.
struct Log {
  Address address;
  std::array<Hash256, 4> topic_words{};
  std::uint8_t topic_count = 0;
  Bytes data;

  [[nodiscard]] std::span<const Hash256> topics() const {
    return {topic_words.data(), topic_count};
  }
  friend bool operator==(const Log&, const Log&) = default;
};

}  // namespace buri::execution::evm
