#pragma once

#include <map>
#include <memory>
#include <string>
#include <utility>

#include "node/consensus/app/tx_runner.hpp"
#include "node/consensus/records/chain.hpp"
#include "tests/unit/node/consensus/runtime/memory_stores.hpp"

/// A recorded chain in memory, and the state before each of its heights.

namespace buri::consensus::app {

/// Everything of one recorded chain that these tests read.
struct RecordedChain {
  std::string chain_id;
  protocol::HeimdallForks forks;
  std::map<std::int64_t, std::vector<Bytes>> transactions;  ///< by height
  std::map<std::int64_t, records::ResultsRecord> results;
  std::map<std::int64_t, std::vector<records::WritesRecord>> writes;
  std::map<std::pair<std::int64_t, std::size_t>, records::GasTraceRecord> traces;
  std::vector<records::SentTxRecord> sent;
};

/// The folder of recorded chains: ../golden/heimdall-devnet beside the large suites.
std::string recorded_chains_folder();

/// Chain "A" or "B"; null where the recordings are absent, which `why` then says.
const RecordedChain* recorded_chain(std::string_view letter, std::string& why);

/// Applies what a height wrote.
void apply(const std::vector<records::WritesRecord>& writes, runtime::MemoryStores& stores);

/// The facts of a height as far as transactions see them.
runtime::BlockFacts facts_of(const RecordedChain& chain, std::int64_t height);

/// Collects a transaction's metered accesses in the form of the records.
class TraceCollector final : public runtime::GasTrace {
 public:
  void record(runtime::StoreId store, Operation operation, ByteView key, std::size_t value_bytes,
              std::uint64_t gas_after) override;
  [[nodiscard]] const std::vector<records::GasOperationRecord>& operations() const {
    return operations_;
  }

 private:
  std::vector<records::GasOperationRecord> operations_;
};

}  // namespace buri::consensus::app
