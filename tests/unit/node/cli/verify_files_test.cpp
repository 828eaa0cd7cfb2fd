#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <fstream>

#include "node/cli/verify_checkpoint.hpp"
#include "node/cli/verify_commit.hpp"
#include "node/cli/verify_proof.hpp"
#include "tests/unit/node/golden.hpp"

namespace buri::cli {
namespace {

/// Files that a user would give, made from the bundled ones.
class VerifyFiles : public ::testing::Test {
 protected:
  VerifyFiles() { std::filesystem::create_directories(folder_); }
  ~VerifyFiles() override { std::filesystem::remove_all(folder_); }

  std::string file(const std::string& name, const std::string& text) {
    std::ofstream(folder_ + "/" + name) << text;
    return folder_ + "/" + name;
  }
  Outcome commit(const CommitOptions& options) {
    static KeySetCacheOwner owner;
    return verify_commit_files(owner.verifier, options);
  }
  Outcome proof(const ProofOptions& options) {
    return verify_proof_file(buri::testing::engine(), options);
  }
  Outcome checkpoint(const CheckpointOptions& options) {
    return verify_checkpoint_file(buri::testing::engine(), options);
  }
  /// The rule of the first failed check.
  static std::string broken_rule(const Outcome& outcome) {
    if (!outcome.ok()) return "unusable: " + describe(outcome.error().problem);
    for (const Check& check : outcome.value().checks()) {
      if (!check.passed) return check.rule;
    }
    return "";
  }

  struct KeySetCacheOwner {
    Verifier verifier{buri::testing::engine(), {}};
  };
  const std::string folder_ = ::testing::TempDir() + "buri-verify-" + std::to_string(getpid());
  const std::string golden_ = "tests/golden/cometbft/mainnet-54587912.json";
};

/// The text of the member `key` of the single-commit file, cut out by its indentation.
std::string section(const std::string& text, const std::string& key) {
  const std::size_t start = text.find("\"" + key + "\":");
  const std::size_t open = text.find_first_of("{[", start);
  int depth = 0;
  std::size_t end = open;
  do {
    depth += text[end] == '{' || text[end] == '[' ? 1 : 0;
    depth -= text[end] == '}' || text[end] == ']' ? 1 : 0;
    ++end;
  } while (depth > 0);
  return text.substr(open, end - open);
}

std::string envelope(const std::string& result) {
  return R"({"jsonrpc":"2.0","id":-1,"result":)" + result + "}";
}

/// One page of validators [first, last) as /validators answers.
std::string page(const std::string& all, std::size_t first, std::size_t last) {
  const JsonValue document = parse_json(all).value();
  std::string list;
  std::size_t at = all.find('[') + 1;
  for (std::size_t i = 0; i < last; ++i) {
    const std::size_t open = all.find('{', at);
    const std::size_t close = all.find('}', all.find('}', open) + 1);
    if (i >= first) list += (list.empty() ? "" : ",") + all.substr(open, close + 1 - open);
    at = close + 1;
  }
  return envelope(R"({"block_height":"54587912","validators":[)" + list + R"(],"count":")" +
                  std::to_string(last - first) + R"(","total":"104"})");
}

TEST_F(VerifyFiles, TakesTheBundledCommitAsItIs) {
  EXPECT_EQ(broken_rule(commit({.file = golden_, .validators = {}})), "");
}

TEST_F(VerifyFiles, TakesANodesAnswersWithValidatorsInPages) {
  const std::string text = buri::testing::golden_text("cometbft/mainnet-54587912.json");
  const std::string answer = file(
      "commit.json",
      envelope(R"({"signed_header":)" + section(text, "signed_header") + R"(,"canonical":true})"));
  const std::string validators = section(text, "validators");
  const std::string first = file("page1.json", page(validators, 0, 100));
  const std::string second = file("page2.json", page(validators, 100, 104));
  EXPECT_EQ(broken_rule(commit({.file = answer, .validators = {first, second}})), "");
  EXPECT_EQ(broken_rule(commit({.file = answer, .validators = {first}})), "validators total");
  EXPECT_EQ(broken_rule(commit({.file = answer, .validators = {second, first}})), "validator set");
  const Outcome without = commit({.file = answer, .validators = {}});
  ASSERT_FALSE(without.ok());
  EXPECT_EQ(without.error().problem.path, "validator_set");
  EXPECT_TRUE(without.error().advice.starts_with("add --validators"));
}

TEST_F(VerifyFiles, ReportsAnOddVByteUnlessToldToAcceptIt) {
  std::string text = buri::testing::golden_text("cometbft/mainnet-54587912.json");
  const std::string last_byte_one = "WLPhlQE=";  // entry 0: V = 1
  text.replace(text.find(last_byte_one), last_byte_one.size(), "WLPhlQA=");
  const std::string changed = file("odd_v.json", text);
  const Outcome strict = commit({.file = changed, .validators = {}});
  EXPECT_TRUE(broken_rule(strict).starts_with("v byte")) << broken_rule(strict);
  EXPECT_EQ(broken_rule(commit({.file = changed, .validators = {}, .v_byte = VByte::kIgnored})),
            "");
}

TEST_F(VerifyFiles, NamesTheRuleAndIndexOfABrokenSignature) {
  std::string text = buri::testing::golden_text("cometbft/mainnet-54587912.json");
  const std::size_t at = text.find("16skFCqk7fh");  // entry 1
  text[at] = '2';
  const Outcome outcome = commit({.file = file("broken.json", text), .validators = {}});
  EXPECT_EQ(broken_rule(outcome), "signature");
  for (const Check& check : outcome.value().checks()) {
    if (!check.passed && check.rule == "signature") EXPECT_EQ(check.index, 1u);
  }
}

TEST_F(VerifyFiles, UnusableCommitsNameTheField) {
  EXPECT_EQ(broken_rule(commit({.file = folder_ + "/absent.json", .validators = {}})),
            "unusable: file: expected a readable file, found No such file or directory");
  EXPECT_EQ(broken_rule(commit({.file = folder_, .validators = {}})),
            "unusable: file: expected a readable file, found Is a directory");
  EXPECT_EQ(broken_rule(commit({.file = file("empty.json", ""), .validators = {}})),
            "unusable: line 1, column 1: expected JSON, found incomplete JSON");
  EXPECT_EQ(broken_rule(commit({.file = file("list.json", "[]"), .validators = {}})),
            "unusable: document: expected an object, found an array of 0");
  EXPECT_EQ(broken_rule(commit({.file = file("none.json", R"({"commits":[]})"), .validators = {}})),
            "unusable: commits: expected at least one commit, found an array of 0");
  EXPECT_EQ(
      broken_rule(commit({.file = file("twice.json", R"({"canonical":true,"canonical":true})"),
                          .validators = {}})),
      "unusable: line 1, column 29: expected every key once, found \"canonical\" a second time");
}

constexpr const char* kAppHash = "4596103EDCA0DCE626C9B7C4492BDC20E3D4674C608CA76559036DA5DFB6D604";

TEST_F(VerifyFiles, TakesStateProofsBundledEnvelopedAndBare) {
  const std::string bundled = "tests/golden/cometbft/mainnet-ics23-54594513.json";
  const std::string answer =
      section(buri::testing::golden_text("cometbft/mainnet-ics23-54594513.json"), "count");
  EXPECT_EQ(broken_rule(proof({.file = bundled, .app_hash = ""})), "");
  EXPECT_EQ(broken_rule(proof({.file = bundled, .app_hash = std::string(64, '0')})),
            "app hash of the file");
  const std::string bare = file("bare.json", answer);
  const std::string enveloped = file("query.json", envelope(R"({"response":)" + answer + "}"));
  for (const std::string& given : {bare, enveloped}) {
    EXPECT_EQ(broken_rule(proof({.file = given, .app_hash = kAppHash})), "");
    EXPECT_EQ(broken_rule(proof({.file = given, .app_hash = std::string(64, 'a')})),
              "multistore root");
    EXPECT_EQ(broken_rule(proof({.file = given, .app_hash = ""})),
              "unusable: app_hash: expected the app hash to prove against, found none");
    EXPECT_EQ(broken_rule(proof({.file = given, .app_hash = "12"})),
              "unusable: value: expected 64 hex digits, found \"12\"");
  }
}

TEST_F(VerifyFiles, AValueThatIsNotTheProvenOneIsInvalid) {
  std::string answer =
      section(buri::testing::golden_text("cometbft/mainnet-ics23-54594513.json"), "count");
  answer.replace(answer.find("AAAAAADjQ1c="), 12, "AAAAAADjQ1g=");
  EXPECT_EQ(broken_rule(proof({.file = file("value.json", answer), .app_hash = kAppHash})),
            "store proven value");
}

const std::string kHeaders = R"([
  {"number":"0x3e8","timestamp":"0x6553f100","extra":"is ignored",
   "transactionsRoot":"0x56e81f171bcc55a6ff8345e692c0f86e5b48e01b996cadc001622fb5e363b421",
   "receiptsRoot":"0x56e81f171bcc55a6ff8345e692c0f86e5b48e01b996cadc001622fb5e363b421"},
  {"jsonrpc":"2.0","id":1,"result":{"number":"0x3e9","timestamp":"0x6553f102",
   "transactionsRoot":"0x1fba13f01e43da1fb5d4f31aee6aef902def8662759fed15879190109df7b751",
   "receiptsRoot":"0xdd0d9531d87876b9adf602b23615f23fdd8f4922b467e4afb7604956f456a3c9"}}])";
constexpr const char* kRootOfTwo =
    "0x07ec6db70c16abeb9378766889032d0c5c74eb55d39d873c8ce112918c92e256";

TEST_F(VerifyFiles, TakesBorHeadersWithARoot) {
  const std::string list = file("headers.json", kHeaders);
  EXPECT_EQ(broken_rule(checkpoint({.file = list, .root = kRootOfTwo})), "");
  const std::string whole =
      file("whole.json", R"({"headers":)" + kHeaders + R"(,"root":")" + kRootOfTwo + "\"}");
  EXPECT_EQ(broken_rule(checkpoint({.file = whole, .root = ""})), "");
  EXPECT_EQ(broken_rule(checkpoint({.file = list, .root = std::string(64, '1')})),
            "root of blocks 1000 to 1001");
  EXPECT_EQ(broken_rule(checkpoint({.file = list, .root = ""})),
            "unusable: root: expected the root to compare with, found none");
  EXPECT_EQ(broken_rule(checkpoint({.file = file("none.json", "[]"), .root = kRootOfTwo})),
            "unusable: document: expected at least one header, found an array of 0");
}

TEST_F(VerifyFiles, HeadersMustBeConsecutive) {
  std::string gap = kHeaders;
  gap.replace(gap.find("0x3e9"), 5, "0x3ea");
  EXPECT_EQ(broken_rule(checkpoint({.file = file("gap.json", gap), .root = kRootOfTwo})),
            "block number");
}

TEST_F(VerifyFiles, TakesTheBundledCheckpointFiles) {
  for (const char* name :
       {"checkpoint-roots.txt", "contract-exit.json", "real-mainnet-exit.json"}) {
    EXPECT_EQ(broken_rule(
                  checkpoint({.file = std::string("tests/golden/rootchain/") + name, .root = ""})),
              "")
        << name;
  }
  EXPECT_EQ(broken_rule(checkpoint({.file = "tests/golden/rootchain/contract-exit.json",
                                    .root = std::string(64, '2')})),
            "checkpoint root");
  EXPECT_EQ(
      broken_rule(checkpoint(
          {.file = "tests/golden/rootchain/real-mainnet-exit.json", .root = std::string(64, '2')})),
      "unusable: start: expected the checkpoint's first block, to place the block, found none");
}

}  // namespace
}  // namespace buri::cli
