#include "hsm/ceremony/plan.hpp"

#include <gtest/gtest.h>

#include <set>

#include "hsm/ceremony/record_json.hpp"
#include "hsm/ceremony/steps.hpp"

namespace buri::hsm::ceremony {
namespace {

Plan sample_plan() {
  const ManualClock clock(WallTime(std::chrono::seconds(1'795'000'000)));
  SeededRandom random(1);
  return make_plan(example_draft(), sha256(as_bytes("program")), clock, random);
}

/// The error of a draft that `change` has spoilt.
template <class Change>
JsonError error_of(Change change) {
  PlanDraft draft = example_draft();
  change(draft);
  const auto decoded = decode_draft(encode_record(draft));
  return decoded.ok() ? JsonError{"", "an error", "none"} : decoded.error();
}

TEST(CeremonyPlan, ExampleDraftIsADraft) {
  const auto draft = decode_draft(encode_record(example_draft()));
  ASSERT_TRUE(draft.ok()) << describe(draft.error());
  EXPECT_EQ(*draft, example_draft());
}

TEST(CeremonyPlan, DraftMayBeLaidOutAsPeopleLike) {
  std::string text = encode_record(example_draft());
  std::erase(text, '\n');
  EXPECT_TRUE(decode_draft(text).ok());
  EXPECT_FALSE(decode_draft(text + "x").ok());
  text.insert(1, "\"extra\": 1, ");
  EXPECT_FALSE(decode_draft(text).ok());
}

TEST(CeremonyPlan, RolesAreSeparated) {
  EXPECT_EQ(error_of([](PlanDraft& d) { d.participants[2].name = "Oskar Officer"; }).expected,
            "a security officer who is no key user");
  EXPECT_EQ(error_of([](PlanDraft& d) { d.participants[4].name = "Wim Witness"; }).expected,
            "a witness without another role");
  EXPECT_EQ(error_of([](PlanDraft& d) { d.participants[5].name = "Carla Custodian"; }).expected,
            "nobody twice in a role");
  EXPECT_EQ(
      error_of([](PlanDraft& d) { d.participants.erase(d.participants.begin() + 3); }).expected,
      "at least one witness");
  EXPECT_EQ(error_of([](PlanDraft& d) { d.participants[1].role = Role::kAdministrator; }).expected,
            "one administrator");
}

TEST(CeremonyPlan, ThresholdFitsTheCustodians) {
  for (const std::uint64_t threshold : {0U, 1U, 4U}) {
    EXPECT_EQ(error_of([&](PlanDraft& d) { d.threshold = threshold; }).path, "threshold");
  }
  EXPECT_EQ(error_of([](PlanDraft& d) { d.key_source = KeySource::kDeviceOnly; }).path,
            "threshold");
}

TEST(CeremonyPlan, DeviceIsATokenWithoutKeyAndPin) {
  for (const char* const uri :
       {"token", "pkcs11:token=a", "pkcs11:serial=1?module-path=/m.so",
        "pkcs11:token=a;object=k?module-path=/m.so",
        "pkcs11:token=a?module-path=/m.so&pin-source=file:/p", "pkcs11:token=a?pin-value=1"}) {
    EXPECT_EQ(error_of([&](PlanDraft& d) { d.device.uri = uri; }).path, "device.uri") << uri;
  }
  EXPECT_EQ(error_of([](PlanDraft& d) { d.device.profile = "abacus"; }).path, "device.profile");
}

TEST(CeremonyPlan, PlanReadsBackAndNothingElseDoes) {
  const Plan plan = sample_plan();
  const std::string text = encode_plan(plan);
  const auto decoded = decode_plan(text);
  ASSERT_TRUE(decoded.ok()) << describe(decoded.error());
  EXPECT_EQ(*decoded, plan);
  EXPECT_FALSE(decode_plan(text + "\n").ok()) << "one layout only";
  EXPECT_EQ(plan.ceremony_id.substr(0, 9), "20261118-");
  EXPECT_EQ(plan.key_id().size(), 20U);
}

TEST(CeremonyPlan, EveryPromptHasAnIdOfItsOwnAndSaysWhatCouldBeLost) {
  std::set<std::string> ids;
  for (const Prompt& prompt : all_prompts(sample_plan())) {
    EXPECT_TRUE(ids.insert(prompt.id).second) << prompt.id;
    EXPECT_FALSE(prompt.happens.empty()) << prompt.id;
    EXPECT_FALSE(prompt.can_lose.empty()) << prompt.id;
    EXPECT_FALSE(prompt.question.empty()) << prompt.id;
  }
  EXPECT_EQ(ids.size(), 26U);
}

TEST(CeremonyText, IsUtf8WithoutControlCharacters) {
  for (const char* const good : {"a", "Zürich", "日本", "a b", "\xf0\x9f\x94\x91"}) {
    EXPECT_TRUE(is_plain_text(good)) << good;
  }
  for (const char* const bad : {"", " a", "a ", "a\n", "\x7f", "\xc2\x85", "\xc0\xaf",
                                "\xed\xa0\x80", "\xe2\x82", "\xff"}) {
    EXPECT_FALSE(is_plain_text(bad)) << bad;
  }
  EXPECT_FALSE(is_plain_text(std::string(401, 'a')));
}

TEST(CeremonyText, AnswersFitTheirKind) {
  EXPECT_TRUE(fits(AnswerKind::kYes, "no"));
  EXPECT_FALSE(fits(AnswerKind::kYes, "Yes"));
  EXPECT_TRUE(fits(AnswerKind::kNonce, std::string(64, 'a')));
  EXPECT_FALSE(fits(AnswerKind::kNonce, "0x" + std::string(64, 'a')));
  EXPECT_FALSE(fits(AnswerKind::kNonce, std::string(62, 'a')));
  EXPECT_TRUE(fits(AnswerKind::kFileOrNone, "/a"));
  EXPECT_FALSE(fits(AnswerKind::kFileOrNone, "a"));
}

}  // namespace
}  // namespace buri::hsm::ceremony
