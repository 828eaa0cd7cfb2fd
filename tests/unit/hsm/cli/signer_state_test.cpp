#include "hsm/cli/signer_state.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "hsm/cli/hsm_commands.hpp"
#include "hsm/cli/signer_audit.hpp"
#include "hsm/cli/signer_commands.hpp"
#include "hsm/signer/audit_log.hpp"
#include "hsm/signer/move.hpp"
#include "hsm/signer/posix_disk.hpp"
#include "hsm/signer/state_file.hpp"

namespace buri::hsm::cli {
namespace {

class SignerStateTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = testing::TempDir() + "buri-cli-XXXXXX";
    ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
    folder_ = pattern;
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }
  InitStateOptions init(const std::string& ledger, std::int64_t start) const {
    InitStateOptions options;
    options.directory = folder_;
    options.address = "0x" + std::string(40, '1');
    options.ledger = ledger;
    options.start = start;
    return options;
  }
  std::string write(const std::string& name, const std::string& text) const {
    std::ofstream(folder_ + "/" + name) << text;
    return folder_ + "/" + name;
  }

  std::string folder_;
};

TEST_F(SignerStateTest, EveryLedgerBeginsOnceAndSaysWhere) {
  for (const char* ledger : {"consensus", "bor-header", "heimdall-tx", "root-chain-tx"}) {
    EXPECT_FALSE(init_state(init(ledger, -1)).ok()) << "a start is always said";
    EXPECT_TRUE(init_state(init(ledger, 5)).ok()) << ledger;
    EXPECT_FALSE(init_state(init(ledger, 5)).ok()) << "nothing is replaced";
  }
  EXPECT_FALSE(init_state(init("votes", 5)).ok());
}

TEST_F(SignerStateTest, TakingOverNeedsQuietHeights) {
  InitStateOptions options = init("consensus", -1);
  options.quiet_from = 100;
  options.quiet_to = 105;
  EXPECT_FALSE(init_state(options).ok());
  options.quiet_to = 110;
  EXPECT_TRUE(init_state(options).ok());
}

TEST_F(SignerStateTest, MovedStateKeepsItsSequence) {
  const signer::ExportedRecord moved{{{}, "consensus"}, {41, 3, {}, Bytes{1, 2, 3}}};
  ImportOptions options{folder_, "", "move", "", write("move", signer::encode_move({moved}))};
  ASSERT_TRUE(import_state(options).ok());
  const auto disk = signer::open_posix_disk(folder_);
  EXPECT_EQ(signer::StateFile::open(**disk, moved.identity)->head(), moved.record);
  EXPECT_FALSE(import_state(options).ok()) << "an import replaces nothing";
  options.file = write("cut", signer::encode_move({moved}).substr(0, 100));
  EXPECT_FALSE(import_state(options).ok());
}

TEST_F(SignerStateTest, AnExportThatTheSignerDidNotAnswerLeavesNoFile) {
  CLI::App app;
  int exit_code = 0;
  add_signer_commands(app, exit_code);
  app.parse("signer --socket " + folder_ + "/nobody export --out " + folder_ + "/moved");
  EXPECT_NE(exit_code, 0);
  EXPECT_FALSE(std::filesystem::exists(folder_ + "/moved"));
}

TEST_F(SignerStateTest, AuditLogIsCheckedAgainstAKnownHead) {
  const auto disk = signer::open_posix_disk(folder_);
  auto log = signer::AuditLog::open(**disk, system_clock());
  ASSERT_TRUE(log->append({"signed", "vote", "", Bytes(32, 1), Bytes(65, 2), ""}).ok());
  EXPECT_EQ(run_audit_verify(folder_, ""), kExitOk);
  EXPECT_EQ(run_audit_verify(folder_, "9:" + std::string(64, '0')), kExitRefused);
  EXPECT_EQ(run_audit_verify(folder_, "nonsense"), kExitUnusable);
  EXPECT_EQ(run_audit_verify(folder_ + "/none", ""), kExitUnusable);
  const std::string mine = "0101010101010101010101010101010101010101010101010101010101010101 ";
  std::string signature;
  for (int i = 0; i < 64; ++i) signature += "02";
  EXPECT_EQ(run_audit_reconcile(folder_, write("seen", mine + signature)), kExitOk);
  EXPECT_EQ(run_audit_reconcile(folder_, write("stray", signature.substr(0, 64) + " " + signature)),
            kExitRefused);
}

}  // namespace
}  // namespace buri::hsm::cli
