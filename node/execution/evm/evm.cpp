#include "node/execution/evm/evm.hpp"

#include "base/codec/rlp.hpp"
#include "node/execution/evm/delegation.hpp"
#include "node/execution/evm/instruction.hpp"
#include "node/execution/evm/keccak.hpp"
#include "node/execution/evm/polygon_logs.hpp"

namespace buri::execution::evm {
namespace {

constexpr std::int64_t kCodeByteGas = 200;
constexpr std::size_t kCodeLimitBytes = 24576;       // EIP-170
constexpr std::size_t kLargeCodeLimitBytes = 32768;  // PIP-30

CallResult failed(Status status, std::int64_t gas) {
  return {
      .status = status, .gas_left = takes_all_gas(status) ? 0 : gas, .output = {}, .created = {}};
}

}  // namespace

Evm::Evm(const EvmOptions& options, JournaledState& state)
    : options_(options),
      prices_(gas_schedule(options.rules)),
      precompiles_(options.rules),
      state_(state) {}

Evm::Space& Evm::space(int depth) {
  const auto index = static_cast<std::size_t>(depth);
  while (spaces_.size() <= index) spaces_.push_back(std::make_unique<Space>());
  Space& space = *spaces_[index];
  if (!space.stack) space.stack = std::make_unique_for_overwrite<U256[]>(kStackLimit + 1);
  return space;
}

void Evm::transfer(Account& from, Account& to, const U256& amount) {
  if (!options_.transfer_logs || is_zero(amount)) {
    state_.debit(from, amount);
    state_.credit(to, amount);
    return;
  }
  TransferBalances balances{.from_before = from.balance, .to_before = to.balance};
  state_.debit(from, amount);
  state_.credit(to, amount);
  balances.from_after = from.balance;
  balances.to_after = to.balance;
  state_.add_log(transfer_log(from.address, to.address, amount, balances));
}

Account* Evm::delegate_of(Account& account) {
  if (!rules().has(Proposal::kEip7702)) return nullptr;
  const auto target = delegation_target(state_.code(account));
  return target ? &state_.account(*target) : nullptr;
}

void Evm::report_selfdestruct(const Frame& frame, const Address& heir) {
  if (tracer() == nullptr) return;
  tracer()->on_enter({CallKind::kSelfdestruct,
                      frame.self.address,
                      heir,
                      frame.self.balance,
                      {},
                      0,
                      frame.depth + 1});
}

const AnalysedCode& Evm::analysed_code(Account& account) {
  const Tracing tracing = tracer() == nullptr ? Tracing::kOff : Tracing::kOn;
  if (!account.analysed) {
    account.analysed = options_.codes.find(account.code_hash, rules(), tracing);
    if (!account.analysed) {
      account.analysed =
          options_.codes.get(account.code_hash, state_.code(account), rules(), tracing);
    }
  }
  return *account.analysed;
}

CallResult Evm::run(const Run& run) {
  Space& own = space(run.depth);
  own.memory.reset();
  Frame frame{.code = run.code,
              .evm = *this,
              .state = state_,
              .prices = prices_,
              .block = options_.block,
              .transaction = transaction_,
              .self = run.self,
              .caller = run.caller,
              .value = run.value,
              .input = run.input,
              .memory = own.memory,
              .stack = own.stack.get(),
              .depth = run.depth,
              .is_static = run.is_static,
              .return_data = {},
              .output = {}};
  const Instruction* first = run.code.start();
  first->handler(first, frame.stack, run.gas, frame);
  return {
      .status = frame.status, .gas_left = frame.gas_left, .output = frame.output, .created = {}};
}

CallResult Evm::run_precompile(const Precompile& precompile, const CallMessage& message) {
  const std::uint64_t price = precompile.gas(message.input, rules());
  if (price > static_cast<std::uint64_t>(message.gas)) return failed(Status::kOutOfGas, 0);
  Bytes& output = space(message.depth).output;
  output.clear();
  if (!precompile.run(message.input, rules(), output)) {
    return failed(Status::kPrecompileFailure, 0);
  }
  return {.status = Status::kSuccess,
          .gas_left = message.gas - static_cast<std::int64_t>(price),
          .output = output,
          .created = {}};
}

CallResult Evm::run_code_of(const CallMessage& message, Account& recipient) {
  if (const Precompile* precompile = precompiles_.find(message.code_address)) {
    return run_precompile(*precompile, message);
  }
  Account* owner = message.code_address == recipient.address
                       ? &recipient
                       : &state_.account(message.code_address);
  if (Account* delegate = delegate_of(*owner)) owner = delegate;
  if (!owner->has_code()) {
    return {.status = Status::kSuccess, .gas_left = message.gas, .output = {}, .created = {}};
  }
  return run({analysed_code(*owner), recipient, message.caller, message.value, message.input,
              message.gas, message.depth, message.is_static});
}

CallResult Evm::refused(Status status, std::int64_t gas, int depth) {
  if (tracer() != nullptr) tracer()->on_exit({status, gas, {}, depth});
  return failed(status, gas);
}

CallResult Evm::call(const CallMessage& message) {
  if (tracer() != nullptr) {
    const bool inherits = message.kind == CallKind::kDelegatecall;
    tracer()->on_enter({message.kind, inherits ? message.recipient : message.caller,
                        message.code_address, message.value, message.input, message.gas,
                        message.depth});
  }
  if (message.depth > kCallDepthLimit) {
    return refused(Status::kDepthExceeded, message.gas, message.depth);
  }
  const bool needs_value = message.kind == CallKind::kCall || message.kind == CallKind::kCallcode;
  Account& caller = state_.account(message.caller);
  if (needs_value && less(caller.balance, message.value)) {
    return refused(Status::kInsufficientBalance, message.gas, message.depth);
  }
  const auto snapshot = state_.snapshot();
  Account& recipient = state_.account(message.recipient);
  if (message.kind == CallKind::kCall) transfer(caller, recipient, message.value);
  if (message.kind == CallKind::kStaticcall) state_.credit(recipient, U256{});
  const CallResult result = run_code_of(message, recipient);
  if (tracer() != nullptr) {
    tracer()->on_exit({result.status, result.gas_left, result.output, message.depth});
  }
  if (result.status != Status::kSuccess) state_.revert(snapshot);
  return result;
}

Address Evm::address_of(const CreateMessage& message, std::uint64_t nonce) const {
  Bytes preimage;
  if (message.kind == CallKind::kCreate2) {
    preimage.push_back(0xff);
    append(preimage, message.caller);
    append(preimage, message.salt.to_word());
    append(preimage, keccak256(message.initcode));
  } else {
    preimage = RlpWriter().bytes(message.caller).integer(nonce).as_list();
  }
  return Address::from(ByteView(keccak256(preimage)).subspan(12));
}

Status Evm::deploy(Account& created, ByteView code, std::int64_t& gas) {
  const std::size_t limit = rules().has(Proposal::kPip30) ? kLargeCodeLimitBytes : kCodeLimitBytes;
  if (code.size() > limit) return Status::kCodeTooLarge;
  if (rules().has(Proposal::kEip3541) && !code.empty() && code[0] == 0xef) {
    return Status::kInvalidCodePrefix;
  }
  gas -= kCodeByteGas * static_cast<std::int64_t>(code.size());
  if (gas < 0) return Status::kOutOfGas;
  if (!code.empty()) state_.set_code(created, code);
  return Status::kSuccess;
}

CallResult Evm::create_at(const CreateMessage& message, Account& creator, Account& created) {
  const auto snapshot = state_.snapshot();
  state_.mark_created(created);
  transfer(creator, created, message.value);
  const Tracing tracing = tracer() == nullptr ? Tracing::kOff : Tracing::kOn;
  const auto code = AnalysedCode::analyse(message.initcode, rules(), tracing);
  CallResult result =
      run({*code, created, message.caller, message.value, {}, message.gas, message.depth, false});
  if (result.status == Status::kSuccess) {
    result.status = deploy(created, result.output, result.gas_left);
    if (result.status != Status::kSuccess) result.gas_left = 0;
  }
  if (result.status != Status::kSuccess) state_.revert(snapshot);
  if (result.status != Status::kSuccess && result.status != Status::kRevert) result.output = {};
  result.created = created.address;
  return result;
}

CallResult Evm::create(const CreateMessage& message) {
  Account& creator = state_.account(message.caller);
  if (tracer() != nullptr) {
    tracer()->on_enter({message.kind, message.caller, address_of(message, creator.nonce),
                        message.value, message.initcode, message.gas, message.depth});
  }
  if (message.depth > kCallDepthLimit) {
    return refused(Status::kDepthExceeded, message.gas, message.depth);
  }
  if (less(creator.balance, message.value)) {
    return refused(Status::kInsufficientBalance, message.gas, message.depth);
  }
  if (creator.nonce == ~std::uint64_t{0}) {
    return refused(Status::kNonceOverflow, message.gas, message.depth);
  }
  const Address address = address_of(message, creator.nonce);
  state_.set_nonce(creator, creator.nonce + 1);
  Account& created = state_.account(address);
  if (rules().has(Proposal::kEip2929)) state_.warm(created);
  const bool collides =
      created.nonce != 0 || created.has_code() || state_.may_have_storage(created);
  const CallResult result =
      collides ? failed(Status::kAddressCollision, 0) : create_at(message, creator, created);
  if (tracer() != nullptr) {
    tracer()->on_exit({result.status, result.gas_left, result.output, message.depth});
  }
  return result;
}

}  // namespace buri::execution::evm
