#include <gtest/gtest.h>

#include "accel/hasher.hpp"
#include "base/hex.hpp"
#include "node/consensus/modules/clerk/messages.hpp"
#include "node/consensus/modules/clerk/visible_records.hpp"
#include "tests/unit/node/consensus/modules/module_state.hpp"

/// The rules of module clerk (spec/heimdall.md 5.4, heimdall-after-ithaca.md K8, L2 to L7) on
/// either side of their limits and forks.

namespace buri::consensus::modules::clerk {
namespace {

using protocol::HeimdallFork;
using runtime::SideVote;
using runtime::StoreId;

constexpr std::int64_t kZurich = 10;
constexpr std::int64_t kKyoto = 15;
constexpr std::int64_t kLugano = 20;

struct ClerkRules : ::testing::Test {
  ModuleState state;
  Keeper keeper;

  ClerkRules() {
    register_messages(state.registry, state.root_chain);
    state.set_fork(HeimdallFork::kZurich, kZurich);
    state.set_fork(HeimdallFork::kKyoto, kKyoto);
    state.set_fork(HeimdallFork::kLugano, kLugano);
  }

  static MsgEventRecord report(std::uint64_t id, std::string tx_hash = "0x05") {
    return {.from = test_signer(1),
            .tx_hash = std::move(tx_hash),
            .log_index = 3,
            .block_number = 100 + id,
            .contract_address = "00000000000000000000000000000000000000B5",
            .data = Bytes{1, 2},
            .id = id,
            .chain_id = std::string(kBorChainId)};
  }
  std::string contract_of(std::uint64_t id) {
    return keeper.record(state.at(1), id).value()->contract;
  }
};

const std::string kFullHash = "0X" + std::string(62, 'a') + "0F";

TEST_F(ClerkRules, HashesHaveTheirWidthFromLuganoOn) {
  EXPECT_EQ(state.handle(kLugano - 1, report(1)), 0U);
  EXPECT_EQ(state.handle(kLugano, report(1)), 5402U);
  EXPECT_EQ(state.handle(kLugano, report(1, kFullHash)), 0U);
  tx::Transaction transaction;
  transaction.messages.push_back(state.registry.decode(codec::pack(report(1))).value());
  EXPECT_EQ(code_of(check_tx_hashes(state.at(kLugano - 1), transaction)), 0U);
  EXPECT_EQ(code_of(check_tx_hashes(state.at(kLugano), transaction)), 5402U);
  // A post handler belongs to the transaction of the block before.
  EXPECT_EQ(code_of(apply(state.at(kLugano + 1), report(1))), 5402U);
  EXPECT_EQ(code_of(apply(state.at(kLugano), report(1))), 0U);
}

TEST_F(ClerkRules, ContractsAreWrittenCanonicallyFromLuganoOn) {
  ASSERT_TRUE(apply(state.at(kLugano), report(1, kFullHash)).ok());
  ASSERT_TRUE(apply(state.at(kLugano + 1), report(2, kFullHash)).ok());
  EXPECT_EQ(contract_of(1), "00000000000000000000000000000000000000B5");
  EXPECT_EQ(contract_of(2), "0x00000000000000000000000000000000000000b5");
}

TEST_F(ClerkRules, RecordsWaitForVisibilityFromZurichOn) {
  ASSERT_TRUE(apply(state.at(kZurich - 1), report(1)).ok());
  EXPECT_FALSE(keeper.is_pending(state.at(kZurich - 1), 1).value());
  ASSERT_TRUE(keeper.advance_visibility(state.at(kZurich - 1)).ok());
  EXPECT_FALSE(keeper.newest_block_time(state.at(kZurich - 1)).value().has_value());
  ASSERT_TRUE(apply(state.at(kZurich), report(2)).ok());
  EXPECT_TRUE(keeper.is_pending(state.at(kZurich), 2).value());
  ASSERT_TRUE(keeper.advance_visibility(state.at(kZurich + 1)).ok());
  EXPECT_FALSE(keeper.is_pending(state.at(kZurich + 1), 2).value());
  EXPECT_EQ(keeper.visibility_height(state.at(1), 1).value(), std::nullopt);
  EXPECT_EQ(keeper.visibility_height(state.at(1), 2).value(), 11U);
  EXPECT_EQ(keeper.newest_block_time(state.at(1)).value()->height, 11U);
}

TEST_F(ClerkRules, SequencesOfWideLogIndexesChangeAtKyoto) {
  MsgEventRecord wide = report(1);
  wide.log_index = 100'000;
  ASSERT_TRUE(apply(state.at(kKyoto - 1), wide).ok());
  EXPECT_TRUE(keeper.has_sequence(state.at(1), "10200000").value());
  wide.id = 2;
  ASSERT_TRUE(apply(state.at(kKyoto), wide).ok());
  EXPECT_TRUE(keeper.has_sequence(state.at(1), "101_100000").value());
}

TEST_F(ClerkRules, MessagesAreRefusedWithTheFirstFaultsCode) {
  ASSERT_TRUE(apply(state.at(2), report(1)).ok());
  EXPECT_EQ(state.handle(2, report(1)), 5400U);
  MsgEventRecord message = report(2);
  message.chain_id = "1";
  EXPECT_EQ(state.handle(2, message), 18U);
  message = report(2);
  message.block_number = 101;
  EXPECT_EQ(state.handle(2, message), 36U);
  EXPECT_EQ(code_of(validate(report(2))), 0U);
  message = report(2, " \t\u2003");
  EXPECT_EQ(code_of(validate(message)), 5402U);
  message = report(2);
  message.data = Bytes(kMaxDataBytes + 1);
  EXPECT_EQ(code_of(validate(message)), 5401U);
  message = report(2);
  message.contract_address = "0x1";
  EXPECT_EQ(code_of(validate(message)), 7U);
}

TEST_F(ClerkRules, VotesNeedTheContractsEvent) {
  MsgEventRecord message = report(1, kFullHash);
  const auto ask = [&] { return vote(state.at(kLugano), message, state.root_chain); };
  EXPECT_EQ(ask(), SideVote::kNo);
  const auto word = [](std::uint8_t last) {
    Bytes bytes(32);
    bytes.back() = last;
    return bytes;
  };
  const std::string event = "StateSynced(uint256,address,bytes)";
  Hash256 topic;
  const ByteView signature = as_bytes(event);
  accel::scalar_hasher().keccak256_batch(std::span(&signature, 1), std::span(&topic, 1));
  Bytes data = word(32);
  append(data, word(2));
  data.insert(data.end(), {1, 2});
  data.resize(96);
  protocol::RootChainLog log{.index = 3,
                             .address = kStateSender,
                             .topics = {topic, Hash256::from(word(1)), Hash256::from(word(0xB5))},
                             .data = data};
  auto& receipt = state.root_chain.receipts[Hash256::from(from_hex(kFullHash.substr(2)).value())];
  receipt = {.block_number = 101, .logs = {log}};
  EXPECT_EQ(ask(), SideVote::kYes);
  message.data = Bytes{1, 3};
  EXPECT_EQ(ask(), SideVote::kNo);
  message.data = Bytes{};
  EXPECT_EQ(ask(), SideVote::kNo);
  // Too much data is recorded as none.
  Bytes long_data = word(32);
  Bytes length = word(0x31);
  length[30] = 0x75;
  append(long_data, length);
  long_data.resize(64 + 30'016);
  receipt.logs[0].data = long_data;
  EXPECT_EQ(ask(), SideVote::kYes);
  receipt.logs[0].address = kStakingInfo;
  EXPECT_EQ(ask(), SideVote::kNo);
}

std::vector<std::uint64_t> ids_of(const runtime::Outcome<std::vector<EventRecord>>& records) {
  std::vector<std::uint64_t> ids;
  for (const EventRecord& record : records.value()) ids.push_back(record.id);
  return ids;
}

/// Record 1 at second 100, 2 at 120 (visible from height 12), 3 at 110 (visible from 12), 4 at 130
/// (pending); blocks 11, 12, 13 at seconds 105, 125, 140.
struct VisibleRecords : ClerkRules {
  VisibleRecords() {
    const auto context = state.at(2);
    const std::vector<std::pair<std::uint64_t, std::int64_t>> times{
        {1, 100}, {2, 120}, {3, 110}, {4, 130}};
    for (const auto& [id, seconds] : times) {
      CHECK(keeper.add_record(context, {.id = id, .record_time = {seconds, 0}}).ok(), "memory");
    }
    CHECK(keeper.set_visibility_height(context, 2, 12).ok(), "memory");
    CHECK(keeper.set_visibility_height(context, 3, 12).ok(), "memory");
    CHECK(keeper.add_pending(context, 4).ok(), "memory");
  }
  void index_blocks() {
    for (const auto& [seconds, height] : {std::pair{105, 11}, {125, 12}, {140, 13}}) {
      CHECK(keeper
                .add_block_time(state.at(2), {static_cast<std::uint64_t>(seconds),
                                              static_cast<std::uint64_t>(height)})
                .ok(),
            "memory");
    }
  }
  std::vector<std::uint64_t> ask(std::int64_t height, std::int64_t to_second,
                                 std::uint64_t offset = 0, std::uint64_t limit = 50) {
    return ids_of(visible_records(
        state.at(height),
        {.from_id = 1, .to_time = {to_second, 0}, .offset = offset, .limit = limit}));
  }
};

using Ids = std::vector<std::uint64_t>;

TEST_F(VisibleRecords, BeforeZurichEndAtTheFirstThatIsTooNew) {
  index_blocks();
  EXPECT_EQ(ask(kZurich - 1, 120), (Ids{1}));
  EXPECT_EQ(ask(kZurich - 1, 121), (Ids{1, 2, 3}));
  EXPECT_EQ(ask(kZurich - 1, 131, 1, 2), (Ids{2, 3}));
}

TEST_F(VisibleRecords, FromZurichFollowTheHeightBeforeTheMoment) {
  EXPECT_EQ(ask(kZurich, 121), (Ids{1, 2, 3})) << "no block is indexed: by time";
  index_blocks();
  EXPECT_EQ(ask(kZurich, 104), (Ids{1})) << "before the first indexed block: by time";
  EXPECT_EQ(ask(kZurich, 115), (Ids{1})) << "height 11 sees neither 2 nor 3";
  EXPECT_EQ(ask(kZurich, 125), (Ids{1, 2, 3}));
  EXPECT_EQ(ask(kZurich, 139), (Ids{1, 2, 3})) << "4 is pending";
  EXPECT_EQ(ask(kZurich, 140), (Ids{})) << "no later block is there yet";
  EXPECT_EQ(ask(kZurich, 139, 1, 1), (Ids{2}));
}

}  // namespace
}  // namespace buri::consensus::modules::clerk
