#pragma once

#include <deque>
#include <memory>
#include <optional>

#include "base/clock.hpp"
#include "base/log.hpp"
#include "node/consensus/blocks/block_store.hpp"
#include "node/consensus/engine/machine.hpp"
#include "node/consensus/engine/wal.hpp"
#include "node/consensus/host/handshake.hpp"
#include "node/consensus/host/loop.hpp"
#include "node/consensus/host/peers_side.hpp"
#include "node/consensus/host/questions.hpp"
#include "node/consensus/host/signer.hpp"

/// The state machine of consensus as a running validator: does what it asks for, in its order and
/// nothing behind a step that failed, and brings back the answers (docs/consensus-engine.md). The
/// log is written and blocks are stored on the host's loop; the application works in a thread of
/// its own and the signer in another, so that votes are counted meanwhile.

namespace buri::consensus::host {

/// What the host stands on; it borrows all. Null are allowed: `signer` for a node that does not
/// vote, `outside`.
struct HostServices {
  accel::Engine* crypto = nullptr;
  app::Application* application = nullptr;
  blocks::BlockStore* blocks = nullptr;
  blocks::StateStore* states = nullptr;
  engine::WalFiles* log_files = nullptr;
  Loop* loop = nullptr;
  ApplicationExecutor* worker = nullptr;
  const Clock* clock = nullptr;
  Observer* observer = nullptr;
  Signer* signer = nullptr;
  OutsideCalls* outside = nullptr;
};

struct HostOptions {
  engine::MachineOptions machine;  ///< `validator` follows from the signer
  engine::WalOptions log;
  std::chrono::milliseconds log_flush_period{2000};
  /// A validator that signed one of so many last blocks before this start does not vote: another
  /// node may have its key. 0: no look back.
  std::int64_t double_sign_check_heights = 0;
};

/// All functions are called on the loop unless they say otherwise. Outlives what it posted: loop,
/// worker and signer have stopped before it goes.
class ConsensusHost {
 public:
  ConsensusHost(const HostServices& services, HostOptions options, Logger logger);
  ConsensusHost(const ConsensusHost&) = delete;
  ConsensusHost& operator=(const ConsensusHost&) = delete;

  /// REQUIRES: before begin(); `peers` outlives the host.
  void attach(PeersSide& peers) { peers_ = &peers; }
  /// What waits for a block, made of the chain that open() answers with; a node without proposes
  /// empty blocks and refuses evidence. REQUIRES: before begin(); both outlive the host.
  void attach(TransactionPool& transactions, EvidenceSource& evidence);

  /// Brings application and stores together. In the thread that starts the node, before the loop
  /// and the worker run. Errors are sentences.
  Result<Handshake, std::string> open(const app::Genesis& genesis);

  /// Consensus begins at the height after the last stored block, with what the log holds of it.
  /// Errors are sentences. REQUIRES: open(); consensus is not running, nor about to step aside.
  Status<std::string> begin();
  /// Consensus stops as if the node had crashed, so that block sync may go ahead; `done` is called
  /// when nothing of it is under way in the application any more. begin() starts it again.
  void step_aside(std::function<void()> done);
  /// The log becomes durable and nothing happens any more. The last call.
  void close();

  /// What peers sent. Passed over while consensus is not running.
  void receive(engine::MessagesArrived arrived);

  /// Nothing while consensus is not running or still replays its log.
  [[nodiscard]] const engine::Machine* machine() const {
    return is_replaying_ ? nullptr : machine_.get();
  }
  [[nodiscard]] bool has_failed() const { return has_failed_; }
  [[nodiscard]] const std::optional<Address>& validator() const {
    return options_.machine.validator;
  }
  /// For block sync, in the worker's thread.
  [[nodiscard]] BlockExecutor& executor() { return executor_; }
  /// Signatures that consensus has checked, for block sync.
  [[nodiscard]] engine::BatchedSignatures& signatures() { return *signatures_; }

 private:
  [[nodiscard]] engine::Timestamp now() const;
  [[nodiscard]] Status<std::string> check_past_signatures() const;
  void handle(engine::Event event);
  void replay_log();
  void fail(std::string reason);
  void flush_later();
  Status<engine::WalFileError> write(const engine::WriteWal& effect);
  void perform_all(const std::vector<engine::Effect>& effects);

  // One effect each; what cannot be done ends in fail().
  void perform(const engine::WriteWal& effect);
  void perform(const engine::SyncWal& effect);
  void perform(const engine::StartTimeout& effect);
  void perform(const engine::Sign& effect);
  void perform(const engine::AskProposal& effect);
  void perform(const engine::AskVerdict& effect);
  void perform(const engine::AskExtensions& effect);
  void perform(const engine::AskVoteVerdict& effect);
  void perform(const engine::SaveBlock& effect);
  void perform(const engine::ApplyBlock& effect);
  void perform(const engine::Announce& effect);
  void perform(const engine::Answer& effect);
  void perform(const engine::ReportEvidence& effect);
  void perform(const engine::PeerErred& effect);
  void perform(const engine::Noted& effect);
  void perform(const engine::Halted& effect);

  /// Runs `question` in the application's thread and handles the event that it returns.
  void ask(std::function<engine::Event()> question);
  /// What is to be done first in the application's thread: it learns of signatures.
  std::function<void()> teaching();
  void finish_block(Result<ExecutedBlock, std::string> outcome, std::uint64_t life);

  HostServices services_;
  HostOptions options_;
  Logger logger_;
  BlockExecutor executor_;
  Questions questions_;
  PeersSide* peers_ = nullptr;
  EvidenceSource* evidence_ = nullptr;
  std::optional<engine::BatchedSignatures> signatures_;
  std::optional<engine::WalWriter> log_;
  std::unique_ptr<engine::Machine> machine_;
  /// Counts machines: an answer to an earlier one's question has no meaning.
  std::uint64_t life_ = 0;
  std::uint64_t timer_ = 0;  ///< the one that is running
  std::deque<engine::WalRecord> unreplayed_;
  bool is_replaying_ = false;
  bool is_log_found_ = false;
  bool has_begun_ = false;  ///< once at least: what was signed since is this node's own
  bool has_failed_ = false;
  /// Checked by the engine and not yet known to the application.
  std::vector<Learned> learned_;
};

}  // namespace buri::consensus::host
