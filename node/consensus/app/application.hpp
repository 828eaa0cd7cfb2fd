#pragma once

#include <memory>

#include "base/clock.hpp"
#include "node/consensus/app/abci.hpp"
#include "node/consensus/app/chain_options.hpp"
#include "node/consensus/app/extension_checks.hpp"
#include "node/consensus/app/module_set.hpp"
#include "node/consensus/app/non_rp_extension.hpp"
#include "node/consensus/app/observer.hpp"
#include "node/consensus/app/tx_cache.hpp"
#include "node/consensus/iavl/multistore.hpp"

/// The state machine of Heimdall: what a block does to the twelve stores, what a validator proposes
/// and votes, what the mempool takes (spec/heimdall.md 4). The consensus engine calls it in the
/// order of ABCI 2.0; nothing here knows the network or the clock but for time budgets.

namespace buri::consensus::app {

struct Genesis;

/// What the application stands on. All must outlive it.
struct AppServices {
  storage::Database* database;  ///< under the multistore
  iavl::Multistore* multistore;
  accel::Engine* crypto;
  ExternalFacts facts;
  const Clock* clock = nullptr;  ///< null: the machine's
  Observer* observer = nullptr;  ///< null: nobody is told
};

/// Not thread-safe: one thread at a time asks. Queries read the multistore by themselves. After an
/// error of kind kFatal nothing can be asked until it is made anew over a reopened multistore.
class Application {
 public:
  /// Over the multistore's last height.
  Application(ChainOptions chain, const AppServices& services);
  Application(const Application&) = delete;
  Application& operator=(const Application&) = delete;

  /// The last committed height, 0 before the first.
  [[nodiscard]] std::int64_t height() const { return services_.multistore->height(); }
  /// The hash of that height's state; nothing before the first.
  [[nodiscard]] std::optional<Hash256> app_hash() const;
  [[nodiscard]] const ModuleSet& modules() const { return modules_; }
  /// Shared with whoever checks signatures ahead.
  [[nodiscard]] tx::SignatureMemory& signatures() { return signatures_; }
  [[nodiscard]] const AnteChain& ante() const { return ante_; }
  [[nodiscard]] TxCache& tx_cache() { return cache_; }

  /// Imports a genesis. Its writes join those of the first block. Stores that hold an import
  /// (genesis_import.hpp) are taken as they are. Errors: code 1 for a genesis that does not fit, or
  /// that is not the one that was imported. REQUIRES: height() is 0, first call.
  runtime::Outcome<InitChainResult> init_chain(const Genesis& genesis);

  /// Checks the signatures of transactions that the next blocks bring as one batch, against the
  /// accounts as they stand now. What this guesses wrong is checked again when its block runs.
  void check_signatures_ahead(std::span<const ByteView> txs);

  /// Executes a decided block. On an error the state is that of before; the chain cannot go on.
  /// REQUIRES: the height follows the last, or is the genesis's; commit() was called since.
  runtime::Outcome<BlockResult> finalize_block(const DecidedBlock& block);
  /// Makes the finalized block's state the committed one. A crash before it is durable leaves an
  /// earlier height as a whole. REQUIRES: a block is finalized and not committed.
  Status<runtime::Error> commit(storage::Durability durability = storage::Durability::kSynced);
  /// What the finalized block wrote, until commit().
  [[nodiscard]] store::Branch& pending() { return *pending_; }
  /// A context over the committed state (before the first block: over the genesis) that writes into
  /// `branch`, which is made over pending(). `facts` is filled and must outlive it.
  [[nodiscard]] runtime::Outcome<std::int64_t> load_limits(runtime::BlockFacts& facts,
                                                           store::Branch& branch) const;

  /// The transactions of this validator's proposal: the extended commit, then those of the mempool
  /// that pass. Errors: code 1 if the votes do not make a proposal or a transaction does not
  /// decode.
  runtime::Outcome<std::vector<Bytes>> prepare_proposal(const PrepareRequest& request);
  /// Whether this validator votes for a proposal. Errors: this node cannot tell.
  runtime::Outcome<Verdict> process_proposal(const ProposedBlock& block);
  /// What this validator adds to its precommit. Errors: code 1 if the block cannot be one that two
  /// thirds voted for.
  runtime::Outcome<Extensions> extend_vote(const ExtendRequest& request);
  /// Whether another validator's extensions are acceptable. Errors: this node cannot tell.
  runtime::Outcome<Verdict> verify_vote_extension(const VerifyRequest& request);

  /// The id of the validator with that address, if it produces Bor's blocks or may come to
  /// (modules/bor/producers.hpp); nothing for everybody else. By the committed state or, before the
  /// first block, the genesis.
  runtime::Outcome<std::optional<std::uint64_t>> producer_id(const Address& validator) const;

  /// Whether the mempool takes a transaction, or keeps it after a block. Errors: kFatal alone.
  runtime::Outcome<TxResult> check_tx(ByteView raw, TxMode mode);

 private:
  /// The last committed block as far as later checks depend on it.
  struct LastBlock {
    std::int64_t height = 0;
    codec::Timestamp time{};
    Address proposer{};
  };

  [[nodiscard]] runtime::BlockFacts facts_of(std::int64_t height, const codec::Timestamp& time,
                                             const Address& proposer) const;
  void reset_state();
  // The calls of the same meaning without the observer.
  runtime::Outcome<InitChainResult> begin_chain(const Genesis& genesis);
  runtime::Outcome<BlockResult> finalize(const DecidedBlock& block);
  Status<runtime::Error> write_finalized(storage::Durability durability);
  runtime::Outcome<std::vector<Bytes>> make_proposal(const PrepareRequest& request);
  runtime::Outcome<Verdict> judge_proposal(const ProposedBlock& block);
  runtime::Outcome<Extensions> make_extensions(const ExtendRequest& request);
  runtime::Outcome<Verdict> judge_extensions(const VerifyRequest& request);
  runtime::Outcome<TxResult> check_for_mempool(ByteView raw, TxMode mode);
  runtime::Outcome<BlockResult> execute(const DecidedBlock& block, store::Branch& branch);
  runtime::Outcome<std::vector<TxResult>> deliver_all(const runtime::Context& context,
                                                      std::span<const Bytes> txs);
  Status<runtime::Error> check_import(const runtime::Context& context, const Genesis& genesis);
  [[nodiscard]] MonotonicTime now() const { return clock_->monotonic(); }

  // proposal.cpp
  runtime::Outcome<Verdict> judge_votes(const runtime::Context& context, const ProposedBlock& block,
                                        std::int64_t enable_height);
  Verdict judge_non_rp_problem(const runtime::Context& context, std::span<const Bytes> txs,
                               const NonRpFailure& failure);
  Verdict judge_txs(const runtime::Context& context, std::span<const Bytes> txs);
  runtime::Outcome<std::vector<Bytes>> select_txs(const runtime::Context& context,
                                                  const PrepareRequest& request,
                                                  std::int64_t used_bytes, MonotonicTime deadline);

  // check_tx.cpp
  runtime::Outcome<std::optional<TxResult>> refuse_for_mempool(ByteView raw,
                                                               const DecodedTransaction& decoded);

  ChainOptions chain_;
  AppServices services_;
  const Clock* clock_;
  Reporter reporter_;
  ModuleSet modules_;
  tx::SignatureMemory signatures_;
  AnteChain ante_;
  TxRunner runner_;
  TxCache cache_;

  std::unique_ptr<iavl::View> view_;        ///< the committed state
  std::unique_ptr<store::Branch> pending_;  ///< over view_: the genesis, or the finalized block
  std::unique_ptr<store::Branch> checked_;  ///< over view_: what the mempool's transactions did
  LastBlock last_;
  std::optional<LastBlock> finalized_;
  bool has_genesis_ = false;  ///< pending_ holds a genesis and no block yet
  storage::Batch batch_;
};

}  // namespace buri::consensus::app
