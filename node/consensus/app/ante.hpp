#pragma once

#include "node/consensus/modules/auth/keeper.hpp"
#include "node/consensus/modules/bank/keeper.hpp"
#include "node/consensus/tx/decode.hpp"
#include "node/consensus/tx/signature_memory.hpp"

/// The checks before a transaction's messages run, in the stock daemon's order and with its store
/// accesses (spec/heimdall.md 2, 2a; heimdall-after-ithaca.md K3, L2): basic form, caps, timeout,
/// memo, fee, key, signature, sequence.

namespace buri::consensus::app {

/// What a check runs for.
enum class TxMode : std::uint8_t {
  kCheck,     ///< a new transaction for the mempool
  kRecheck,   ///< one of the mempool after a block: form and signatures are not checked again
  kProposal,  ///< preparing or processing a proposal
  kFinalize,  ///< a decided block
  kSimulate,  ///< an estimate of gas: neither signatures nor the gas limit count
};

/// Checks that a module asks for before execution, by its own messages. They read no state.
struct AnteExtension {
  /// Runs after the cap on transfers, where the stock daemon checks account roots of checkpoints.
  std::function<Status<runtime::Error>(const runtime::Context&, const tx::Transaction&)>
      after_transfer_cap{};
  /// Runs directly after the basic form, where event records' hashes are checked from Lugano on.
  std::function<Status<runtime::Error>(const runtime::Context&, const tx::Transaction&)>
      after_basic_form{};
};

/// Holds the keepers; the chain itself is stateless. `registry` and `signatures` must outlive it.
class AnteChain {
 public:
  AnteChain(const runtime::MessageRegistry& registry, tx::SignatureMemory& signatures)
      : registry_(&registry), signatures_(&signatures) {}

  /// Adds a module's checks; they run in the order of their adding.
  void extend(AnteExtension extension) { extensions_.push_back(std::move(extension)); }

  /// Runs every check on a context whose meter is the transaction's and whose branch is dropped on
  /// an error. The meter's limit must be the transaction's gas limit.
  Status<runtime::Error> run(const runtime::Context& context, const tx::Transaction& transaction,
                             TxMode mode) const;

  /// Checks the signatures of many transactions as one batch, ahead of `run`, which then finds them
  /// remembered. Guesses account numbers from the stores without a meter; a wrong guess only means
  /// that `run` checks again.
  void check_signatures_ahead(const runtime::Context& context,
                              std::span<const tx::Transaction* const> transactions) const;

 private:
  Status<runtime::Error> deduct_fee(const runtime::Context& context,
                                    const tx::Transaction& transaction, TxMode mode) const;
  Status<runtime::Error> set_public_keys(const runtime::Context& context,
                                         const tx::Transaction& transaction, TxMode mode) const;
  Status<runtime::Error> check_signature_count(const runtime::Context& context,
                                               const tx::Transaction& transaction) const;
  Status<runtime::Error> check_key_types(const runtime::Context& context,
                                         const tx::Transaction& transaction, TxMode mode) const;
  Status<runtime::Error> verify_signatures(const runtime::Context& context,
                                           const tx::Transaction& transaction, TxMode mode) const;
  Status<runtime::Error> increment_sequences(const runtime::Context& context,
                                             const tx::Transaction& transaction) const;
  runtime::Outcome<modules::auth::Account> signer_account(const runtime::Context& context,
                                                          const Address& address) const;

  const runtime::MessageRegistry* registry_;
  tx::SignatureMemory* signatures_;
  modules::auth::Keeper accounts_;
  modules::bank::Keeper bank_;
  std::vector<AnteExtension> extensions_;
};

}  // namespace buri::consensus::app
