#pragma once

#include <cstddef>

#include "accel/avx512/order.hpp"

/// What recover, verify and verify_known share: loading signatures into lanes, their range rules,
/// and the two multipliers of each signature.

namespace buri::accel::avx512 {

/// Groups of eight signatures that go through all phases together. Larger tiles share inversions
/// better, smaller ones keep their points in the second-level cache.
inline constexpr unsigned kTileGroups = 16;
inline constexpr unsigned kTileSignatures = kTileGroups * kLanes;

/// Requests of any type that starts with a SignedDigest. A tile whose size is no multiple of eight
/// reads its last request in the lanes left over.
struct RequestView {
  const std::uint8_t* first;
  std::size_t stride;
  unsigned count;  ///< 1..kTileSignatures

  [[nodiscard]] unsigned groups() const { return (count + kLanes - 1) / kLanes; }
  /// Addresses of `offset` bytes into the eight requests of a group.
  void addresses(unsigned group, std::size_t offset, const void* (&rows)[kLanes]) const {
    for (unsigned lane = 0; lane < kLanes; ++lane) {
      const unsigned wanted = group * kLanes + lane;
      rows[lane] = first + (wanted < count ? wanted : count - 1) * stride + offset;
    }
  }
};

/// Eight signatures.
struct SignatureLanes {
  OrderElement digest;  ///< any 256-bit value
  OrderElement r;
  OrderElement s;
  LaneMask bad_range;  ///< r or s is 0 or >= n; both are then replaced by 1
  LaneMask high_s;     ///< s > n / 2
};

SignatureLanes load_signatures(const RequestView& requests, unsigned group);

/// Two 32-byte big-endian numbers per row, as limbs.
struct NumberPair {
  Element first;
  Element second;
};
NumberPair load_big_endian(const void* const (&rows)[kLanes]);

/// Lanes in which a < bound.
LaneMask is_below(const Element& a, const std::uint64_t (&bound)[5]);

/// inverses[g] = R / values[g] mod n for g < count, with R = 2^260: the Montgomery product of that
/// with x is x / value. REQUIRES: no value is 0 modulo n; count <= kTileGroups.
void invert_all(const OrderElement* values, OrderElement* inverses, unsigned count);

}  // namespace buri::accel::avx512
