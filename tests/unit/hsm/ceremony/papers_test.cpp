#include "hsm/ceremony/papers.hpp"

#include <gtest/gtest.h>

#include "hsm/ceremony/script.hpp"
#include "tests/support/golden_text.hpp"

namespace buri::hsm::ceremony {
namespace {

const std::string kGolden = "tests/golden/ceremony/";

Plan sample_plan() {
  const ManualClock clock(WallTime(std::chrono::seconds(1'795'000'000)));
  SeededRandom random(1);
  return make_plan(example_draft(), sha256(as_bytes("program")), clock, random);
}

std::vector<TranscriptLine> sample_lines() {
  std::vector<TranscriptLine> lines;
  const std::tuple<LineKind, const char*, const char*> events[] = {
      {LineKind::kOpened, "-", "program 00"},
      {LineKind::kAnswer, "pins.officer", "Oskar, envelope 7 in safe 1"},
      {LineKind::kAnswer, "pins.user", "Ulla, envelope 8 in safe 2"},
      {LineKind::kStopped, "-", "The power was cut."},
      {LineKind::kResumed, "-", "12 bytes of a torn line were cut off"},
      {LineKind::kAnswer, "pins.media", "two sheets of notes, shredded"},
      {LineKind::kAnswer, "closing.exceptions", "bag 4711 was opened twice | see <form>"}};
  for (const auto& [kind, subject, text] : events) {
    lines.push_back(
        {lines.size() + 1, "2026-11-18T12:00:00Z", kind, "pins", subject, text, sha256({})});
  }
  return lines;
}

void expect_paper(const std::string& name, const Document& document) {
  for (const auto& [file, text] : render(name, document)) {
    golden::expect_text(kGolden + file, text);
  }
}

TEST(T29Papers, ScriptIsTheGoldenOne) { expect_paper("script", make_script(sample_plan())); }

TEST(T29Papers, SheetsAndMinutesAreTheGoldenOnes) {
  const Plan plan = sample_plan();
  CustodyRecord custody{plan.ceremony_id, plan.kek_label(), "AAAA-BBBB-CCCC", 2, {}, {}};
  custody.shares = {{1, "Carla Custodian", "1111-2222-3333", "bag 1, safe 1"}};
  expect_paper("share-sheet", make_share_sheet(plan, custody, 0));
  expect_paper("pin-sheet", make_pin_sheet(plan, sample_lines()));
  const RetirementRecord retirement{"0123", plan.kek_label(), 1, true, "2026-11-18T12:00:00Z"};
  expect_paper("certificate", make_certificate(plan, retirement, sample_lines()));
  pkcs11::PublicPoint point;
  point.bytes.fill(0x11);
  const KeyRecord key = make_key_record(plan, plan.key_id(), "pkcs11:token=polval", point);
  expect_paper("minutes", make_minutes(plan, key, sample_lines()));
}

TEST(Documents, EscapeWhatTheirFormatWouldRead) {
  const Document document{"<t>", "foot & note", {Paragraph{"a*b|c<d>&\"e\""}, Heading{2, "#1"}}};
  EXPECT_EQ(to_markdown(document), "a\\*b\\|c\\<d\\>\\&\"e\"\n\n## \\#1\n\nfoot \\& note\n");
  const std::string html = to_html(document);
  EXPECT_NE(html.find("<p>a*b|c&lt;d&gt;&amp;&quot;e&quot;</p>"), std::string::npos);
  EXPECT_NE(html.find("<title>&lt;t&gt;</title>"), std::string::npos);
}

TEST(Documents, HtmlStandsAlone) {
  const std::string html = to_html(make_script(sample_plan()));
  for (const char* const outside : {"http://", "https://", "src=", "href=", "<script"}) {
    EXPECT_EQ(html.find(outside), std::string::npos) << outside;
  }
  EXPECT_NE(html.find("@page { size: A4"), std::string::npos);
}

}  // namespace
}  // namespace buri::hsm::ceremony
