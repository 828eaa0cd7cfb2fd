#include <gtest/gtest.h>

#include "node/execution/transaction/validity.hpp"
#include "tests/unit/node/execution/transaction/samples.hpp"

namespace buri::testing {
namespace {

using namespace execution::transaction;
using execution::evm::ethereum_rules;
using execution::evm::Proposal;
using execution::evm::Rules;

/// The rule that a transaction breaks; nothing if it breaks none.
std::optional<ValidityRule> broken(const SignedTransaction& transaction,
                                   const Rules& rules = *ethereum_rules("Prague")) {
  const auto result = check_validity(transaction, rules);
  if (result.ok()) return std::nullopt;
  return result.error().rule;
}

TEST(TransactionValidity, KnowsWhenEachTypeBegins) {
  const auto since = [](EnvelopeType type, std::string_view before, std::string_view fork) {
    EXPECT_EQ(broken(sample(type), *ethereum_rules(before)), ValidityRule::kTypeNotActive);
    EXPECT_EQ(broken(sample(type), *ethereum_rules(fork)), std::nullopt);
  };
  EXPECT_EQ(broken(sample(EnvelopeType::kLegacy), *ethereum_rules("ConstantinopleFix")),
            std::nullopt);
  since(EnvelopeType::kAccessList, "Istanbul", "Berlin");
  since(EnvelopeType::kDynamicFee, "Berlin", "London");
  since(EnvelopeType::kSetCode, "Cancun", "Prague");
}

TEST(TransactionValidity, RefusesBlobsAndStateSyncsOfUsers) {
  EXPECT_EQ(broken(sample(EnvelopeType::kBlob)), ValidityRule::kBlobs);
  EXPECT_EQ(broken(sample(EnvelopeType::kStateSync)), ValidityRule::kStateSyncFromUser);
}

TEST(TransactionValidity, ChecksNumbers) {
  const auto with = [](const auto& change) {
    SignedTransaction transaction = sample(EnvelopeType::kDynamicFee);
    change(transaction);
    return broken(transaction);
  };
  constexpr U256 kMax{{~0ULL, ~0ULL, ~0ULL, ~0ULL}};
  EXPECT_EQ(with([](auto& t) { t.nonce = ~0ULL; }), ValidityRule::kNonceIsMax);
  EXPECT_EQ(with([](auto& t) { t.nonce = ~0ULL - 1; }), std::nullopt);
  EXPECT_EQ(with([](auto& t) { t.max_tip = U256::from_uint64(30'000'000'001); }),
            ValidityRule::kTipAboveMaxFee);
  EXPECT_EQ(with([&](auto& t) { t.max_fee = kMax; }), ValidityRule::kCostOverflow);
  EXPECT_EQ(with([&](auto& t) { t.value = kMax; }), std::nullopt)
      << "who can pay that is a question for the state";
}

TEST(TransactionValidity, CapsGasFromMadhugiriOn) {
  SignedTransaction transaction = sample(EnvelopeType::kDynamicFee);
  transaction.gas_limit = execution::evm::kTransactionGasLimit + 1;
  const Rules prague = *ethereum_rules("Prague");
  EXPECT_EQ(broken(transaction, prague), std::nullopt);
  EXPECT_EQ(broken(transaction, prague.with(Proposal::kTransactionGasCap)),
            ValidityRule::kGasAboveCap);
}

TEST(TransactionValidity, WantsGasForItsDataAndLists) {
  const Rules rules = *ethereum_rules("Prague");
  SignedTransaction transaction = sample(EnvelopeType::kSetCode);
  // 21,000, a zero byte, another byte, two addresses, two keys, an authorisation.
  constexpr std::uint64_t kNeeded = 21000 + 4 + 16 + 2 * 2400 + 2 * 1900 + 25000;
  EXPECT_EQ(intrinsic_gas(transaction, rules), kNeeded);
  transaction.gas_limit = kNeeded;
  EXPECT_EQ(broken(transaction), std::nullopt);
  transaction.gas_limit = kNeeded - 1;
  const auto refused = check_validity(transaction, rules);
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(describe(refused.error()), "intrinsic gas too low: expected 54620, found 54619");
}

TEST(TransactionValidity, WantsTheFloorOfEip7623) {
  SignedTransaction transaction = sample(EnvelopeType::kDynamicFee);
  transaction.access_list.clear();
  transaction.data = Bytes(100, 1);
  transaction.gas_limit = 21000 + 100 * 40 - 1;
  EXPECT_EQ(broken(transaction, *ethereum_rules("Cancun")), std::nullopt);
  EXPECT_EQ(broken(transaction), ValidityRule::kFloorGas);
  ++transaction.gas_limit;
  EXPECT_EQ(broken(transaction), std::nullopt);
}

TEST(TransactionValidity, LimitsInitcodeFromShanghaiOn) {
  SignedTransaction transaction = sample(EnvelopeType::kDynamicFee);
  transaction.to.reset();
  transaction.gas_limit = 5'000'000;
  transaction.data = Bytes(execution::evm::kInitcodeLimitBytes + 1);
  EXPECT_EQ(broken(transaction, *ethereum_rules("London")), std::nullopt);
  EXPECT_EQ(broken(transaction), ValidityRule::kInitcodeTooLarge);
  transaction.data.pop_back();
  EXPECT_EQ(broken(transaction), std::nullopt);
}

TEST(TransactionValidity, WantsAnAuthorization) {
  SignedTransaction transaction = sample(EnvelopeType::kSetCode);
  transaction.authorizations.clear();
  EXPECT_EQ(broken(transaction), ValidityRule::kNoAuthorizations);
}

}  // namespace
}  // namespace buri::testing
