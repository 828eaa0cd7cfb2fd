#include "node/consensus/app/application.hpp"
#include "node/consensus/app/proposal_rules.hpp"
#include "node/consensus/tx/nesting.hpp"

/// What the mempool takes (spec/heimdall.md 2, "Msgs per tx"; heimdall-after-ithaca.md K2).

namespace buri::consensus::app {
namespace {

using runtime::BlockFacts;
using runtime::Context;
using runtime::EventLog;
using runtime::GasMeter;
using runtime::Outcome;
using runtime::SdkCode;

/// The application's own refusals carry a code of the SDK without its codespace.
TxResult refused(SdkCode code, std::string reason) {
  return {.code = static_cast<std::uint32_t>(code), .log = std::move(reason)};
}

}  // namespace

Outcome<std::optional<TxResult>> Application::refuse_for_mempool(
    ByteView raw, const DecodedTransaction& decoded) {
  const std::int64_t next = last_.height + 1;
  if (tx::nests_too_deeply(raw, modules_.registry(), chain_.forks, next)) {
    return std::optional(refused(SdkCode::kTxDecode, "the transaction nests too deeply"));
  }
  if (!decoded.ok()) {
    return std::optional(
        refused(SdkCode::kTxDecode,
                "failed to decode transaction: " + std::string(codec::describe(decoded.error()))));
  }
  if (decoded->messages.size() > kMaxMempoolMessages) {
    return std::optional(
        refused(SdkCode::kTxTooLarge,
                "tx carries " + std::to_string(decoded->messages.size()) + " messages"));
  }
  store::Branch branch(view_->stores());
  BlockFacts facts = facts_of(next, last_.time, last_.proposer);
  GasMeter meter = GasMeter::infinite();
  EventLog events;
  const Context context(facts, branch, meter, events);
  const Verdict gates = check_producer_gates(context, context, *decoded);
  if (gates.ok()) return std::optional<TxResult>{};
  return std::optional(refused(SdkCode::kInvalidRequest, gates.error()));
}

Outcome<TxResult> Application::check_tx(ByteView raw, TxMode mode) {
  return reporter_.abci_call(AbciCall::kCheckTx, [&] { return check_for_mempool(raw, mode); });
}

Outcome<TxResult> Application::check_for_mempool(ByteView raw, TxMode mode) {
  CHECK(mode == TxMode::kCheck || mode == TxMode::kRecheck, "the mempool checks");
  const DecodedTransaction decoded = runner_.decode(raw);
  if (mode == TxMode::kCheck) {
    ASSIGN_OR_RETURN(auto refusal, refuse_for_mempool(raw, decoded));
    if (refusal) return *std::move(refusal);
  }
  BlockFacts facts = facts_of(last_.height, last_.time, last_.proposer);
  RETURN_IF_ERROR(load_limits(facts, *checked_));
  GasMeter meter = GasMeter::infinite();
  EventLog events;
  return runner_.check(Context(facts, *checked_, meter, events), decoded, mode);
}

}  // namespace buri::consensus::app
