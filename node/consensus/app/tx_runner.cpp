#include "node/consensus/app/tx_runner.hpp"

#include <algorithm>
#include <limits>

#include "node/consensus/runtime/address.hpp"

namespace buri::consensus::app {
namespace {

using runtime::Context;
using runtime::Error;
using runtime::Event;
using runtime::EventLog;
using runtime::GasMeter;
using runtime::Outcome;
using runtime::sdk_error;
using runtime::SdkCode;
using tx::Transaction;

constexpr std::string_view kConsensusKey = "Consensus";

TxResult failed(const Error& error) {
  return {.code = error.code, .codespace = error.codespace, .log = error.log};
}

/// "bank" of "/cosmos.bank.v1beta1.MsgSend".
std::string module_of(std::string_view type_url) {
  const std::size_t first = type_url.find('.');
  if (first == std::string_view::npos) return {};
  const std::string_view rest = type_url.substr(first + 1);
  return std::string(rest.substr(0, rest.find('.')));
}

bool names_module(const EventLog& events) {
  return std::ranges::any_of(events, [](const Event& event) {
    return std::ranges::any_of(event.attributes,
                               [](const auto& attribute) { return attribute.first == "module"; });
  });
}

/// The event that opens a message's events.
Event message_event(const runtime::DecodedMessage& message, const EventLog& events) {
  const std::string& type_url = message.type().type_url;
  Event event{"message", {{"action", type_url}}};
  const auto signers = message.type().signers(message);
  if (!signers.empty()) {
    const auto sender = runtime::parse_address(signers.front());
    if (sender.ok()) event.attributes.emplace_back("sender", runtime::to_text(*sender));
  }
  const std::string module = module_of(type_url);
  if (!names_module(events) && !module.empty()) event.attributes.emplace_back("module", module);
  return event;
}

/// One run of one transaction.
class Run {
 public:
  Run(const Context& block, const AnteChain& ante, TxMode mode, const Reporter& reporter = {})
      : block_(block), ante_(ante), mode_(mode), reporter_(reporter) {}

  /// The result of everything but the block's gas.
  Outcome<TxResult> execute(const Transaction& transaction, GasMeter* block_gas) {
    Status<Error> status = read_parameters();
    if (block_gas != nullptr && block_gas->is_out_of_gas()) {
      return failed(sdk_error(SdkCode::kOutOfGas, "no block gas left to run tx"));
    }
    if (status.ok()) status = checks(transaction);
    if (status.ok()) status = messages(transaction, block_gas);
    if (block_gas != nullptr && !block_gas_taken_) {
      auto taken = take_block_gas(*block_gas);
      if (!taken.ok()) status = std::move(taken);
    }
    if (!status.ok() && status.error().kind == Error::Kind::kFatal) {
      return Failure{std::move(status).error()};
    }
    TxResult result = status.ok() ? TxResult{.data = std::move(data_)} : failed(status.error());
    if (status.ok()) std::ranges::move(message_events_, std::back_inserter(ante_events_));
    result.events = std::move(ante_events_);
    result.gas_wanted = gas_wanted_;
    result.gas_used = meter().consumed();
    return result;
  }

 private:
  /// The transaction's meter once the checks have begun, the block context's until then.
  GasMeter& meter() { return has_tx_meter_ ? tx_meter_ : outer_meter_; }

  Status<Error> take_block_gas(GasMeter& block_gas) {
    block_gas_taken_ = true;
    return block_gas.consume(meter().consumed_to_limit(), "block gas meter");
  }

  /// The stock daemon looks up the consensus parameters for every transaction, on a meter of its
  /// own, which results show where the checks have not begun.
  Status<Error> read_parameters() {
    const Context outer = block_.with_gas(outer_meter_);
    RETURN_IF_ERROR(outer.store(runtime::StoreId::kConsensus).get(as_bytes(kConsensusKey)));
    return Unit{};
  }

  Status<Error> checks(const Transaction& transaction) {
    if (transaction.messages.empty()) {
      return Failure{sdk_error(SdkCode::kInvalidRequest, "must contain at least one message")};
    }
    for (const auto& message : transaction.messages) {
      const auto& validate = message->type().validate_basic;
      if (validate) RETURN_IF_ERROR(validate(*message));
    }
    return ante_checks(transaction);
  }

  Status<Error> ante_checks(const Transaction& transaction) {
    store::Branch branch(block_.branch());
    EventLog events;
    const bool is_free = block_.height() == 0 || mode_ == TxMode::kSimulate;
    tx_meter_ = is_free ? GasMeter::infinite() : GasMeter(transaction.gas_limit());
    auto status =
        ante_.run(block_.with_branch(branch).with_gas(tx_meter_).with_events(events).with_tx_hash(
                      transaction.hash),
                  transaction, mode_);
    // A panic that is not about gas leaves the checks without telling anyone their meter.
    has_tx_meter_ = status.ok() || status.error().kind != Error::Kind::kPanic;
    if (has_tx_meter_) gas_wanted_ = tx_meter_.limit();
    if (mode_ == TxMode::kSimulate) gas_wanted_ = std::numeric_limits<std::uint64_t>::max();
    if (!status.ok()) return status;
    branch.write();
    ante_events_ = std::move(events);
    return Unit{};
  }

  Status<Error> messages(const Transaction& transaction, GasMeter* block_gas) {
    if (mode_ != TxMode::kFinalize && mode_ != TxMode::kSimulate) return Unit{};
    store::Branch branch(block_.branch());
    const Context context =
        block_.with_branch(branch).with_gas(tx_meter_).with_tx_hash(transaction.hash);
    tx::TxMsgData data;
    for (std::size_t i = 0; i < transaction.messages.size(); ++i) {
      auto response = message(context, *transaction.messages[i], i);
      if (!response.ok()) {
        return Failure{std::move(response).error().wrapped(
            "failed to execute message; message index: " + std::to_string(i))};
      }
      data.msg_responses.push_back(std::move(response).value());
    }
    // A block that overflows here keeps the fee and drops the messages.
    if (block_gas != nullptr) RETURN_IF_ERROR(take_block_gas(*block_gas));
    branch.write();
    data_ = codec::encode(data);
    return Unit{};
  }

  Outcome<codec::Any> message(const Context& context, const runtime::DecodedMessage& message,
                              std::size_t index) {
    EventLog events;
    ASSIGN_OR_RETURN(codec::Any response,
                     reporter_.module_call(ModuleCallKind::kTx, message.type().type_url, [&] {
                       return message.type().handle(context.with_events(events), message);
                     }));
    events.insert(events.begin(), message_event(message, events));
    for (Event& event : events) {
      event.attributes.emplace_back("msg_index", std::to_string(index));
      message_events_.push_back(std::move(event));
    }
    return response;
  }

  const Context& block_;
  const AnteChain& ante_;
  TxMode mode_;
  const Reporter reporter_;
  GasMeter outer_meter_ = GasMeter::infinite();
  GasMeter tx_meter_{0};
  bool has_tx_meter_ = false;
  bool block_gas_taken_ = false;
  std::uint64_t gas_wanted_ = 0;
  EventLog ante_events_;
  EventLog message_events_;
  Bytes data_;
};

}  // namespace

GasMeter block_gas_meter(const runtime::BlockFacts& block) {
  return block.max_gas > 0 ? GasMeter(static_cast<std::uint64_t>(block.max_gas))
                           : GasMeter::infinite();
}

Outcome<TxResult> TxRunner::deliver(const Context& block, GasMeter& block_gas,
                                    const DecodedTransaction& transaction) const {
  if (!transaction.ok()) return failed(sdk_error(SdkCode::kTxDecode));
  return Run(block, *ante_, TxMode::kFinalize, reporter_).execute(*transaction, &block_gas);
}

Outcome<TxResult> TxRunner::check(const Context& block, const DecodedTransaction& transaction,
                                  TxMode mode) const {
  CHECK(mode != TxMode::kFinalize && mode != TxMode::kSimulate,
        "a decided transaction is delivered");
  if (!transaction.ok()) {
    // The mempool's own answer: the SDK's code without its codespace.
    return TxResult{.code = static_cast<std::uint32_t>(SdkCode::kTxDecode),
                    .log = "failed to decode transaction: " +
                           std::string(codec::describe(transaction.error()))};
  }
  return Run(block, *ante_, mode).execute(*transaction, nullptr);
}

Outcome<TxResult> TxRunner::simulate(const Context& block,
                                     const DecodedTransaction& transaction) const {
  if (!transaction.ok()) return failed(sdk_error(SdkCode::kTxDecode));
  return Run(block, *ante_, TxMode::kSimulate).execute(*transaction, nullptr);
}

}  // namespace buri::consensus::app
