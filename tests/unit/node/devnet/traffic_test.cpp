#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <set>

#include "node/consensus/codec/message.hpp"
#include "node/consensus/modules/topup/types.hpp"
#include "node/consensus/tx/types.hpp"
#include "node/devnet/account.hpp"
#include "node/devnet/event_message.hpp"

/// The transactions of a devnet's traffic.

namespace buri::devnet {
namespace {

namespace modules = consensus::modules;
using std::chrono::seconds;

Account some_account() {
  const std::string path = std::filesystem::temp_directory_path() /
                           ("buri_devnet_account_" + std::to_string(::getpid()) + ".json");
  std::ofstream(path) << R"({"priv_key":{"type":"cometbft/PrivKeySecp256k1eth","value":")"
                         R"(AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE="}})";
  return Account::open_file(path).value();
}

TEST(DevnetAccount, SendsAFewAndBeginsAgainAtWhatTheChainSays) {
  Account account = some_account();
  EXPECT_FALSE(account.may_send()) << "the chain was not asked";
  Account::Time now{};
  account.learn({1, 10}, now);
  for (std::uint64_t i = 0; i < Account::kMaxUnderWay; ++i) {
    ASSERT_TRUE(account.may_send());
    account.was_accepted();
  }
  EXPECT_FALSE(account.may_send());
  account.learn({1, 11}, now + seconds(1));
  EXPECT_TRUE(account.may_send()) << "one is in a block";
  account.was_accepted();
  account.learn({1, 11}, now + seconds(10));
  EXPECT_FALSE(account.may_send()) << "the others may still come";
  account.learn({1, 11}, now + seconds(1) + Account::kPatience);
  EXPECT_TRUE(account.may_send()) << "they are lost";
  account.lost_count();
  EXPECT_FALSE(account.may_send());
}

TEST(DevnetAccount, SignsWhatTheChainReads) {
  Account account = some_account();
  account.learn({3, 7}, {});
  const ScriptedEvent event = event_at(1, 4);
  ASSERT_EQ(event.kind, EventKind::kTopUpFee);
  const auto raw = account.sign(report_of(event, account.text()), "some-chain");
  ASSERT_TRUE(raw.ok()) << raw.error();
  const auto parts = consensus::codec::decode<consensus::tx::TxRaw>(*raw);
  ASSERT_TRUE(parts.ok());
  ASSERT_EQ(parts->signatures.size(), 1U);
  EXPECT_EQ(parts->signatures[0].size(), 65U);
  const auto auth = consensus::codec::decode<consensus::tx::AuthInfo>(parts->auth_info_bytes);
  ASSERT_TRUE(auth.ok());
  EXPECT_EQ(auth->signer_infos.at(0).sequence, 7U);
  const auto body = consensus::codec::decode<consensus::tx::TxBody>(parts->body_bytes);
  ASSERT_TRUE(body.ok());
  const auto message =
      consensus::codec::decode<modules::topup::MsgTopupTx>(body->messages.at(0).value);
  ASSERT_TRUE(message.ok());
  EXPECT_EQ(message->proposer, account.text());
  EXPECT_EQ(message->fee->to_text(), event.amount_wei.to_decimal());
}

TEST(EventMessage, EveryKindHasItsMessage) {
  std::set<std::string> types;
  for (std::uint64_t place = 0; place < 12; ++place) {
    types.insert(report_of(event_at(place, 4), "0x01").type_url);
  }
  EXPECT_EQ(types, (std::set<std::string>{
                       "/heimdallv2.clerk.MsgEventRecord", "/heimdallv2.stake.MsgSignerUpdate",
                       "/heimdallv2.stake.MsgStakeUpdate", "/heimdallv2.stake.MsgValidatorExit",
                       "/heimdallv2.stake.MsgValidatorJoin", "/heimdallv2.topup.MsgTopupTx"}));
  EXPECT_TRUE(is_old_target(event_at(0, 4)).starts_with("/clerk/is-old-tx?tx_hash=0x"));
  EXPECT_TRUE(is_old_target(event_at(3, 4)).starts_with("/stake/is-old-tx?tx_hash=0x"));
}

}  // namespace
}  // namespace buri::devnet
