#include "node/devnet/sources.hpp"

#include <gtest/gtest.h>

#include <ctime>

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

TEST_F(SourcesTest, OurRootChainClientReadsItsEvents) {
  auto chain = protocol::ethereum::connect(settings_, world(), quiet_).value();
  std::size_t messages = 0;
  for (const ScriptedEvent& event : events_until(1'200)) {
    const auto receipt = chain->confirmed_receipt(event.tx_hash, 6);
    ASSERT_TRUE(receipt.ok());
    EXPECT_EQ(receipt->block_number, event.block_number);
    const Address staking_info = Address::from(from_hex(std::string(38, '0') + "a2").value());
    const Address state_sender = Address::from(from_hex(std::string(38, '0') + "a3").value());
    if (event.is_top_up) {
      const auto top_up = protocol::top_up_fee_event(*receipt, {staking_info, event.log_index});
      ASSERT_TRUE(top_up.has_value());
      EXPECT_EQ(top_up->user, event.address);
      continue;
    }
    const auto synced = protocol::state_synced_event(*receipt, {state_sender, event.log_index});
    ASSERT_TRUE(synced.has_value());
    EXPECT_EQ(synced->id, ++messages);
    EXPECT_EQ(synced->data, event.data);
  }
  EXPECT_EQ(messages, 5U);
  EXPECT_EQ(chain->confirmed_receipt(Hash256{}, 6).error(), FactError::kMissing);
  const auto header = chain->header_block(Address{}, U256::from_uint64(10'000));
  ASSERT_TRUE(header.ok());
  EXPECT_TRUE(header->root_hash.is_zero());
}

TEST(SourceAnswers, AnswersNonsenseWithErrors) {
  SourceAnswers answers(grown(5), 1'700'000'000);
  for (const std::string body :
       {"", "[]", "1", "[1]", R"({"id":1})", R"({"id":1,"method":"eth_nothing"})",
        R"({"id":1,"method":"bor_getRootHash","params":[3,99]})"}) {
    EXPECT_NE(answers.bor(body).find("\"error\""), std::string::npos) << body;
    EXPECT_NE(answers.root_chain(body, 1'700'000'100).find("\"error\""), std::string::npos) << body;
  }
}

}  // namespace
}  // namespace buri::devnet
