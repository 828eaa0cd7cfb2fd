#include "node/execution/chain/parallel_transactions.hpp"

#include <algorithm>

namespace buri::execution::chain {
namespace {

/// How far the guesses run ahead of what is final, for each lane: bounds the memory that they take.
constexpr std::size_t kAheadOfFinal = 32;

/// Leaves out accounts that were touched and are what they were.
void leave_out_unchanged(state::StateChange& change, const TransactionView::Reads& reads) {
  std::erase_if(change.accounts, [&](const state::AccountChange& account) {
    if (!account.slots.empty()) return false;
    const auto read =
        std::ranges::find(reads.accounts, account.address, &TransactionView::AccountRead::address);
    if (read == reads.accounts.end()) return false;
    const VersionedState::Account& before = read->version.value;
    if (!account.exists || !before) return account.exists == before.has_value();
    return account.nonce == before->nonce && account.balance == before->balance &&
           account.code_hash == before->code_hash;
  });
}

}  // namespace

ParallelTransactions::ParallelTransactions(const ParallelBlock& block,
                                           const evm::StateSource& before,
                                           evm::JournaledState& state, Lanes& lanes)
    : block_(block),
      before_(before),
      state_(state),
      lanes_(lanes),
      versions_(before),
      final_view_(state, versions_),
      tools_(lanes.count()),
      slots_(block.transactions.size()) {
  CHECK(block.types.size() == block.transactions.size(), "every transaction has a type");
  boost::unordered_flat_map<Address, std::int32_t, evm::KeyHash> last_of_sender;
  for (std::size_t i = 0; i < slots_.size(); ++i) {
    const auto [place, is_new] =
        last_of_sender.try_emplace(block.transactions[i].sender, kBeforeBlock);
    slots_[i].previous_of_sender = place->second;
    place->second = static_cast<std::int32_t>(i);
  }
}

Result<std::vector<Receipt>, RefusedTransaction> ParallelTransactions::run() {
  lanes_.run(*this);
  if (refused_) return Failure{*refused_};
  return std::move(receipts_);
}

void ParallelTransactions::work(std::size_t lane) {
  if (lane == 0) return take_in_order();
  while (true) {
    const std::uint32_t seen = progress_.load();
    {
      const std::lock_guard lock(mutex_);
      if (is_over_) return;
    }
    lanes_.pass(lane);
    if (!guess_one(lane)) lanes_.wait(lane, progress_, seen);
  }
}

void ParallelTransactions::take_in_order() {
  std::size_t index = 0;
  while (index < slots_.size()) {
    const std::uint32_t seen = progress_.load();
    lanes_.pass(0);
    if (phase(index) == Phase::kGuessed || claim_final(index)) {
      if (!take(index)) break;
      ++index;
      versions_.forget_before(static_cast<TransactionIndex>(index));
      {
        const std::lock_guard lock(mutex_);
        final_count_ = index;
      }
      advance();
    } else if (!guess_one(0)) {
      lanes_.wait(0, progress_, seen);
    }
  }
  {
    const std::lock_guard lock(mutex_);
    is_over_ = true;
  }
  advance();
}

void ParallelTransactions::advance() {
  progress_.fetch_add(1);
  progress_.notify_all();
}

ParallelTransactions::Phase ParallelTransactions::phase(std::size_t index) {
  const std::lock_guard lock(mutex_);
  return slots_[index].phase;
}

void ParallelTransactions::set_phase(std::size_t index, Phase phase) {
  const std::lock_guard lock(mutex_);
  slots_[index].phase = phase;
}

bool ParallelTransactions::claim_final(std::size_t index) {
  const std::lock_guard lock(mutex_);
  Slot& slot = slots_[index];
  if (slot.phase != Phase::kFree && slot.phase != Phase::kLeft) return false;
  slot.phase = Phase::kRunning;
  return true;
}

std::optional<std::size_t> ParallelTransactions::claim() {
  const std::lock_guard lock(mutex_);
  const std::size_t end = std::min(slots_.size(), final_count_ + kAheadOfFinal * lanes_.count());
  while (!is_over_ && cursor_ < end) {
    const std::size_t index = cursor_++;
    Slot& slot = slots_[index];
    if (slot.phase != Phase::kFree) continue;
    const std::int32_t previous = slot.previous_of_sender;
    const bool follows = previous != kBeforeBlock &&
                         slots_[static_cast<std::size_t>(previous)].phase < Phase::kGuessed;
    slot.phase = follows ? Phase::kLeft : Phase::kRunning;
    if (!follows) return index;
  }
  return std::nullopt;
}

bool ParallelTransactions::guess_one(std::size_t lane) {
  const auto index = claim();
  if (!index) return false;
  const std::function<void()> before_read = [this, lane] { lanes_.pass(lane); };
  TransactionView view(versions_, static_cast<TransactionIndex>(*index), before_read);
  auto guess = execute(tools_of(lane), *index, view, true);
  guess->reads = view.take_reads();
  leave_out_unchanged(guess->change, guess->reads);
  lanes_.pass(lane);
  versions_.publish(guess->change, static_cast<TransactionIndex>(*index));
  slots_[*index].guess = std::move(guess);
  set_phase(*index, Phase::kGuessed);
  advance();
  return true;
}

ParallelTransactions::Tools& ParallelTransactions::tools_of(std::size_t lane) {
  std::unique_ptr<Tools>& tools = tools_[lane];
  if (tools == nullptr) tools = std::make_unique<Tools>(block_.evm, before_);
  return *tools;
}

std::unique_ptr<ParallelTransactions::Execution> ParallelTransactions::execute(
    Tools& tools, std::size_t index, const evm::StateSource& source, bool defers_fees) {
  auto execution = std::make_unique<Execution>();
  tools.state.reset(source);
  // What the block has left is known to lane 0 alone, which looks before it takes a guess.
  const std::uint64_t gas_left = block_.gas_limit - (defers_fees ? 0 : total_gas_);
  execution->outcome =
      evm::execute_transaction(tools.evm, block_.transactions[index],
                               {.block_gas_left = gas_left,
                                .burn_contract = block_.burn_contract,
                                .deferred_fees = defers_fees ? &execution->fees : nullptr});
  if (!execution->outcome.ok()) return execution;
  execution->change = state::collect_change(tools.state);
  execution->receipt = {.type = block_.types[index],
                        .succeeded = execution->outcome->status == evm::Status::kSuccess,
                        .logs = tools.state.take_logs()};
  return execution;
}

bool ParallelTransactions::take(std::size_t index) {
  const auto place = static_cast<TransactionIndex>(index);
  std::unique_ptr<Execution> guess = std::move(slots_[index].guess);
  const bool was_guessed = guess != nullptr;
  const bool is_right = was_guessed && guess->outcome.ok() &&
                        block_.transactions[index].gas_limit <= block_.gas_limit - total_gas_ &&
                        are_true(guess->reads, state_);
  counts_.guesses += was_guessed ? 1 : 0;
  counts_.conflicts += was_guessed && !is_right ? 1 : 0;
  if (is_right) {
    finish(index, *guess);
    return true;
  }
  if (was_guessed) versions_.withdraw(guess->change, place);
  const auto execution = execute(tools_of(0), index, final_view_, false);
  if (!execution->outcome.ok()) {
    refused_ = RefusedTransaction{index, execution->outcome.error()};
    return false;
  }
  lanes_.pass(0);
  versions_.publish(execution->change, place);
  finish(index, *execution);
  return true;
}

void ParallelTransactions::finish(std::size_t index, Execution& execution) {
  apply(execution.change, state_);
  if (execution.fees) {
    evm::pay_deferred(state_, block_.evm.block.coinbase, block_.burn_contract, *execution.fees,
                      execution.receipt.logs);
  }
  state_.finalize();
  const std::uint64_t gas = execution.outcome->gas_used;
  total_gas_ += gas;
  gas_used_.push_back(gas);
  execution.receipt.cumulative_gas = total_gas_;
  receipts_.push_back(std::move(execution.receipt));
  set_phase(index, Phase::kFinal);
}

}  // namespace buri::execution::chain
