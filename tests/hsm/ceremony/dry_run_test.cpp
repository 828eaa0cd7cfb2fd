#include "hsm/ceremony/dry_run.hpp"

#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <chrono>
#include <filesystem>
#include <fstream>

#include "tests/hsm/ceremony/ceremony_process.hpp"
#include "tests/hsm/ceremony/ceremony_setup.hpp"
#include "tests/support/golden_text.hpp"

namespace buri::hsm::test {
namespace {

namespace fs = std::filesystem;

/// A rehearsal by the program, held once for all tests.
struct Rehearsal {
  std::string folder = fresh_folder();
  std::string temporary = fresh_folder();
  double seconds = 0;
  ProcessOutcome outcome;
  Rehearsal() {
    const auto start = std::chrono::steady_clock::now();
    outcome =
        run_ceremony_program({"dry-run", "--out", folder, "--worker", BURI_HSM_PROGRAM, "--json"},
                             {"TMPDIR=" + temporary});
    seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  }
  static const Rehearsal& instance() {
    static const Rehearsal rehearsal;
    return rehearsal;
  }
};

TEST(T29DryRun, MakesEveryArtefactWithinHalfAMinuteAndEverythingFits) {
  const Rehearsal& rehearsal = Rehearsal::instance();
  ASSERT_EQ(rehearsal.outcome.exit_code, 0) << rehearsal.outcome.err;
  std::printf("a rehearsal took %.1f s\n", rehearsal.seconds);
  EXPECT_LT(rehearsal.seconds, 30);
  std::string files;
  for (const auto& entry : fs::recursive_directory_iterator(rehearsal.folder)) {
    if (entry.is_regular_file())
      files += fs::relative(entry.path(), rehearsal.folder).string() + "\n";
  }
  std::vector<std::string> names;
  std::istringstream stream(files);
  for (std::string name; std::getline(stream, name);) names.push_back(name);
  std::ranges::sort(names);
  files.clear();
  for (const std::string& name : names) files += name + "\n";
  golden::expect_text("tests/golden/ceremony/rehearsal-files.txt", files);
}

TEST(T29DryRun, TranscriptTellsTheStoryOfTheGoldenFile) {
  std::istringstream transcript(file_text(Rehearsal::instance().folder + "/transcript.log"));
  std::string story;
  for (std::string line; std::getline(transcript, line);) {
    std::vector<std::string> fields;
    std::istringstream columns(line);
    for (std::string field; std::getline(columns, field, '\t');) fields.push_back(field);
    ASSERT_EQ(fields.size(), 7U);
    const bool is_id = fields[2] == "opened" || fields[2] == "closed";
    story += fields[2] + " " + fields[3] + " " + (is_id ? "ID" : fields[4]) + "\n";
  }
  golden::expect_text("tests/golden/ceremony/rehearsal-story.txt", story);
}

TEST(T29DryRun, VerifyAgreesAndSaysSoInJson) {
  const Rehearsal& rehearsal = Rehearsal::instance();
  const auto outcome = run_ceremony_program({"verify", rehearsal.folder, "--json"});
  ASSERT_EQ(outcome.exit_code, 0) << outcome.out;
  const auto document = boost::json::parse(outcome.out);
  const auto made = boost::json::parse(rehearsal.outcome.out);
  EXPECT_TRUE(document.at("fits").as_bool());
  EXPECT_EQ(document.at("signatures").to_number<int>(), 2);
  EXPECT_EQ(document.at("drills_done").to_number<int>(), 1);
  for (const char* const key : {"ceremony_id", "address", "transcript_head", "manifest_sha256"}) {
    EXPECT_EQ(document.at(key), made.at(key));
  }
}

TEST(T29DryRun, VerifyNamesTheFirstArtefactThatDoesNotFit) {
  const std::string copy = fresh_folder();
  fs::copy(Rehearsal::instance().folder, copy,
           fs::copy_options::recursive | fs::copy_options::overwrite_existing);
  {
    std::fstream file(copy + "/signatures/4-wim.sig", std::ios::in | std::ios::out);
    file.seekp(10);
    file.put('x');
    file.put('y');
  }
  const auto signature = run_ceremony_program({"verify", copy, "--json"});
  EXPECT_EQ(signature.exit_code, 1);
  auto document = boost::json::parse(signature.out);
  EXPECT_FALSE(document.at("fits").as_bool());
  EXPECT_EQ(document.at("artefact").as_string(), "signatures/4-wim.sig");
  EXPECT_EQ(document.at("found").as_string(), "another signature");
  EXPECT_EQ(run_ceremony_program({"verify", copy, "--without-signatures"}).exit_code, 0);
  fs::remove(copy + "/proof.json");
  const auto proof = run_ceremony_program({"verify", copy});
  EXPECT_EQ(proof.exit_code, 1);
  EXPECT_NE(proof.err.find("proof.json: expected SHA-256 "), std::string::npos) << proof.err;
  EXPECT_NE(proof.err.find("found no such file"), std::string::npos) << proof.err;
}

TEST(T29DryRun, LeavesNoTokenBehindAndRefusesAFolderInUse) {
  EXPECT_TRUE(fs::is_empty(Rehearsal::instance().temporary));
  const auto again = run_ceremony_program(
      {"dry-run", "--out", Rehearsal::instance().folder, "--worker", BURI_HSM_PROGRAM});
  EXPECT_EQ(again.exit_code, 2);
  EXPECT_NE(again.err.find("not empty"), std::string::npos) << again.err;
}

/// A ceremony as an operator's script holds it.
class ScriptedCeremony : public testing::Test {
 protected:
  ScriptedCeremony() {
    (void)shared_faults();
    PlanDraft draft = example_draft();
    draft.device = planned_device(token_);
    write(draft_path_, encode_record(draft));
    const auto plan = run_ceremony_program({"plan", draft_path_, "--out", folder_, "--json"});
    EXPECT_EQ(plan.exit_code, 0) << plan.err;
    plan_ = decode_plan(file_text(folder_ + "/plan.json")).value();
    AnswerBook book;
    for (const Prompt& prompt : all_prompts(plan_)) {
      book[prompt.id] = rehearsal_answers(plan_).at(prompt.id);
    }
    write(answers_path_, encode_answers(book));
  }
  ~ScriptedCeremony() override { shared_faults().clear(); }
  static void write(const std::string& path, const std::string& text) {
    std::ofstream(path) << text;
  }
  [[nodiscard]] ProcessOutcome hold(const std::string& verb) const {
    return run_ceremony_program(
        {verb, folder_, "--answers", answers_path_, "--share-dir", shares_, "--officer-pin", "fd:3",
         "--user-pin", "credential:user-pin", "--worker", BURI_HSM_PROGRAM},
        {"CREDENTIALS_DIRECTORY=" + credentials()}, {std::string(kOfficerPin)});
  }
  [[nodiscard]] std::string credentials() const {
    write(shares_ + "/../user-pin", std::string(kUserPin) + "\n");
    return shares_ + "/..";
  }

  SoftHsmToken token_{SoftHsmToken::Key::kNone};
  std::string work_ = fresh_folder();
  std::string folder_ = work_ + "/ceremony";
  std::string shares_ = [this] {
    fs::create_directory(work_ + "/shares");
    return work_ + "/shares";
  }();
  std::string draft_path_ = work_ + "/draft.json";
  std::string answers_path_ = work_ + "/answers.json";
  Plan plan_;
};

TEST_F(ScriptedCeremony, T27KilledProcessesLeaveACeremonyThatResumes) {
  // The process dies inside the call, as if the power went.
  const std::vector<std::string> deaths{"C_CreateObject 1 exit", "C_GenerateKeyPair 1 exit",
                                        "C_UnwrapKey 2 exit", "C_DestroyObject 1 segv"};
  std::string verb = "run";
  for (const std::string& death : deaths) {
    shared_faults().set({death});
    const auto killed = hold(verb);
    EXPECT_NE(killed.exit_code, 0) << death;
    verb = "resume";
  }
  shared_faults().clear();
  const auto resumed = hold("resume");
  ASSERT_EQ(resumed.exit_code, 0) << resumed.err;
  const auto verified = run_ceremony_program({"verify", folder_});
  EXPECT_EQ(verified.exit_code, 0) << verified.err;
  EXPECT_EQ(hold("resume").exit_code, 2) << "it is closed";
}

/// The file that SoftHSM wrote last.
fs::path newest_object() {
  fs::path newest;
  for (const auto& entry : fs::recursive_directory_iterator(SoftHsm::instance().token_folder())) {
    if (entry.path().extension() != ".object") continue;
    if (newest.empty() || fs::last_write_time(entry) > fs::last_write_time(newest)) {
      newest = entry.path();
    }
  }
  return newest;
}

// SoftHSM syncs nothing: a power cut may leave an object with a part of its bytes.
TEST_F(ScriptedCeremony, T27HalfWrittenKeyOnTheTokenIsNotTakenForAKey) {
  shared_faults().set({"C_UnwrapKey 2 after 0x30"});
  EXPECT_EQ(hold("run").exit_code, 2);
  shared_faults().clear();
  const fs::path object = newest_object();
  const auto bytes = fs::file_size(object);
  ASSERT_GT(bytes, 100U);
  fs::resize_file(object, bytes / 2);
  const auto resumed = hold("resume");
  ASSERT_EQ(resumed.exit_code, 0) << resumed.err;
  const auto verified = run_ceremony_program({"verify", folder_});
  EXPECT_EQ(verified.exit_code, 0) << verified.err;
}

TEST_F(ScriptedCeremony, T72NoSecretIsInOutputTranscriptOrFolder) {
  const auto outcome = hold("run");
  ASSERT_EQ(outcome.exit_code, 0) << outcome.err;
  std::vector<std::string> secrets{std::string(kOfficerPin), std::string(kUserPin)};
  for (const char* const name : {"/share-1.txt", "/share-2.txt", "/share-3.txt"}) {
    const std::string share = file_text(shares_ + name);
    ASSERT_EQ(share.size(), 191U);
    secrets.push_back(share.substr(54, 17));  // two groups of share data, past the header
    std::string dense = share;
    std::erase_if(dense, [](char c) { return c == ' ' || c == '\n'; });
    secrets.push_back(dense.substr(50, 32));
  }
  std::string everything = outcome.out + outcome.err;
  for (const auto& entry : fs::recursive_directory_iterator(folder_)) {
    if (entry.is_regular_file()) everything += file_text(entry.path());
  }
  for (const std::string& secret : secrets) {
    EXPECT_EQ(everything.find(secret), std::string::npos) << "a secret of " << secret.size();
  }
}

TEST_F(ScriptedCeremony, RefusesAnswersThatDoNotFitThePlanBeforeAnythingHappens) {
  write(answers_path_, "{\"version\": 1, \"answers\": {\"opening.begin\": \"yes\"}}");
  const auto outcome = hold("run");
  EXPECT_EQ(outcome.exit_code, 2);
  EXPECT_NE(outcome.err.find("answers.identity.1: expected one line of text"), std::string::npos)
      << outcome.err;
  EXPECT_FALSE(fs::exists(folder_ + "/transcript.log"));
}

TEST_F(ScriptedCeremony, PinAsAnArgumentIsRefusedAndNotRepeated) {
  const auto outcome =
      run_ceremony_program({"run", folder_, "--answers", answers_path_, "--user-pin", "4711"});
  EXPECT_EQ(outcome.exit_code, 2);
  EXPECT_NE(outcome.err.find("never an argument"), std::string::npos) << outcome.err;
  EXPECT_EQ((outcome.out + outcome.err).find("4711"), std::string::npos);
}

TEST_F(ScriptedCeremony, WrongPinIsTriedOnceAndTheCeremonyGoesOnWithTheRightOne) {
  const std::size_t before = shared_faults().calls("C_Login");
  const auto wrong = run_ceremony_program(
      {"run", folder_, "--answers", answers_path_, "--share-dir", shares_, "--officer-pin", "fd:3",
       "--user-pin", "fd:4", "--worker", BURI_HSM_PROGRAM},
      {}, {"wrong officer", "wrong user"});
  EXPECT_EQ(wrong.exit_code, 2);
  EXPECT_NE(wrong.err.find("it is not tried again"), std::string::npos) << wrong.err;
  EXPECT_EQ(shared_faults().calls("C_Login"), before + 1);
  const auto flagged = hold("resume");
  EXPECT_EQ(flagged.exit_code, 2) << "the token tells of the wrong attempt";
  EXPECT_NE(flagged.err.find("--ignore-pin-flags"), std::string::npos) << flagged.err;
}

}  // namespace
}  // namespace buri::hsm::test
