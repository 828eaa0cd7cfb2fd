#include <deque>
#include <tuple>

#include "base/check.hpp"
#include "node/consensus/engine/hashes.hpp"
#include "node/consensus/engine/machine.hpp"
#include "tests/support/consensus/toy_signatures.hpp"
#include "tests/unit/node/golden.hpp"

/// The state machine of consensus under any events in any order: signed and forged votes,
/// proposals, raw messages, timeouts, answers late or out of turn, restarts from its log. It never
/// aborts, never asks the signer to go back, and decides block after block.

namespace {

using namespace buri;
using namespace buri::consensus::engine;

constexpr std::size_t kValidators = 4;
constexpr std::size_t kOwn = 1;
constexpr hsm::wire::Timestamp kNow{1'700'000'100, 0};

/// Takes bytes from the front; zeros when there are no more.
class Choices {
 public:
  explicit Choices(ByteView bytes) : rest_(bytes) {}
  [[nodiscard]] bool is_empty() const { return rest_.empty(); }
  std::uint8_t byte() { return rest_.empty() ? 0 : take(1)[0]; }
  std::size_t below(std::size_t bound) { return byte() % bound; }
  ByteView take(std::size_t count) {
    const ByteView taken = rest_.first(std::min(count, rest_.size()));
    rest_ = rest_.subspan(taken.size());
    return taken;
  }

 private:
  ByteView rest_;
};

const ChainState& genesis() {
  static const ChainState kGenesis = [] {
    const std::int64_t powers[kValidators] = {10, 10, 10, 10};
    const auto validators = testing::toy_validators(powers);
    ChainState chain =
        ChainState::genesis(testing::engine(), "fuzz-1", 1, {1'700'000'000, 0}, validators).value();
    chain.params.extensions_height = 1;
    return chain;
  }();
  return kGenesis;
}

class Session {
 public:
  explicit Session(ByteView bytes) : choices_(bytes) { start({}); }

  void run() {
    while (!choices_.is_empty() && !machine_->is_halted()) step();
  }

 private:
  using Place = std::tuple<std::int64_t, std::int32_t, int>;

  void start(const std::vector<WalEntry>& log) {
    MachineOptions options;
    options.validator = genesis().validators.validators()[kOwn].address;
    auto machine = Machine::create(testing::engine(), signatures_, chain_, commit_, options);
    CHECK(machine.ok(), "the machine starts from what it saved itself");
    machine_ = std::move(machine).value();
    questions_.clear();
    signed_ = {};
    for (const WalEntry& entry : log) {
      perform(machine_->replay(entry, kNow));
      while (machine_->is_waiting() && !questions_.empty()) answer(0, true);
      if (machine_->is_halted()) return;
    }
    questions_.clear();
    perform(machine_->begin(kNow, true));
  }

  void step() {
    const RoundState& state = machine_->state();
    switch (choices_.below(8)) {
      case 0:
        return give(TimeoutFired{0, state.height + static_cast<std::int64_t>(choices_.below(2)),
                                 state.round, static_cast<Step>(1 + choices_.below(8))});
      case 1:
        return give(arrived(vote()));
      case 2: {
        Vote forged = vote();
        forged.signature[choices_.below(65)] ^= 1;
        return give(arrived(std::move(forged)));
      }
      case 3:
        return propose();
      case 4: {
        const ByteView raw = choices_.take(choices_.byte());
        auto message = decode_message(raw);
        if (message.ok() && check_basic(*message).ok()) give(arrived(std::move(*message)));
        return;
      }
      case 5:
        return answer(0, choices_.below(4) != 0);
      case 6:
        return questions_.empty() ? void() : answer(questions_.size() - 1, true);
      default:
        // A restart with the log up to some record.
        if (choices_.below(8) == 0) {
          std::vector<WalEntry> log = std::move(log_);
          log_.clear();
          log.resize(log.size() - std::min(log.size(), choices_.below(3)));
          log_ = log;
          start(log);
        }
        return;
    }
  }

  MessagesArrived arrived(Message message) {
    return {{{std::move(message), "peer" + std::to_string(choices_.below(3))}}};
  }

  void give(Event event) { perform(machine_->handle(std::move(event), kNow)); }

  Block make(std::size_t name) {
    BlockContent content;
    content.txs.push_back({static_cast<std::uint8_t>(name)});
    if (machine_->state().last_commit) {
      content.last_commit = machine_->state().last_commit->extended_commit().commit();
    }
    Block block = make_block(testing::engine(), machine_->chain(), std::move(content),
                             genesis().validators.validators()[0].address);
    if (name == 2) block.header.app_hash = {7};
    return block;
  }

  BlockId id_of(const Block& block) {
    return {header_hash(testing::engine(), block.header),
            PartSet::split(encode_block(block)).header()};
  }

  Vote vote() {
    const RoundState& state = machine_->state();
    Vote vote;
    vote.type = choices_.below(2) == 0 ? VoteType::kPrevote : VoteType::kPrecommit;
    vote.height = state.height;
    vote.round = state.round + static_cast<std::int32_t>(choices_.below(3));
    const std::size_t index = choices_.below(kValidators);
    const std::size_t name = choices_.below(4);
    if (name < 3) vote.block_id = id_of(make(name));
    vote.timestamp = kNow;
    vote.validator_index = static_cast<std::int32_t>(index);
    vote.validator_address = state.validators->validators()[index].address;
    testing::toy_sign("fuzz-1", vote, true);
    return vote;
  }

  void propose() {
    const RoundState& state = machine_->state();
    const Block block = make(choices_.below(3));
    const PartSet parts = PartSet::split(encode_block(block));
    Proposal proposal{state.height,
                      state.round,
                      static_cast<std::int32_t>(choices_.below(3)) - 1,
                      id_of(block),
                      kNow,
                      {},
                      {}};
    testing::toy_sign("fuzz-1", state.proposer().address, proposal);
    MessagesArrived messages = arrived(std::move(proposal));
    messages.messages.push_back({BlockPart{state.height, state.round, *parts.part(0)}, "peer"});
    give(std::move(messages));
  }

  void answer(std::size_t index, bool is_accepted) {
    if (index >= questions_.size()) return;
    const Effect question = std::move(questions_[index]);
    questions_.erase(questions_.begin() + static_cast<std::ptrdiff_t>(index));
    if (const auto* ask = std::get_if<AskProposal>(&question)) {
      ProposalMade made{ask->id, {}};
      if (is_accepted) made.content.emplace().txs.push_back({9});
      give(std::move(made));
    } else if (const auto* block = std::get_if<AskVerdict>(&question)) {
      give(BlockJudged{block->id, is_accepted});
    } else if (const auto* extensions = std::get_if<AskExtensions>(&question)) {
      VoteExtended extended{extensions->id, {}};
      if (is_accepted) extended.extensions = {{1}, {2}};
      give(std::move(extended));
    } else if (const auto* seen = std::get_if<AskVoteVerdict>(&question)) {
      give(VoteJudged{seen->id, is_accepted});
    } else if (const auto* sign = std::get_if<Sign>(&question)) {
      const Address key = genesis().validators.validators()[kOwn].address;
      SignerAnswered answered{sign->id, {}};
      if (is_accepted) {
        answered.answer =
            std::visit([&](const auto& r) { return testing::toy_answer(key, r); }, sign->request);
      }
      give(std::move(answered));
    } else {
      apply(std::get<ApplyBlock>(question));
    }
  }

  void apply(const ApplyBlock& effect) {
    const BlockOutcome outcome{.app_hash = {1}, .results_hash = {}, .changes = {}, .params = {}};
    chain_ = chain_.after(effect.block->block.header, effect.block_id, outcome).value();
    commit_ = saved_;
    give(BlockApplied{outcome});
    CHECK(machine_->chain().last_height == chain_.last_height, "every block is applied once");
    log_.clear();
  }

  void perform(std::vector<Effect> effects) {
    for (Effect& effect : effects) {
      if (const auto* write = std::get_if<WriteWal>(&effect)) {
        log_.push_back(write->entry);
      } else if (const auto* save = std::get_if<SaveBlock>(&effect)) {
        saved_ = save->commit;
      } else if (const auto* sign = std::get_if<Sign>(&effect)) {
        const Place place = place_of(*sign);
        CHECK(place > signed_, "the signer is never asked to go back");
        signed_ = place;
      }
      if (wants_answer(effect)) questions_.push_back(std::move(effect));
    }
  }

  static Place place_of(const Sign& sign) {
    if (const auto* proposal = std::get_if<hsm::wire::SignProposal>(&sign.request)) {
      return {proposal->height, proposal->round, 1};
    }
    const auto& vote = std::get<hsm::wire::SignVote>(sign.request);
    return {vote.height, vote.round, vote.type == VoteType::kPrevote ? 2 : 3};
  }

  Choices choices_;
  testing::ToySignatures signatures_{"fuzz-1"};
  ChainState chain_ = genesis();
  std::optional<ExtendedCommitRecord> commit_;
  ExtendedCommitRecord saved_;
  std::unique_ptr<Machine> machine_;
  std::vector<Effect> questions_;
  std::vector<WalEntry> log_;  ///< behind the last height's end
  Place signed_{};
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  // Longer inputs only repeat themselves.
  Session(ByteView(data, std::min<std::size_t>(size, 4096))).run();
  return 0;
}
