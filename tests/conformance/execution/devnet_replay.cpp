#include "tests/conformance/execution/devnet_replay.hpp"

#include "base/u256_words.hpp"
#include "node/execution/evm/keccak.hpp"
#include "tests/support/execution/naive_trie.hpp"

namespace buri::testing {
namespace {

using namespace execution::evm;
using protocol::BorFork;

constexpr std::int64_t kSystemGas = 33'554'432;
constexpr Address kValidatorContract{
    {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x10, 0}};
constexpr Address kStateReceiver{{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x10, 1}};
constexpr Address kHistoryContract{{0x00, 0x00, 0xf9, 0x08, 0x27, 0xf1, 0xc5, 0x3a, 0x10, 0xcb,
                                    0x7a, 0x02, 0x33, 0x5b, 0x17, 0x53, 0x20, 0x00, 0x29, 0x35}};

void append_word(Bytes& call, std::uint64_t value) {
  append(call, U256::from_uint64(value).to_word());
}
/// An argument of type bytes: its length and its bytes, padded to whole words.
void append_tail(Bytes& call, ByteView bytes) {
  append_word(call, bytes.size());
  append(call, bytes);
  call.resize(call.size() + (32 - bytes.size() % 32) % 32);
}

void set_bloom(std::array<std::uint8_t, 256>& bloom, ByteView value) {
  const Hash256 digest = keccak256(value);
  for (std::size_t i = 0; i < 6; i += 2) {
    const unsigned bit = (unsigned{digest.bytes[i]} << 8 | digest.bytes[i + 1]) & 2047;
    bloom[255 - bit / 8] |= static_cast<std::uint8_t>(1U << (bit % 8));
  }
}

Bytes encode_receipt(std::uint8_t type, bool succeeded, std::uint64_t cumulative_gas,
                     std::span<const Log> logs) {
  std::array<std::uint8_t, 256> bloom{};
  RlpWriter list;
  for (const Log& log : logs) {
    RlpWriter topics;
    set_bloom(bloom, log.address);
    for (const Hash256& topic : log.topics()) {
      set_bloom(bloom, topic);
      topics.bytes(topic);
    }
    list.list(RlpWriter().bytes(log.address).list(topics).bytes(log.data));
  }
  const Bytes receipt = RlpWriter()
                            .integer(std::uint64_t{succeeded})
                            .integer(cumulative_gas)
                            .bytes(bloom)
                            .list(list)
                            .as_list();
  Bytes encoded;
  if (type != 0) encoded.push_back(type);
  append(encoded, receipt);
  return encoded;
}

}  // namespace

/// Hands on to the tracer of the transaction under way, if there is one.
class CurrentTracer final : public Tracer {
 public:
  Tracer* target = nullptr;

  void on_step(const StepEvent& event) override {
    if (target != nullptr) target->on_step(event);
  }
  void on_enter(const EnterEvent& event) override {
    if (target != nullptr) target->on_enter(event);
  }
  void on_exit(const ExitEvent& event) override {
    if (target != nullptr) target->on_exit(event);
  }
};

/// One block under way.
class Replay::Block {
 public:
  Block(Replay& replay, const RecordedBlock& block, TransactionWatcher* watcher)
      : watcher_(watcher),
        replay_(replay),
        chain_(replay.chain_),
        block_(block),
        rules_(bor_rules(chain_.forks, block.number)),
        context_(context_of(replay, block)),
        system_context_(context_),
        state_(replay.state_),
        evm_({.rules = rules_,
              .block = context_,
              .codes = replay.codes_,
              .transfer_logs = true,
              .tracer = watcher == nullptr ? nullptr : &tracer_},
             state_),
        system_({.rules = rules_,
                 .block = system_context_,
                 .codes = replay.codes_,
                 .transfer_logs = true,
                 .tracer = watcher == nullptr ? nullptr : &tracer_},
                state_) {
    system_context_.coinbase = block.coinbase;
  }

  ReplayedBlock run();

 private:
  static BlockContext context_of(Replay& replay, const RecordedBlock& block);
  [[nodiscard]] bool has(BorFork fork) const { return chain_.forks.is_active(fork, block_.number); }
  void store_parent_hash();
  bool run_transaction(const RecordedTransaction& recorded);
  void finish_sprint();
  void commit_span();
  void sync_states();
  void sync_state(const RecordedEvent& event);
  [[nodiscard]] bool is_in_window(const RecordedEvent& event) const;
  void replace_codes();
  U256 read_number(const Address& contract, std::uint32_t selector, std::size_t word);
  void add_receipt(std::uint8_t type, bool succeeded, std::span<const Log> logs);

  TransactionWatcher* watcher_;
  CurrentTracer tracer_;
  Replay& replay_;
  const RecordedChain& chain_;
  const RecordedBlock& block_;
  Rules rules_;
  BlockContext context_;
  BlockContext system_context_;  ///< COINBASE is the header's, whoever receives the fees
  JournaledState state_;
  Evm evm_;
  Evm system_;
  ReplayedBlock result_;
  std::map<Bytes, Bytes> receipts_;
};

BlockContext Replay::Block::context_of(Replay& replay, const RecordedBlock& block) {
  const RecordedChain& chain = replay.chain_;
  BlockContext context;
  context.coinbase = block.signer;
  if (chain.forks.is_active(BorFork::kRio, block.number)) {
    context.coinbase = chain.fee_receiver.at(block.number).value_or(block.signer);
  }
  context.number = block.number;
  context.timestamp = block.time;
  context.gas_limit = block.gas_limit;
  context.difficulty = block.difficulty;
  context.base_fee = block.base_fee;
  context.chain_id = U256::from_uint64(chain.chain_id);
  context.hash_of_block = [&replay](std::uint64_t number) { return replay.hashes_[number]; };
  return context;
}

/// EIP-2935.
void Replay::Block::store_parent_hash() {
  constexpr std::int64_t kGas = 30'000'000;
  const Hash256 parent = replay_.hashes_[block_.number - 1];
  state_.warm(state_.account(kHistoryContract));
  execute_system_call(system_, {.to = kHistoryContract, .input = parent, .gas = kGas});
  state_.finalize();
}

void Replay::Block::add_receipt(std::uint8_t type, bool succeeded, std::span<const Log> logs) {
  receipts_[RlpWriter().integer(receipts_.size()).items()] =
      encode_receipt(type, succeeded, result_.gas_used, logs);
}

bool Replay::Block::run_transaction(const RecordedTransaction& recorded) {
  const TransitionOptions options{.block_gas_left = block_.gas_limit - result_.gas_used,
                                  .burn_contract = chain_.burn_contract.at(block_.number)};
  const Transaction transaction = recorded.borrow();
  if (watcher_ != nullptr) {
    const std::size_t index = result_.transactions.size();
    tracer_.target = watcher_->begin(state_, transaction, context_, index);
  }
  const auto outcome = execute_transaction(evm_, transaction, options);
  if (watcher_ != nullptr && outcome.ok()) watcher_->finish(*outcome);
  tracer_.target = nullptr;
  if (!outcome.ok()) {
    result_.refusal = describe(outcome.error().rule);
    return false;
  }
  const bool succeeded = outcome->status == execution::evm::Status::kSuccess;
  result_.gas_used += outcome->gas_used;
  result_.transactions.emplace_back(outcome->gas_used, succeeded);
  add_receipt(recorded.type, succeeded, state_.take_logs());
  return true;
}

/// What a view of a contract answers, without leaving a trace.
U256 Replay::Block::read_number(const Address& contract, std::uint32_t selector, std::size_t word) {
  Bytes call;
  for (int shift = 24; shift >= 0; shift -= 8) {
    call.push_back(static_cast<std::uint8_t>(selector >> shift));
  }
  const auto snapshot = state_.snapshot();
  const CallResult answer = system_.call({.caller = kSystemAddress,
                                          .recipient = contract,
                                          .code_address = contract,
                                          .value = {},
                                          .input = call,
                                          .gas = kSystemGas});
  CHECK(answer.output.size() >= 32 * (word + 1), "a system contract's view gave no answer");
  const U256 number = load_word(answer.output.data() + 32 * word);
  state_.revert(snapshot);
  return number;
}

/// spec/bor.md 3, commitSpan.
void Replay::Block::commit_span() {
  constexpr std::uint32_t kGetCurrentSpan = 0xaf26aa96;
  const std::uint64_t id = read_number(kValidatorContract, kGetCurrentSpan, 0).limbs[0];
  const std::uint64_t end = read_number(kValidatorContract, kGetCurrentSpan, 2).limbs[0];
  const std::uint64_t sprint = *chain_.sprint.at(block_.number);
  const bool is_due = end == 0 || (end > sprint && end - sprint + 1 == block_.number);
  if (!is_due) return;
  const RecordedSpan& span = chain_.spans.at(id + 1);
  Bytes call{0x23, 0xc2, 0xa2, 0xb4};
  append_word(call, span.id);
  append_word(call, span.start_block);
  append_word(call, span.end_block);
  const std::size_t validators_at = 5 * 32;
  const std::size_t padded = (span.validators.size() + 31) / 32 * 32;
  append_word(call, validators_at);
  append_word(call, validators_at + 32 + padded);
  append_tail(call, span.validators);
  append_tail(call, span.producers);
  execute_system_call(system_, {.to = kValidatorContract, .input = call, .gas = kSystemGas});
}

bool Replay::Block::is_in_window(const RecordedEvent& event) const {
  const std::uint64_t sprint = *chain_.sprint.at(block_.number);
  const std::uint64_t end = has(BorFork::kIndore)
                                ? block_.time - *chain_.confirmation_delay_s.at(block_.number)
                                : replay_.times_[block_.number - sprint];
  return event.time < end;
}

void Replay::Block::sync_state(const RecordedEvent& event) {
  const Bytes record = RlpWriter()
                           .integer(event.id)
                           .bytes(event.contract)
                           .bytes(event.data)
                           .bytes(event.transaction_hash)
                           .integer(event.log_index)
                           .bytes(as_bytes(event.chain_id))
                           .as_list();
  Bytes call{0x19, 0x49, 0x4a, 0x17};
  append_word(call, event.time);
  append_word(call, 2 * 32);
  append_tail(call, record);
  execute_system_call(system_, {.to = kStateReceiver,
                                .input = call,
                                .gas = kSystemGas,
                                .begins_access_period = has(BorFork::kAustin)});
}

/// spec/bor.md 4.
void Replay::Block::sync_states() {
  constexpr std::uint32_t kLastStateId = 0x5407ca67;
  std::uint64_t last = read_number(kStateReceiver, kLastStateId, 0).limbs[0];
  const auto limit = chain_.record_limits.find(block_.number);
  std::size_t left = limit == chain_.record_limits.end() ? ~std::size_t{0} : limit->second;
  const std::string chain_id = std::to_string(chain_.chain_id);
  // The recordings show that of 0x0 and 0x1001 exactly one is warm here, whatever the block's last
  // transaction was. A view call before it, from 0x0 and on the state itself, would explain 0x0.
  state_.warm(state_.account(Address{}));
  bool any = false;
  for (const RecordedEvent& event : chain_.events) {
    if (event.id <= last) continue;
    if (left-- == 0 || event.id != last + 1 || event.chain_id != chain_id) break;
    if (!is_in_window(event)) break;
    sync_state(event);
    any = true;
    ++last;
  }
  const std::vector<Log> logs = state_.take_logs();
  if (any && has(BorFork::kMadhugiri)) add_receipt(0x7f, true, logs);
}

void Replay::Block::replace_codes() {
  const auto found = chain_.new_codes.find(block_.number);
  if (found == chain_.new_codes.end()) return;
  for (const auto& [address, code] : found->second) {
    state_.set_code(state_.account(address), code);
  }
}

void Replay::Block::finish_sprint() {
  if (block_.number % *chain_.sprint.at(block_.number) == 0) {
    if (!has(BorFork::kRio)) commit_span();
    sync_states();
  }
  replace_codes();
  state_.finalize();
}

ReplayedBlock Replay::Block::run() {
  if (rules_.has(Proposal::kEip2935)) store_parent_hash();
  for (const RecordedTransaction& recorded : block_.transactions) {
    if (!recorded.is_state_sync && !run_transaction(recorded)) return result_;
  }
  finish_sprint();
  result_.receipts_root = naive_trie_root(receipts_);
  replay_.state_.apply(state_);
  return result_;
}

ReplayedBlock Replay::execute(const RecordedBlock& block, TransactionWatcher* watcher) {
  hashes_[block.number - 1] = block.parent_hash;
  times_[block.number] = block.time;
  return Block(*this, block, watcher).run();
}

}  // namespace buri::testing
