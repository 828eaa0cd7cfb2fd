#include <gtest/gtest.h>

#include <algorithm>
#include <map>

#include "base/hex.hpp"
#include "node/consensus/modules/bor/keeper.hpp"
#include "node/consensus/modules/milestone/pre_block.hpp"
#include "node/consensus/modules/stake/keeper.hpp"
#include "tests/unit/node/consensus/app/machine.hpp"
#include "tests/unit/node/consensus/app/recorded_chain.hpp"

/// Everything that recorded chains wrote into the stores of bor, milestone and gov, made again from
/// the recorded vote extensions and transactions: milestones, spans, scores, producers' status,
/// votes, downtimes, parameters; and the events of all that.

namespace buri::consensus::app {
namespace {

using codec::Field;
using modules::milestone::MilestoneProposition;
using modules::milestone::PropositionVote;
using runtime::StoreId;

/// The parts of a block's first transaction that are read here.
struct SideAnswer {
  Bytes tx_hash{};
  std::int32_t result = 0;
  static constexpr std::string_view kName = "heimdallv2.sidetxs.SideTxResponse";
  static constexpr auto fields() {
    return std::tuple{Field{1, "tx_hash", &SideAnswer::tx_hash},
                      Field{2, "result", &SideAnswer::result}};
  }
};
struct RecordedExtension {
  std::vector<SideAnswer> side_tx_responses{};
  std::optional<MilestoneProposition> milestone_proposition{};
  static constexpr std::string_view kName = "heimdallv2.sidetxs.VoteExtension";
  static constexpr auto fields() {
    using E = RecordedExtension;
    return std::tuple{Field{3, "side_tx_responses", &E::side_tx_responses},
                      Field{4, "milestone_proposition", &E::milestone_proposition}};
  }
};
struct RecordedValidator {
  Bytes address{};
  static constexpr std::string_view kName = "tendermint.abci.Validator";
  static constexpr auto fields() {
    return std::tuple{Field{1, "address", &RecordedValidator::address}};
  }
};
struct RecordedVote {
  RecordedValidator validator{};
  Bytes vote_extension{};
  std::int32_t block_id_flag = 0;
  static constexpr std::string_view kName = "tendermint.abci.ExtendedVoteInfo";
  static constexpr auto fields() {
    using V = RecordedVote;
    return std::tuple{Field{1, "validator", &V::validator},
                      Field{3, "vote_extension", &V::vote_extension},
                      Field{5, "block_id_flag", &V::block_id_flag}};
  }
};
struct RecordedCommit {
  std::vector<RecordedVote> votes{};
  static constexpr std::string_view kName = "tendermint.abci.ExtendedCommitInfo";
  static constexpr auto fields() { return std::tuple{Field{2, "votes", &RecordedCommit::votes}}; }
};

/// The committed votes in front of a block, decoded.
struct BlockVotes {
  std::vector<std::pair<Address, RecordedExtension>> extensions;

  /// Borrows this.
  [[nodiscard]] std::vector<PropositionVote> propositions() const {
    std::vector<PropositionVote> votes;
    for (const auto& [address, extension] : extensions) {
      if (!extension.milestone_proposition) continue;
      votes.push_back({address, &*extension.milestone_proposition});
    }
    return votes;
  }
};

BlockVotes votes_in(ByteView first_tx) {
  constexpr std::int32_t kCommit = 2;
  BlockVotes votes;
  const auto commit = codec::decode<RecordedCommit>(first_tx).value();
  for (const RecordedVote& vote : commit.votes) {
    if (vote.block_id_flag != kCommit) continue;
    auto extension = codec::decode<RecordedExtension>(vote.vote_extension).value();
    votes.extensions.emplace_back(Address::from(vote.validator.address), std::move(extension));
  }
  return votes;
}

class RecordedMilestones : public ::testing::TestWithParam<const char*> {
 protected:
  void SetUp() override {
    std::string why;
    chain_ = recorded_chain(GetParam(), why);
    if (chain_ == nullptr) GTEST_SKIP() << why;
  }

  modules::stake::IndexedSet judges(const runtime::Context& context) {
    using enum modules::stake::SetKind;
    const bool is_old = context.forks().uses_penultimate_set(context.height());
    return *modules::stake::load_indexed_set(context, is_old ? kPenultimate : kPrevious).value();
  }

  /// Whether more than two thirds answered yes on a transaction of the block before.
  bool is_approved(const Bytes& raw, const BlockVotes& votes,
                   const modules::stake::IndexedSet& set) {
    const Hash256 hash = tx::transaction_hash(raw);
    std::int64_t power = 0;
    for (const auto& [address, extension] : votes.extensions) {
      const auto* judge = set.find(address);
      for (const SideAnswer& answer : extension.side_tx_responses) {
        if (judge != nullptr && answer.result == 1 && equal(answer.tx_hash, hash)) {
          power += judge->voting_power;
        }
      }
    }
    return power > set.set().total_voting_power * 2 / 3;
  }

  void apply_approved(const runtime::Context& context, const BlockVotes& votes,
                      const modules::stake::IndexedSet& set) {
    for (const Bytes& raw : chain_->transactions.at(context.height() - 1)) {
      const auto decoded = machine_.runner.decode(raw);
      if (!decoded.ok() || !is_approved(raw, votes, set)) continue;
      for (const runtime::MessagePointer& message : decoded->messages) {
        if (!message->type().is_side_message()) continue;
        store::Branch inner(context.branch());
        const auto applied = message->type().post_handle(
            context.with_branch(inner).with_tx_hash(decoded->hash), *message);
        if (applied.ok()) inner.write();
        break;
      }
    }
  }

  void execute(const runtime::Context& context) {
    runtime::GasMeter block_gas = block_gas_meter(context.block());
    runtime::EventLog ignored;
    for (const Bytes& raw : chain_->transactions.at(context.height())) {
      ASSERT_TRUE(machine_.runner
                      .deliver(context.with_events(ignored), block_gas, machine_.runner.decode(raw))
                      .ok());
    }
    ASSERT_TRUE(machine_.gov.end_block(context.with_events(ignored)).ok());
  }

  void compare_writes(std::int64_t height, StoreId id, store::Branch& branch) {
    SCOPED_TRACE(runtime::store_name(id));
    std::map<std::string, std::string> written;
    for (const auto& [key, value] : branch.store(static_cast<std::size_t>(id)).writes()) {
      const bool is_effective = value || stores_[id].entries().contains(key);
      if (is_effective) written[to_hex(key)] = value ? to_hex(*value) : "removed";
    }
    std::map<std::string, std::string> recorded;
    for (const records::WritesRecord& record : chain_->writes.at(height)) {
      if (record.store != runtime::store_name(id)) continue;
      for (const auto& [key, value] : record.sets) recorded[to_hex(key)] = to_hex(value);
      for (const Bytes& key : record.deletes) recorded[to_hex(key)] = "removed";
    }
    EXPECT_EQ(written, recorded);
    compared_ += recorded.size();
  }

  /// The events of both modules, of all that a block says about itself.
  static std::vector<records::EventRecord> own_events(std::vector<records::EventRecord> events) {
    std::erase_if(events, [](const records::EventRecord& event) {
      return event.first != "milestone" && event.first != "propose-span";
    });
    return events;
  }

  void replay(std::int64_t height) {
    const runtime::BlockFacts facts = facts_of(*chain_, height);
    store::Branch branch(stores_.stores());
    runtime::EventLog events;
    const runtime::Context context(facts, branch, meter_, events);
    const BlockVotes votes = votes_in(chain_->transactions.at(height).front());
    const auto set = judges(context);
    const auto applied = modules::milestone::apply_propositions(context, set, votes.propositions());
    ASSERT_TRUE(applied.ok()) << applied.error().log;
    apply_approved(context, votes, set);
    execute(context);
    compare_writes(height, StoreId::kBor, branch);
    compare_writes(height, StoreId::kMilestone, branch);
    // Reasons why proposals failed hold the texts of these modules' errors.
    compare_writes(height, StoreId::kGov, branch);
    EXPECT_EQ(own_events(in_record_form(events)), own_events(chain_->results.at(height).events));
  }

  const RecordedChain* chain_ = nullptr;
  Machine machine_;
  runtime::MemoryStores stores_;
  runtime::GasMeter meter_ = runtime::GasMeter::infinite();
  std::size_t compared_ = 0;
};

TEST_P(RecordedMilestones, WriteWhatWasRecordedIntoBothStores) {
  app::apply(chain_->writes.at(1), stores_);
  for (auto it = chain_->transactions.upper_bound(1); it != chain_->transactions.end(); ++it) {
    SCOPED_TRACE("height " + std::to_string(it->first));
    replay(it->first);
    if (HasFailure()) FAIL() << "the first difference stops the run";
    app::apply(chain_->writes.at(it->first), stores_);
  }
  std::cout << compared_ << " writes compared\n";
  EXPECT_GT(compared_, 500U);
}

INSTANTIATE_TEST_SUITE_P(Chains, RecordedMilestones, ::testing::Values("A", "B"));

}  // namespace
}  // namespace buri::consensus::app
