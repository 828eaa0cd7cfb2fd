#include "hsm/ceremony/records.hpp"

#include <gtest/gtest.h>

#include "hsm/ceremony/answers.hpp"
#include "hsm/ceremony/ed25519.hpp"
#include "hsm/ceremony/manifest.hpp"

namespace buri::hsm::ceremony {
namespace {

Manifest sample_manifest() {
  return {"20261118-00",
          Outcome::kDone,
          7,
          sha256({}),
          {{"a.json", 3, sha256({})}, {"custody/b.md", 4, sha256({})}}};
}

TEST(CeremonyRecord, ReadsBackFromTheOneLayoutThatIsWritten) {
  DrillRecord drill;
  drill.ceremony_id = "20261118-00";
  drill.shares = {1, 3};
  const std::string text = encode_record(drill);
  const auto back = decode_record<DrillRecord>(text);
  ASSERT_TRUE(back.ok()) << describe(back.error());
  EXPECT_EQ(encode_record(*back), text);
  for (const std::string& other : {text.substr(0, text.size() - 1), " " + text, text + "{}"}) {
    EXPECT_FALSE(decode_record<DrillRecord>(other).ok());
  }
}

TEST(CeremonyRecord, NamesTheFieldThatDoesNotFit) {
  const std::string text = encode_record(sample_manifest());
  const auto with = [&](const std::string& from, const std::string& to) {
    std::string changed = text;
    changed.replace(changed.find(from), from.size(), to);
    const auto decoded = decode_manifest(changed);
    return decoded.ok() ? std::string("accepted") : decoded.error().path;
  };
  EXPECT_EQ(with("\"done\"", "\"perhaps\""), "outcome");
  EXPECT_EQ(with("\"bytes\": 3", "\"bytes\": -3"), "files[0].bytes");
  EXPECT_EQ(with("\"bytes\": 3", "\"size\": 3"), "files[0].bytes");
  EXPECT_EQ(with("a.json", "../a.json"), "files[0].path");
  EXPECT_EQ(with("a.json", "/a.json"), "files[0].path");
  EXPECT_EQ(with("a.json", "manifest.json"), "files[0].path");
  EXPECT_EQ(with("a.json", "z.json"), "files[1].path");
  EXPECT_EQ(with("e3b0c4", "E3B0C4"), "transcript_head");
  EXPECT_EQ(with("e3b0c4", "b0c4"), "transcript_head");
}

TEST(CeremonyRecord, CompressedKeyTellsWhetherYIsOdd) {
  pkcs11::PublicPoint point;
  point.bytes[0] = 0xab;
  EXPECT_EQ(to_hex(compressed(point)).substr(0, 4), "02ab");
  point.bytes[63] = 1;
  EXPECT_EQ(to_hex(compressed(point)).substr(0, 4), "03ab");
  EXPECT_EQ(point_of(uncompressed(point)), point);
  EXPECT_FALSE(point_of({}).has_value());
}

TEST(CeremonyAnswers, ReadBackStrictly) {
  const AnswerBook book{{"a.b", "yes"}, {"c", "Zürich \"2\""}};
  const auto back = decode_answers(encode_answers(book));
  ASSERT_TRUE(back.ok()) << describe(back.error());
  EXPECT_EQ(*back, book);
  for (const char* const bad :
       {"", "[]", "{}", R"({"version": 1})", R"({"version": 2, "answers": {}})",
        R"({"version": 1, "answers": []})", R"({"version": 1, "answers": {}, "x": 1})",
        R"({"version": 1, "answers": {"a": 1}})", R"({"version": 1, "answers": {"a": " b"}})",
        R"({"version": 1, "answers": {"a": "1", "a": "2"}})",
        R"({"version": "1", "answers": {}})"}) {
    EXPECT_FALSE(decode_answers(bad).ok()) << bad;
  }
}

TEST(CeremonyAnswers, AnswerEveryPromptOnceAndNoOther) {
  const std::vector<Prompt> prompts{{Step::kOpening, "a", "h", "l", "q", AnswerKind::kYes}};
  EXPECT_TRUE(check_answers({{"a", "yes"}}, prompts).ok());
  EXPECT_EQ(check_answers({}, prompts).error().path, "answers.a");
  EXPECT_EQ(check_answers({{"a", "maybe"}}, prompts).error().found, "\"maybe\"");
  EXPECT_EQ(check_answers({{"a", "yes"}, {"b", "x"}}, prompts).error().path, "answers.b");
}

// RFC 8032, 7.1, test 3.
TEST(CeremonySignature, IsEd25519AsTheRfcHasIt) {
  const auto key =
      fixed_from_hex<32>("fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025");
  auto signature = fixed_from_hex<64>(
      "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac"
      "18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a");
  EXPECT_TRUE(verify_ed25519(*key, *from_hex("af82"), *signature));
  EXPECT_FALSE(verify_ed25519(*key, *from_hex("af83"), *signature));
  signature->bytes[3] ^= 1;
  EXPECT_FALSE(verify_ed25519(*key, *from_hex("af82"), *signature));
  SeededRandom random(1);
  const RehearsalKey own(random);
  EXPECT_TRUE(verify_ed25519(own.public_key(), *from_hex("af82"), own.sign(*from_hex("af82"))));
}

TEST(CeremonySignature, FileIsNamedAfterNumberAndFirstName) {
  EXPECT_EQ(signature_path(2, "Oskar Officer"), "signatures/2-oskar.sig");
  EXPECT_EQ(signature_path(3, "李 明"), "signatures/3.sig");
}

}  // namespace
}  // namespace buri::hsm::ceremony
