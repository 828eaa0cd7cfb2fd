#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/log.hpp"
#include "hsm/signer/approvals.hpp"
#include "hsm/signer/ceremony_desk.hpp"
#include "hsm/signer/ledger_rules.hpp"
#include "hsm/signer/peer.hpp"
#include "hsm/signer/pipeline.hpp"
#include "hsm/wire/codec.hpp"

/// The signer without its sockets: all pipelines of one key, their state, and what an operator may
/// do to them.

namespace buri::hsm::signer {

/// What the core works with; everything must outlive it.
struct CoreParts {
  Disk* state_disk = nullptr;
  Disk* audit_disk = nullptr;
  pkcs11::SigningDevice* device = nullptr;
  Fence* fence = nullptr;            ///< may be null: this box alone
  RollbackAnchor* anchor = nullptr;  ///< may be null
  const Clock* clock = nullptr;
  Metrics* metrics = nullptr;
  /// Whether the device is logged in and proved the pinned key.
  std::function<bool()> device_is_ready;
};

struct CoreOptions {
  SigningKey key;
  rules::Policy policy;
  std::vector<rules::Ledger> ledgers;
  /// From STANDBY, if no other signer is alive; not when an operator has drained it.
  bool activates_by_itself = false;
};

/// Thread-safe.
class Core {
 public:
  /// Opens sign-state and audit log. Sign-state that is missing, damaged or rolled back starts a
  /// halted core, so that an operator can ask it why; an audit log that cannot be written is an
  /// error.
  static Result<std::unique_ptr<Core>, std::string> start(const CoreParts& parts,
                                                          CoreOptions options, Logger logger);

  /// Answers one request that came over a socket which serves `purposes`. A signer that is not
  /// active refuses; one that starts and will soon be active by itself is unavailable, so that a
  /// node asks again instead of going without the signature.
  wire::Response answer(const wire::Request& request, const Peer& peer,
                        std::span<const wire::Purpose> purposes);

  /// From STANDBY to ACTIVE: takes the fence, makes disk and fence agree. The error is a sentence.
  Status<std::string> activate(bool force);
  /// From ACTIVE to STANDBY: waits for what is under way and gives the fence away.
  Status<std::string> drain();
  /// To LOCKED, at once.
  void lock();
  /// Ends a halt, into LOCKED. REQUIRES an operator who knows why it halted.
  Status<std::string> reset();
  /// From STANDBY to CEREMONY: until it ends, or kCeremonyLife has passed, possession of the key is
  /// proved to that ceremony, and nothing else is signed.
  Status<std::string> begin_ceremony(std::string_view id);
  Status<std::string> end_ceremony();
  /// Ends this signer's life with these records: halts, puts its sign-state aside for good, and
  /// returns it for another machine (move.hpp). Not while it is active.
  Result<std::string, std::string> export_state();
  /// Everything that time brings: unlocking when the device is ready, the lease, in STANDBY the
  /// records that the active signer writes to the fence, the audit log's sync, anchors, signatures
  /// ahead of time. Call it a few times a second from one thread.
  void tick();

  [[nodiscard]] StateView view() const { return board_.view(); }
  [[nodiscard]] wire::StatusAnswer status() const;
  [[nodiscard]] AuditHead audit_head() const { return audit_.head(); }
  RulesContext& rules_context() { return context_; }
  [[nodiscard]] const Clock& clock() const { return *parts_.clock; }
  /// Requests that wait for two administrators.
  Approvals& approvals() { return approvals_; }
  /// A line in the audit log for what an operator did.
  void log_action(std::string_view event, std::string_view peer, std::string_view detail);

 private:
  struct Line {
    std::unique_ptr<LedgerRules> rules;
    std::unique_ptr<Pipeline> pipeline;
  };

  Core(const CoreParts& parts, CoreOptions options, AuditLog log, Logger logger);
  void open_ledger(rules::Ledger ledger);
  wire::ResponseBody body_for(const wire::Request& request, const Peer& peer,
                              std::span<const wire::Purpose> purposes);
  wire::ResponseBody sign(const wire::Request& request, const Peer& peer);
  void let_wait(const wire::RequestBody& request, const Peer& peer);
  bool agree_all(MonotonicTime deadline);
  void try_unlock();
  void keep_lease();
  bool follow_fence();
  [[nodiscard]] bool is_starting() const;

  const CoreParts parts_;
  const CoreOptions options_;
  Logger logger_;
  RulesContext context_;
  SharedAudit audit_;
  StateBoard board_;
  std::map<rules::Ledger, Line> lines_;
  std::mutex operator_mutex_;  // one operator's act, or one tick, at a time
  bool is_exported_ = false;
  bool is_drained_ = false;                 // by an operator, who alone activates it again
  std::atomic<bool> waits_for_operator_{};  // it was active, drained or locked, or never activates
  MonotonicTime next_sync_;
  MonotonicTime next_lease_;
  MonotonicTime next_look_;
  Approvals approvals_;
  CeremonyDesk ceremony_;
};

}  // namespace buri::hsm::signer
