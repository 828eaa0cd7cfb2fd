#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "accel/signature.hpp"

/// A set of public keys (a validator set) with tables that make later verification several times
/// faster. Built once, reused across heights, replaced when the set changes.

namespace buri::accel {

/// An affine point of the curve in plain little-endian 64-bit limbs, fully reduced. One row of a
/// table: 64 bytes, aligned to a cache line; every backend, the device included, reads this one
/// layout.
struct alignas(64) AffineRow {
  std::array<std::uint64_t, 4> x{};
  std::array<std::uint64_t, 4> y{};

  friend bool operator==(const AffineRow&, const AffineRow&) = default;
};

/// Shape of the per-key comb: every key Q owns kWindows x kRowsPerWindow rows; row [w][d] is
/// (d + 1) * 2^(kWindowBits * w) * Q for d in [0, kRowsPerWindow). A scalar is split by GLV into
/// two halves of at most 129 bits (sign apart), each recoded into kWindows signed digits in
/// [-kRowsPerWindow, kRowsPerWindow]; the second half uses the same rows with x multiplied by beta.
struct CombShape {
  static constexpr unsigned kWindowBits = 8;
  static constexpr unsigned kWindows = 17;
  static constexpr unsigned kRowsPerWindow = 1u << (kWindowBits - 1);
  static constexpr std::size_t kRowsPerKey = std::size_t{kWindows} * kRowsPerWindow;
};

/// Immutable once built; share it between threads freely.
class KeySet {
 public:
  /// Decodes `keys` and builds their tables: 136 KiB of memory per valid key. A key that does not
  /// decode keeps its place; requests that name it get its status. REQUIRES: keys.size() <=
  /// kMaxKeys.
  static std::shared_ptr<const KeySet> build(std::span<const PublicKey> keys);

  /// Bounds the tables to about 544 MiB.
  static constexpr std::size_t kMaxKeys = 4096;

  [[nodiscard]] std::size_t size() const { return status_.size(); }
  /// kOk, or why key `index` can never verify anything. REQUIRES: index < size().
  [[nodiscard]] SignatureStatus key_status(std::size_t index) const { return status_[index]; }
  /// Rows [kWindows][kRowsPerWindow] of key `index`. REQUIRES: key_status(index) == kOk.
  [[nodiscard]] std::span<const AffineRow> rows(std::size_t index) const {
    return std::span(rows_).subspan(index * CombShape::kRowsPerKey, CombShape::kRowsPerKey);
  }
  /// All rows, key after key (rows of an undecodable key are zero): what a device copies.
  [[nodiscard]] std::span<const AffineRow> all_rows() const { return rows_; }
  /// Unique in this process: lets a device cache its copy of the tables.
  [[nodiscard]] std::uint64_t id() const { return id_; }

 private:
  KeySet() = default;

  std::vector<SignatureStatus> status_;
  std::vector<AffineRow> rows_;
  std::uint64_t id_ = 0;
};

}  // namespace buri::accel
