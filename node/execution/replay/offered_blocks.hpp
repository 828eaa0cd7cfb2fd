#pragma once

#include "base/clock.hpp"
#include "node/execution/chain/chain.hpp"
#include "node/execution/replay/difference.hpp"
#include "node/execution/replay/record_files.hpp"

/// Blocks beside the canonical chain: those of other branches, and those that the stock client was
/// offered to see its verdict.

namespace buri::execution::replay {

/// side-blocks.jsonl: valid blocks of branches that lost.
class SideBlocks {
 public:
  /// `after`: blocks up to that number were imported before.
  static Result<SideBlocks, std::string> open(const ReadFile& read, std::uint64_t after);

  /// Imports every block whose parent the chain keeps by now; a refusal is a difference. Errors: a
  /// record that is no block.
  Status<std::string> import_into(chain::Chain& chain, Comparison& comparison);
  [[nodiscard]] std::uint64_t count() const { return count_; }
  /// Blocks whose parents never came.
  [[nodiscard]] std::size_t left() const { return waiting_.size(); }

 private:
  std::vector<chain::Block> waiting_;
  std::uint64_t count_ = 0;
};

/// invalid-blocks.jsonl: blocks on top of canonical ones, with the stock client's verdict.
class OfferedBlocks {
 public:
  static Result<OfferedBlocks, std::string> open(const ReadFile& read);

  /// Offers every block that belongs on the head, at the time of the canonical next one, and takes
  /// what is accepted back. Verdict and reason must be the recorded ones.
  Status<std::string> offer_to(chain::Chain& chain, ManualClock& clock, std::uint64_t time_s,
                               Comparison& comparison);
  [[nodiscard]] std::uint64_t count() const { return count_; }
  [[nodiscard]] bool is_there() const { return lines_.is_there(); }

 private:
  LinesFile lines_;
  std::uint64_t count_ = 0;
};

/// Whether the stock client's words `text` tell of this fault.
bool tells_of(const std::string& text, const chain::BlockFault& fault);

}  // namespace buri::execution::replay
