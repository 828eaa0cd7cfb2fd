#include "hsm/cli/hsm_commands.hpp"

#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <sstream>

#include "hsm/pkcs11/signature_check.hpp"
#include "tests/hsm/fixture/worker_setup.hpp"

namespace buri::hsm::cli {
namespace {

using test::SoftHsm;
using test::SoftHsmToken;

/// What a command printed, and its exit code.
struct Outcome {
  int exit_code = -1;
  std::string out;
  std::string err;

  [[nodiscard]] boost::json::value parsed() const { return boost::json::parse(out); }
};

Outcome run(std::vector<std::string> arguments) {
  CLI::App app;
  Outcome outcome;
  add_hsm_commands(app, outcome.exit_code);
  std::ostringstream out;
  std::ostringstream err;
  auto* const saved_out = std::cout.rdbuf(out.rdbuf());
  auto* const saved_err = std::cerr.rdbuf(err.rdbuf());
  std::reverse(arguments.begin(), arguments.end());
  app.parse(arguments);
  std::cout.rdbuf(saved_out);
  std::cerr.rdbuf(saved_err);
  outcome.out = out.str();
  outcome.err = err.str();
  return outcome;
}

TEST(HsmList, ShowsTokensMechanismsAndTheGuessedProfile) {
  const SoftHsmToken token;
  const std::string module = SoftHsm::instance().module_path();
  const Outcome outcome = run({"hsm", "list", module, "--json"});
  ASSERT_EQ(outcome.exit_code, kExitOk) << outcome.err;
  const auto document = outcome.parsed();
  bool seen = false;
  for (const auto& entry : document.at("tokens").as_array()) {
    if (entry.at("serial").as_string() != token.token().serial) continue;
    seen = true;
    EXPECT_EQ(entry.at("profile").as_string(), "softhsm");
    EXPECT_TRUE(entry.at("mechanisms").at("CKM_ECDSA").as_bool());
  }
  EXPECT_TRUE(seen);
  EXPECT_NE(run({"hsm", "list", module}).out.find(token.token().label), std::string::npos);
}

TEST(HsmList, SaysWhyAModuleCannotBeUsed) {
  const Outcome outcome = run({"hsm", "list", "/nonexistent.so"});
  EXPECT_EQ(outcome.exit_code, kExitUnusable);
  EXPECT_NE(outcome.err.find("buri hsm list: The module cannot be loaded"), std::string::npos);
}

TEST(HsmInspect, ReadsTheAttributesBackAndNamesTheAddress) {
  const SoftHsmToken token;
  const Outcome outcome =
      run({"hsm", "inspect", token.key_uri(), "--pin-file", token.pin_file(), "--json"});
  ASSERT_EQ(outcome.exit_code, kExitOk) << outcome.err;
  const auto document = outcome.parsed();
  EXPECT_TRUE(document.at("usable").as_bool());
  EXPECT_EQ(document.at("address").as_string(),
            pkcs11::checksummed_address(pkcs11::address_of(token.public_key())));
  for (const auto& attribute : document.at("attributes").as_array()) {
    EXPECT_EQ(attribute.at("verdict").as_string(), "good") << attribute;
  }
  const Outcome text = run({"hsm", "inspect", token.key_uri(), "--pin-file", token.pin_file()});
  EXPECT_NE(text.out.find("This key may sign"), std::string::npos);
}

TEST(HsmInspect, WantsAPinFileAndNeverAPinInTheUri) {
  const SoftHsmToken token;
  const Outcome none = run({"hsm", "inspect", token.key_uri()});
  EXPECT_EQ(none.exit_code, kExitUnusable);
  EXPECT_NE(none.err.find("No PIN: give --pin-file"), std::string::npos);
  const Outcome inside = run({"hsm", "inspect", token.key_uri() + "&pin-value=4711"});
  EXPECT_EQ(inside.exit_code, kExitUnusable);
  EXPECT_EQ(inside.err.find("4711"), std::string::npos);
}

TEST(HsmTest, MeasuresSignaturesThroughAWorker) {
  const SoftHsmToken token;
  const Outcome outcome = run({"hsm", "test", token.key_uri(), "--pin-file", token.pin_file(),
                               "--count", "20", "--profile", "softhsm", "--worker",
                               BURI_HSM_PROGRAM, "--environment", "SOFTHSM2_CONF", "--json"});
  ASSERT_EQ(outcome.exit_code, kExitOk) << outcome.err;
  const auto document = outcome.parsed();
  EXPECT_EQ(document.at("signature").at("count").to_number<int>(), 20);
  EXPECT_GT(document.at("signature").at("p50_ms").as_double(), 0);
  EXPECT_GT(document.at("three_at_once").at("p99_ms").as_double(), 0);
}

TEST(HsmTest, SaysWhichVariableIsMissing) {
  const SoftHsmToken token;
  const Outcome outcome = run({"hsm", "test", token.key_uri(), "--pin-file", token.pin_file(),
                               "--environment", "BURI_NO_SUCH_VARIABLE"});
  EXPECT_EQ(outcome.exit_code, kExitUnusable);
  EXPECT_NE(outcome.err.find("BURI_NO_SUCH_VARIABLE"), std::string::npos);
}

}  // namespace
}  // namespace buri::hsm::cli
