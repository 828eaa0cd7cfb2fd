#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>

#include "accel/engine.hpp"
#include "base/clock.hpp"
#include "base/metrics.hpp"
#include "node/consensus/mempool/seen_hashes.hpp"
#include "node/consensus/mempool/tx_checker.hpp"

/// The transactions that wait for a block: first in, first out, each checked by the application
/// when it comes and again after every block (0xPolygon/cometbft v0.3.8-polygon,
/// mempool/clist_mempool.go; spec/cometbft.md 5).

namespace buri::consensus::mempool {

/// The section [mempool] of a stock config.toml; defaults are those of the network.
struct PoolOptions {
  std::size_t max_txs = 5000;
  std::size_t max_bytes = std::size_t{1} << 30;
  std::size_t max_tx_bytes = std::size_t{1} << 20;
  std::size_t cache_size = 10'000;  ///< hashes of transactions met lately
  bool recheck = true;
  /// Refused transactions stay known, so that a copy is not checked again.
  bool keep_invalid_in_cache = false;
  /// What is not rechecked by then stays unchecked: a block must not wait.
  std::chrono::milliseconds recheck_timeout{1000};
};

/// What a transaction may take of the next block; -1 for no limit. Of a chain these are
/// `max_transaction_bytes(chain, 0)` (engine/block_rules.hpp) and its `params.max_block_gas`.
struct TxLimits {
  std::int64_t bytes = -1;
  std::int64_t gas = -1;
};

/// Who gave this node a transaction: a connected peer's number, never used twice.
using SenderId = std::uint64_t;
/// Not a peer: RPC.
inline constexpr SenderId kNoSender = 0;

/// A transaction and who gave it.
struct Submission {
  ByteView tx;
  SenderId sender = kNoSender;
};

/// Contents of a pool.
struct PoolSize {
  std::size_t txs = 0;
  std::size_t bytes = 0;
};

/// A transaction in the pool. Its bytes stay while somebody holds them.
struct PooledTx {
  std::uint64_t place = 0;  ///< grows from one to the next; from 1 on
  Hash256 hash{};           ///< sha256 of the bytes
  std::shared_ptr<const Bytes> bytes;
  std::int64_t height = 0;  ///< the last block when it came
  std::int64_t gas_wanted = 0;
};

/// A transaction on its way to a peer.
struct NextTx {
  PooledTx tx;
  bool is_from_peer = false;  ///< the peer has it
};

/// Why the pool did not take a transaction whose refusal is not the application's.
enum class SubmitError : std::uint8_t {
  kFull,         ///< no room for it now
  kTooLarge,     ///< above max_tx_bytes
  kBlockBytes,   ///< no block could hold it
  kBlockGas,     ///< it wants more gas than a block has
  kSeen,         ///< met before: in the pool, in a block, or being checked
  kApplication,  ///< the application failed
};

struct SubmitFault {
  SubmitError error{};
  std::int64_t limit = 0;  ///< of kTooLarge, kBlockBytes and kBlockGas
  std::int64_t found = 0;
  PoolSize size{};  ///< of kFull, with the limits
  PoolSize max{};
  std::string reason{};  ///< of kApplication
};
/// The sentence in the stock node's words, which its RPC answers with.
std::string describe(const SubmitFault& fault);

/// The application's answer, which may be a refusal (a code that is not 0): then, and after a
/// fault, the transaction is not in the pool.
using SubmitResult = Result<app::TxResult, SubmitFault>;

/// What happened since the start, for metrics.
struct PoolCounters {
  std::uint64_t failed = 0;    ///< refused by the application or for their gas
  std::uint64_t rejected = 0;  ///< no room
  std::uint64_t evicted = 0;   ///< refused at a recheck
  std::uint64_t rechecked = 0;
  std::uint64_t not_rechecked = 0;  ///< left over when the time was up
};

/// See the top of this file. Thread-safe. `submit`, `hold` and `flush` wait while the application
/// is asked on behalf of another call; all others answer at once.
class TxPool {
 public:
  /// While it lives the application is asked for no new transaction. Belongs to one thread, which
  /// must not submit meanwhile.
  class [[nodiscard]] Hold {
   private:
    friend class TxPool;
    explicit Hold(std::mutex& asking) : lock_(asking) {}
    std::unique_lock<std::mutex> lock_;
  };

  /// What is borrowed must outlive the pool. `height` is that of the last block.
  TxPool(PoolOptions options, TxChecker& checker, accel::Engine& crypto, const Clock& clock,
         std::int64_t height, TxLimits limits);

  /// Called after transactions were added, by the thread that added them, with no lock held. Set
  /// before others know the pool.
  void on_added(std::function<void()> listener) { listener_ = std::move(listener); }

  /// Tells the size of every transaction that is added. Set before others know the pool; `sizes`
  /// outlives it.
  void measure(Histogram& sizes) { sizes_ = &sizes; }

  /// Checks a transaction and adds it. A known one gets `sender` noted: it is not sent there.
  SubmitResult submit(ByteView tx, SenderId sender = kNoSender);
  /// The same of several in their order, whose signatures are checked in one batch.
  std::vector<SubmitResult> submit_all(std::span<const Submission> submissions);

  Hold hold() { return Hold(asking_); }
  /// After a block: what is in it leaves the pool and, where it succeeded (its entry in `codes` is
  /// 0), stays known; the rest is checked again. REQUIRES: `hold` is of this pool; as many codes as
  /// transactions.
  void update(const Hold& hold, std::int64_t height, std::span<const Bytes> txs,
              std::span<const std::uint32_t> codes, TxLimits limits);

  /// The first transactions that fit into so many bytes and so much gas; -1 for no limit. One that
  /// does not fit ends it.
  [[nodiscard]] std::vector<Bytes> reap(std::int64_t max_bytes, std::int64_t max_gas) const;
  /// The first `max_txs`. (Stock's ReapMaxTxs gives one more than it is asked for.)
  [[nodiscard]] std::vector<PooledTx> first(std::size_t max_txs) const;
  /// The first behind `place`, as it concerns `peer`.
  [[nodiscard]] std::optional<NextTx> next_for(SenderId peer, std::uint64_t place) const;
  [[nodiscard]] bool contains(const Hash256& hash) const;
  [[nodiscard]] PoolSize size() const;
  [[nodiscard]] PoolCounters counters() const;
  [[nodiscard]] const PoolOptions& options() const { return options_; }

  /// Removes one; false if it is not here. It stays known.
  bool remove(const Hash256& hash);
  /// Removes all and forgets what it knew.
  void flush();

 private:
  struct Entry {
    PooledTx tx;
    std::vector<SenderId> senders;
  };

  [[nodiscard]] std::optional<SubmitFault> no_room(std::size_t tx_bytes) const;
  std::optional<SubmitFault> admit(const Submission& submission, const Hash256& hash);
  SubmitResult ask_and_add(const Submission& submission, const Hash256& hash);
  std::optional<SubmitFault> add(const Submission& submission, const Hash256& hash,
                                 const app::TxResult& result);
  [[nodiscard]] std::optional<SubmitFault> check_gas(const app::TxResult& result) const;
  void forget_refused(const Hash256& hash);
  bool erase(const Hash256& hash);
  void recheck();

  PoolOptions options_;
  TxChecker& checker_;
  accel::Engine& crypto_;
  const Clock& clock_;
  std::function<void()> listener_;
  Histogram* sizes_ = nullptr;

  std::mutex asking_;         ///< held while the application is asked; taken before mutex_
  mutable std::mutex mutex_;  ///< held for moments, over all that follows
  std::int64_t height_;
  TxLimits limits_;
  std::uint64_t last_place_ = 0;
  std::map<std::uint64_t, Entry> entries_;
  std::unordered_map<Hash256, std::uint64_t> places_;
  std::size_t bytes_ = 0;
  SeenHashes seen_;
  PoolCounters counters_;
};

}  // namespace buri::consensus::mempool
