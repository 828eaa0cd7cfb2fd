#include "node/execution/chain/state_sync.hpp"

#include "node/execution/chain/system_contracts.hpp"
#include "node/execution/transaction/encode.hpp"

namespace buri::execution::chain {
namespace {

using protocol::BorFork;
using protocol::StateSyncRecord;

constexpr std::size_t kMaxBlockBytes = std::size_t{1} << 20;  // from Valencia on
constexpr std::int64_t kMaxBlockGas = 30'000'000;             // from Austin on

/// What a block has taken over so far, against what it may.
class Allowance {
 public:
  Allowance(const ChainConfig& config, std::uint64_t block_number)
      : records_left_(config.record_limit_at(block_number).value_or(~std::uint64_t{0})),
        has_byte_cap_(config.is_active(BorFork::kValencia, block_number)),
        has_gas_cap_(config.is_active(BorFork::kAustin, block_number)) {}

  [[nodiscard]] bool admits(const StateSyncRecord& record) const {
    if (records_left_ == 0) return false;
    if (has_byte_cap_ && is_begun_ && bytes_ + record.data.size() > kMaxBlockBytes) return false;
    return !has_gas_cap_ || gas_ < kMaxBlockGas;
  }
  void take(const StateSyncRecord& record, std::int64_t gas) {
    --records_left_;
    is_begun_ = true;
    bytes_ += record.data.size();
    gas_ += gas;
  }

 private:
  std::uint64_t records_left_;
  bool has_byte_cap_;
  bool has_gas_cap_;
  bool is_begun_ = false;
  std::size_t bytes_ = 0;
  std::int64_t gas_ = 0;
};

}  // namespace

Result<std::vector<StateSyncRecord>, BlockFault> sync_records(const ChainConfig& config,
                                                              protocol::HeimdallFacts& heimdall,
                                                              evm::Evm& evm, const Header& header,
                                                              std::uint64_t until_s) {
  std::vector<StateSyncRecord> taken;
  for (const auto& [range, limit] : config.record_limit_ranges) {
    if (range.has(header.number) && limit == 0) return taken;
  }
  std::uint64_t last = last_state_id(evm, config.state_receiver_contract);
  // The recordings show that of 0x0 and 0x1001 exactly one is warm here, whatever the block's last
  // transaction was. A view call before it, from 0x0 and on the state itself, would explain 0x0.
  evm.state().warm(evm.state().account(Address{}));
  auto records = heimdall.records(last + 1, until_s);
  if (!records.ok()) {
    return Failure{BlockFault{BlockRule::kNoFacts,
                              "state-sync records from " + std::to_string(last + 1), "no answer"}};
  }
  const std::string chain_id = std::to_string(config.chain_id);
  Allowance allowance(config, header.number);
  for (StateSyncRecord& record : *records) {
    if (record.id <= last) continue;
    const bool is_next = record.id == last + 1 && record.chain_id == chain_id;
    if (!is_next || record.time_s >= until_s || !allowance.admits(record)) break;
    const Bytes call = commit_state_call(record);
    const evm::CallResult result = evm::execute_system_call(
        evm, {.to = config.state_receiver_contract,
              .input = call,
              .gas = kSystemGas,
              .begins_access_period = config.is_active(BorFork::kAustin, header.number)});
    allowance.take(record, kSystemGas - result.gas_left);
    ++last;
    taken.push_back(std::move(record));
  }
  return taken;
}

SignedTransaction state_sync_transaction(std::span<const StateSyncRecord> records) {
  SignedTransaction transaction;
  transaction.type = EnvelopeType::kStateSync;
  for (const StateSyncRecord& record : records) {
    transaction.events.push_back(
        {record.id, record.contract, record.data, record.transaction_hash});
  }
  return transaction;
}

Status<BlockFault> check_state_sync(const Block& block, std::span<const StateSyncRecord> records) {
  if (records.empty()) return Unit{};
  const auto& sent = block.transactions;
  if (sent.empty() || sent.back().type != EnvelopeType::kStateSync) {
    return Failure{BlockFault{
        BlockRule::kStateSync,
        "a state-sync transaction of " + std::to_string(records.size()) + " record(s) at the end",
        "none"}};
  }
  const Hash256 expected = transaction::hash(state_sync_transaction(records));
  const Hash256 found = transaction::hash(sent.back());
  if (found == expected) return Unit{};
  return Failure{bytes_fault(BlockRule::kStateSync, expected, found)};
}

}  // namespace buri::execution::chain
