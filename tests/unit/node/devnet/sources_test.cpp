#include "node/devnet/sources.hpp"

#include <gtest/gtest.h>

#include <ctime>
#include <map>

#include "base/hex.hpp"
#include "base/random.hpp"
#include "node/devnet/identity.hpp"
#include "node/devnet/root_chain_script.hpp"
#include "node/protocol/bor/connect.hpp"
#include "node/protocol/ethereum/connect.hpp"

/// The stand-ins, asked by the node's own clients.

namespace buri::devnet {
namespace {

using protocol::FactError;

Address some_address(std::uint8_t number) {
  Address address;
  address.bytes.fill(number);
  return address;
}

BorScript grown(std::uint64_t blocks) {
  BorScript bor(1'700'000'000);
  bor.learn({0, 0, 127, some_address(1)});
  bor.learn({1, 128, 255, some_address(2)});
  for (std::uint64_t i = 0; i < blocks; ++i) bor.grow();
  return bor;
}

TEST(BorScript, EachSpansProducerSealsItsBlocks) {
  BorScript bor = grown(300);
  EXPECT_EQ(bor.head(), 255U) << "nobody may seal the next one";
  EXPECT_EQ(bor.author(127), some_address(1));
  EXPECT_EQ(bor.author(128), some_address(2));
  EXPECT_FALSE(bor.grow());
}

TEST(BorScript, ARotationReplacesWhatAnotherSealed) {
  BorScript bor = grown(200);
  const Hash256 kept = bor.hash(149);
  const Hash256 gone = bor.hash(150);
  bor.learn({2, 150, 277, some_address(3)});
  EXPECT_EQ(bor.head(), 149U);
  EXPECT_EQ(bor.hash(149), kept);
  EXPECT_FALSE(bor.number_of(gone).has_value());
  EXPECT_TRUE(bor.grow());
  EXPECT_EQ(bor.author(150), some_address(3));
  bor.learn({1, 128, 255, some_address(2)});
  EXPECT_EQ(bor.head(), 150U) << "an older span says nothing about it";
}

TEST(BorScript, ItsTextIsTheSameChain) {
  const BorScript bor = grown(200);
  const auto again = BorScript::parse(bor.text());
  ASSERT_TRUE(again.ok()) << again.error();
  ASSERT_EQ(again->head(), bor.head());
  EXPECT_EQ(again->hash(200), bor.hash(200));
  EXPECT_FALSE(BorScript::parse("").ok());
  EXPECT_FALSE(BorScript::parse("start 1\n3 nobody\n").ok());
  EXPECT_FALSE(BorScript::parse("start 1\n99999999999 " + std::string(40, '1')).ok());
}

class SourcesTest : public ::testing::Test {
 protected:
  SourcesTest() {
    SourceOptions options;
    // Three hundred blocks of the root chain ago.
    options.start_time_s = static_cast<std::uint64_t>(std::time(nullptr)) - 300;
    sources_ = Sources::start(options, Logger("test", LogLevel::kOff)).value();
    settings_ = protocol::endpoints::read_settings("[custom]\nbor_rpc_url = \"" +
                                                   sources_->bor_url() + "\"\neth_rpc_url = \"" +
                                                   sources_->root_chain_url() + "\"\n")
                    .value();
  }

  protocol::endpoints::World world() const {
    return {system_clock(), system_random(), protocol::endpoints::thread_sleep()};
  }

  const Logger quiet_{"test", LogLevel::kOff};
  std::unique_ptr<Sources> sources_;
  protocol::endpoints::Settings settings_;
};

TEST_F(SourcesTest, OurBorClientBelievesIt) {
  auto bor = protocol::bor::connect(settings_, kBorChainId, world(), quiet_).value();
  const auto head = bor->head();
  ASSERT_TRUE(head.ok());
  EXPECT_EQ(head->number, 0U);
  const auto blocks = bor->blocks(0, 3);
  ASSERT_TRUE(blocks.ok());
  EXPECT_EQ(blocks->size(), 1U);
  EXPECT_TRUE(bor->root_hash(0, 0).ok());
  EXPECT_EQ(bor->block(9).error(), FactError::kMissing);
}

/// What the node's own decoders find in a receipt, compared with the script.
class EventReader {
 public:
  bool is_told(const protocol::RootChainReceipt& receipt, const ScriptedEvent& event) const {
    const protocol::LogPlace staking{contract(kStakingInfo), event.log_index};
    switch (event.kind) {
      case EventKind::kStateSynced: {
        const auto read =
            protocol::state_synced_event(receipt, {contract(kStateSender), event.log_index});
        return read && read->id == event.id && read->data == event.data;
      }
      case EventKind::kTopUpFee: {
        const auto read = protocol::top_up_fee_event(receipt, staking);
        return read && read->user == event.address && read->fee == event.amount_wei;
      }
      case EventKind::kStakeUpdate: {
        const auto read = protocol::stake_update_event(receipt, staking);
        return read && read->validator_id == event.id && read->nonce == event.nonce &&
               read->new_amount == event.amount_wei;
      }
      case EventKind::kStaked: {
        const auto read = protocol::staked_event(receipt, staking);
        return read && read->signer == event.address && read->validator_id == event.id &&
               read->amount == event.amount_wei && read->nonce == event.nonce &&
               equal(read->signer_public_key, ByteView(event.public_key).subspan(1));
      }
      case EventKind::kSignerChange: {
        const auto read = protocol::signer_change_event(receipt, staking);
        return read && read->new_signer == event.address && read->nonce == event.nonce;
      }
      case EventKind::kUnstakeInit: {
        const auto read = protocol::unstake_init_event(receipt, staking);
        return read && read->validator_id == event.id && read->deactivation_epoch == event.epoch;
      }
    }
    return false;
  }

 private:
  static Address contract(std::string_view text) {
    return fixed_from_hex<20>(text.substr(2)).value();
  }
};

TEST_F(SourcesTest, OurRootChainClientReadsItsEvents) {
  auto chain = protocol::ethereum::connect(settings_, world(), quiet_).value();
  const std::uint64_t count = event_count(1'200);
  EXPECT_EQ(count, 50U);
  for (std::uint64_t place = 0; place < count; ++place) {
    const ScriptedEvent event = event_at(place, 4);
    const auto receipt = chain->confirmed_receipt(event.tx_hash, 6);
    ASSERT_TRUE(receipt.ok());
    EXPECT_EQ(receipt->block_number, event.block_number);
    EXPECT_TRUE(EventReader().is_told(*receipt, event)) << event_name(event.kind) << " " << place;
  }
  EXPECT_EQ(chain->confirmed_receipt(Hash256{}, 6).error(), FactError::kMissing);
  const auto header = chain->header_block(Address{}, U256::from_uint64(10'000));
  ASSERT_TRUE(header.ok());
  EXPECT_TRUE(header->root_hash.is_zero());
}

/// Each event of a validator has the nonce that follows on the one before, as Heimdall demands.
TEST(RootChainScript, NoncesOfAValidatorFollowOnEachOther) {
  std::map<std::uint64_t, std::uint64_t> nonces{{1, 1}, {2, 1}, {3, 1}};
  std::uint64_t messages = 0;
  for (std::uint64_t place = 0; place < 600; ++place) {
    const ScriptedEvent event = event_at(place, 3);
    EXPECT_EQ(event_of(event.tx_hash, event.block_number, 3)->place, place);
    if (event.kind == EventKind::kTopUpFee) continue;
    if (event.kind == EventKind::kStateSynced) {
      EXPECT_EQ(event.id, ++messages);
      continue;
    }
    EXPECT_EQ(event.nonce, ++nonces[event.id]) << place;
  }
  EXPECT_EQ(messages, 150U);
  EXPECT_EQ(message_count(1'000 + 4 * 600), 150U);
  EXPECT_EQ(nonces.size(), 53U);
}

TEST(RootChainCheckpoints, TakesWhatFollowsOnTheLastOne) {
  RootChainCheckpoints contract(1'700'000'000);
  const ScriptedCheckpoint first{some_address(1), 0, 31, Hash256{}, 1'700'000'100};
  ScriptedCheckpoint second{some_address(2), 32, 63, Hash256{}, 1'700'000'200};
  EXPECT_FALSE(contract.take(second));
  EXPECT_TRUE(contract.take(first));
  EXPECT_FALSE(contract.take(first));
  EXPECT_TRUE(contract.take(second));
  const auto again = RootChainCheckpoints::parse(contract.text());
  ASSERT_TRUE(again.ok()) << again.error();
  EXPECT_EQ(again->text(), contract.text());
  EXPECT_EQ(again->start_time_s(), 1'700'000'000U);
  EXPECT_FALSE(RootChainCheckpoints::parse("").ok());
  EXPECT_FALSE(RootChainCheckpoints::parse("start 1\n0 31 nobody 00 1\n").ok());
}

TEST(SourceAnswers, TellsTheCheckpointsThatTheRootChainTook) {
  RootChainCheckpoints contract(1'700'000'000);
  ScriptedCheckpoint taken{some_address(1), 0, 31, Hash256{}, 1'700'000'100};
  taken.root_hash.bytes.fill(7);
  ASSERT_TRUE(contract.take(taken));
  SourceAnswers answers(grown(5), contract, 4);
  const auto call = [&](std::string_view data) {
    return answers.root_chain(
        R"({"id":1,"method":"eth_call","params":[{"data":")" + std::string(data) + "\"}]}",
        1'700'000'200);
  };
  const std::string number = std::string(60, '0') + "2710";
  EXPECT_NE(call("0x41539d4a" + number).find(to_hex(taken.root_hash)), std::string::npos);
  EXPECT_EQ(call("0x41539d4a" + std::string(60, '0') + "4e20").find(to_hex(taken.root_hash)),
            std::string::npos);
  EXPECT_NE(call("0xec7e4855").find(number), std::string::npos) << "currentHeaderBlock()";
  EXPECT_NE(call("0xb87e1b66").find("1f\""), std::string::npos) << "getLastChildBlock()";
}

TEST(SourceAnswers, AnswersNonsenseWithErrors) {
  SourceAnswers answers(grown(5), RootChainCheckpoints(1'700'000'000), 4);
  for (const std::string body :
       {"", "[]", "1", "[1]", R"({"id":1})", R"({"id":1,"method":"eth_nothing"})",
        R"({"id":1,"method":"bor_getRootHash","params":[3,99]})"}) {
    EXPECT_NE(answers.bor(body).find("\"error\""), std::string::npos) << body;
    EXPECT_NE(answers.root_chain(body, 1'700'000'100).find("\"error\""), std::string::npos) << body;
  }
}

}  // namespace
}  // namespace buri::devnet
