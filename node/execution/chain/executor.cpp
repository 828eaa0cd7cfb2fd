#include "node/execution/chain/executor.hpp"

#include "base/hex.hpp"
#include "base/u256_words.hpp"
#include "node/execution/chain/state_sync.hpp"
#include "node/execution/chain/system_contracts.hpp"
#include "node/execution/evm/keccak.hpp"
#include "node/execution/transaction/encode.hpp"
#include "node/execution/transaction/signing.hpp"

namespace buri::execution::chain {
namespace {

using evm::Proposal;
using protocol::BorFork;

/// Fewer than these are not worth the lanes.
constexpr std::size_t kFewTransactions = 4;

/// The fault of transaction number `index`, in the stock client's words.
BlockFault transaction_fault(std::size_t index, const SignedTransaction& sent, std::string expected,
                             std::string found) {
  const std::string name =
      "transaction " + std::to_string(index) + " (0x" + to_hex(transaction::hash(sent)) + "): ";
  return {BlockRule::kTransaction, std::move(expected), name + std::move(found)};
}

/// Hands on to the tracer of the transaction under way, if there is one.
class CurrentTracer final : public evm::Tracer {
 public:
  evm::Tracer* target = nullptr;

  void on_step(const evm::StepEvent& event) override {
    if (target != nullptr) target->on_step(event);
  }
  void on_enter(const evm::EnterEvent& event) override {
    if (target != nullptr) target->on_enter(event);
  }
  void on_exit(const evm::ExitEvent& event) override {
    if (target != nullptr) target->on_exit(event);
  }
};

/// One block under way.
class Execution {
 public:
  Execution(const ExecutionContext& context, const Block& block, const BlockSigners& signers,
            const evm::StateSource& parent_state, const Ancestors& ancestors)
      : context_(context),
        config_(context.config),
        block_(block),
        header_(block.header),
        signers_(signers),
        ancestors_(ancestors),
        block_context_(make_block_context()),
        system_context_(block_context_),
        parent_state_(parent_state),
        state_(std::make_unique<evm::JournaledState>(parent_state)),
        evm_(options(block_context_), *state_),
        system_(options(system_context_), *state_) {
    // System calls see the header's own COINBASE, whoever receives the fees.
    system_context_.coinbase = header_.coinbase;
  }

  Result<ExecutedBlock, BlockFault> run();

 private:
  [[nodiscard]] bool has(BorFork fork) const { return config_.is_active(fork, header_.number); }
  [[nodiscard]] evm::BlockContext make_block_context() const;
  [[nodiscard]] evm::EvmOptions options(const evm::BlockContext& block) {
    return {.rules = evm::bor_rules(config_.forks, header_.number),
            .block = block,
            .codes = context_.codes,
            .transfer_logs = true,
            .tracer = context_.watcher == nullptr ? nullptr : &tracer_};
  }
  [[nodiscard]] Address fee_receiver() const;

  /// How many transactions, from the first on, are for several lanes.
  [[nodiscard]] std::size_t parallel_count() const;
  Status<BlockFault> run_parallel(std::size_t count);
  Status<BlockFault> run_transactions();
  Status<BlockFault> run_transaction(std::size_t index);
  [[nodiscard]] BlockFault refusal_fault(std::size_t index,
                                         const evm::TransactionRefusal& refusal) const;
  Result<evm::TransactionOutcome, evm::TransactionRefusal> execute_watched(
      const evm::Transaction& transaction, std::size_t index);
  void add_receipt(EnvelopeType type, bool succeeded, std::uint64_t gas,
                   std::vector<evm::Log> logs);
  Status<BlockFault> begin_sprint();
  Status<BlockFault> commit_span();
  Status<BlockFault> sync_states();
  void replace_codes();

  const ExecutionContext& context_;
  const ChainConfig& config_;
  const Block& block_;
  const Header& header_;
  const BlockSigners& signers_;
  const Ancestors& ancestors_;
  evm::BlockContext block_context_;
  evm::BlockContext system_context_;
  CurrentTracer tracer_;
  const evm::StateSource& parent_state_;
  std::unique_ptr<evm::JournaledState> state_;
  evm::Evm evm_;
  evm::Evm system_;
  ExecutedBlock result_;
};

/// From Rio on whom the genesis names, else the producer.
Address Execution::fee_receiver() const {
  const Address& producer = signers_.producer.value();
  if (!has(BorFork::kRio)) return producer;
  const Address named = config_.fee_receiver.at(header_.number).value_or(Address{});
  return named.is_zero() ? producer : named;
}

evm::BlockContext Execution::make_block_context() const {
  evm::BlockContext context;
  context.coinbase = fee_receiver();
  context.number = header_.number;
  context.timestamp = header_.time;
  context.gas_limit = header_.gas_limit;
  context.difficulty = header_.difficulty;
  context.base_fee = header_.base_fee.value_or(U256{});
  context.chain_id = U256::from_uint64(config_.chain_id);
  context.hash_of_block = [this](std::uint64_t number) {
    if (number + 1 == header_.number) return header_.parent_hash;
    const Header* child = ancestors_(number + 1);
    return child == nullptr ? Hash256{} : child->parent_hash;
  };
  return context;
}

void Execution::add_receipt(EnvelopeType type, bool succeeded, std::uint64_t gas,
                            std::vector<evm::Log> logs) {
  result_.total_gas += gas;
  result_.gas_used.push_back(gas);
  result_.receipts.push_back({type, succeeded, result_.total_gas, {}, std::move(logs)});
}

Result<evm::TransactionOutcome, evm::TransactionRefusal> Execution::execute_watched(
    const evm::Transaction& transaction, std::size_t index) {
  if (context_.watcher != nullptr) {
    tracer_.target = context_.watcher->begin(*state_, transaction, block_context_, index);
  }
  const evm::TransitionOptions options{.block_gas_left = header_.gas_limit - result_.total_gas,
                                       .burn_contract = config_.burn_contract.at(header_.number)};
  auto outcome = evm::execute_transaction(evm_, transaction, options);
  if (context_.watcher != nullptr && outcome.ok()) context_.watcher->finish(*outcome);
  tracer_.target = nullptr;
  return outcome;
}

Status<BlockFault> Execution::run_transaction(std::size_t index) {
  const SignedTransaction& sent = block_.transactions[index];
  if (sent.type == EnvelopeType::kStateSync) return Unit{};
  const Sender& sender = signers_.senders[index];
  if (!sender.ok()) {
    return Failure{transaction_fault(index, sent, sender.error().expected, sender.error().found)};
  }
  const auto outcome = execute_watched(
      transaction::executable(sent, *sender, signers_.authorizations[index]), index);
  if (!outcome.ok()) return Failure{refusal_fault(index, outcome.error())};
  add_receipt(sent.type, outcome->status == evm::Status::kSuccess, outcome->gas_used,
              state_->take_logs());
  return Unit{};
}

BlockFault Execution::refusal_fault(std::size_t index,
                                    const evm::TransactionRefusal& refusal) const {
  return transaction_fault(
      index, block_.transactions[index], refusal.expected.to_decimal(),
      std::string(evm::describe(refusal.rule)) + ": " + refusal.found.to_decimal());
}

std::size_t Execution::parallel_count() const {
  if (context_.watcher != nullptr || context_.lanes == nullptr || context_.lanes->count() < 2) {
    return 0;
  }
  std::size_t count = 0;
  while (count < block_.transactions.size() && signers_.senders[count].ok() &&
         block_.transactions[count].type != EnvelopeType::kStateSync) {
    ++count;
  }
  // What the last one leaves warm concerns the system's calls: it is executed where they are.
  if (config_.is_sprint_start(header_.number) && count > 0) --count;
  return count < kFewTransactions ? 0 : count;
}

Status<BlockFault> Execution::run_parallel(std::size_t count) {
  std::vector<evm::Transaction> transactions;
  std::vector<EnvelopeType> types;
  for (std::size_t i = 0; i < count; ++i) {
    const SignedTransaction& sent = block_.transactions[i];
    transactions.push_back(
        transaction::executable(sent, *signers_.senders[i], signers_.authorizations[i]));
    types.push_back(sent.type);
  }
  const ParallelBlock block{.transactions = transactions,
                            .types = types,
                            .evm = options(block_context_),
                            .gas_limit = header_.gas_limit,
                            .burn_contract = config_.burn_contract.at(header_.number)};
  ParallelTransactions parallel(block, parent_state_, *state_, *context_.lanes);
  auto receipts = parallel.run();
  if (context_.counts != nullptr) {
    context_.counts->guesses += parallel.counts().guesses;
    context_.counts->conflicts += parallel.counts().conflicts;
  }
  if (!receipts.ok()) {
    return Failure{refusal_fault(receipts.error().index, receipts.error().refusal)};
  }
  result_.receipts = std::move(receipts).value();
  result_.gas_used = parallel.gas_used();
  for (const std::uint64_t gas : result_.gas_used) result_.total_gas += gas;
  return Unit{};
}

Status<BlockFault> Execution::run_transactions() {
  const std::size_t count = parallel_count();
  if (count > 0) RETURN_IF_ERROR(run_parallel(count));
  for (std::size_t i = count; i < block_.transactions.size(); ++i) {
    RETURN_IF_ERROR(run_transaction(i));
  }
  return Unit{};
}

Status<BlockFault> Execution::commit_span() {
  const CommittedSpan current = committed_span(system_, config_.validator_contract);
  const std::uint64_t sprint = config_.sprint_at(header_.number);
  const bool is_last_sprint =
      current.end_block > sprint && current.end_block - sprint + 1 == header_.number;
  if (current.end_block != 0 && !is_last_sprint) return Unit{};
  const auto span = context_.heimdall.span(current.id + 1);
  const std::string wanted = "span " + std::to_string(current.id + 1);
  if (!span.ok()) return Failure{BlockFault{BlockRule::kNoFacts, wanted, "no answer"}};
  if (span->chain_id != std::to_string(config_.chain_id)) {
    return Failure{BlockFault{BlockRule::kNoFacts,
                              wanted + " of chain " + std::to_string(config_.chain_id),
                              "one of chain " + span->chain_id}};
  }
  const Bytes call = commit_span_call(*span);
  // What the contract objects to is nobody's business, as in the stock client.
  evm::execute_system_call(system_,
                           {.to = config_.validator_contract, .input = call, .gas = kSystemGas});
  return Unit{};
}

Status<BlockFault> Execution::sync_states() {
  std::uint64_t until = 0;
  if (has(BorFork::kIndore)) {
    until = header_.time - config_.confirmation_delay_s.at(header_.number).value_or(0);
  } else {
    const std::uint64_t sprint = config_.sprint_at(header_.number);
    const Header* ancestor = ancestors_(header_.number - sprint);
    if (ancestor == nullptr) {
      return Failure{BlockFault{BlockRule::kNoState, "the header of a sprint ago", "none"}};
    }
    until = ancestor->time;
  }
  ASSIGN_OR_RETURN(const auto records,
                   sync_records(context_.config, context_.heimdall, system_, header_, until));
  std::vector<evm::Log> logs = state_->take_logs();
  if (has(BorFork::kMadhugiri)) {
    RETURN_IF_ERROR(check_state_sync(block_, records));
    if (!records.empty()) add_receipt(EnvelopeType::kStateSync, true, 0, std::move(logs));
  } else if (!logs.empty()) {
    result_.state_sync_receipt =
        Receipt{EnvelopeType::kLegacy, true, result_.total_gas, {}, std::move(logs)};
    fill_blooms(std::span(&*result_.state_sync_receipt, 1));
  }
  return Unit{};
}

Status<BlockFault> Execution::begin_sprint() {
  if (!has(BorFork::kRio)) RETURN_IF_ERROR(commit_span());
  return sync_states();
}

void Execution::replace_codes() {
  const auto found = config_.block_alloc.find(header_.number);
  if (found == config_.block_alloc.end()) return;
  for (const auto& [address, alloc] : found->second) {
    evm::Account& account = state_->account(address);
    state_->set_code(account, alloc.code);
    if (is_zero(account.balance)) state_->set_balance(account, alloc.balance);
  }
}

Result<ExecutedBlock, BlockFault> Execution::run() {
  if (evm_.rules().has(Proposal::kEip2935)) store_parent_hash(system_, header_.parent_hash);
  RETURN_IF_ERROR(run_transactions());
  if (config_.is_sprint_start(header_.number)) RETURN_IF_ERROR(begin_sprint());
  replace_codes();
  state_->finalize();
  if (has(BorFork::kMadhugiri) && result_.receipts.size() != block_.transactions.size()) {
    return Failure{BlockFault{BlockRule::kStateSync,
                              std::to_string(block_.transactions.size()) + " receipts",
                              std::to_string(result_.receipts.size())}};
  }
  fill_blooms(result_.receipts);
  result_.state = std::move(state_);
  return std::move(result_);
}

}  // namespace

Result<ExecutedBlock, BlockFault> execute_block(const ExecutionContext& context, const Block& block,
                                                const BlockSigners& signers,
                                                const evm::StateSource& parent_state,
                                                const Ancestors& ancestors) {
  return Execution(context, block, signers, parent_state, ancestors).run();
}

Status<BlockFault> check_outcome(const Header& header, const ExecutedBlock& executed) {
  if (header.gas_used != executed.total_gas) {
    return Failure{number_fault(BlockRule::kGasUsed, executed.total_gas, header.gas_used)};
  }
  const Bloom bloom = bloom_of(executed.receipts);
  if (header.bloom != bloom) {
    return Failure{bytes_fault(BlockRule::kBloom, bloom, header.bloom)};
  }
  const Hash256 root = receipts_root(executed.receipts);
  if (header.receipts_root == root) return Unit{};
  return Failure{bytes_fault(BlockRule::kReceiptsRoot, root, header.receipts_root)};
}

Hash256 state_sync_transaction_hash(std::uint64_t number, const Hash256& block_hash) {
  Bytes key;
  append(key, as_bytes("matic-bor-receipt-"));
  for (int shift = 56; shift >= 0; shift -= 8) {
    key.push_back(static_cast<std::uint8_t>(number >> shift));
  }
  append(key, block_hash);
  return evm::keccak256(key);
}

}  // namespace buri::execution::chain
