#pragma once

#include <map>
#include <string>

#include "node/consensus/engine/machine.hpp"
#include "tests/support/consensus/toy_signatures.hpp"

/// One state machine among scripted validators, for tables of events and effects in words.

namespace buri::testing {

/// The machine is validator `own` of four with power 10 each, or a mere observer; validator r
/// proposes in round r of the first height. Blocks have one-letter names: "X" is one that the
/// application refuses, "Y" breaks a rule, "O" is the machine's own.
class Puppet {
 public:
  struct Options {
    std::size_t own = 1;  ///< 4: an observer
    bool answers = true;  ///< questions are answered at once
    consensus::engine::MachineOptions machine{};
    std::int64_t extensions_height = 1;
  };
  explicit Puppet(Options options);
  Puppet() : Puppet(Options{}) {}

  /// Does what the words say and tells what came of it.
  ///   begin                   the log is replayed
  ///   timeout STEP            the timer of that step and the current round fires
  ///   propose B [pol R]       the round's proposer proposes a block and sends its parts
  ///   proposal B [pol R], parts B   one of the two
  ///   prevote B V... [r R]    votes of validators in one message batch, for - if nil
  ///   precommit B V... [r R]  the same; they come with extensions
  ///   claim B r R             a peer says that a block has the prevotes of a round
  ///   answer                  the oldest question is answered
  std::string run(const std::string& words);
  /// Gives the machine any event.
  std::string give(consensus::engine::Event event);

  [[nodiscard]] consensus::engine::Machine& machine() { return *machine_; }
  /// What it wrote, in order.
  [[nodiscard]] const std::vector<consensus::engine::WalEntry>& log() const { return log_; }
  /// The effects of the last run in full.
  [[nodiscard]] const std::vector<consensus::engine::Effect>& effects() const { return effects_; }
  [[nodiscard]] ToySignatures& signatures() { return signatures_; }

  /// A vote of validator `index` at the current height.
  consensus::engine::Vote vote(consensus::engine::VoteType type, const std::string& block,
                               std::size_t index, std::int32_t round);
  consensus::engine::BlockId id_of(const std::string& block);

  /// A second machine, as it is after a crash, and the log replayed into it.
  std::string restart(std::size_t records);

 private:
  struct Named {
    consensus::engine::Block block;
    consensus::engine::PartSet parts;
    consensus::engine::BlockId id;
  };
  const Named& named(const std::string& block);
  std::string name_of(const consensus::engine::BlockId& id);
  std::string describe(const consensus::engine::Effect& effect);
  std::string drain(std::vector<consensus::engine::Effect> effects);
  void answer_one(std::vector<consensus::engine::Effect>& more);
  void create();

  Options options_;
  ToySignatures signatures_{"toy-1"};
  std::unique_ptr<consensus::engine::Machine> machine_;
  std::map<std::string, Named> blocks_;
  std::vector<consensus::engine::WalEntry> log_;
  std::vector<consensus::engine::Effect> effects_;
  std::vector<consensus::engine::Effect> questions_;
  std::optional<consensus::engine::ChainState> chain_;
  std::optional<consensus::engine::ExtendedCommitRecord> saved_commit_;
  hsm::wire::Timestamp now_{1'700'000'100, 0};
};

}  // namespace buri::testing
