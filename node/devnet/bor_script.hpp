#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "node/protocol/bor/header.hpp"

/// A stand-in for Bor's chain: empty blocks, one a second, sealed by whom Heimdall's spans name.

namespace buri::devnet {

/// What the stand-in knows of a span.
struct ScriptedSpan {
  std::uint64_t id = 0;
  std::uint64_t start_block = 0;
  std::uint64_t end_block = 0;
  Address producer;

  friend bool operator==(const ScriptedSpan&, const ScriptedSpan&) = default;
};

/// The chain is a function of its start and of who sealed which block, so that a stand-in that is
/// started again with the text of the one before serves the same hashes. Not thread-safe.
class BorScript {
 public:
  explicit BorScript(std::uint64_t start_time_s) : start_time_s_(start_time_s) { seal(Address{}); }

  /// Takes a span; blocks that another producer sealed in it are dropped, with all that follow.
  void learn(const ScriptedSpan& span);
  /// Seals the next block; false while no span says who may.
  bool grow();

  [[nodiscard]] std::uint64_t head() const { return blocks_.size() - 1; }
  /// The header of a block. REQUIRES: number <= head().
  [[nodiscard]] const protocol::bor::Header& header(std::uint64_t number) const {
    return blocks_[number].header;
  }
  [[nodiscard]] const Hash256& hash(std::uint64_t number) const { return blocks_[number].hash; }
  /// Who sealed it; zero for block 0.
  [[nodiscard]] const Address& author(std::uint64_t number) const { return blocks_[number].author; }
  [[nodiscard]] std::optional<std::uint64_t> number_of(const Hash256& hash) const;
  /// The root of a checkpoint over these blocks. REQUIRES: first <= last <= head().
  [[nodiscard]] Hash256 root(std::uint64_t first, std::uint64_t last) const;
  /// The id of the newest span that was learnt; nothing before the first.
  [[nodiscard]] std::optional<std::uint64_t> newest_span() const;

  /// Start and authors, one run a line, and back. The error is a sentence.
  [[nodiscard]] std::string text() const;
  static Result<BorScript, std::string> parse(std::string_view text);

 private:
  struct Block {
    protocol::bor::Header header;
    Hash256 hash;
    Address author;
  };

  void seal(const Address& author);
  /// The span with the highest id among those that hold the block.
  [[nodiscard]] const ScriptedSpan* span_of(std::uint64_t number) const;

  std::uint64_t start_time_s_;
  std::vector<Block> blocks_;
  std::map<Hash256, std::uint64_t> numbers_;
  std::map<std::uint64_t, ScriptedSpan> spans_;
};

}  // namespace buri::devnet
