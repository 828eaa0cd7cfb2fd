#include "node/cli/light_verify.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "base/hex.hpp"
#include "node/consensus/api/evidence_json.hpp"
#include "tests/support/consensus/light_rpc_server.hpp"
#include "tests/unit/node/golden.hpp"

/// `buri light verify` over servers on the loopback interface.

namespace buri::cli {
namespace {

using buri::testing::LightRpcServer;
using buri::testing::MadeChain;
using buri::testing::MadeValidator;

constexpr std::int64_t kHeights = 20;

std::vector<MadeValidator> rotating(std::int64_t height) {
  static const auto all = buri::testing::make_validators(buri::testing::engine(), 40, 10, 5);
  return {all.begin() + height, all.begin() + height + 6};
}
const MadeChain& chain() {
  static const MadeChain made(buri::testing::engine(), kHeights, rotating);
  return made;
}

class LightVerifyTest : public ::testing::Test {
 protected:
  LightVerifyTest() { std::filesystem::create_directories(folder_); }
  ~LightVerifyTest() override { std::filesystem::remove_all(folder_); }

  [[nodiscard]] LightArguments arguments(const LightRpcServer& node,
                                         const LightRpcServer& witness) const {
    LightArguments arguments;
    arguments.node = node.url();
    arguments.witnesses = {witness.url()};
    arguments.trusted_height = 1;
    arguments.trusted_hash = to_upper_hex(*chain().at(1).commit.block_id.hash);
    arguments.trusting_period = "1000000h";  // the chain is old
    arguments.timeout = "2s";
    arguments.evidence_folder = folder_;
    return arguments;
  }

  const std::filesystem::path folder_ =
      std::filesystem::temp_directory_path() / ("buri_light_test_" + std::to_string(::getpid()));
};

TEST_F(LightVerifyTest, TellsWhatWasVerified) {
  LightRpcServer node(chain());
  LightRpcServer witness(chain());
  const auto answer = verify_light(arguments(node, witness), true);
  ASSERT_TRUE(answer.ok()) << answer.error();
  EXPECT_TRUE(answer->is_positive);
  EXPECT_EQ(answer->facts.at("height").as_int64(), kHeights);
  EXPECT_EQ(answer->facts.at("chain_id").as_string(), "made-1");
  const auto& steps = answer->facts.at("steps").as_array();
  ASSERT_GT(steps.size(), 3u);
  EXPECT_EQ(steps.back().at("height").as_int64(), kHeights);
  EXPECT_EQ(std::string(answer->facts.at("hash").as_string()),
            to_upper_hex(*chain().at(kHeights).commit.block_id.hash));
}

TEST_F(LightVerifyTest, AHomeKeepsWhatWasVerified) {
  LightRpcServer node(chain());
  LightRpcServer witness(chain());
  auto first = arguments(node, witness);
  first.home = folder_ / "home";
  ASSERT_TRUE(verify_light(first, true).ok());
  const int asked = node.requests();
  const auto again = verify_light(first, true);
  ASSERT_TRUE(again.ok()) << again.error();
  EXPECT_TRUE(again->is_positive);
  EXPECT_LE(node.requests() - asked, 3) << "the state, and the newest header with its set";
}

TEST_F(LightVerifyTest, AnotherHashThanTheTrustedOneIsAVerdict) {
  LightRpcServer node(chain());
  LightRpcServer witness(chain());
  auto wrong = arguments(node, witness);
  wrong.trusted_hash = std::string(64, '0');
  const auto answer = verify_light(wrong, true);
  ASSERT_TRUE(answer.ok()) << answer.error();
  EXPECT_FALSE(answer->is_positive);
  EXPECT_FALSE(answer->facts.at("verified").as_bool());
}

TEST_F(LightVerifyTest, WritesTheEvidenceOfAnAttack) {
  LightRpcServer node(chain());
  LightRpcServer witness(chain().forked(
      15, [](consensus::engine::Header& header) { header.app_hash = Bytes(32, 99); }, rotating));
  const auto answer = verify_light(arguments(node, witness), true);
  ASSERT_TRUE(answer.ok()) << answer.error();
  EXPECT_FALSE(answer->is_positive);
  EXPECT_TRUE(answer->facts.at("attack").as_bool());
  const auto& files = answer->facts.at("evidence").as_array();
  ASSERT_EQ(files.size(), 2u) << "against each side";
  for (const auto& file : files) {
    std::ifstream stream(std::string(file.as_string()));
    const std::string text{std::istreambuf_iterator<char>(stream), {}};
    const auto document = parse_json(text);
    ASSERT_TRUE(document.ok());
    EXPECT_TRUE(consensus::api::decode_evidence(JsonCursor(*document)).ok());
  }
  EXPECT_TRUE(verify_light(arguments(node, witness), true).ok()) << "the files are there already";
}

TEST_F(LightVerifyTest, SaysWhatItCannotUse) {
  LightRpcServer node(chain());
  LightRpcServer witness(chain());
  const auto reason = [&](auto change) {
    LightArguments some = arguments(node, witness);
    change(some);
    const auto answer = verify_light(some, true);
    return answer.ok() ? std::string("usable") : answer.error();
  };
  EXPECT_EQ(reason([](auto& a) { a.trusted_hash = "12"; }),
            "--trusted-hash: expected 64 hex digits");
  EXPECT_EQ(reason([](auto& a) { a.witnesses = {a.node}; }),
            node.url() + " is named twice; a node cannot be its own witness");
  EXPECT_NE(reason([](auto& a) { a.node = "tcp://127.0.0.1:1"; }).find("--node:"),
            std::string::npos);
  EXPECT_EQ(reason([](auto& a) { a.trust_level = "1/4"; }),
            "--trust-level: expected a fraction from 1/3 to 1/1, found \"1/4\"");
  EXPECT_EQ(reason([](auto& a) { a.trusting_period = "soon"; }),
            "--trust-period: expected a time such as 168h or 5s, found \"soon\"");
  EXPECT_NE(reason([](auto& a) { a.trusting_period = "1h"; }).find("trusting period"),
            std::string::npos);
  EXPECT_NE(reason([](auto& a) {
              a.node = "http://127.0.0.1:1";
              a.witnesses = {"http://127.0.0.1:2"};
            }).find("no node says which chain"),
            std::string::npos);
}

}  // namespace
}  // namespace buri::cli
