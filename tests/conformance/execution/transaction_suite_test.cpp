#include <gtest/gtest.h>

#include <map>

#include "accel/scalar/single.hpp"
#include "base/hex.hpp"
#include "node/execution/transaction/decode.hpp"
#include "node/execution/transaction/encode.hpp"
#include "node/execution/transaction/signing.hpp"
#include "node/execution/transaction/validity.hpp"
#include "tests/conformance/execution/archive.hpp"
#include "tests/conformance/execution/suite_json.hpp"

/// The public transaction tests (ethereum/tests, TransactionTests): bytes, and per fork either
/// hash, sender and intrinsic gas, or a refusal. Every test is run under every fork that a Bor
/// block ever had; Frontier to Constantinople without Petersburg do not apply, since on Bor
/// Petersburg holds from block 0.

namespace buri::testing {
namespace {

using namespace execution::transaction;
using execution::evm::ethereum_rules;
using execution::evm::Rules;

constexpr std::uint64_t kChainId = 1;

/// What the suite tells of an acceptable transaction.
struct Accepted {
  Hash256 hash;
  Address sender;
  std::uint64_t intrinsic_gas;
};
using Verdict = Result<Accepted, std::string>;

Verdict judge(ByteView bytes, const Rules& rules) {
  const auto transaction = decode(bytes);
  if (!transaction.ok()) return Failure{describe(transaction.error())};
  EXPECT_EQ(encode(*transaction), Bytes(bytes.begin(), bytes.end())) << "decoding is not strict";
  if (const auto valid = check_validity(*transaction, rules); !valid.ok()) {
    return Failure{describe(valid.error())};
  }
  const auto request = sender_request(*transaction, kChainId);
  if (!request.ok()) return Failure{std::string(describe(request.error()))};
  const auto answer = accel::scalar::recover_single(*request, accel::LowS::kRequired);
  if (answer.status != accel::SignatureStatus::kOk) {
    return Failure{std::string("the signature has no signer")};
  }
  return Accepted{hash(*transaction), answer.address, intrinsic_gas(*transaction, rules)};
}

void check_acceptance(const std::string& name, const JsonValue& expected, const Verdict& verdict) {
  ASSERT_TRUE(verdict.ok()) << name << ": " << verdict.error();
  EXPECT_EQ(to_hex(verdict->hash), get(expected, "hash").text.substr(2)) << name;
  EXPECT_EQ(to_hex(verdict->sender), get(expected, "sender").text.substr(2)) << name;
  const std::uint64_t gas = std::stoull(get(expected, "intrinsicGas").text, nullptr, 16);
  EXPECT_EQ(verdict->intrinsic_gas, gas) << name;
}

struct Tally {
  unsigned files = 0;
  unsigned accepted = 0;
  unsigned refused = 0;
  std::map<std::string, unsigned> not_applicable;
};

void check_test(const JsonValue& test, Tally& tally) {
  const Bytes bytes = *from_hex(get(test, "txbytes").text);
  for (const JsonValue& expected : get(test, "result").children) {
    const auto rules = ethereum_rules(expected.key);
    if (!rules) {
      ++tally.not_applicable[expected.key];
      continue;
    }
    const std::string name = test.key + " " + expected.key;
    const Verdict verdict = judge(bytes, *rules);
    if (const JsonValue* exception = find(expected, "exception")) {
      EXPECT_FALSE(verdict.ok()) << name << ": expected " << exception->text;
      ++tally.refused;
    } else {
      check_acceptance(name, expected, verdict);
      ++tally.accepted;
    }
  }
}

TEST(TransactionSuite, AcceptsRefusesAndPricesAsOthersDo) {
  const auto path = fixture_path("ethereum-tests.tar.xz");
  if (!path) GTEST_SKIP() << "ethereum-tests.tar.xz is absent: set BURI_FIXTURES to its folder";
  Tally tally;
  visit_archive(*path, [&](std::string_view name, std::string_view text) {
    if (!name.starts_with("TransactionTests/") || !name.ends_with(".json")) return;
    ++tally.files;
    const JsonValue document = parse_suite(text);
    for (const JsonValue& test : document.children) check_test(test, tally);
  });
  std::printf("transactions: %u files, %u accepted, %u refused as expected\n", tally.files,
              tally.accepted, tally.refused);
  for (const auto& [fork, count] : tally.not_applicable) {
    std::printf("not applicable: %u of %s, which ended before Bor's first block\n", count,
                fork.c_str());
  }
  EXPECT_EQ(tally.files, 210u);
  EXPECT_GT(tally.accepted + tally.refused, 1000u);
}

}  // namespace
}  // namespace buri::testing
