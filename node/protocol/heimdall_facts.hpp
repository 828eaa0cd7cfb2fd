#pragma once

#include <string>
#include <vector>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "node/protocol/fact_error.hpp"

/// Facts of Heimdall, as Bor needs them to judge and execute blocks: spans and state-sync records.
/// Source: spec/bor.md 3 and 4.

namespace buri::protocol {

/// A validator as a span names it.
struct SpanValidator {
  std::uint64_t id = 0;
  std::int64_t power = 0;
  Address signer;

  friend bool operator==(const SpanValidator&, const SpanValidator&) = default;
};

/// The producers of the blocks [start_block, end_block]. From Rio on spans may overlap: then the
/// one with the highest id counts.
struct Span {
  std::uint64_t id = 0;
  std::uint64_t start_block = 0;
  std::uint64_t end_block = 0;
  std::vector<SpanValidator> validators;
  std::vector<SpanValidator> producers;  ///< not empty
  std::string chain_id;                  ///< of Bor, decimal

  [[nodiscard]] bool has(std::uint64_t block_number) const {
    return start_block <= block_number && block_number <= end_block;
  }
  friend bool operator==(const Span&, const Span&) = default;
};

/// A message from the root chain to a contract of Bor.
struct StateSyncRecord {
  std::uint64_t id = 0;
  Address contract;
  Bytes data;
  Hash256 transaction_hash;
  std::uint64_t log_index = 0;
  std::string chain_id;      ///< of Bor, decimal
  std::uint64_t time_s = 0;  ///< Unix seconds, cut

  friend bool operator==(const StateSyncRecord&, const StateSyncRecord&) = default;
};

/// Implementations may block up to their own deadline. Called by one thread at a time.
class HeimdallFacts {
 public:
  virtual ~HeimdallFacts() = default;

  /// Errors: kMissing if there is no such span yet.
  virtual Result<Span, FactError> span(std::uint64_t id) = 0;
  /// The span with the highest id among those that hold the block.
  virtual Result<Span, FactError> span_of_block(std::uint64_t block_number) = 0;
  /// Every record with at least that id and a time before `before_s`, by ascending id.
  virtual Result<std::vector<StateSyncRecord>, FactError> records(std::uint64_t from_id,
                                                                  std::uint64_t before_s) = 0;
};

}  // namespace buri::protocol
