#include "node/consensus/app/ante_rules.hpp"

#include <gtest/gtest.h>

#include "base/hex.hpp"
#include "node/consensus/modules/bank/messages.hpp"
#include "node/consensus/runtime/decimal.hpp"
#include "tests/unit/node/consensus/runtime/memory_stores.hpp"

/// The rules of the ante chain one by one, on either side of their forks and limits.

namespace buri::consensus::app {
namespace {

using protocol::HeimdallFork;
using runtime::SdkCode;

/// A context at a height of a chain with the given forks.
struct At {
  runtime::MemoryStores stores;
  runtime::BlockFacts facts;
  store::Branch branch{stores.stores()};
  runtime::GasMeter meter = runtime::GasMeter::infinite();
  runtime::EventLog events;
  runtime::Context context{facts, branch, meter, events};

  explicit At(std::int64_t height) {
    facts.height = height;
    facts.max_gas = 1000;
    facts.forks.set(HeimdallFork::kZurich, 10).set(HeimdallFork::kKyoto, 20);
  }
};

std::uint32_t code_of(const Status<runtime::Error>& status) {
  return status.ok() ? 0 : status.error().code;
}

tx::Transaction with_fee(tx::Fee fee) {
  tx::Transaction transaction;
  transaction.auth_info.fee = std::move(fee);
  transaction.parts.signatures = {Bytes(65)};
  transaction.signers = std::vector<Address>{Address{}};
  return transaction;
}

TEST(AnteRules, GasLimitMustFitIntoABlock) {
  At at(1);
  EXPECT_EQ(code_of(check_block_gas(at.context, with_fee({.gas_limit = 1000}))), 0U);
  EXPECT_EQ(code_of(check_block_gas(at.context, with_fee({.gas_limit = 1001}))), 41U);
}

TEST(AnteRules, FeeCoinsAreCheckedFromKyotoOn) {
  struct Case {
    runtime::Coins coins;
    std::uint32_t code;
  };
  const std::vector<Case> cases{{{}, 0},
                                {{{"pol", 1}}, 0},
                                {{{"abc", 1}, {"pol", 1}}, 13},
                                {{{"pol", 0}}, 13},
                                {{{"p", 1}}, 13}};
  for (const Case& one : cases) {
    SCOPED_TRACE(runtime::to_text(one.coins));
    At before(19);
    At after(20);
    EXPECT_EQ(code_of(check_fee_coins(before.context, with_fee({.amount = one.coins}))), 0U);
    EXPECT_EQ(code_of(check_fee_coins(after.context, with_fee({.amount = one.coins}))), one.code);
  }
}

TEST(AnteRules, BasicFormNamesTheFirstFault) {
  EXPECT_EQ(code_of(check_basic_form(with_fee({}))), 0U);
  EXPECT_EQ(code_of(check_basic_form(with_fee({.gas_limit = std::uint64_t{1} << 63}))), 18U);
  EXPECT_EQ(code_of(check_basic_form(with_fee({.payer = "nobody"}))), 7U);
  tx::Transaction unsigned_one = with_fee({});
  unsigned_one.parts.signatures.clear();
  EXPECT_EQ(code_of(check_basic_form(unsigned_one)), 15U);
  tx::Transaction two = with_fee({});
  two.parts.signatures.resize(2);
  EXPECT_EQ(code_of(check_basic_form(two)), 4U);
  tx::Transaction free_one = with_fee({});
  free_one.auth_info.fee.reset();
  EXPECT_EQ(code_of(check_basic_form(free_one)), 1U);
}

TEST(AnteRules, TransfersAreCappedFromZurichOn) {
  runtime::MessageRegistry registry;
  modules::bank::register_messages(registry, modules::bank::Keeper());
  modules::bank::MsgMultiSend multi;
  multi.outputs.resize(16);
  tx::Transaction transaction = with_fee({});
  transaction.messages.push_back(registry.decode(codec::pack(multi)).value());
  At before(9);
  At after(10);
  EXPECT_EQ(code_of(check_transfer_cap(after.context, transaction)), 0U);
  transaction.messages.push_back(registry.decode(codec::pack(modules::bank::MsgSend{})).value());
  EXPECT_EQ(code_of(check_transfer_cap(before.context, transaction)), 0U);
  EXPECT_EQ(code_of(check_transfer_cap(after.context, transaction)), 18U);
}

TEST(AnteRules, TimeoutAndMemoHaveInclusiveLimits) {
  At at(12);
  tx::Transaction transaction = with_fee({});
  transaction.body.timeout_height = 12;
  EXPECT_EQ(code_of(check_timeout(at.context, transaction)), 0U);
  transaction.body.timeout_height = 11;
  EXPECT_EQ(code_of(check_timeout(at.context, transaction)), 30U);
  transaction.body.memo = "1234";
  EXPECT_EQ(code_of(check_memo(transaction, {.max_memo_characters = 4})), 0U);
  EXPECT_EQ(code_of(check_memo(transaction, {.max_memo_characters = 3})), 12U);
}

TEST(AnteRules, KeysOfMultisigKeysAreCounted) {
  const codec::Any key = codec::pack(tx::Secp256k1PublicKey{Bytes(65)});
  tx::Transaction transaction = with_fee({});
  const modules::auth::Params params{.tx_sig_limit = 1};
  const auto pair = codec::pack(tx::MultisigPublicKey{.threshold = 1, .public_keys = {key, key}});
  transaction.auth_info.signer_infos = {{.public_key = key}};
  EXPECT_EQ(code_of(check_key_count(transaction, params)), 0U);
  transaction.auth_info.signer_infos = {{.public_key = pair}};
  EXPECT_EQ(code_of(check_key_count(transaction, params)), 14U);
}

/// The address that the SDK fork's library gives the multisig key over one key of bytes 4, 1, 2 ...
TEST(AnteRules, AMultisigKeyBelongsToTheHashOfItsAminoForm) {
  Bytes bytes(65);
  for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<std::uint8_t>(i);
  bytes[0] = 4;
  const auto key = codec::pack(tx::MultisigPublicKey{
      .threshold = 1, .public_keys = {codec::pack(tx::Secp256k1PublicKey{bytes})}});
  const auto owner = Address::from(from_hex("4402932917e6d8ecfefe4608d90e328eb91c3abc").value());
  EXPECT_EQ(code_of(check_key_owner(key, owner)), 0U);
  EXPECT_EQ(code_of(check_key_owner(key, Address{})), 8U);
  const auto unknown = codec::pack(tx::MultisigPublicKey{
      .threshold = 1, .public_keys = {codec::pack(tx::Secp256r1PublicKey{bytes})}});
  EXPECT_EQ(code_of(check_key_owner(unknown, owner)), 111222U);
}

TEST(AnteRules, FeeCoinsWithoutAmountAreRefusedAndFromKyotoPanic) {
  At before(19);
  At after(20);
  const auto transaction = with_fee({.amount = {runtime::Coin{.denom = "pol"}}});
  EXPECT_EQ(code_of(check_basic_form(transaction)), 13U);
  EXPECT_EQ(code_of(check_fee_coins(before.context, transaction)), 0U);
  EXPECT_EQ(code_of(check_fee_coins(after.context, transaction)), 111222U);
}

TEST(AnteRules, AKeyOfAnotherLengthPanics) {
  const auto status = check_key_owner(codec::pack(tx::Secp256k1PublicKey{Bytes(33)}), Address{});
  ASSERT_FALSE(status.ok());
  EXPECT_EQ(status.error().kind, runtime::Error::Kind::kPanic);
  EXPECT_EQ(status.error().code, 111222U);
}

TEST(Decimal, RoundsHalfToEvenAndTruncatesTowardZero) {
  using runtime::Decimal;
  const auto decimal = [](std::string_view text) { return Decimal::from_text(text).value(); };
  EXPECT_EQ(decimal("2.5").rounded(), runtime::Integer(2));
  EXPECT_EQ(decimal("3.5").rounded(), runtime::Integer(4));
  EXPECT_EQ(decimal("-2.9").truncated().to_text(), "-2");
  EXPECT_EQ(multiply(decimal("1.5"), decimal("0.1")).value().to_text(), "0.150000000000000000");
  EXPECT_EQ(divide(decimal("2"), decimal("3")).value().to_text(), "0.666666666666666667");
  EXPECT_EQ(divide(decimal("1"), decimal("0")).error().kind, runtime::Error::Kind::kPanic);
  for (const char* text : {"", ".", "1.", ".5", "1.1234567890123456789", "a", "--1", "1e3"}) {
    EXPECT_FALSE(Decimal::from_text(text).ok()) << text;
  }
}

}  // namespace
}  // namespace buri::consensus::app
