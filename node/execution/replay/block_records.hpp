#pragma once

#include <map>

#include "node/execution/chain/chain.hpp"
#include "node/execution/replay/difference.hpp"
#include "node/execution/replay/record_files.hpp"
#include "node/execution/state/state_view.hpp"

/// What a folder tells of each canonical block: headers, receipts in both forms, gas, authors and
/// whole states.

namespace buri::execution::replay {

class BlockRecords {
 public:
  /// Opens whichever files are there.
  static Result<BlockRecords, std::string> open(const ReadFile& read);

  /// Compares everything that is recorded of the block. `state`: after it; null if it is not at
  /// hand. REQUIRES: blocks come in ascending order, each once. Errors: a record of another form.
  Status<std::string> compare(const chain::ChainBlock& block, const state::StateView* state,
                              Comparison& comparison);

  /// How many values of each file were compared.
  [[nodiscard]] const std::map<std::string, std::uint64_t>& counts() const { return counts_; }

 private:
  void compare_header(const chain::ChainBlock& block, Comparison& comparison);
  void compare_author(const chain::ChainBlock& block, Comparison& comparison);
  void compare_gas(const chain::ChainBlock& block, Comparison& comparison);
  Status<std::string> compare_raw(const chain::ChainBlock& block, Comparison& comparison);
  Status<std::string> compare_json(const chain::ChainBlock& block, Comparison& comparison);
  Status<std::string> compare_state(const chain::ChainBlock& block, const state::StateView* state,
                                    Comparison& comparison);

  TableFile headers_;
  TableFile authors_;
  TableFile gas_;
  LinesFile raw_receipts_;
  LinesFile json_receipts_;
  LinesFile states_;
  std::map<std::string, std::uint64_t> counts_;
};

}  // namespace buri::execution::replay
