#include "hsm/rules/policy.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "base/hex.hpp"

namespace buri::hsm::rules {
namespace {

constexpr std::string_view kSmall =
    "version = 1\n"
    "[consensus]\n"
    "chain_id = \"heimdallv2-137\"\n"
    "[checkpoint]\n"
    "bor_chain_id = 137\n";

/// The TOML block of docs/signer-policy.md.
std::string documented() {
  std::ifstream file("docs/signer-policy.md");
  std::stringstream text;
  text << file.rdbuf();
  const std::string page = text.str();
  const std::size_t begin = page.find("```toml\n") + 8;
  return page.substr(begin, page.find("```", begin) - begin);
}

std::string error_of(std::string_view text) {
  const auto policy = parse_policy(text);
  return policy.ok() ? "" : describe(policy.error());
}

Policy small() { return parse_policy(kSmall).value(); }

TEST(Policy, TheDocumentedOneIsParsedAndNamesEverySetting) {
  const std::string text = documented();
  EXPECT_EQ(error_of(text), "");
  const Policy policy = parse_policy(text).value();
  // Every setting of the canonical text is spelled out in the page.
  std::istringstream lines(canonical_text(policy));
  for (std::string line; std::getline(lines, line);) {
    const std::string path = line.substr(0, line.find(" = "));
    const std::string name = path.substr(path.find('.') + 1);
    const bool listed = text.find("\n" + name + " = ") != std::string::npos ||
                        text.find("." + name + "]]") != std::string::npos || name == "version";
    EXPECT_TRUE(listed) << path;
  }
}

TEST(Policy, DefaultsAreTheDocumentedValues) {
  std::string documented_text = canonical_text(parse_policy(documented()).value());
  std::istringstream lines(canonical_text(small()));
  for (std::string line; std::getline(lines, line);) {
    const bool differs_by_network =
        line.find("_block = ") != std::string::npos || line.find("chain_id") != std::string::npos ||
        line.find("heimdall_transaction.m") == 0 || line.find("heimdall_transaction.admin") == 0 ||
        line.find("root_chain_transaction.") == 0;
    if (!differs_by_network) {
      EXPECT_NE(documented_text.find(line + "\n"), std::string::npos) << line;
    }
  }
}

TEST(Policy, LettersBeyondAsciiAreRefusedWithLineAndColumn) {
  const auto policy = parse_policy("version = 1\n[k\xc9\xb9y]\n");
  ASSERT_FALSE(policy.ok());
  EXPECT_EQ(policy.error().line, 2U);
  EXPECT_EQ(policy.error().column, 3U);
  EXPECT_NE(error_of(std::string(kSmall) + "# comment of 5 \xe2\x82\xac\n"), "");
}

TEST(Policy, UnknownSettingsAreRefusedWithLineAndColumn) {
  EXPECT_EQ(error_of(std::string(kSmall) + "surprise = 1\n"),
            "6:1: checkpoint.surprise: expected a setting of this section, found an unknown one");
  EXPECT_EQ(error_of("version = 1\n[surprise]\n"),
            "2:2: surprise: expected a setting of this section, found an unknown one");
}

TEST(Policy, WrongTypesRangesAndVersionsAreRefused) {
  EXPECT_EQ(error_of("version = 2\n"), "1:11: version: expected an integer from 1 to 1, found 2");
  EXPECT_NE(error_of(""), "");
  EXPECT_NE(error_of("version = 1\nversion = 1\n"), "");
  EXPECT_NE(error_of("version ="), "");
  const std::string base(kSmall);
  for (const std::string_view line : {"max_blocks = 0", "max_blocks = -1", "max_blocks = 1.5",
                                      "max_blocks = \"1\"", "enabled = 1", "bor_header = 1"}) {
    EXPECT_NE(error_of(base + std::string(line) + "\n"), "") << line;
  }
  EXPECT_EQ(error_of(base + "[vote_extension]\ntier = \"lax\"\n"),
            "7:8: vote_extension.tier: expected one of \"strict\" \"alarm\", found 'lax'");
  EXPECT_NE(error_of(base + "[heimdall_transaction]\nmax_fee = 5\n"), "");
  EXPECT_NE(error_of(base + "[heimdall_transaction]\nmax_fee = \"5x\"\n"), "");
  EXPECT_NE(error_of(base + "[heimdall_transaction]\nmessages = [\"/x.MsgUnknown\"]\n"), "");
  EXPECT_NE(error_of(std::string(kMaxPolicyBytes + 1, '#')), "");
}

TEST(Policy, EnabledPurposesNeedTheirChain) {
  EXPECT_EQ(error_of("version = 1\n"),
            "1:1: consensus.chain_id: expected a value: it has no default, found none");
  EXPECT_NE(error_of(std::string(kSmall) + "[bor_header]\nenabled = true\n"), "");
  EXPECT_EQ(error_of(std::string(kSmall) + "[bor_header]\nenabled = true\nchain_id = 137\n"), "");
}

TEST(Policy, CallsAreTablesWithContractAndSelector) {
  const std::string base = std::string(kSmall) + "[[root_chain_transaction.calls]]\n";
  const std::string to = "to = \"0x86e4dc95c7fbdbf52e33d563bbdb00823894c287\"\n";
  EXPECT_EQ(error_of(base + to + "selector = \"0x4e43e495\"\n"), "");
  EXPECT_NE(error_of(base + to), "");
  EXPECT_NE(error_of(base + "selector = \"0x4e43e495\"\n"), "");
  EXPECT_NE(error_of(base + to + "selector = \"0x4e43e4\"\n"), "");
  EXPECT_NE(error_of(base + to + "selector = \"0x4e43e495\"\nx = 1\n"), "");
  const std::string one = "[[root_chain_transaction.calls]]\n" + to + "selector = \"0x4e43e495\"\n";
  EXPECT_NE(error_of(std::string(kSmall) + one + one), "") << "the same call twice";
}

TEST(Policy, TheHashIsOfTheContentNotOfTheSpelling) {
  const Policy spelled =
      parse_policy(std::string("# comment\n") + std::string(kSmall) + "max_blocks = 8_192\n")
          .value();
  EXPECT_EQ(policy_hash(spelled), policy_hash(small()));
  Policy other = small();
  ++other.checkpoint.max_blocks;
  EXPECT_NE(policy_hash(other), policy_hash(small()));
}

PolicyChange change(void (*edit)(Policy&)) {
  Policy after = small();
  edit(after);
  return compare(small(), after).change;
}

TEST(PolicyComparison, KnowsWhichWayIsWider) {
  EXPECT_EQ(change([](Policy&) {}), PolicyChange::kEqual);
  EXPECT_EQ(change([](Policy& p) { ++p.consensus.max_height_jump; }), PolicyChange::kWider);
  EXPECT_EQ(change([](Policy& p) { --p.consensus.max_height_jump; }), PolicyChange::kNarrower);
  EXPECT_EQ(change([](Policy& p) { p.key.require_hsm_born = false; }), PolicyChange::kWider);
  EXPECT_EQ(change([](Policy& p) { p.consensus.votes = false; }), PolicyChange::kNarrower);
  EXPECT_EQ(change([](Policy& p) { p.consensus.chain_id = "x"; }), PolicyChange::kWider);
  EXPECT_EQ(change([](Policy& p) { --p.bor_header.min_gas_limit; }), PolicyChange::kWider);
  EXPECT_EQ(change([](Policy& p) { p.vote_extension.tier = ExtensionTier::kStrict; }),
            PolicyChange::kNarrower);
  EXPECT_EQ(change([](Policy& p) { p.bor_header.tier = BorTier::kSupersedeUnpublished; }),
            PolicyChange::kWider);
  EXPECT_EQ(change([](Policy& p) { p.heimdall_transaction.messages = {"/a"}; }),
            PolicyChange::kWider);
}

TEST(PolicyComparison, OneWideningAmongNarrowingsIsNamed) {
  Policy after = small();
  after.consensus.max_height_jump = 5;
  after.checkpoint.max_blocks = 9000;
  const PolicyComparison comparison = compare(small(), after);
  EXPECT_EQ(comparison.change, PolicyChange::kWider);
  EXPECT_EQ(comparison.widened, std::vector<std::string>{"checkpoint.max_blocks: 8192 -> 9000"});
}

TEST(PolicyComparison, CallsWidenByValueApprovalOrEntry) {
  Policy before = small();
  before.root_chain_transaction.calls = {{{}, {}, U256::from_uint64(5), true}};
  const auto against = [&](std::vector<AllowedCall> calls) {
    Policy after = before;
    after.root_chain_transaction.calls = std::move(calls);
    return compare(before, after).change;
  };
  EXPECT_EQ(against({}), PolicyChange::kNarrower);
  EXPECT_EQ(against({{{}, {}, U256::from_uint64(4), true}}), PolicyChange::kNarrower);
  EXPECT_EQ(against({{{}, {}, U256::from_uint64(6), true}}), PolicyChange::kWider);
  EXPECT_EQ(against({{{}, {}, U256::from_uint64(5), false}}), PolicyChange::kWider);
  EXPECT_EQ(against({{{{1}}, {}, {}, true}}), PolicyChange::kWider);
}

}  // namespace
}  // namespace buri::hsm::rules
