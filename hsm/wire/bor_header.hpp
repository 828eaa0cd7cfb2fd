#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "base/u256.hpp"

/// A Bor header as a producer seals it (spec/bor.md 3). What is the same in every header a producer
/// makes (no uncles, zero mix digest, zero nonce) has no field here, so nobody can ask for other
/// values.

namespace buri::hsm::wire {

/// How the part of `extra` between vanity and seal is built. Each shape belongs to an era.
enum class BorExtraShape : std::uint8_t {
  kValidatorBytes = 1,  ///< before Cancun: the validator bytes as they are
  kCancun = 2,          ///< list of validator bytes and transaction dependencies
  kGiugliano = 3,       ///< the same and gas target and base fee change denominator
  kAustin = 4,          ///< validator bytes, gas target, base fee change denominator
};

/// One producer in the validator bytes of a sprint's last header.
struct BorValidator {
  Address address;
  FixedBytes<20> power;  ///< big-endian

  friend bool operator==(const BorValidator&, const BorValidator&) = default;
};

/// Earlier transactions of the block that one transaction depends on.
struct TransactionDependencies {
  std::vector<std::uint64_t> numbers;

  friend bool operator==(const TransactionDependencies&, const TransactionDependencies&) = default;
};

struct BorExtra {
  FixedBytes<32> vanity;
  BorExtraShape shape = BorExtraShape::kAustin;
  std::vector<BorValidator> validators;
  std::vector<TransactionDependencies> transaction_dependencies;  ///< kCancun, kGiugliano only
  std::uint64_t gas_target = 0;                                   ///< kGiugliano, kAustin only
  std::uint64_t base_fee_change_denominator = 0;                  ///< kGiugliano, kAustin only

  friend bool operator==(const BorExtra&, const BorExtra&) = default;
};

struct BorHeader {
  Hash256 parent_hash;
  Address coinbase;
  Hash256 state_root;
  Hash256 transactions_root;
  Hash256 receipts_root;
  FixedBytes<256> bloom;
  std::uint64_t difficulty = 0;
  std::uint64_t number = 0;
  std::uint64_t gas_limit = 0;
  std::uint64_t gas_used = 0;
  std::uint64_t time = 0;  ///< Unix seconds
  BorExtra extra;
  std::optional<U256> base_fee;    ///< from London
  bool base_fee_is_sealed = true;  ///< from Jaipur: the seal covers the base fee

  friend bool operator==(const BorHeader&, const BorHeader&) = default;
};

/// Why bytes are not a header that a producer of ours would make.
enum class BorHeaderError : std::uint8_t {
  kRlp,       ///< not the RLP of 15 or 16 items, or an item of the wrong form
  kConstant,  ///< uncles, mix digest or nonce are not what every producer writes
  kExtra,     ///< the extra data is not in the given shape
};

/// What the error means, for people.
std::string_view describe(BorHeaderError error);

/// Reads a header's RLP whose extra data has `shape`; with 65 zero bytes or any seal at its end.
/// Whoever reads, builds the bytes again and finds the same: decode is strict.
Result<BorHeader, BorHeaderError> decode_bor_header(ByteView rlp, BorExtraShape shape);

}  // namespace buri::hsm::wire
