#include "tests/unit/node/consensus/engine/puppet.hpp"

#include <sstream>

#include "node/consensus/engine/hashes.hpp"
#include "tests/unit/node/golden.hpp"

namespace buri::testing {

using namespace consensus::engine;

namespace {

constexpr hsm::wire::Timestamp kGenesisTime{1'700'000'000, 0};

std::string_view short_step(Step step) {
  constexpr std::array<std::string_view, 9> kNames{"",          "NewHeight",     "NewRound",
                                                   "Propose",   "Prevote",       "PrevoteWait",
                                                   "Precommit", "PrecommitWait", "Commit"};
  return kNames.at(static_cast<std::size_t>(step));
}

Step step_of(const std::string& name) {
  for (std::uint8_t i = 1; i <= 8; ++i) {
    if (short_step(static_cast<Step>(i)) == name) return static_cast<Step>(i);
  }
  CHECK(false, "a step's name");
  return Step::kNewHeight;
}

Bytes text_bytes(const std::string& text) { return {text.begin(), text.end()}; }

/// Words that a note is told by; what is told otherwise or is of no interest is left out.
std::string note_word(const Noted& noted) {
  switch (noted.note) {
    case Note::kNewRound:
      return "round " + std::to_string(noted.round);
    case Note::kLock:
      return "lock";
    case Note::kRelock:
      return "relock";
    case Note::kUnlock:
      return "unlock";
    case Note::kValidBlock:
      return "valid";
    case Note::kBlockRefused:
      return "refused";
    case Note::kClockBehind:
      return "clock behind";
    case Note::kNotSigned:
      return "not signed";
    case Note::kOwnConflict:
      return "own conflict";
    case Note::kProposalDropped:
      return "proposal dropped";
    default:
      return "";
  }
}

}  // namespace

Puppet::Puppet(Options options) : options_(options) {
  const std::int64_t powers[] = {10, 10, 10, 10};
  const auto validators = toy_validators(powers);
  chain_ = ChainState::genesis(engine(), "toy-1", 1, kGenesisTime, validators).value();
  chain_->params.extensions_height = options_.extensions_height;
  if (options_.own < validators.size()) {
    options_.machine.validator = validators[options_.own].address;
  }
  create();
}

void Puppet::create() {
  machine_ =
      Machine::create(engine(), signatures_, *chain_, saved_commit_, options_.machine).value();
}

const Puppet::Named& Puppet::named(const std::string& block) {
  const std::string key = std::to_string(machine_->state().height) + block;
  const auto found = blocks_.find(key);
  if (found != blocks_.end()) return found->second;
  BlockContent content;
  content.txs.push_back(text_bytes(block));
  if (block == "L") content.txs.emplace_back(200'000, 7);
  if (machine_->state().last_commit) {
    content.last_commit = machine_->state().last_commit->extended_commit().commit();
  }
  const std::size_t proposer = block == "O" ? options_.own : 0;
  Block made = make_block(engine(), machine_->chain(), std::move(content),
                          machine_->chain().validators.validators()[proposer].address);
  if (block == "Y") made.header.app_hash = {1};
  if (block == "Z") made.header.time.seconds += 100;
  const BlockId id{header_hash(engine(), made.header), PartSet::split(encode_block(made)).header()};
  PartSet parts = PartSet::split(encode_block(made));
  return blocks_.emplace(key, Named{std::move(made), std::move(parts), id}).first->second;
}

BlockId Puppet::id_of(const std::string& block) {
  return block == "-" ? BlockId{} : named(block).id;
}

std::string Puppet::name_of(const BlockId& id) {
  if (id.is_nil()) return "-";
  for (const auto& [name, block] : blocks_) {
    if (block.id == id) return name.substr(name.size() - 1);
  }
  return "?";
}

Vote Puppet::vote(VoteType type, const std::string& block, std::size_t index, std::int32_t round) {
  Vote vote;
  vote.type = type;
  vote.height = machine_->state().height;
  vote.round = round;
  vote.block_id = id_of(block);
  vote.timestamp = plus_nanos(now_, static_cast<std::int64_t>(index));
  vote.validator_index = static_cast<std::int32_t>(index);
  vote.validator_address = machine_->state().validators->validators()[index].address;
  const bool has_extensions = machine_->chain().has_extensions(vote.height);
  if (has_extensions && type == VoteType::kPrecommit && block != "-") {
    vote.extension = {static_cast<std::uint8_t>(index)};
  }
  toy_sign("toy-1", vote, has_extensions);
  return vote;
}

std::string Puppet::describe(const Effect& effect) {
  if (const auto* write = std::get_if<WriteWal>(&effect)) {
    if (const auto* step = std::get_if<StepEntered>(&write->entry)) {
      return "@" + step->step.substr(std::string_view("RoundStep").size());
    }
    const auto* end = std::get_if<HeightEnded>(&write->entry);
    return end != nullptr ? "end " + std::to_string(end->height) : "";
  }
  if (const auto* timer = std::get_if<StartTimeout>(&effect)) {
    return "timer " + std::string(short_step(timer->timeout.step));
  }
  if (const auto* sign = std::get_if<Sign>(&effect)) {
    if (const auto* proposal = std::get_if<hsm::wire::SignProposal>(&sign->request)) {
      return "sign proposal " + name_of(proposal->block_id) + " pol " +
             std::to_string(proposal->pol_round);
    }
    const auto& vote = std::get<hsm::wire::SignVote>(sign->request);
    return (vote.type == VoteType::kPrevote ? "sign prevote " : "sign precommit ") +
           name_of(vote.block_id);
  }
  if (std::holds_alternative<AskProposal>(effect)) return "ask";
  const auto block_name = [&](const ProposedBlockPtr& block) {
    for (const auto& [name, known] : blocks_) {
      if (known.id.hash == block->hash) return name.substr(name.size() - 1);
    }
    return std::string("?");
  };
  if (const auto* ask = std::get_if<AskVerdict>(&effect)) return "judge " + block_name(ask->block);
  if (const auto* ask = std::get_if<AskExtensions>(&effect)) {
    return "extend " + block_name(ask->block);
  }
  if (const auto* save = std::get_if<SaveBlock>(&effect)) return "save " + block_name(save->block);
  if (const auto* apply = std::get_if<ApplyBlock>(&effect)) {
    return "apply " + block_name(apply->block);
  }
  if (std::holds_alternative<ReportEvidence>(effect)) return "evidence";
  if (const auto* erred = std::get_if<PeerErred>(&effect)) {
    return erred->is_fatal ? "drop peer" : "erred";
  }
  if (std::holds_alternative<Answer>(effect)) return "answer bits";
  if (std::holds_alternative<Halted>(effect)) return "halt";
  const auto* noted = std::get_if<Noted>(&effect);
  return noted != nullptr ? note_word(*noted) : "";
}

/// The oldest question's answer, and what it leads to.
void Puppet::answer_one(std::vector<Effect>& more) {
  const Effect question = std::move(questions_.front());
  questions_.erase(questions_.begin());
  Event event;
  if (const auto* ask = std::get_if<AskProposal>(&question)) {
    BlockContent content;
    content.txs.push_back(text_bytes("O"));
    event = ProposalMade{ask->id, std::move(content)};
  } else if (const auto* ask_verdict = std::get_if<AskVerdict>(&question)) {
    event = BlockJudged{ask_verdict->id, ask_verdict->block->block.txs[0] != text_bytes("X")};
  } else if (const auto* ask_extensions = std::get_if<AskExtensions>(&question)) {
    event = VoteExtended{ask_extensions->id, VoteExtended::Extensions{{1}, {2}}};
  } else if (const auto* ask_vote = std::get_if<AskVoteVerdict>(&question)) {
    event = VoteJudged{ask_vote->id, ask_vote->vote.extension != Bytes{0xbb}};
  } else if (const auto* sign = std::get_if<Sign>(&question)) {
    event = SignerAnswered{
        sign->id,
        std::visit([&](const auto& r) { return toy_answer(*options_.machine.validator, r); },
                   sign->request)};
  } else {
    event = BlockApplied{{.app_hash = {9}, .results_hash = {}, .changes = {}, .params = {}}};
    chain_ =
        chain_
            ->after(std::get<ApplyBlock>(question).block->block.header,
                    std::get<ApplyBlock>(question).block_id, std::get<BlockApplied>(event).outcome)
            .value();
  }
  more = machine_->handle(std::move(event), now_);
}

std::string Puppet::drain(std::vector<Effect> effects) {
  std::string text;
  effects_.clear();
  while (true) {
    for (Effect& effect : effects) {
      // The own block has to have its name before it is told of.
      if (std::holds_alternative<AskProposal>(effect)) named("O");
      const std::string word = describe(effect);
      if (!word.empty()) text += (text.empty() ? "" : ", ") + word;
      if (const auto* write = std::get_if<WriteWal>(&effect)) log_.push_back(write->entry);
      if (const auto* save = std::get_if<SaveBlock>(&effect)) saved_commit_ = save->commit;
      if (wants_answer(effect)) questions_.push_back(effect);
      effects_.push_back(std::move(effect));
    }
    effects.clear();
    if (!options_.answers || questions_.empty()) return text;
    answer_one(effects);
  }
}

std::string Puppet::give(Event event) { return drain(machine_->handle(std::move(event), now_)); }

std::string Puppet::run(const std::string& words) {
  now_ = plus_nanos(now_, 10'000'000);
  std::istringstream in(words);
  std::string verb;
  std::string block;
  in >> verb;
  const RoundState& state = machine_->state();
  if (verb == "begin") return drain(machine_->begin(now_, true));
  if (verb == "answer") {
    std::vector<Effect> effects;
    if (questions_.empty()) return "no question";
    answer_one(effects);
    return drain(std::move(effects));
  }
  in >> block;
  if (verb == "timeout") return give(TimeoutFired{0, state.height, state.round, step_of(block)});
  std::vector<std::size_t> voters;
  std::int32_t round = state.round;
  std::int32_t pol_round = -1;
  for (std::string word; in >> word;) {
    if (word == "r") {
      in >> round;
    } else if (word == "pol") {
      in >> pol_round;
    } else {
      voters.push_back(static_cast<std::size_t>(std::stoi(word)));
    }
  }
  if (verb == "claim") {
    return give(MessagesArrived{
        {{VoteSetMaj23{state.height, round, VoteType::kPrevote, id_of(block)}, "peer"}}});
  }
  MessagesArrived arrived;
  for (const std::size_t voter : voters) {
    const VoteType type = verb == "prevote" ? VoteType::kPrevote : VoteType::kPrecommit;
    Vote made = vote(type, block, voter, round);
    arrived.messages.push_back({std::move(made), "peer" + std::to_string(voter)});
  }
  if (verb == "propose" || verb == "proposal") {
    Proposal proposal{state.height, round, pol_round, id_of(block), now_, {}, {}};
    toy_sign("toy-1", state.proposer().address, proposal);
    arrived.messages.push_back({std::move(proposal), "peer"});
  }
  if (verb == "propose" || verb == "parts") {
    const PartSet& parts = named(block).parts;
    for (std::size_t i = 0; i < parts.header().total; ++i) {
      arrived.messages.push_back({BlockPart{state.height, round, *parts.part(i)}, "peer"});
    }
  }
  return give(std::move(arrived));
}

std::string Puppet::restart(std::size_t records) {
  const std::vector<WalEntry> log = std::exchange(log_, {});
  questions_.clear();
  create();
  std::string text;
  std::size_t start = 0;
  for (std::size_t i = 0; i < records; ++i) {
    const auto* end = std::get_if<HeightEnded>(&log[i]);
    if (end != nullptr && end->height == chain_->last_height) start = i + 1;
  }
  for (std::size_t i = 0; i < records; ++i) {
    if (i >= start) {
      const std::string words = drain(machine_->replay(log[i], now_));
      if (!words.empty()) text += (text.empty() ? "" : ", ") + words;
    }
    log_.push_back(log[i]);
  }
  return text + " | " + drain(machine_->begin(now_, true));
}

}  // namespace buri::testing
