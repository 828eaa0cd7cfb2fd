#pragma once

#include "base/clock.hpp"
#include "base/log.hpp"
#include "node/consensus/engine/light_client_attack.hpp"
#include "node/consensus/light/trusted_store.hpp"
#include "node/consensus/light/verification.hpp"

/// A light client: from one block that its owner trusts to any other of the chain, without
/// executing anything and without believing the node it asks (0xPolygon/cometbft v0.3.8-polygon,
/// light/client.go and light/detector.go; spec/cometbft.md 6).

namespace buri::consensus::light {

struct ClientOptions {
  std::string chain_id{};
  std::int64_t trusting_period_seconds = 168 * 3600;
  std::int64_t max_clock_drift_seconds = 10;
  engine::TrustLevel trust_level{};  ///< 1/3 to 1
  bool is_sequential = false;        ///< every block instead of bisection
  std::size_t kept_blocks = 1000;    ///< trusted blocks in the store
  /// How long a witness that is behind gets before it counts as silent, beside twice the drift.
  std::chrono::seconds max_block_lag{10};
};

/// What a client stands on. What is borrowed must outlive it.
struct ClientServices {
  accel::Engine* crypto;
  const Clock* clock;
  TrustedStore* store;
  std::shared_ptr<Provider> primary;
  std::vector<std::shared_ptr<Provider>> witnesses;  ///< one at least
  std::function<void(std::chrono::nanoseconds)> sleep;
  /// Hears of every step over the primary's blocks, before witnesses are asked; may be empty.
  StepVerifier::OnStep on_step{};
};

/// Where trust begins.
struct TrustedPoint {
  std::int64_t height = 0;
  Hash256 hash{};
};

enum class ClientError : std::uint8_t {
  kNoWitnesses,  ///< none is left to check the primary by
  kProvider,     ///< nobody gave the block
  kTrustedHash,  ///< the block at the trusted height has another hash
  kInvalid,      ///< a block does not follow from what is trusted
  kExpired,      ///< the trusted block is older than the trusting period
  kUnconfirmed,  ///< no witness confirmed the block
  kPriorities,   ///< a witness reports other proposer priorities
  kAttack,       ///< two blocks of one height are both signed: a fork; evidence has been handed in
  kStore,        ///< the store failed
};

struct ClientFault {
  ClientError error{};
  std::string reason;                             ///< a sentence
  std::vector<engine::EvidencePiece> evidence{};  ///< of kAttack
};

/// Not thread-safe.
class Client {
 public:
  Client(ClientOptions options, ClientServices services, Logger logger);

  /// Begins where the store left off if that is not below `point` and agrees with it, else at
  /// `point`, which the primary has to know and the witnesses must not contradict.
  Status<ClientFault> start(const TrustedPoint& point);
  /// The block of that height, 0 for the primary's latest: verified and confirmed by a witness.
  /// A height that is stored already is returned as it is. REQUIRES: start() succeeded.
  Result<engine::LightBlockRecord, ClientFault> verify_at(std::int64_t height);

  [[nodiscard]] std::string primary() const { return services_.primary->name(); }
  [[nodiscard]] std::size_t witnesses() const { return services_.witnesses.size(); }
  /// Blocks that were fetched, and signatures that were checked, since the client was made.
  [[nodiscard]] std::size_t fetched() const { return fetched_; }
  [[nodiscard]] std::size_t signatures() const { return verifier_.signatures(); }

 private:
  using Block = engine::LightBlockRecord;
  /// What a witness says of a block.
  struct Opinion {
    enum class Kind : std::uint8_t { kConfirms, kConflicts, kPriorities, kBad, kSilent };
    Kind kind = Kind::kSilent;
    std::optional<Block> block;  ///< of kConflicts
  };
  /// A witness's chain up to where it parts from the primary's.
  struct Parting {
    Trace trace;   ///< of the source: the last common block first
    Block parted;  ///< of the trace it was compared with
  };

  engine::Timestamp now() const;
  ProvidedBlock fetch(Provider& provider, std::int64_t height);
  Result<Block, ClientFault> from_primary(std::int64_t height);
  Result<Block, ClientFault> replace_primary(std::int64_t height, bool drop);
  Result<Block, ClientFault> verify(Block target);
  Result<Trace, ClientFault> walk(const Block& trusted, Block& target);
  Status<ClientFault> walk_back(const Block& first, Block& target);
  bool may_replace_for(const StepFault& fault, const Block& target);
  Status<ClientFault> save(const Block& block);

  // divergence.cpp
  Opinion ask_witness(Provider& witness, const Block& block);
  ProvidedBlock block_or_latest(Provider& witness, std::int64_t height);
  Status<ClientFault> compare_first(const Block& block);
  Status<ClientFault> detect_divergence(const Trace& trace);
  Status<ClientFault> handle_conflict(const Trace& trace, const Block& challenge,
                                      const std::shared_ptr<Provider>& witness);
  Result<Parting, std::string> examine(const Trace& trace, const Block& target, Provider& source);
  void remove_witnesses(const std::vector<std::shared_ptr<Provider>>& gone);

  ClientOptions options_;
  ClientServices services_;
  Logger logger_;
  StepVerifier verifier_;
  std::optional<Block> latest_;
  std::size_t fetched_ = 0;
};

/// The evidence against who signed `conflicting`, of which `trusted` is the other block of its
/// height (or the last below it) and `common` the last that both chains have.
engine::LightClientAttack attack_evidence(const engine::LightBlockRecord& conflicting,
                                          const engine::LightBlockRecord& trusted,
                                          const engine::LightBlockRecord& common);

}  // namespace buri::consensus::light
