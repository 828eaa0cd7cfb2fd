#include <gtest/gtest.h>

#include "node/consensus/modules/checkpoint/messages.hpp"
#include "node/consensus/modules/checkpoint/side_sign_bytes.hpp"
#include "tests/unit/node/consensus/modules/module_state.hpp"

/// The rules of module checkpoint (spec/heimdall.md 5.2, heimdall-after-ithaca.md L8 to L10) on
/// either side of their limits and forks.

namespace buri::consensus::modules::checkpoint {
namespace {

using protocol::HeimdallFork;
using runtime::SideVote;

constexpr std::int64_t kZurich = 10;
constexpr std::int64_t kLugano = 20;

struct CheckpointRules : ::testing::Test {
  ModuleState state;

  CheckpointRules() {
    register_messages(state.registry, {&state.root_chain, &state.bor});
    state.set_fork(HeimdallFork::kZurich, kZurich);
    state.set_fork(HeimdallFork::kLugano, kLugano);
  }

  std::string proposer() {
    return stake::Keeper().set(state.at(1), stake::SetKind::kCurrent)->proposer->signer;
  }
  /// A message that every rule accepts, from block `start` on.
  MsgCheckpoint proposal(std::uint64_t start, std::uint64_t length) {
    const auto accounts = topup::Keeper().accounts(state.at(1)).value();
    const Hash256 root = topup::account_root(accounts).value();
    return {.proposer = proposer(),
            .start_block = start,
            .end_block = start + length - 1,
            .root_hash = Bytes(32, 0x11),
            .account_root_hash = Bytes(ByteView(root).begin(), ByteView(root).end()),
            .bor_chain_id = std::string(kBorChainId)};
  }
  /// Stores checkpoint 1, blocks 0 to 255, acknowledged at the start's time.
  void add_first() {
    const auto context = state.at(1);
    ASSERT_TRUE(Keeper()
                    .add(context, {.id = 1,
                                   .proposer = test_signer(1),
                                   .end_block = 255,
                                   .root_hash = Bytes(32, 1),
                                   .timestamp = ModuleState::kStartSeconds})
                    .ok());
    ASSERT_TRUE(Keeper().set_ack_count(context, 1).ok());
  }
  void put_buffer(const Checkpoint& checkpoint) {
    ASSERT_TRUE(Keeper().set_buffer(state.at(1), checkpoint).ok());
  }
};

TEST(CheckpointLength, IsAWholeNumberOfAveragesOrTheMaximum) {
  struct Case {
    std::uint64_t start, end, average, maximum;
    bool is_valid;
  };
  const std::vector<Case> cases{{0, 255, 256, 1024, true},      {1000, 1255, 256, 1024, true},
                                {1000, 2023, 256, 1024, true},  {1000, 1256, 256, 1024, false},
                                {1000, 1000, 256, 1024, false}, {1000, 2024, 256, 1024, false},
                                {1000, 1299, 256, 300, true},   {1000, 1298, 256, 300, false},
                                {1000, 999, 256, 1024, false},  {0, UINT64_MAX, 256, 1024, false},
                                {0, 255, 0, 1024, false},       {0, 1, 1, 1024, true}};
  for (const Case& one : cases) {
    const Params params{{1000, 0}, one.average, one.maximum, 1};
    EXPECT_EQ(code_of(check_length(params, one.start, one.end)), one.is_valid ? 0U : 18U)
        << one.start << "-" << one.end;
  }
}

TEST_F(CheckpointRules, WindowsAreCheckedFromLuganoOn) {
  const MsgCheckpoint odd = proposal(0, 257);
  const MsgCheckpoint even = proposal(0, 256);
  EXPECT_EQ(state.handle(kLugano - 1, odd), 0U);
  EXPECT_EQ(state.handle(kLugano, odd), 18U);
  EXPECT_EQ(state.handle(kLugano, even), 0U);
  // A post handler belongs to the transaction of the block before.
  EXPECT_EQ(code_of(apply(state.at(kLugano + 1), odd)), 18U);
  EXPECT_EQ(code_of(apply(state.at(kLugano), odd)), 0U);
}

TEST_F(CheckpointRules, VotesNeedBorsRootAndFromLuganoTheWindow) {
  for (const std::uint64_t length : {256, 257}) {
    state.bor.roots[{0, length - 1}] = Hash256::from(Bytes(32, 0x11));
  }
  state.bor.head = 256 + 10;
  const MsgCheckpoint odd = proposal(0, 257);
  const MsgCheckpoint even = proposal(0, 256);
  EXPECT_EQ(vote(state.at(kLugano - 1), odd, state.bor), SideVote::kYes);
  EXPECT_EQ(vote(state.at(kLugano), odd, state.bor), SideVote::kNo);
  EXPECT_EQ(vote(state.at(kLugano), even, state.bor), SideVote::kYes);
  state.bor.head = 255 + 9;
  EXPECT_EQ(vote(state.at(kLugano), even, state.bor), SideVote::kNo);
  state.bor.head = 1000;
  MsgCheckpoint other = even;
  other.root_hash = Bytes(32, 0x12);
  EXPECT_EQ(vote(state.at(kLugano), other, state.bor), SideVote::kNo);
  other = even;
  other.bor_chain_id = "1";
  EXPECT_EQ(vote(state.at(kLugano), other, state.bor), SideVote::kNo);
}

TEST_F(CheckpointRules, VerdictsOnARootTellWhyThereIsNone) {
  const MsgCheckpoint message = proposal(0, 256);
  EXPECT_EQ(verify_root(state.bor, message, 1024, 10), RootVerdict::kNoBlock);
  state.bor.head = 265;
  EXPECT_EQ(verify_root(state.bor, message, 1024, 10), RootVerdict::kUnavailable);
  state.bor.roots[{0, 255}] = Hash256::from(Bytes(32, 0x11));
  EXPECT_EQ(verify_root(state.bor, message, 1024, 10), RootVerdict::kAgrees);
  EXPECT_EQ(verify_root(state.bor, message, 255, 10), RootVerdict::kUnavailable);
  state.bor.roots[{0, 255}] = Hash256::from(Bytes(32, 0x12));
  EXPECT_EQ(verify_root(state.bor, message, 1024, 10), RootVerdict::kDiffers);
  state.bor.is_down = true;
  EXPECT_EQ(verify_root(state.bor, message, 1024, 10), RootVerdict::kUnavailable);
}

TEST_F(CheckpointRules, MessagesAreRefusedWithTheFirstFaultsCode) {
  EXPECT_EQ(state.handle(1, proposal(1, 256)), 8U);
  add_first();
  EXPECT_EQ(state.handle(1, proposal(0, 256)), 7U);
  EXPECT_EQ(state.handle(1, proposal(256, 256)), 0U);
  MsgCheckpoint message = proposal(256, 256);
  message.account_root_hash[0] ^= 1;
  EXPECT_EQ(state.handle(1, message), 8U);
  message = proposal(256, 256);
  message.proposer = test_signer(9);
  EXPECT_EQ(state.handle(1, message), 2U);
}

TEST_F(CheckpointRules, ABufferedCheckpointBlocksUntilItHasTimedOut) {
  put_buffer({.id = 1, .start_block = 0, .end_block = 9, .timestamp = ModuleState::kStartSeconds});
  state.pass_seconds(999);
  EXPECT_EQ(state.handle(1, proposal(0, 256)), 9U);
  state.pass_seconds(1);
  EXPECT_EQ(state.handle(1, proposal(0, 256)), 0U);
  EXPECT_FALSE(Keeper().has_buffer(state.at(1)).value());
}

TEST_F(CheckpointRules, AccountRootsHaveTheirLengthFromZurichOn) {
  tx::Transaction transaction;
  MsgCheckpoint message = proposal(0, 256);
  message.account_root_hash.pop_back();
  transaction.messages.push_back(state.registry.decode(codec::pack(message)).value());
  EXPECT_EQ(code_of(check_account_roots(state.at(kZurich - 1), transaction)), 0U);
  EXPECT_EQ(code_of(check_account_roots(state.at(kZurich), transaction)), 2U);
}

TEST_F(CheckpointRules, AcksMustMatchTheBufferButMayEndElsewhere) {
  const MsgCpAck ack{.from = test_signer(1),
                     .number = 1,
                     .proposer = test_signer(2),
                     .end_block = 255,
                     .root_hash = Bytes(32, 5)};
  EXPECT_EQ(state.handle(1, ack), 10U);
  put_buffer({.id = 1, .proposer = test_signer(1), .end_block = 255, .root_hash = Bytes(32, 5)});
  EXPECT_EQ(state.handle(1, ack), 0U);
  MsgCpAck other = ack;
  other.number = 2;
  EXPECT_EQ(state.handle(1, other), 10U);
  other = ack;
  other.start_block = 1;
  EXPECT_EQ(state.handle(1, other), 10U);
  other = ack;
  other.root_hash = Bytes(32, 6);
  EXPECT_EQ(state.handle(1, other), 10U);
  other.end_block = 300;
  EXPECT_EQ(state.handle(1, other), 0U);
  const std::string before = proposer();
  ASSERT_TRUE(apply(state.at(2), other).ok());
  const auto stored = Keeper().by_number(state.at(2), 1).value();
  ASSERT_TRUE(stored.has_value());
  EXPECT_EQ(stored->end_block, 300U);
  EXPECT_EQ(stored->proposer, test_signer(2));
  EXPECT_EQ(stored->root_hash, Bytes(32, 6));
  EXPECT_EQ(ack_count(state.at(2)).value(), 1U);
  EXPECT_FALSE(Keeper().has_buffer(state.at(2)).value());
  EXPECT_NE(proposer(), before);
}

TEST_F(CheckpointRules, AcksAreVotedByTheRootChainsBlock) {
  put_buffer({.id = 1, .proposer = test_signer(1), .end_block = 255, .root_hash = Bytes(32, 5)});
  const MsgCpAck ack{.from = test_signer(1),
                     .number = 1,
                     .proposer = test_signer(1),
                     .end_block = 255,
                     .root_hash = Bytes(32, 5)};
  EXPECT_EQ(vote(state.at(1), ack, state.root_chain), SideVote::kNo);
  auto& header = state.root_chain.header_blocks[U256::from_uint64(10'000)];
  header = {.root_hash = Hash256::from(Bytes(32, 5)),
            .end_block = 255,
            .proposer = runtime::address_of_key(test_key(1))};
  EXPECT_EQ(vote(state.at(1), ack, state.root_chain), SideVote::kYes);
  header.end_block = 256;
  EXPECT_EQ(vote(state.at(1), ack, state.root_chain), SideVote::kNo);
}

TEST_F(CheckpointRules, NoAcksComeInTurnAndInTime) {
  add_first();
  auto set = stake::Keeper().set(state.at(1), stake::SetKind::kCurrent).value();
  ASSERT_TRUE(stake::increment_priority(set, 1).ok());
  const MsgCpNoAck next{set.proposer->signer};
  const std::string last = next.from == test_signer(1) ? test_signer(2) : test_signer(1);
  state.pass_seconds(999);
  EXPECT_EQ(state.handle(1, next), 11U);
  state.pass_seconds(1);
  EXPECT_EQ(state.handle(1, MsgCpNoAck{last}), 12U);
  EXPECT_EQ(state.handle(1, MsgCpNoAck{test_signer(9)}), 12U);
  EXPECT_EQ(state.handle(1, next), 0U);
  EXPECT_EQ(proposer(), next.from);
  EXPECT_EQ(Keeper().last_no_ack(state.at(1)).value(), ModuleState::kStartSeconds + 1000U);
  state.pass_seconds(999);
  ASSERT_TRUE(stake::increment_priority(set, 1).ok());
  EXPECT_EQ(state.handle(1, MsgCpNoAck{set.proposer->signer}), 13U);
}

TEST_F(CheckpointRules, SideSignBytesAreSixWordsAndLeadBack) {
  MsgCheckpoint message = proposal(256, 256);
  const auto bytes = side_sign_bytes(message);
  ASSERT_TRUE(bytes.has_value());
  ASSERT_EQ(bytes->size(), 192U);
  const auto back = from_side_sign_bytes(*bytes);
  ASSERT_TRUE(back.has_value());
  EXPECT_EQ(codec::encode(*back), codec::encode(message));
  message.account_root_hash.push_back(0);
  EXPECT_EQ(side_sign_bytes(message)->size(), 160U);
  EXPECT_FALSE(from_side_sign_bytes(*side_sign_bytes(message)).has_value());
}

TEST(CheckpointMessages, AreCheckedWithoutState) {
  const MsgCheckpoint good{.proposer = test_signer(1),
                           .start_block = 1,
                           .end_block = 2,
                           .root_hash = Bytes(32, 1),
                           .bor_chain_id = "137"};
  EXPECT_EQ(code_of(validate(good)), 0U);
  const auto broken = [&good](auto change) {
    MsgCheckpoint message = good;
    change(message);
    return code_of(validate(message));
  };
  EXPECT_EQ(broken([](auto& m) { m.bor_chain_id = "18446744073709551616"; }), 2U);
  EXPECT_EQ(broken([](auto& m) { m.bor_chain_id = "+1"; }), 2U);
  EXPECT_EQ(broken([](auto& m) { m.root_hash = Bytes(32); }), 2U);
  EXPECT_EQ(broken([](auto& m) { m.root_hash = Bytes(31, 1); }), 2U);
  EXPECT_EQ(broken([](auto& m) { m.proposer = "0x12"; }), 2U);
  EXPECT_EQ(broken([](auto& m) { m.end_block = 1; }), 2U);
}

}  // namespace
}  // namespace buri::consensus::modules::checkpoint
