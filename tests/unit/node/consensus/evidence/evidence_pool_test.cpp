#include "node/consensus/evidence/evidence_pool.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "node/consensus/engine/block_rules.hpp"
#include "node/consensus/engine/hashes.hpp"
#include "node/consensus/evidence/evidence_message.hpp"
#include "node/consensus/evidence/evidence_reactor.hpp"
#include "node/consensus/p2p/channels.hpp"
#include "tests/support/consensus/made_chain.hpp"
#include "tests/support/storage/simulated_disk.hpp"
#include "tests/unit/node/consensus/mempool/peer_bench.hpp"
#include "tests/unit/node/golden.hpp"

/// The fork's rules on evidence over a chain of seven validators that is really signed.

namespace buri::consensus::evidence {
namespace {

using buri::testing::MadeChain;
using buri::testing::MadeValidator;
using testing::node_number;

constexpr std::int64_t kHeights = 12;

std::vector<MadeValidator> members_of(std::int64_t height) {
  static const auto all = buri::testing::make_validators(buri::testing::engine(), 9, 10, 1);
  // Two of seven change in the middle of the chain.
  const auto first = all.begin() + (height < 6 ? 0 : 2);
  return {first, first + 7};
}

const MadeChain& made_chain() {
  static const MadeChain chain(buri::testing::engine(), kHeights, members_of);
  return chain;
}

class MadeEvidenceChain final : public EvidenceChain {
 public:
  [[nodiscard]] std::int64_t height() const override { return last; }
  [[nodiscard]] std::optional<engine::Header> header(std::int64_t height) const override {
    if (height < 1 || height > last) return std::nullopt;
    return made_chain().at(height).header;
  }
  [[nodiscard]] std::optional<engine::Commit> commit(std::int64_t height) const override {
    if (height < 1 || height >= last) return std::nullopt;
    return made_chain().at(height).commit;
  }
  [[nodiscard]] std::optional<engine::ValidatorSet> validators(std::int64_t height) const override {
    if (height < 1 || height > last) return std::nullopt;
    return made_chain().at(height).validators;
  }
  [[nodiscard]] std::vector<engine::EvidencePiece> evidence(std::int64_t height) const override {
    const auto found = in_blocks.find(height);
    return found == in_blocks.end() ? std::vector<engine::EvidencePiece>() : found->second;
  }
  std::int64_t last = kHeights;
  std::map<std::int64_t, std::vector<engine::EvidencePiece>> in_blocks;
};

engine::ChainState state_at(std::int64_t height) {
  const auto& block = made_chain().at(height);
  auto state = engine::ChainState::genesis(buri::testing::engine(), block.header.chain_id, 1,
                                           block.header.time, block.validators.validators());
  state->last_height = height;
  state->last_time = block.header.time;
  return *std::move(state);
}

engine::BlockId block_number(std::uint8_t number) {
  engine::BlockId id;
  id.hash.emplace().bytes.fill(number);
  id.parts = {1, id.hash};
  return id;
}

engine::DuplicateVote double_vote(std::int64_t height, std::size_t member) {
  auto& crypto = buri::testing::engine();
  const MadeValidator who = members_of(height)[member];
  const auto& block = made_chain().at(height);
  return *engine::make_duplicate_vote(
      buri::testing::signed_vote(crypto, MadeChain::kChainId, who, block_number(1), height),
      buri::testing::signed_vote(crypto, MadeChain::kChainId, who, block_number(2), height),
      block.header.time, block.validators);
}

class EvidencePoolTest : public ::testing::Test {
 protected:
  EvidencePoolTest() { open(); }
  void open() {
    pool_.reset();
    database_ = disk_.open(EvidencePool::families());
    auto opened = EvidencePool::open({database_.get(), &chain_, &buri::testing::engine()}, state_,
                                     Logger("evidence", LogLevel::kOff));
    ASSERT_TRUE(opened.ok()) << opened.error();
    pool_ = std::move(opened).value();
  }
  /// What `add` says: "" for yes, else the reason; with a question mark where it cannot tell.
  std::string verdict(engine::EvidencePiece piece) {
    const auto added = pool_->add(std::move(piece));
    if (added.ok()) return "";
    return added.error().is_invalid ? added.error().reason : "?" + added.error().reason;
  }
  std::string verdict(const engine::DuplicateVote& evidence) {
    return verdict(engine::encode_duplicate_vote(evidence));
  }
  std::string check(const std::vector<engine::EvidencePiece>& pieces) {
    const auto checked = pool_->check(pieces);
    return checked.ok() ? "" : checked.error();
  }

  buri::testing::SimulatedDisk disk_;
  std::unique_ptr<storage::Database> database_;
  MadeEvidenceChain chain_;
  engine::ChainState state_ = state_at(kHeights);
  std::unique_ptr<EvidencePool> pool_;
};

TEST_F(EvidencePoolTest, TakesADoubleVoteOnceAndOffersItUntilItIsCommitted) {
  const auto piece = engine::encode_duplicate_vote(double_vote(4, 2));
  EXPECT_EQ(verdict(piece), "");
  EXPECT_EQ(verdict(piece), "") << "known";
  EXPECT_EQ(pool_->size(), 1u);
  ASSERT_EQ(pool_->pending(-1).size(), 1u);
  EXPECT_EQ(pool_->pending(-1)[0].encoded, piece.encoded);
  EXPECT_EQ(check({piece}), "");
  pool_->block_committed(state_at(kHeights), std::vector{piece});
  EXPECT_EQ(pool_->size(), 0u);
  EXPECT_EQ(check({piece}), "a piece of evidence was committed before");
  EXPECT_EQ(verdict(piece), "") << "a peer that is behind is not to blame";
  EXPECT_EQ(pool_->size(), 0u);
}

TEST_F(EvidencePoolTest, RefusesADoubleVoteThatDoesNotConvict) {
  const auto good = double_vote(4, 2);
  const auto changed = [&](const std::function<void(engine::DuplicateVote&)>& change) {
    engine::DuplicateVote evidence = good;
    change(evidence);
    return verdict(evidence);
  };
  EXPECT_THAT(changed([](auto& e) { std::swap(e.vote_a, e.vote_b); }),
              ::testing::HasSubstr("not in the order"));
  EXPECT_THAT(changed([](auto& e) { e.vote_b = e.vote_a; }),
              ::testing::HasSubstr("not in the order"));
  EXPECT_THAT(changed([](auto& e) { e.vote_b.round = 1; }),
              ::testing::HasSubstr("same height, round and step"));
  EXPECT_THAT(changed([](auto& e) { e.vote_b.validator_address.bytes[0] ^= 1; }),
              ::testing::HasSubstr("of two validators"));
  EXPECT_THAT(changed([](auto& e) { e.vote_a.validator_address.bytes[0] ^= 1; }),
              ::testing::HasSubstr("was no validator"));
  EXPECT_THAT(changed([](auto& e) { e.validator_power = 11; }),
              ::testing::HasSubstr("power is 11, expected 10"));
  EXPECT_THAT(changed([](auto& e) { e.total_voting_power = 71; }),
              ::testing::HasSubstr("total power is 71, expected 70"));
  EXPECT_THAT(changed([](auto& e) { ++e.timestamp.nanos; }), ::testing::HasSubstr("another time"));
  EXPECT_THAT(changed([](auto& e) { e.vote_b.signature[5] ^= 1; }),
              ::testing::HasSubstr("signature"));
  EXPECT_THAT(changed([](auto& e) { e.vote_a.signature.resize(64); }),
              ::testing::HasSubstr("signature"));
  EXPECT_THAT(changed([](auto& e) { e.vote_a.signature[64] ^= 1; }), "") << "V means nothing";
  EXPECT_THAT(verdict({false, {1, 2, 3}}), ::testing::HasSubstr("does not decode"));
}

TEST_F(EvidencePoolTest, CannotTellOfABlockItDoesNotHave) {
  chain_.last = 3;
  EXPECT_EQ(verdict(double_vote(4, 2)), "?no header of height 4");
}

TEST_F(EvidencePoolTest, EvidenceExpiresByBothAges) {
  state_.params.evidence_age_blocks = 5;
  state_.params.evidence_age_nanos = 7 * std::int64_t{1'000'000'000};
  pool_->block_committed(state_, {});
  EXPECT_EQ(verdict(double_vote(6, 0)), "") << "six blocks old, but six seconds only";
  EXPECT_EQ(verdict(double_vote(5, 0)), "") << "seven seconds are not more than seven";
  EXPECT_THAT(verdict(double_vote(4, 0)), ::testing::HasSubstr("too old"));
  ++state_.last_time.seconds;
  pool_->block_committed(state_, {});
  EXPECT_EQ(pool_->size(), 1u) << "height 5 is gone";
}

TEST_F(EvidencePoolTest, AProposalTakesWhatFits) {
  std::vector<engine::EvidencePiece> pieces;
  for (const std::int64_t height : {4, 3, 5}) {
    pieces.push_back(engine::encode_duplicate_vote(double_vote(height, 1)));
    ASSERT_EQ(verdict(pieces.back()), "");
  }
  const auto bytes = engine::evidence_bytes(std::span(pieces).first(2));
  ASSERT_EQ(pool_->pending(bytes).size(), 2u);
  EXPECT_EQ(pool_->pending(bytes)[0].encoded, pieces[1].encoded) << "the oldest first";
  EXPECT_EQ(pool_->pending(bytes - 1).size(), 1u);
  EXPECT_EQ(pool_->pending(0).size(), 0u);
}

TEST_F(EvidencePoolTest, ABlocksEvidenceIsVerifiedTogetherAndKept) {
  const auto one = engine::encode_duplicate_vote(double_vote(4, 1));
  const auto two = engine::encode_duplicate_vote(double_vote(4, 2));
  auto bad = double_vote(5, 1);
  bad.vote_a.signature[0] ^= 1;
  EXPECT_EQ(check({one, one}), "a piece of evidence is repeated");
  EXPECT_EQ(check({one, engine::encode_duplicate_vote(bad), two}),
            "a vote's signature is not the validator's");
  EXPECT_EQ(pool_->size(), 0u);
  EXPECT_EQ(check({one, two}), "");
  EXPECT_EQ(pool_->size(), 2u);
}

TEST_F(EvidencePoolTest, RemembersWhatWasPendingAndWhatWasCommitted) {
  const auto pending = engine::encode_duplicate_vote(double_vote(4, 1));
  const auto committed = engine::encode_duplicate_vote(double_vote(5, 1));
  const auto in_last_block = engine::encode_duplicate_vote(double_vote(6, 1));
  pool_->report(pending);
  pool_->block_committed(state_, std::vector{committed});
  chain_.in_blocks[kHeights] = {in_last_block};
  open();
  EXPECT_EQ(pool_->size(), 1u);
  EXPECT_EQ(pool_->pending(-1)[0].encoded, pending.encoded);
  EXPECT_EQ(check({committed}), "a piece of evidence was committed before");
  EXPECT_EQ(check({in_last_block}), "a piece of evidence was committed before")
      << "though the crash came before that was noted";
}

/// Attacks on light clients, made of forks of the chain.
class AttackTest : public EvidencePoolTest {
 protected:
  static engine::LightClientAttack attack_by(const MadeChain& fork, std::int64_t height,
                                             std::int64_t common_height) {
    const auto& common = made_chain().at(common_height);
    engine::LightClientAttack attack{fork.at(height),
                                     common_height,
                                     {},
                                     common.validators.total_voting_power(),
                                     common.header.time};
    attack.byzantine = engine::byzantine_validators(
        attack.conflicting, common.validators,
        {made_chain().at(height).header, made_chain().at(height).commit});
    return attack;
  }
  std::string verdict_of(const engine::LightClientAttack& attack) {
    return verdict(engine::encode_light_client_attack(attack));
  }
};

TEST_F(AttackTest, ALunaticBlockConvictsItsSignersOfTheCommonSet) {
  const auto lunatic = [&](std::uint8_t app_hash) {
    const auto change = [&](engine::Header& h) { h.app_hash = Bytes(32, app_hash); };
    return attack_by(made_chain().forked(8, change, members_of), 8, 4);
  };
  const auto attack = lunatic(9);
  EXPECT_EQ(attack.byzantine.size(), 5u) << "two of the signers were not yet validators";
  EXPECT_EQ(verdict_of(attack), "");
  auto other = lunatic(10);
  other.byzantine.pop_back();
  EXPECT_THAT(verdict_of(other), ::testing::HasSubstr("accuses 4 validators, expected these 5"));
  other = lunatic(10);
  other.total_voting_power = 60;
  EXPECT_THAT(verdict_of(other), ::testing::HasSubstr("total power is 60, expected 70"));
  other = lunatic(10);
  other.conflicting.commit.signatures[0].signature[3] ^= 1;
  EXPECT_THAT(verdict_of(other), ::testing::HasSubstr("signature"));
  other = lunatic(10);
  other.byzantine[0].address.bytes[3] ^= 1;
  EXPECT_THAT(verdict_of(other), ::testing::HasSubstr("expected its key's"));
}

TEST_F(AttackTest, AnEquivocationConvictsWhoSignedBoth) {
  const auto fork = made_chain().forked(
      8, [](engine::Header& h) { h.data_hash.emplace().bytes.fill(3); }, members_of);
  const auto attack = attack_by(fork, 8, 8);
  EXPECT_EQ(attack.byzantine.size(), 7u);
  EXPECT_EQ(verdict_of(attack), "");
}

TEST_F(AttackTest, AnAmnesiaNamesNobody) {
  engine::Header header = made_chain().at(8).header;
  header.data_hash.emplace().bytes.fill(3);
  engine::LightClientAttack attack{
      MadeChain::signed_block(buri::testing::engine(), header, members_of(8), 1, {}),
      8,
      {},
      70,
      made_chain().at(8).header.time};
  EXPECT_EQ(verdict_of(attack), "");
}

TEST_F(AttackTest, TheChainsOwnBlockIsNoAttack) {
  const auto attack = attack_by(made_chain(), 8, 8);
  EXPECT_THAT(verdict_of(attack), ::testing::HasSubstr("the chain's own"));
}

TEST_F(AttackTest, TwoThirdsOfItsOwnSetAndAThirdOfTheCommonOneHaveToSign) {
  const auto four = [](const MadeValidator& one) {
    const auto all = members_of(1);
    for (std::size_t i = 0; i < 4; ++i) {
      if (all[i].validator.address == one.validator.address) return true;
    }
    return false;
  };
  const auto fork = made_chain().forked(
      4, [](engine::Header& h) { h.app_hash = Bytes(32, 9); }, members_of, four);
  EXPECT_THAT(verdict_of(attack_by(fork, 4, 2)),
              ::testing::HasSubstr("the conflicting commit does not hold: power"));
  auto strangers = buri::testing::make_validators(buri::testing::engine(), 4, 10, 77);
  const auto taken_over = made_chain().forked(
      4, [](engine::Header& h) { h.app_hash = Bytes(32, 9); },
      [&](std::int64_t) { return strangers; });
  EXPECT_THAT(verdict_of(attack_by(taken_over, 4, 2)),
              ::testing::HasSubstr("a third of the common validators did not sign"));
}

class EvidenceReactorTest : public EvidencePoolTest {
 protected:
  class Worker final : public host::Executor {
   public:
    void post(std::function<void()> work) override { work(); }
  };
  void connect(std::uint8_t number, std::int64_t height) {
    network_.room[node_number(number)] = 100;
    heights_.heights[node_number(number)] = height;
    reactor_->peer_added({node_number(number), p2p::Direction::kInbound, {}, {}});
  }
  void SetUp() override {
    reactor_.emplace(EvidenceReactorServices{pool_.get(), &network_, &heights_, &worker_, &clock_},
                     Logger("evidence", LogLevel::kOff));
  }

  testing::ScriptedNetwork network_;
  testing::ScriptedHeights heights_;
  Worker worker_;
  ManualClock clock_;
  std::optional<EvidenceReactor> reactor_;
};

TEST_F(EvidenceReactorTest, SendsToPeersAboveTheHeightAndAgainAfterTenSeconds) {
  connect(1, 5);
  connect(2, 4);
  connect(3, 200'000);
  const auto piece = engine::encode_duplicate_vote(double_vote(4, 1));
  ASSERT_EQ(verdict(piece), "");
  EXPECT_EQ(network_.sent[node_number(1)], std::vector<Bytes>{encode_evidence_message(piece)});
  EXPECT_TRUE(network_.sent[node_number(2)].empty()) << "it is deciding that height";
  EXPECT_TRUE(network_.sent[node_number(3)].empty()) << "too old for it";
  heights_.heights[node_number(2)] = 5;
  clock_.advance(std::chrono::milliseconds(9999));
  reactor_->gossip();
  EXPECT_EQ(network_.sent[node_number(1)].size(), 1u);
  clock_.advance(std::chrono::milliseconds(1));
  reactor_->gossip();
  EXPECT_EQ(network_.sent[node_number(1)].size(), 2u);
  EXPECT_EQ(network_.sent[node_number(2)].size(), 1u);
  pool_->block_committed(state_, std::vector{piece});
  clock_.advance(std::chrono::seconds(20));
  reactor_->gossip();
  EXPECT_EQ(network_.sent[node_number(1)].size(), 2u) << "it is in a block";
}

TEST_F(EvidenceReactorTest, HangsUpOnWhatIsInvalidButNotOnWhatItCannotTell) {
  const auto hear = [&](std::uint8_t from, Bytes message) {
    connect(from, 9);
    reactor_->receive(node_number(from), {p2p::kEvidenceChannel, std::move(message), {}});
  };
  hear(1, encode_evidence_message(engine::encode_duplicate_vote(double_vote(4, 1))));
  EXPECT_EQ(pool_->size(), 1u);
  auto bad = double_vote(5, 1);
  bad.vote_a.signature[0] ^= 1;
  hear(2, encode_evidence_message(engine::encode_duplicate_vote(bad)));
  hear(3, Bytes{0xff});
  chain_.last = 6;
  hear(4, encode_evidence_message(engine::encode_duplicate_vote(double_vote(8, 1))));
  EXPECT_FALSE(network_.disconnected.contains(node_number(1)));
  EXPECT_TRUE(network_.disconnected.contains(node_number(2)));
  EXPECT_TRUE(network_.disconnected.contains(node_number(3)));
  EXPECT_FALSE(network_.disconnected.contains(node_number(4)));
}

}  // namespace
}  // namespace buri::consensus::evidence
