#include "hsm/ceremony/drill.hpp"

#include <gtest/gtest.h>

#include "base/hex.hpp"
#include "tests/hsm/ceremony/ceremony_setup.hpp"

namespace buri::hsm::test {
namespace {

/// A finished ceremony, held once, and a second token.
struct Finished {
  SoftHsmToken first{SoftHsmToken::Key::kNone};
  SoftHsmToken second{SoftHsmToken::Key::kNone};
  CeremonyBench bench{first};
  Finished() {
    const auto summary = bench.run();
    EXPECT_TRUE(summary.ok()) << summary.error();
  }
  static Finished& instance() {
    static Finished finished;
    return finished;
  }
};

/// The finished ceremony with its folder as it was, whatever a test does to it.
class RestoreDrill : public testing::Test {
 protected:
  ~RestoreDrill() override {
    shared_faults().clear();
    bench().store.files = files_;
    bench().delivery.shares = shares_;
  }
  static CeremonyBench& bench() { return Finished::instance().bench; }
  static SoftHsmToken& second() { return Finished::instance().second; }

 private:
  std::map<std::string, Bytes> files_ = bench().store.files;
  std::map<unsigned, Secret> shares_ = bench().delivery.shares;
};

Secret flipped(const Secret& share, std::size_t at) {
  Bytes bytes(share.bytes().begin(), share.bytes().end());
  bytes[at] ^= 1;
  return Secret::take(bytes);
}

TEST_F(RestoreDrill, AnyTwoOfThreeSharesRestoreTheKeyAndLeaveNothing) {
  for (const auto& numbers : std::vector<std::vector<unsigned>>{{1, 2}, {3, 1}, {1, 2, 3}}) {
    const auto drill = bench().drill(second(), numbers);
    ASSERT_TRUE(drill.ok()) << drill.error();
  }
  EXPECT_EQ(bench().keys_on(second()), 0U);
  EXPECT_EQ(bench().wrapping_keys_on(second()), 0U);
  const auto report = bench().verify();
  ASSERT_TRUE(report.ok()) << describe(report.error());
  EXPECT_EQ(report->drills_done, 3U);
}

TEST_F(RestoreDrill, DamagedShareIsNamedWithItsCustodian) {
  auto& shares = bench().delivery.shares;
  shares.insert_or_assign(2, flipped(shares.at(2), 50));
  const auto drill = bench().drill(second(), {1, 2});
  ASSERT_FALSE(drill.ok());
  EXPECT_NE(drill.error().find("Share 2 (Cem Custodian) is not the one that was handed out"),
            std::string::npos)
      << drill.error();
  const auto report = bench().verify();
  ASSERT_TRUE(report.ok()) << describe(report.error());
  EXPECT_EQ(report->drills_failed, 1U) << "a failed drill is a recorded drill";
}

TEST_F(RestoreDrill, MissingShareFails) {
  const auto drill = bench().drill(second(), {3});
  ASSERT_FALSE(drill.ok());
  EXPECT_NE(drill.error().find("too few shares"), std::string::npos) << drill.error();
}

TEST_F(RestoreDrill, NeedsASecondDevice) {
  const auto drill = bench().drill(Finished::instance().first, {1, 2});
  ASSERT_FALSE(drill.ok());
  EXPECT_NE(drill.error().find("second device"), std::string::npos) << drill.error();
}

TEST_F(RestoreDrill, FailureOnTheDeviceLeavesNoWrappingKey) {
  shared_faults().set({"C_UnwrapKey " + std::to_string(own_calls("C_UnwrapKey") + 1) + " rv 0x30"});
  EXPECT_FALSE(bench().drill(second(), {1, 2}).ok());
  EXPECT_EQ(bench().wrapping_keys_on(second()), 0U);
}

TEST_F(RestoreDrill, InterruptedOneIsClosedByTheNext) {
  bench().store.cut_power_after(7);
  EXPECT_FALSE(bench().drill(second(), {1, 2}).ok());
  bench().store.restore_power();
  const auto open = bench().verify();
  ASSERT_FALSE(open.ok());
  EXPECT_EQ(open.error().artefact, "drills/001/manifest.json");
  ASSERT_TRUE(bench().drill(second(), {2, 3}).ok());
  const auto report = bench().verify();
  ASSERT_TRUE(report.ok()) << describe(report.error());
  EXPECT_EQ(report->drills_done, 1U);
  EXPECT_EQ(report->drills_failed, 1U);
}

TEST_F(RestoreDrill, KeptKeyStaysAsTheStandby) {
  const SoftHsmToken standby(SoftHsmToken::Key::kNone);
  const auto drill = bench().drill(standby, {1, 3}, true);
  ASSERT_TRUE(drill.ok()) << drill.error();
  EXPECT_EQ(bench().keys_on(standby), 1U);
  EXPECT_EQ(bench().wrapping_keys_on(standby), 0U);
  const auto again = bench().drill(standby, {1, 3}, true);
  ASSERT_FALSE(again.ok());
  EXPECT_NE(again.error().find("already"), std::string::npos) << again.error();
}

TEST_F(RestoreDrill, ChangedCeremonyIsNotDrilled) {
  bench().store.files[kBlobFile][10] ^= 1;
  const auto drill = bench().drill(second(), {1, 2});
  ASSERT_FALSE(drill.ok());
  EXPECT_NE(drill.error().find(kBlobFile), std::string::npos) << drill.error();
}

// T28: whoever has the folder can change it; verify says where.
TEST_F(RestoreDrill, T28EveryChangedMissingOrAddedFileIsNamed) {
  ASSERT_TRUE(bench().drill(second(), {1, 2}).ok());
  const auto files = bench().store.files;
  for (const auto& [name, bytes] : files) {
    bench().store.files[name][bytes.size() / 2] ^= 0x20;
    const auto changed = bench().verify();
    ASSERT_FALSE(changed.ok()) << name;
    const bool about_manifest = name == kManifestFile;
    // A manifest that is still one names the first file that it no longer describes, or the
    // drill, which began with its hash.
    if (!about_manifest && name != "drills/001/manifest.json") {
      EXPECT_EQ(changed.error().artefact, name) << describe(changed.error());
    }
    bench().store.files.erase(name);
    const auto missing = bench().verify();
    ASSERT_FALSE(missing.ok()) << name;
    EXPECT_EQ(missing.error().artefact, name) << describe(missing.error());
    bench().store.files = files;
  }
  bench().store.files["extra.txt"] = Bytes{1};
  const auto added = bench().verify();
  ASSERT_FALSE(added.ok());
  EXPECT_EQ(added.error().artefact, "extra.txt");
}

/// The manifest made anew over whatever the folder holds, as a forger would.
void forge_manifest(MemoryStore& store) {
  Manifest manifest = decode_manifest(store.text(kManifestFile)).value();
  for (ManifestEntry& entry : manifest.files) {
    entry.bytes = store.files[entry.path].size();
    entry.sha256 = sha256(store.files[entry.path]);
  }
  const std::string text = encode_record(manifest);
  store.files[kManifestFile] = Bytes(text.begin(), text.end());
}

TEST_F(RestoreDrill, T28ForgedManifestStillMeetsTranscriptAndRecords) {
  MemoryStore& store = bench().store;
  std::string key = store.text(kKeyFile);
  key.replace(key.find("validator"), 4, "Vali");
  store.files[kKeyFile] = Bytes(key.begin(), key.end());
  forge_manifest(store);
  const auto record = bench().verify();
  ASSERT_FALSE(record.ok());
  EXPECT_EQ(record.error().artefact, kKeyFile);
  EXPECT_NE(record.error().expected.find("by the transcript"), std::string::npos);
}

TEST_F(RestoreDrill, T28ShortenedTranscriptDoesNotReachTheManifestsHead) {
  MemoryStore& store = bench().store;
  std::string text = store.text(kTranscriptFile);
  text.resize(text.rfind('\n', text.size() - 2) + 1);
  store.files[kTranscriptFile] = Bytes(text.begin(), text.end());
  forge_manifest(store);
  const auto report = bench().verify();
  ASSERT_FALSE(report.ok());
  EXPECT_EQ(report.error().artefact, kTranscriptFile);
}

TEST(KeySources, ExistingKeyOfTheDeviceIsReadBackAndProved) {
  const SoftHsmToken token(SoftHsmToken::Key::kProduction);
  CeremonyBench bench(token, KeySource::kExisting);
  const auto summary = bench.run();
  ASSERT_TRUE(summary.ok()) << summary.error();
  EXPECT_EQ(summary->address, address_text(token.public_key()));
  EXPECT_TRUE(bench.verify().ok());
  EXPECT_EQ(bench.keys_on(token), 1U);
  EXPECT_FALSE(bench.store.exists(kBlobFile));
  const auto drill = bench.drill(Finished::instance().second, {});
  ASSERT_FALSE(drill.ok());
  EXPECT_NE(drill.error().find("made no backup"), std::string::npos) << drill.error();
}

TEST(KeySources, KeyThatWasRestoredIsNoKeyOfTheDevice) {
  const SoftHsmToken token(SoftHsmToken::Key::kNone);
  CeremonyBench restored(token);
  ASSERT_TRUE(restored.run().ok());
  CeremonyBench bench(token, KeySource::kExisting);
  bench.plan.draft.key_label = restored.plan.draft.key_label;
  ASSERT_TRUE(write_plan(bench.store, bench.plan).ok());
  const auto summary = bench.run();
  ASSERT_FALSE(summary.ok());
  EXPECT_NE(summary.error().find("CKA_LOCAL is false"), std::string::npos) << summary.error();
}

TEST(KeySources, AttestationOfTheVendorIsKeptWithTheRest) {
  const SoftHsmToken token(SoftHsmToken::Key::kProduction);
  CeremonyBench bench(token, KeySource::kExisting);
  bench.answerer.book["device.attestation"] = SoftHsm::instance().config_path();  // any file
  ASSERT_TRUE(bench.run().ok());
  EXPECT_TRUE(bench.store.exists(kAttestationFile));
  EXPECT_TRUE(bench.verify().ok());
  CeremonyBench other(token, KeySource::kExisting);
  other.answerer.book["device.attestation"] = "/nonexistent";
  EXPECT_FALSE(other.run().ok());
}

}  // namespace
}  // namespace buri::hsm::test
