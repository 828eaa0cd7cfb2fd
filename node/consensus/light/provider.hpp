#pragma once

#include <memory>
#include <string>

#include "node/consensus/engine/light_block.hpp"

/// Where a light client gets its blocks from, and whom it tells of an attack.

namespace buri::consensus::light {

enum class ProviderError : std::uint8_t {
  kNoResponse,     ///< it did not answer in time, or cannot be reached
  kNotFound,       ///< it does not have the block
  kHeightTooHigh,  ///< its chain is not so far
  kBad,            ///< it answered something that no sound node answers
};

struct ProviderFault {
  ProviderError error{};
  std::string reason;  ///< a sentence

  /// Nothing that would show a dishonest provider.
  [[nodiscard]] bool is_benign() const { return error != ProviderError::kBad; }
};

using ProvidedBlock = Result<engine::LightBlockRecord, ProviderFault>;

/// One full node of the chain. Used by one thread at a time; may block on the network.
class Provider {
 public:
  virtual ~Provider() = default;

  /// The block of that height, 0 for the latest. What is returned keeps the rules of
  /// engine::check_light_block and is of the height that was asked for.
  virtual ProvidedBlock light_block(std::int64_t height) = 0;
  /// Hands in evidence of an attack. A provider that does not take it keeps silent.
  virtual void report(const engine::EvidencePiece& evidence) = 0;
  /// For people: a URL without credentials.
  [[nodiscard]] virtual std::string name() const = 0;
};

}  // namespace buri::consensus::light
