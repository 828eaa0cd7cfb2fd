#include <gtest/gtest.h>

#include "base/hex.hpp"
#include "base/json.hpp"
#include "node/execution/evm/precompiles.hpp"
#include "tests/conformance/execution/archive.hpp"

/// The vectors of the public clients: JSON arrays of {Input, Expected, Gas, Name} or {Input,
/// ExpectedError, Name}, one file per contract.

namespace buri::testing {
namespace {

using namespace execution::evm;
using enum Proposal;

struct Suite {
  std::string_view file;
  std::uint16_t number;
  Rules rules;
};

std::vector<Suite> suites() {
  const Rules istanbul = *ethereum_rules("Istanbul");
  const Rules prague = ethereum_rules("Prague")->with(kPip27);
  return {{"ecRecover", 0x01, prague},          {"modexp", 0x05, istanbul},
          {"modexp_eip2565", 0x05, prague},     {"bn256Add", 0x06, prague},
          {"bn256ScalarMul", 0x07, prague},     {"bn256Pairing", 0x08, prague},
          {"pointEvaluation", 0x0a, prague},    {"blsG1Add", 0x0b, prague},
          {"blsG1Mul", 0x0c, prague},           {"blsG1MultiExp", 0x0c, prague},
          {"blsG2Add", 0x0d, prague},           {"blsG2Mul", 0x0e, prague},
          {"blsG2MultiExp", 0x0e, prague},      {"blsPairing", 0x0f, prague},
          {"blsMapG1", 0x10, prague},           {"blsMapG2", 0x11, prague},
          {"fail-blsG1Add", 0x0b, prague},      {"fail-blsG1Mul", 0x0c, prague},
          {"fail-blsG1MultiExp", 0x0c, prague}, {"fail-blsG2Add", 0x0d, prague},
          {"fail-blsG2Mul", 0x0e, prague},      {"fail-blsG2MultiExp", 0x0e, prague},
          {"fail-blsPairing", 0x0f, prague},    {"fail-blsMapG1", 0x10, prague},
          {"fail-blsMapG2", 0x11, prague},      {"blake2F", 0x09, prague},
          {"fail-blake2f", 0x09, prague},       {"p256Verify", 0x100, prague}};
}

const std::string* find_text(const JsonValue& object, std::string_view key) {
  for (const JsonValue& child : object.children) {
    if (child.key == key) return &child.text;
  }
  return nullptr;
}

void check_vector(const Suite& suite, const Precompile& contract, const JsonValue& vector) {
  const Bytes input = *from_hex(*find_text(vector, "Input"));
  const std::string label = std::string(suite.file) + ": " + *find_text(vector, "Name");
  Bytes output;
  const bool accepted = contract.run(input, suite.rules, output);
  if (find_text(vector, "ExpectedError") != nullptr) {
    EXPECT_FALSE(accepted) << label;
    return;
  }
  EXPECT_TRUE(accepted) << label;
  EXPECT_EQ(to_hex(output), *find_text(vector, "Expected")) << label;
  if (const std::string* gas = find_text(vector, "Gas")) {
    EXPECT_EQ(std::to_string(contract.gas(input, suite.rules)), *gas) << label;
  }
}

TEST(PrecompileVectors, AnswersPricesAndRefusals) {
  const auto path = fixture_path("precompiles.tar.xz");
  if (!path) GTEST_SKIP() << "precompiles.tar.xz is absent: set BURI_FIXTURES to its folder";
  std::size_t checked = 0;
  const std::vector<Suite> known = suites();
  visit_archive(*path, [&](std::string_view name, std::string_view text) {
    for (const Suite& suite : known) {
      if (name != "precompiles/" + std::string(suite.file) + ".json") continue;
      Address address;
      address.bytes[18] = static_cast<std::uint8_t>(suite.number >> 8);
      address.bytes[19] = static_cast<std::uint8_t>(suite.number);
      const Precompile* contract = PrecompileSet(suite.rules).find(address);
      ASSERT_NE(contract, nullptr) << name;
      const auto vectors = parse_json(text);
      ASSERT_TRUE(vectors.ok()) << name;
      for (const JsonValue& vector : vectors->children) check_vector(suite, *contract, vector);
      checked += vectors->children.size();
    }
  });
  std::printf("%zu vectors\n", checked);
  EXPECT_GT(checked, 1000u);
}

}  // namespace
}  // namespace buri::testing
