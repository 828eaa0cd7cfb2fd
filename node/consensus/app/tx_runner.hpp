#pragma once

#include <string>
#include <vector>

#include "node/consensus/app/ante.hpp"
#include "node/consensus/app/observer.hpp"
#include "node/consensus/runtime/event.hpp"

/// Runs one transaction: checks, then messages, with the stock daemon's gas, codes and rules on
/// what stays written (spec/heimdall.md 2). Source: the SDK fork's baseapp, runTx.

namespace buri::consensus::app {

/// The outcome of a transaction. Code, data and both gas figures are hashed into the next header.
struct TxResult {
  std::uint32_t code = 0;
  std::string codespace{};
  Bytes data{};
  std::string log{};
  std::uint64_t gas_wanted = 0;
  std::uint64_t gas_used = 0;
  runtime::EventLog events{};

  [[nodiscard]] bool ok() const { return code == 0; }
};

using DecodedTransaction = Result<tx::Transaction, codec::DecodeError>;

/// The gas of a block: limited by the consensus parameter, or not at all.
runtime::GasMeter block_gas_meter(const runtime::BlockFacts& block);

/// Stateless; `registry` and `ante` must outlive it.
class TxRunner {
 public:
  /// `reporter` hears of the messages of decided blocks.
  TxRunner(const runtime::MessageRegistry& registry, const AnteChain& ante,
           const Reporter& reporter = {})
      : registry_(&registry), ante_(&ante), reporter_(reporter) {}

  [[nodiscard]] DecodedTransaction decode(ByteView raw) const {
    return tx::decode_transaction(raw, *registry_);
  }

  /// Executes a transaction of a decided block and writes into the context's branch what the chain
  /// keeps: nothing after a failed check, fee and sequence after a failed message, everything after
  /// success. Adds to `block_gas`. The context's own meter and event log are not used. Errors:
  /// kFatal only; everything else is a result.
  runtime::Outcome<TxResult> deliver(const runtime::Context& block, runtime::GasMeter& block_gas,
                                     const DecodedTransaction& transaction) const;

  /// Checks without executing messages, for the mempool and for proposals; what the checks write
  /// stays in the context's branch, so that the next transaction sees it. Errors: kFatal only.
  runtime::Outcome<TxResult> check(const runtime::Context& block,
                                   const DecodedTransaction& transaction, TxMode mode) const;

  /// Runs everything for an estimate of gas, without limit and without signatures; the context's
  /// branch is to be dropped. Errors: kFatal only.
  [[nodiscard]] runtime::Outcome<TxResult> simulate(const runtime::Context& block,
                                                    const DecodedTransaction& transaction) const;

 private:
  const runtime::MessageRegistry* registry_;
  const AnteChain* ante_;
  Reporter reporter_;
};

}  // namespace buri::consensus::app
