#pragma once

#include <map>

#include "node/consensus/mempool/tx_checker.hpp"

namespace buri::consensus::mempool::testing {

/// An application whose answer to a transaction stands in a table; what is not in it passes.
class ScriptedChecker final : public TxChecker {
 public:
  void check_signatures_ahead(std::span<const ByteView> txs) override {
    batches.push_back(txs.size());
  }
  runtime::Outcome<app::TxResult> check_tx(ByteView tx, app::TxMode mode) override {
    if (has_failed) return Failure{runtime::fatal("the disk is gone")};
    const std::string text(as_text(tx));
    asked.emplace_back((mode == app::TxMode::kRecheck ? "again " : "") + text);
    if (on_ask) on_ask();
    app::TxResult result;
    if (const auto code = codes.find(text); code != codes.end()) result.code = code->second;
    if (const auto wanted = gas.find(text); wanted != gas.end()) result.gas_wanted = wanted->second;
    return result;
  }

  std::map<std::string, std::uint32_t, std::less<>> codes;
  std::map<std::string, std::uint64_t, std::less<>> gas;
  std::vector<std::string> asked;
  std::vector<std::size_t> batches;
  std::function<void()> on_ask;
  bool has_failed = false;
};

}  // namespace buri::consensus::mempool::testing
