#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "accel/curve/comb.hpp"
#include "accel/signature.hpp"

/// A set of public keys (a validator set) with tables that make later verification several times
/// faster. Built once, reused across heights, replaced when the set changes.

namespace buri::accel {

/// Shape of the per-key comb: row [w][i] of key Q is (2 i + 1) * 2^(8 w) * Q, with odd digits from
/// the GLV halves (accel/curve/digits.hpp, accel/curve/comb.hpp).
using CombShape = curve::KeyComb;

/// Immutable once built; share it between threads freely.
class KeySet {
 public:
  /// Decodes `keys` and builds their tables: 131 KiB of memory per key. A key that does not
  /// decode keeps its place; requests that name it get its status. REQUIRES: keys.size() <=
  /// kMaxKeys.
  static std::shared_ptr<const KeySet> build(std::span<const PublicKey> keys);

  /// Bounds the tables to about 521 MiB.
  static constexpr std::size_t kMaxKeys = 4096;

  [[nodiscard]] std::size_t size() const { return status_.size(); }
  /// kOk, or why key `index` can never verify anything. REQUIRES: index < size().
  [[nodiscard]] SignatureStatus key_status(std::size_t index) const { return status_[index]; }
  /// The CombShape::kRows rows of key `index`. REQUIRES: key_status(index) == kOk.
  [[nodiscard]] std::span<const AffineRow> rows(std::size_t index) const {
    return std::span(rows_).subspan(index * CombShape::kRows, CombShape::kRows);
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
