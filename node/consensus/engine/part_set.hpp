#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "accel/merkle.hpp"
#include "node/consensus/engine/bit_array.hpp"
#include "node/consensus/engine/types.hpp"

/// The parts that a block is gossiped in: cut with proofs by the proposer, checked and collected by
/// everybody else (spec/cometbft.md 2.3; 0xPolygon/cometbft v0.3.8-polygon, types/part_set.go).

namespace buri::consensus::engine {

/// Every part but the last has exactly this many bytes.
inline constexpr std::size_t kPartBytes = 65'536;
/// No block is longer, whatever the consensus parameters say.
inline constexpr std::size_t kMaxBlockBytes = 104'857'600;
/// No part set has more parts.
inline constexpr std::size_t kMaxParts = kMaxBlockBytes / kPartBytes + 1;

/// One part and the proof that it belongs to the set.
struct Part {
  std::uint32_t index = 0;
  Bytes bytes;
  accel::Rfc6962Proof proof;

  friend bool operator==(const Part&, const Part&) = default;
};

/// Why a part is refused.
enum class PartFault : std::uint8_t {
  kSize,   ///< longer than a part may be, or an inner part that is not full
  kIndex,  ///< no such place in the set, or not the one that the proof is for
  kProof,  ///< the proof does not lead from these bytes to the set's hash
};
/// What the fault means, for people.
std::string_view describe(PartFault fault);

/// The rules that a part keeps whatever set it belongs to.
Status<PartFault> check_shape(const Part& part);

/// The parts of one block, all or some. Not thread-safe.
class PartSet {
 public:
  /// A whole block's. REQUIRES: 0 < block.size() <= kMaxBlockBytes.
  static PartSet split(ByteView block);
  /// None yet of those that `header` commits to. REQUIRES: a hash, 0 < total <= kMaxParts.
  explicit PartSet(const PartSetHeader& header);

  [[nodiscard]] const PartSetHeader& header() const { return header_; }
  /// Which parts are here.
  [[nodiscard]] const BitArray& present() const { return present_; }
  [[nodiscard]] bool is_complete() const { return present_.is_full(); }
  /// Sum of the parts' lengths.
  [[nodiscard]] std::size_t byte_count() const { return byte_count_; }
  /// Nothing until it has arrived.
  [[nodiscard]] const Part* part(std::size_t index) const;

  /// Checks a part against the set's hash and keeps it. False if it was here already.
  Result<bool, PartFault> add(Part part);
  /// The block. REQUIRES: is_complete().
  [[nodiscard]] Bytes assemble() const;

 private:
  PartSetHeader header_;
  std::vector<std::optional<Part>> parts_;
  BitArray present_;
  std::size_t byte_count_ = 0;
};

}  // namespace buri::consensus::engine
