#pragma once

#include <deque>

#include "node/consensus/engine/effects.hpp"
#include "node/consensus/engine/signature_checker.hpp"
#include "node/consensus/engine/times.hpp"

/// The state machine of consensus: (state, event) to (state, effects), by the fork's rules
/// (0xPolygon/cometbft v0.3.8-polygon, consensus/state.go; spec/cometbft.md 4.2). No clock, disk,
/// network or key inside: time comes with the events, all else is asked for by effects. Where the
/// stock node waits for signer and application with everything at a standstill, this one takes
/// further votes; its own messages still leave in the order in which it decided on them.
/// docs/consensus-engine.md shows the whole.

namespace buri::consensus::engine {

/// How long the node waits in each step: in round r, `first + r * more` nanoseconds.
struct RoundTimeout {
  std::int64_t first_ns = 1'000'000'000;
  std::int64_t more_ns = 200'000'000;
  [[nodiscard]] std::int64_t in(std::int32_t round) const { return first_ns + more_ns * round; }
};

struct MachineOptions {
  RoundTimeout propose;
  RoundTimeout prevote;    ///< for more prevotes, once two thirds have voted for whatever
  RoundTimeout precommit;  ///< the same of precommits
  std::int64_t commit_ns = 500'000'000;  ///< from a decision to the next height's first round
  bool skips_commit_wait = false;        ///< once every precommit of the last height is there
  /// A block so much later than the clock is not prevoted.
  std::int64_t block_time_tolerance_ns = 60 * kNanosPerSecond;
  std::optional<Address> validator;  ///< whose key the signer holds; nothing for a mere observer
};

/// One node's consensus. Not thread-safe, not movable: vote sets point into it.
class Machine {
 public:
  /// At the chain's next height, before the log is replayed. `last_commit` proves the chain's last
  /// block, with its extensions where they are on; nothing before the first. `crypto` and
  /// `signatures` must outlive the machine. Errors: what is wrong with the commit, for people.
  static Result<std::unique_ptr<Machine>, std::string> create(
      accel::Engine& crypto, SignatureChecker& signatures, ChainState chain,
      const std::optional<ExtendedCommitRecord>& last_commit, MachineOptions options);

  Machine(const Machine&) = delete;
  Machine& operator=(const Machine&) = delete;

  /// Does again what a record behind the last height's end says, in the log's order. What is asked
  /// has to be answered (handle) as ever; nothing is signed or written meanwhile.
  /// REQUIRES: begin() has not been called.
  std::vector<Effect> replay(const WalEntry& entry, Timestamp now);
  /// Whether answers of the replay are missing.
  [[nodiscard]] bool is_waiting() const { return is_blocked() || !inbox_.empty(); }
  /// The log is replayed: asks for what is still to be signed and starts the timer.
  /// `is_log_found`: the log has the last height's end; if not, it gets it now, so that what
  /// follows can be replayed. REQUIRES: !is_waiting().
  std::vector<Effect> begin(Timestamp now, bool is_log_found);

  /// REQUIRES: begin() was called, or the event answers what the replay asked.
  std::vector<Effect> handle(Event event, Timestamp now);

  [[nodiscard]] const RoundState& state() const { return state_; }
  [[nodiscard]] const ChainState& chain() const { return chain_; }
  [[nodiscard]] bool is_halted() const { return is_halted_; }
  /// What a peer that has just connected is told; the time is that of the last event.
  [[nodiscard]] NewRoundStep where() const;

 private:
  using MaybeVerdict = std::optional<VoteVerdict>;

  /// Something of the node's own on its way to the signer.
  struct OwnMessage {
    enum class Kind : std::uint8_t { kProposal, kPrevote, kPrecommit };
    Kind kind{};
    std::int64_t height = 0;
    std::int32_t round = 0;
    std::int32_t pol_round = -1;
    BlockId block_id{};
    ProposedBlockPtr block{};          ///< that the application looks at, or that is proposed
    std::shared_ptr<PartSet> parts{};  ///< of a proposal
    Timestamp least_time{};            ///< a vote is later than the block it follows
    bool needs_answer = false;         ///< the application has not spoken yet
    std::optional<VoteExtended::Extensions> extensions{};
    Commit last_commit{};  ///< of a proposal
    QuestionId question = 0;
    QuestionId signing = 0;  ///< 0: not asked yet
    Timestamp time{};        ///< that was asked to be signed
  };
  /// A peer's precommit whose extensions the application looks at.
  struct PendingVote {
    QuestionId id = 0;
    Vote vote;
    std::string peer_id;
  };
  struct Conflict {
    Vote first;
    Vote second;
  };
  /// Bytes and messages that may wait while a block is executed.
  static constexpr std::size_t kMaxInboxBytes = 64 << 20;
  /// Votes of one validator in one round that the application may be asked about at once.
  static constexpr std::size_t kMaxPendingVotes = 2;

  Machine(accel::Engine& crypto, SignatureChecker& signatures, ChainState chain,
          MachineOptions options)
      : crypto_(&crypto), signatures_(&signatures), chain_(std::move(chain)), options_(options) {}

  // machine.cpp: the way in and out.
  void dispatch(Event event);
  void settle();
  void keep_for_later(Event event);
  std::vector<Effect> take_effects();
  [[nodiscard]] bool is_blocked() const;
  void emit(Effect effect);
  void write(WalEntry entry, bool is_synced);
  void note(Note note, std::string text = {});
  void halt(std::string reason);
  void peer_erred(const std::string& peer_id, std::string reason, bool is_fatal = false);
  void new_step(std::int32_t round, Step step);
  void announce_step();
  void schedule(std::int64_t duration_ns, std::int32_t round, Step step);
  void schedule_first_round();
  void fire(const TimeoutFired& timeout);
  QuestionId ask() { return ++last_question_; }

  // machine_votes.cpp: votes come in.
  void receive(MessagesArrived arrived);
  std::vector<MaybeVerdict> check_together(const std::vector<MessageArrived>& messages);
  VoteSet* set_of(const Vote& vote, const std::string* peer_id);
  void receive_message(const MessageArrived& arrived, MaybeVerdict verdict);
  void receive_vote(const Vote& vote, const std::string& peer_id, MaybeVerdict verdict);
  void count_if_late(const Vote& vote);
  void receive_claim(const VoteSetMaj23& claim, const std::string& peer_id);
  [[nodiscard]] bool application_must_see(const Vote& vote) const;
  void ask_about(const Vote& vote, const std::string& peer_id);
  void answer(const VoteJudged& judged);
  void log_vote(const VoteSet& set, const Vote& vote, const std::string& peer_id);
  void add_vote(VoteSet& set, const Vote& vote, const std::string& peer_id);
  void remember_conflict(const Vote& first, const Vote& second);
  void report_conflicts(std::int64_t height, const Timestamp& time, const ValidatorSet& validators);

  // machine_majorities.cpp: what majorities lead to.
  void after_prevote(std::int32_t round);
  void after_precommit(std::int32_t round);
  void unlock();
  void learn_valid_block(std::int32_t round, const BlockId& block_id);

  // machine_propose.cpp
  void enter_new_round(std::int32_t round);
  void enter_propose(std::int32_t round);
  void decide_proposal(std::int32_t round);
  [[nodiscard]] bool is_proposal_complete();
  void receive_proposal(const Proposal& proposal, const std::string& peer_id);
  void receive_part(const BlockPart& message, const std::string& peer_id);
  void complete_block();
  [[nodiscard]] bool was_decided_before() const;
  void want_decided_block();
  void announce_parts(bool is_decided);
  void after_complete_block();
  void want_parts(const PartSetHeader& header);

  // machine_vote_steps.cpp
  void enter_prevote(std::int32_t round);
  void cast_prevote();
  void enter_prevote_wait(std::int32_t round);
  void enter_precommit(std::int32_t round);
  void cast_precommit(std::int32_t round);
  void enter_precommit_wait(std::int32_t round);
  const std::optional<BlockFault>& fault_of(const ProposedBlockPtr& block);
  [[nodiscard]] bool is_too_late(const ProposedBlock& block) const;

  // machine_commit.cpp
  void enter_commit(std::int32_t round);
  void try_finalize();
  void finalize(const BlockId& block_id);
  void answer(const BlockApplied& applied);
  void advance(const ChainAdvanced& advanced);
  void start_height(std::optional<VoteSet> last_commit,
                    std::shared_ptr<const ValidatorSet> last_validators);
  static Result<VoteSet, std::string> last_commit_set(SignatureChecker& signatures,
                                                      const ChainState& chain,
                                                      const ValidatorSet& validators,
                                                      const ExtendedCommitRecord& commit);

  // machine_own.cpp: what this node says.
  [[nodiscard]] std::optional<std::size_t> own_index(std::int64_t height) const;
  void cast_vote(VoteType type, const BlockId& block_id, ProposedBlockPtr block);
  void enqueue(OwnMessage message);
  void ask_application(OwnMessage& message);
  void sign_next();
  void answer(const ProposalMade& made);
  void answer(const BlockJudged& judged);
  void answer(const VoteExtended& extended);
  void answer(const SignerAnswered& answered);
  [[nodiscard]] bool is_wanted(const OwnMessage& message) const;
  OwnMessage* waiting_for(QuestionId id, OwnMessage::Kind kind);
  void drop_own(const OwnMessage& message, Note why, std::string text);
  void publish(const OwnMessage& message, const hsm::wire::Signed& answer);
  void forget_replayed(const Message& message);
  void forget_old_heights();

  accel::Engine* crypto_;
  SignatureChecker* signatures_;
  ChainState chain_;
  MachineOptions options_;
  RoundState state_;
  Timestamp now_;
  bool is_replaying_ = true;
  bool is_applying_ = false;
  bool is_halted_ = false;
  TimeoutFired timer_;
  bool is_timer_due_ = false;  ///< set in a replay, not started yet
  QuestionId last_question_ = 0;
  std::deque<OwnMessage> own_;
  std::vector<PendingVote> pending_;
  std::vector<Conflict> conflicts_;
  std::deque<Event> inbox_;
  std::size_t inbox_bytes_ = 0;
  ProposedBlockPtr checked_block_;
  std::optional<BlockFault> checked_fault_;
  std::vector<Effect> effects_;
};

}  // namespace buri::consensus::engine
