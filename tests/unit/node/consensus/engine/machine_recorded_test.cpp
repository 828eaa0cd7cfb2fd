#include <gtest/gtest.h>

#include <filesystem>

#include "node/consensus/engine/machine.hpp"
#include "node/consensus/records/chain.hpp"
#include "tests/unit/node/consensus/engine/recorded_messages.hpp"
#include "tests/unit/node/golden.hpp"

/// The stock node's log of chain A's first eight heights: a machine that gets the recorded
/// timeouts, the recorded content of blocks and the recorded signatures writes the recorded log,
/// record for record, and asks for no other signature.

namespace buri::consensus::engine {
namespace {

struct Recorded {
  std::vector<WalRecord> log;
  std::vector<Block> blocks;  ///< from height 1
  std::vector<Bytes> app_hashes;
  std::vector<Validator> validators;
};

std::optional<Recorded> read_recorded() {
  const auto file = testing::recorded_bytes("A/wal-1-8.bin");
  if (!file) return std::nullopt;
  Recorded recorded;
  for (ByteView rest(*file); !rest.empty();) {
    recorded.log.push_back(take_wal_record(rest).value());
  }
  const auto read = records::for_each_block(
      testing::fixtures_folder() + "/../golden/heimdall-devnet/A/blocks.jsonl.xz",
      [&](const records::BlockRecord& record) -> Status<records::RecordError> {
        if (record.height > 9) return Unit{};
        recorded.blocks.push_back(decode_block(record.block).value());
        recorded.app_hashes.emplace_back(record.app_hash.bytes.begin(),
                                         record.app_hash.bytes.end());
        if (record.height == 1) recorded.validators = decode_validators(record.validators).value();
        return Unit{};
      });
  CHECK(read.ok(), "the recorded blocks are readable");
  return recorded;
}

/// The host of the machine, whose application and signer know the recordings.
class RecordedHost {
 public:
  RecordedHost(const Recorded& recorded, std::string chain_id)
      : recorded_(&recorded), signatures_(testing::engine(), std::move(chain_id)) {
    const Header& first = recorded.blocks[0].header;
    ChainState chain =
        ChainState::genesis(testing::engine(), first.chain_id, 1, first.time, recorded.validators)
            .value();
    chain.app_hash = first.app_hash;
    chain.params.extensions_height = 1;
    MachineOptions options;
    options.validator = recorded.validators[0].address;
    machine_ =
        Machine::create(testing::engine(), signatures_, std::move(chain), {}, options).value();
  }

  void run() {
    perform(machine_->begin(recorded_->log[0].time, true));
    for (const WalRecord& record : recorded_->log) {
      const auto* timeout = std::get_if<TimeoutFired>(&record.entry);
      if (timeout != nullptr) perform(machine_->handle(*timeout, record.time));
    }
  }

  std::vector<WalEntry> written;
  std::size_t signatures = 0;
  [[nodiscard]] const Machine& machine() const { return *machine_; }
  [[nodiscard]] std::size_t checked() { return signatures_.verifier().checked(); }

 private:
  void perform(std::vector<Effect> effects) {
    std::deque<Effect> queue(effects.begin(), effects.end());
    while (!queue.empty()) {
      const Effect effect = std::move(queue.front());
      queue.pop_front();
      std::optional<Event> answer;
      if (const auto* write = std::get_if<WriteWal>(&effect)) {
        written.push_back(write->entry);
      } else if (const auto* ask = std::get_if<AskProposal>(&effect)) {
        const Block& block = at(machine_->state().height);
        answer = ProposalMade{ask->id, BlockContent{block.txs, block.evidence, {}}};
      } else if (const auto* verdict = std::get_if<AskVerdict>(&effect)) {
        answer = BlockJudged{verdict->id, true};
      } else if (const auto* extend = std::get_if<AskExtensions>(&effect)) {
        const Vote vote = recorded_vote(VoteType::kPrecommit, machine_->state().height);
        answer = VoteExtended{extend->id,
                              VoteExtended::Extensions{vote.extension, vote.non_rp_extension}};
      } else if (const auto* sign = std::get_if<Sign>(&effect)) {
        answer = SignerAnswered{sign->id, sign_recorded(*sign)};
      } else if (const auto* apply = std::get_if<ApplyBlock>(&effect)) {
        const std::int64_t height = apply->block->block.header.height;
        answer =
            BlockApplied{{.app_hash = recorded_->app_hashes[static_cast<std::size_t>(height) - 1],
                          .results_hash = at(height + 1).header.last_results_hash.value(),
                          .changes = {},
                          .params = {}}};
      } else if (const auto* halted = std::get_if<Halted>(&effect)) {
        ADD_FAILURE() << halted->reason;
      } else if (const auto* noted = std::get_if<Noted>(&effect)) {
        EXPECT_TRUE(noted->text.empty()) << noted->text;
      }
      if (!answer) continue;
      for (Effect& more : machine_->handle(std::move(*answer), now())) {
        queue.push_back(std::move(more));
      }
    }
  }

  [[nodiscard]] const Block& at(std::int64_t height) const {
    return recorded_->blocks[static_cast<std::size_t>(height) - 1];
  }
  [[nodiscard]] Timestamp now() const { return at(machine_->state().height).header.time; }

  Vote recorded_vote(VoteType type, std::int64_t height) const {
    for (const WalRecord& record : recorded_->log) {
      const auto* arrived = std::get_if<MessageArrived>(&record.entry);
      const auto* vote = arrived != nullptr ? std::get_if<Vote>(&arrived->message) : nullptr;
      if (vote != nullptr && vote->type == type && vote->height == height) return *vote;
    }
    return {};
  }

  hsm::wire::Signed sign_recorded(const Sign& request) {
    ++signatures;
    hsm::wire::Signed answer;
    const auto add = [&](const Bytes& signature) {
      answer.signatures.push_back(
          {hsm::wire::Purpose::kVote, hsm::wire::Signature::from(signature)});
    };
    if (const auto* asked = std::get_if<hsm::wire::SignProposal>(&request.request)) {
      for (const WalRecord& record : recorded_->log) {
        const auto* arrived = std::get_if<MessageArrived>(&record.entry);
        const auto* known = arrived != nullptr ? std::get_if<Proposal>(&arrived->message) : nullptr;
        if (known == nullptr || known->height != asked->height) continue;
        EXPECT_EQ(asked->block_id, known->block_id) << "height " << known->height;
        EXPECT_EQ(asked->pol_round, known->pol_round);
        add(known->signature);
        answer.timestamp = known->timestamp;
      }
      return answer;
    }
    const auto& asked = std::get<hsm::wire::SignVote>(request.request);
    const Vote known = recorded_vote(asked.type, asked.height);
    EXPECT_EQ(asked.block_id, known.block_id) << "height " << asked.height;
    EXPECT_EQ(asked.round, known.round);
    add(known.signature);
    if (asked.extension) {
      add(known.extension_signature);
      add(known.non_rp_signature);
    }
    answer.timestamp = known.timestamp;
    return answer;
  }

  const Recorded* recorded_;
  BatchedSignatures signatures_;
  std::unique_ptr<Machine> machine_;
};

TEST(MachineRecorded, WritesTheStockNodesLog) {
  const std::optional<Recorded> recorded = read_recorded();
  if (!recorded) GTEST_SKIP() << "no recorded chain beside the large suites";
  RecordedHost host(*recorded, recorded->blocks[0].header.chain_id);
  host.run();
  std::vector<WalEntry> expected;
  for (const WalRecord& record : recorded->log) expected.push_back(record.entry);
  expected.erase(expected.begin());  // the new log's own first record
  ASSERT_LE(expected.size(), host.written.size());
  for (std::size_t i = 0; i < expected.size(); ++i) {
    EXPECT_EQ(host.written[i], expected[i]) << "record " << i + 1;
  }
  EXPECT_EQ(host.machine().chain().last_height, 8);
  EXPECT_EQ(host.signatures, 3U * 8);
  // Of eight heights: proposal, prevote, precommit and its two extensions. The last commits,
  // checked with every block, cost nothing more.
  EXPECT_EQ(host.checked(), 5U * 8);
}

}  // namespace
}  // namespace buri::consensus::engine
