#pragma once

#include <map>
#include <mutex>
#include <set>

#include "base/log.hpp"
#include "node/consensus/evidence/evidence_rules.hpp"
#include "node/consensus/host/pools.hpp"

/// Evidence that waits for a block, and which evidence blocks have had
/// (0xPolygon/cometbft v0.3.8-polygon, evidence/pool.go; spec/cometbft.md 5).

namespace buri::consensus::evidence {

/// What a pool stands on. All must outlive it.
struct EvidenceServices {
  storage::Database* database;  ///< opened with families()
  const EvidenceChain* chain;
  accel::Engine* crypto;
};

/// Evidence on its way to peers.
struct PendingEvidence {
  std::uint64_t place = 0;  ///< grows from one to the next; from 1 on
  engine::EvidencePiece piece;
  std::int64_t height = 0;
};

/// Thread-safe. What is pending and what was committed within the limits of age is in memory as
/// well: the database is read when it is opened and never again. A write that fails is logged and
/// told by failure(); the pool goes on in memory.
class EvidencePool final : public host::EvidenceSource {
 public:
  static std::vector<storage::FamilySpec> families();
  /// After the chain has been brought to `state` (the handshake is over): the evidence of its last
  /// two blocks counts as committed even if a crash came before that was noted. The error is a
  /// sentence.
  static Result<std::unique_ptr<EvidencePool>, std::string> open(EvidenceServices services,
                                                                 const engine::ChainState& state,
                                                                 Logger logger);

  /// Called after evidence was added, by the thread that added it, with no lock held. Set before
  /// others know the pool.
  void on_added(std::function<void()> listener) { listener_ = std::move(listener); }

  /// Evidence of a peer or an operator, verified unless it is known.
  Status<EvidenceFault> add(engine::EvidencePiece piece);

  /// The oldest first. A piece that does not fit is passed over, where stock stops and sends none
  /// after it.
  std::vector<engine::EvidencePiece> pending(std::int64_t max_bytes) override;
  Status<std::string> check(std::span<const engine::EvidencePiece> evidence) override;
  void report(engine::EvidencePiece piece) override;
  void block_committed(const engine::ChainState& chain,
                       std::span<const engine::EvidencePiece> evidence) override;

  /// The first pending piece behind `place`.
  [[nodiscard]] std::optional<PendingEvidence> next_after(std::uint64_t place) const;
  [[nodiscard]] std::size_t size() const;
  /// The age in blocks above which no peer takes evidence.
  [[nodiscard]] std::int64_t max_age_blocks() const;
  [[nodiscard]] std::optional<storage::StorageError> failure() const;

 private:
  /// By height, then by name: the order of the database's keys.
  using Key = std::pair<std::int64_t, Hash256>;
  struct Pending {
    engine::EvidencePiece piece;
    engine::Timestamp time;
    std::uint64_t place = 0;
  };

  EvidencePool(EvidenceServices services, const engine::ChainState& state, Logger logger);
  Status<std::string> load();
  [[nodiscard]] EvidenceAge age() const;
  bool insert(const Evidence& evidence, storage::Durability durability);
  void mark_committed(const Evidence& evidence, storage::Batch& batch);
  void remove_expired(storage::Batch& batch);
  void remove_pending(const Key& key, storage::Batch& batch);
  void write(const storage::Batch& batch, storage::Durability durability);

  EvidenceServices services_;
  Logger logger_;
  storage::Family pending_family_;
  storage::Family committed_family_;
  std::string chain_id_;
  std::function<void()> listener_;

  mutable std::mutex mutex_;  ///< over all that follows
  EvidenceAge age_;
  std::map<Key, Pending> pending_;
  std::map<std::uint64_t, Key> places_;
  std::map<Key, engine::Timestamp> committed_;
  std::uint64_t last_place_ = 0;
  std::optional<storage::StorageError> failure_;
};

}  // namespace buri::consensus::evidence
