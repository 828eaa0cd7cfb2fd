#include <gtest/gtest.h>

#include "base/hex.hpp"
#include "tests/hsm/ceremony/ceremony_setup.hpp"
#include "tests/support/long_run.hpp"

/// T27: whatever interrupts a ceremony, it goes on afterwards, or says why it cannot.

namespace buri::hsm::test {
namespace {

/// One token for all ceremonies: each has its own label and id.
const SoftHsmToken& shared_token() {
  static const SoftHsmToken token(SoftHsmToken::Key::kNone);
  return token;
}

/// After an interruption: resumed, everything fits, one key, no key-encryption key.
void expect_resumes(CeremonyBench& bench, const std::string& where) {
  const auto resumed = bench.resume();
  ASSERT_TRUE(resumed.ok()) << where << ": " << resumed.error() << bench.console.str();
  const auto report = bench.verify();
  ASSERT_TRUE(report.ok()) << where << ": " << describe(report.error());
  EXPECT_EQ(bench.keys_on(shared_token()), 1U) << where;
  EXPECT_EQ(bench.wrapping_keys_on(shared_token()), 0U) << where;
}

/// Every how many-th point is tried.
std::size_t stride() { return is_long_run() ? 1 : 19; }

TEST(T27PowerCut, AnyWriteCanBeTheLastOne) {
  CeremonyBench whole(shared_token());
  const std::size_t before = whole.store.writes();
  ASSERT_TRUE(whole.run().ok());
  const std::size_t writes = whole.store.writes() - before;
  for (std::size_t cut = system_random().below(stride()); cut < writes; cut += stride()) {
    CeremonyBench bench(shared_token());
    bench.store.cut_power_after(cut);
    const auto stopped = bench.run();
    EXPECT_FALSE(stopped.ok());
    bench.store.restore_power();
    const std::string where = "cut at write " + std::to_string(cut);
    if (bench.store.text(kTranscriptFile).find('\n') == std::string::npos) {
      ASSERT_TRUE(bench.run().ok()) << where;  // nothing had begun
    } else {
      expect_resumes(bench, where);
    }
  }
}

/// The device fails once at the `number`-th call from now on.
void fail_call(const std::string& function, unsigned long number, const std::string& action) {
  shared_faults().set(
      {function + " " + std::to_string(own_calls(function) + number) + " " + action + " 0x30"});
}

TEST(T27PowerCut, EveryCallThatChangesTheTokenCanFailBeforeAndAfterItsWork) {
  for (const char* const function :
       {"C_CreateObject", "C_GenerateKeyPair", "C_WrapKey", "C_UnwrapKey", "C_DestroyObject"}) {
    // A call that did its work and then lost its answer is the harder case.
    for (const char* const action : {"after", "rv"}) {
      if (!is_long_run() && action == std::string_view("rv")) continue;
      for (unsigned long number = 1;; ++number) {
        CeremonyBench bench(shared_token());
        fail_call(function, number, action);
        const auto stopped = bench.run();
        shared_faults().clear();
        if (stopped.ok()) {
          EXPECT_GT(number, 1U) << function << " is called in a ceremony";
          break;
        }
        expect_resumes(bench, std::string(function) + " " + std::to_string(number) + " " + action);
      }
    }
  }
}

TEST(T27PowerCut, LoginsAndSearchesCanFail) {
  for (const char* const function : {"C_Login", "C_OpenSession", "C_FindObjectsInit"}) {
    for (const unsigned long number : {1UL, 4UL}) {
      CeremonyBench bench(shared_token());
      fail_call(function, number, "rv");
      EXPECT_FALSE(bench.run().ok()) << function << number;
      shared_faults().clear();
      expect_resumes(bench, std::string(function) + " " + std::to_string(number));
    }
  }
}

TEST(T27PowerCut, EveryPromptCanBeTheLastOneAnswered) {
  const CeremonyBench sample(shared_token());
  std::vector<Prompt> prompts = all_prompts(sample.plan);
  std::erase_if(prompts, [](const Prompt& prompt) { return prompt.step == Step::kIdentities; });
  for (std::size_t i = 0; i < prompts.size(); i += is_long_run() ? 1 : 4) {
    CeremonyBench bench(shared_token());
    bench.answerer.stop_at = prompts[i].id;
    const auto stopped = bench.run();
    ASSERT_FALSE(stopped.ok()) << prompts[i].id;
    EXPECT_NE(stopped.error().find("buri ceremony resume goes on"), std::string::npos);
    bench.answerer.stop_at.clear();
    bench.answerer.asked.clear();
    expect_resumes(bench, prompts[i].id);
    const Step first = prompts[i].step;
    EXPECT_EQ(bench.answerer.asked.front(), prompts_of(first, bench.plan).front().id)
        << "the step that was not done begins anew";
  }
}

TEST(T27PowerCut, DisksAreSyncedAndTheTokenReadAgainBeforeAKeyCounts) {
  CeremonyBench bench(shared_token());
  const std::size_t processes = shared_faults().calls("C_Initialize");
  bench.answerer.stop_at = "proof.nonce";
  ASSERT_FALSE(bench.run().ok());
  EXPECT_GE(bench.settled, 2U) << "after the key-encryption key and after the key";
  EXPECT_GT(shared_faults().calls("C_Initialize"), processes)
      << "another process loaded the module";
  EXPECT_NE(bench.store.text(kTranscriptFile).find("a fresh process found the key"),
            std::string::npos);
}

TEST(T27PowerCut, KeyThatIsGoneAfterTheSyncIsNotCalledDone) {
  CeremonyBench bench(shared_token());
  bench.fresh_process_limit = std::chrono::seconds(1);
  // The fresh process cannot find the key; this one has it in its memory.
  shared_faults().set({"C_FindObjectsInit 1 rv 0x30", "C_FindObjectsInit 2 rv 0x30",
                       "C_FindObjectsInit 3 rv 0x30", "C_FindObjectsInit 4 rv 0x30"});
  const auto stopped = bench.run();
  shared_faults().clear();
  bench.fresh_process_limit = std::chrono::seconds(30);
  ASSERT_FALSE(stopped.ok());
  EXPECT_NE(stopped.error().find("A fresh process cannot use the key"), std::string::npos)
      << stopped.error();
  expect_resumes(bench, "read again");
}

TEST(T27PowerCut, ForeignKeyWithTheCeremonysIdEndsIt) {
  CeremonyBench bench(shared_token());
  bench.answerer.stop_at = "key.begin";
  ASSERT_FALSE(bench.run().ok());
  bench.answerer.stop_at.clear();
  {
    pkcs11::Session session = shared_token().user_session();
    const pkcs11::KeyPlan plan{bench.plan.draft.key_label, bench.plan.key_id(),
                               pkcs11::find_profile("softhsm")};
    ASSERT_TRUE(pkcs11::generate_signing_key(session, plan, pkcs11::KeyKind::kFinal).ok());
  }
  const auto resumed = bench.resume();
  ASSERT_FALSE(resumed.ok());
  EXPECT_NE(resumed.error().find("somebody else made it. This ceremony cannot be resumed"),
            std::string::npos)
      << resumed.error();
}

TEST(T27PowerCut, ChangedArtefactOrTranscriptIsNotBuiltUpon) {
  CeremonyBench bench(shared_token());
  bench.answerer.stop_at = "install.begin";
  ASSERT_FALSE(bench.run().ok());
  bench.answerer.stop_at.clear();
  const auto files = bench.store.files;
  bench.store.files[kBlobFile][7] ^= 1;
  const auto blob = bench.resume();
  ASSERT_FALSE(blob.ok());
  EXPECT_NE(blob.error().find(kBlobFile), std::string::npos) << blob.error();
  bench.store.files = files;
  std::string text = bench.store.text(kTranscriptFile);
  text[text.find("rehearsal")] = 'R';
  bench.store.files[kTranscriptFile] = Bytes(text.begin(), text.end());
  const auto line = bench.resume();
  ASSERT_FALSE(line.ok());
  EXPECT_NE(line.error().find("transcript.log, line "), std::string::npos) << line.error();
}

TEST(T27PowerCut, DeviceOnlyKeyIsAdoptedAfterAnInterruption) {
  for (const char* const action : {"rv", "after"}) {
    CeremonyBench bench(shared_token(), KeySource::kDeviceOnly);
    fail_call("C_GenerateKeyPair", 1, action);
    ASSERT_FALSE(bench.run().ok());
    shared_faults().clear();
    expect_resumes(bench, action);
  }
}

}  // namespace
}  // namespace buri::hsm::test
