#include "tests/unit/node/consensus/app/recorded_chain.hpp"

#include <filesystem>

#include "node/consensus/codec/json.hpp"
#include "tests/unit/node/golden.hpp"

namespace buri::consensus::app {
namespace {

using protocol::HeimdallFork;

protocol::HeimdallForks forks_of(std::string_view letter) {
  using enum HeimdallFork;
  const bool is_a = letter == "A";
  return protocol::HeimdallForks()
      .set(kRio, is_a ? 384 : 128)
      .set(kTallyFix, is_a ? 15 : 0)
      .set(kProducerDowntime, is_a ? 100 : 0)
      .set(kPhuket, is_a ? 60 : 5)
      .set(kFeeWithdrawGate, is_a ? 80 : 6)
      .set(kZurich, is_a ? 130 : 8)
      .set(kIthaca, is_a ? 190 : 10);
}

Status<records::RecordError> load(const std::string& folder, RecordedChain& chain) {
  const auto path = [&folder](const char* name) {
    return records::existing_path(folder + "/" + name);
  };
  RETURN_IF_ERROR(records::for_each_block(
      path("blocks.jsonl"),
      [&chain](const records::BlockRecord& block) -> Status<records::RecordError> {
        chain.transactions[block.height] = records::block_transactions(block.block).value();
        return Unit{};
      }));
  RETURN_IF_ERROR(records::for_each_result(
      path("results.jsonl"),
      [&chain](const records::ResultsRecord& results) -> Status<records::RecordError> {
        chain.results[results.height] = results;
        return Unit{};
      }));
  RETURN_IF_ERROR(records::for_each_writes(
      path("writes.jsonl"),
      [&chain](const records::WritesRecord& writes) -> Status<records::RecordError> {
        chain.writes[writes.height].push_back(writes);
        return Unit{};
      }));
  RETURN_IF_ERROR(records::for_each_gas_trace(
      path("gas-trace.jsonl"),
      [&chain](const records::GasTraceRecord& trace) -> Status<records::RecordError> {
        chain.traces[{trace.height, trace.tx_index}] = trace;
        return Unit{};
      }));
  return records::for_each_sent_tx(
      path("txs.jsonl"),
      [&chain](const records::SentTxRecord& sent) -> Status<records::RecordError> {
        chain.sent.push_back(sent);
        return Unit{};
      });
}

std::string_view name_of(runtime::GasTrace::Operation operation) {
  using enum runtime::GasTrace::Operation;
  switch (operation) {
    case kGet:
      return "get";
    case kSet:
      return "set";
    case kHas:
      return "has";
    case kDelete:
      return "delete";
    case kIterate:
      return "iter";
    case kNext:
      return "next";
  }
  return "";
}

}  // namespace

std::string recorded_chains_folder() {
  return testing::fixtures_folder() + "/../golden/heimdall-devnet";
}

const RecordedChain* recorded_chain(std::string_view letter, std::string& why) {
  static std::map<std::string, std::unique_ptr<RecordedChain>, std::less<>> chains;
  const std::string folder = recorded_chains_folder() + "/" + std::string(letter);
  if (!std::filesystem::exists(folder)) {
    why = "no recorded chain at " + folder;
    return nullptr;
  }
  auto& chain = chains[std::string(letter)];
  if (!chain) {
    chain = std::make_unique<RecordedChain>();
    chain->chain_id = letter == "A" ? "heimdall-gold-a" : "heimdall-gold-b";
    chain->forks = forks_of(letter);
    const auto loaded = load(folder, *chain);
    CHECK(loaded.ok(), "the recorded chain reads");
  }
  return chain.get();
}

void apply(const std::vector<records::WritesRecord>& writes, runtime::MemoryStores& stores) {
  for (const auto& record : writes) {
    auto& store = stores[runtime::store_by_name(record.store).value()];
    for (const auto& [key, value] : record.sets) CHECK(store.set(key, value).ok(), "memory");
    for (const Bytes& key : record.deletes) CHECK(store.remove(key).ok(), "memory");
  }
}

runtime::BlockFacts facts_of(const RecordedChain& chain, std::int64_t height) {
  return {.chain_id = chain.chain_id,
          .height = height,
          .time = codec::timestamp_from_rfc3339(chain.results.at(height).time).value(),
          .proposer = {},
          .max_gas = 10'000'000,
          .max_bytes = 2'097'152,
          .forks = chain.forks};
}

void TraceCollector::record(runtime::StoreId store, Operation operation, ByteView key,
                            std::size_t value_bytes, std::uint64_t gas_after) {
  operations_.push_back({std::string(runtime::store_name(store)), std::string(name_of(operation)),
                         Bytes(key.begin(), key.end()), value_bytes, gas_after});
}

}  // namespace buri::consensus::app
