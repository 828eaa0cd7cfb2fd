#include "node/execution/evm/precompiles.hpp"

#include <gtest/gtest.h>

#include "base/hex.hpp"

namespace buri::execution::evm {
namespace {

struct Answer {
  bool accepted;
  std::string output;
  std::uint64_t gas;
};

Answer ask(std::uint16_t number, std::string_view input_hex, const Rules& rules) {
  Address address;
  address.bytes[18] = static_cast<std::uint8_t>(number >> 8);
  address.bytes[19] = static_cast<std::uint8_t>(number);
  const Precompile* contract = PrecompileSet(rules).find(address);
  EXPECT_NE(contract, nullptr);
  if (contract == nullptr) return {false, "", 0};
  const Bytes input = *from_hex(input_hex);
  Bytes output;
  const bool accepted = contract->run(input, rules, output);
  return {accepted, to_hex(output), contract->gas(input, rules)};
}
Answer ask(std::uint16_t number, std::string_view input_hex) {
  return ask(number, input_hex, *ethereum_rules("Prague"));
}

TEST(Precompiles, HashesOfNothing) {
  EXPECT_EQ(ask(2, "").output, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(ask(3, "").output, "0000000000000000000000009c1185a5c5e9fc54612808977ee8f548b2258d31");
  EXPECT_EQ(ask(4, "010203").output, "010203");
  EXPECT_EQ(ask(2, "00").gas, 72u);
}

TEST(Precompiles, RecoverAnswersNothingToNonsense) {
  const Answer answer = ask(1, "");
  EXPECT_TRUE(answer.accepted);
  EXPECT_EQ(answer.output, "");
  EXPECT_EQ(answer.gas, 3000u);
}

/// 3 ** 2 mod 5, one byte each.
constexpr std::string_view kSmallPower =
    "0000000000000000000000000000000000000000000000000000000000000001"
    "0000000000000000000000000000000000000000000000000000000000000001"
    "0000000000000000000000000000000000000000000000000000000000000001030205";

TEST(Precompiles, ModexpPricesByProposal) {
  EXPECT_EQ(ask(5, kSmallPower).output, "04");
  EXPECT_EQ(ask(5, kSmallPower, *ethereum_rules("Istanbul")).gas, 0u);
  EXPECT_EQ(ask(5, kSmallPower).gas, 200u);
  EXPECT_EQ(ask(5, kSmallPower, ethereum_rules("Prague")->with(Proposal::kEip7883)).gas, 500u);
}

TEST(Precompiles, ModexpLimitsLengthsFromEip7823) {
  const std::string long_modulus(
      "0000000000000000000000000000000000000000000000000000000000000000"
      "0000000000000000000000000000000000000000000000000000000000000000"
      "0000000000000000000000000000000000000000000000000000000000000401");
  const Rules before = *ethereum_rules("Prague");
  EXPECT_TRUE(ask(5, long_modulus, before).accepted);
  EXPECT_FALSE(ask(5, long_modulus, before.with(Proposal::kEip7823)).accepted);
}

TEST(Precompiles, Blake2fRefusesWrongLengthAndFlag) {
  EXPECT_FALSE(ask(9, "00").accepted);
  std::string input(213 * 2, '0');
  EXPECT_TRUE(ask(9, input).accepted);
  input.back() = '2';
  EXPECT_FALSE(ask(9, input).accepted);
}

TEST(Precompiles, TheEmptyProductOfPairingsIsOne) {
  EXPECT_EQ(ask(8, "").output, std::string(62, '0') + "01");
  EXPECT_EQ(ask(8, "").gas, 45000u);
  EXPECT_FALSE(ask(8, "00").accepted);
  EXPECT_FALSE(ask(0x0f, "").accepted) << "EIP-2537 wants one pair at least";
}

TEST(Precompiles, PointsOutsideOfTheCurveAreRefused) {
  const std::string word_one = std::string(63, '0') + "1";
  const std::string word_two = std::string(63, '0') + "2";
  const std::string infinity(128, '0');
  EXPECT_EQ(ask(6, word_one + word_two + infinity).output, word_one + word_two);
  EXPECT_FALSE(ask(6, word_one + word_one).accepted);
  EXPECT_EQ(ask(7, word_one + word_two + word_one).output, word_one + word_two);
}

TEST(Precompiles, PricesOfPip88) {
  const Rules chicago = ethereum_rules("Prague")->with(Proposal::kPip88);
  EXPECT_EQ(ask(6, "", chicago).gas, 540u);
  EXPECT_EQ(ask(7, "", chicago).gas, 12600u);
  EXPECT_EQ(ask(8, "", chicago).gas, 67500u);
  EXPECT_EQ(ask(0x0b, "", chicago).gas, 1050u);
  EXPECT_EQ(ask(0x0c, std::string(4 * 160, '0'), chicago).gas, 2 * 73200u * 949 / 1000);
}

}  // namespace
}  // namespace buri::execution::evm
