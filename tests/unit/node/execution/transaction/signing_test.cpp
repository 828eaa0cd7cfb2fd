#include <gtest/gtest.h>

#include "accel/scalar/single.hpp"
#include "base/hex.hpp"
#include "node/execution/transaction/decode.hpp"
#include "node/execution/transaction/encode.hpp"
#include "node/execution/transaction/signing.hpp"
#include "tests/unit/node/execution/transaction/samples.hpp"

namespace buri::testing {
namespace {

using namespace execution::transaction;

/// The example of EIP-155, chain 1.
SignedTransaction eip155_example() {
  return *decode(*from_hex(
      "f86c098504a817c800825208943535353535353535353535353535353535353535880de0b6b3a764000080"
      "25a028ef61340bd939bc2195fe537567866003e1a15d3c71ff63e1590620aa636276a067cbe9d8997f761a"
      "ecb703304b3800ccf555c9f3dc64214b297fb1966a3b6d83"));
}

TEST(TransactionSigning, FollowsTheExampleOfEip155) {
  const SignedTransaction transaction = eip155_example();
  const auto request = sender_request(transaction, 1);
  ASSERT_TRUE(request.ok());
  EXPECT_EQ(to_hex(request->signature.digest),
            "daf5a779ae972f972197303d7b574746c7ef83eadac0f2791ad23db92e4c8e53");
  const auto answer = accel::scalar::recover_single(*request, accel::LowS::kRequired);
  EXPECT_EQ(answer.status, accel::SignatureStatus::kOk);
  EXPECT_EQ(to_hex(answer.address), "9d8a62f656a8d1615c1294fd71e9cfb3e4855a4f");
}

TEST(TransactionSigning, RefusesAnotherChain) {
  EXPECT_EQ(sender_request(eip155_example(), 137).error(), SigningFault::kWrongChain);
  EXPECT_EQ(sender_request(sample(EnvelopeType::kDynamicFee), 80002).error(),
            SigningFault::kWrongChain);
}

TEST(TransactionSigning, HasNoSenderForAStateSync) {
  EXPECT_EQ(sender_request(sample(EnvelopeType::kStateSync), 137).error(),
            SigningFault::kNotSigned);
  EXPECT_FALSE(signed_part(sample(EnvelopeType::kStateSync)).has_value());
}

TEST(TransactionSigning, ReadsEveryLegacyV) {
  for (const std::uint64_t v : {0, 1, 26, 29, 34}) {
    EXPECT_FALSE(legacy_v(U256::from_uint64(v)).has_value()) << v;
    SignedTransaction transaction = sample(EnvelopeType::kLegacy);
    transaction.v = U256::from_uint64(v);
    EXPECT_EQ(sender_request(transaction, 137).error(), SigningFault::kBadParity) << v;
  }
  EXPECT_FALSE(legacy_v(U256::from_uint64(27))->chain_id.has_value());
  EXPECT_EQ(legacy_v(U256::from_uint64(28))->y_parity, 1);
  EXPECT_EQ(legacy_v(U256::from_uint64(35))->chain_id, U256{});
  EXPECT_EQ(legacy_v(U256::from_uint64(310))->chain_id, U256::from_uint64(137));
  EXPECT_EQ(legacy_v(U256::from_uint64(310))->y_parity, 1);
  // (2^256 - 1 - 35) / 2 = 2^255 - 18
  const auto highest = legacy_v(U256{{~0ULL, ~0ULL, ~0ULL, ~0ULL}});
  EXPECT_EQ(highest->chain_id, (U256{{~0ULL - 17, ~0ULL, ~0ULL, ~0ULL >> 1}}));
  EXPECT_EQ(highest->y_parity, 0);
}

TEST(TransactionSigning, SignsTheUnprotectedFormWithoutTheChain) {
  SignedTransaction transaction = sample(EnvelopeType::kLegacy);
  const std::size_t protected_size = signed_part(transaction)->size();
  transaction.v = U256::from_uint64(27);
  // 137 takes two bytes, and two zeros one each.
  EXPECT_EQ(signed_part(transaction)->size(), protected_size - 4);
  EXPECT_TRUE(sender_request(transaction, 1).ok());
  EXPECT_TRUE(sender_request(transaction, 137).ok());
}

TEST(TransactionSigning, RefusesAParityAboveOne) {
  SignedTransaction transaction = sample(EnvelopeType::kAccessList);
  transaction.v = U256::from_uint64(2);
  EXPECT_EQ(sender_request(transaction, 137).error(), SigningFault::kBadParity);
  SignedAuthorization authorization = sample(EnvelopeType::kSetCode).authorizations[0];
  EXPECT_TRUE(authority_request(authorization).has_value());
  authorization.y_parity = 27;
  EXPECT_FALSE(authority_request(authorization).has_value());
}

TEST(TransactionSigning, GivesTheEvmEveryField) {
  const SignedTransaction transaction = sample(EnvelopeType::kSetCode);
  const std::vector<execution::evm::Authorization> authorizations{
      with_authority(transaction.authorizations[0], Address{{9}})};
  const auto executed = executable(transaction, Address{{8}}, authorizations);
  EXPECT_EQ(executed.type, execution::evm::TransactionType::kSetCode);
  EXPECT_EQ(executed.sender, Address{{8}});
  EXPECT_EQ(executed.max_tip, transaction.max_tip);
  EXPECT_EQ(executed.access_list.size(), 2u);
  EXPECT_EQ(executed.authorizations[0].authority, Address{{9}});
  EXPECT_EQ(executed.authorizations[0].target, transaction.authorizations[0].target);
}

}  // namespace
}  // namespace buri::testing
