#include "hsm/ceremony/transcript.hpp"

#include <gtest/gtest.h>

#include <sstream>

#include "hsm/ceremony/text.hpp"

namespace buri::hsm::ceremony {
namespace {

const Hash256 kAnchor = sha256(as_bytes("plan"));

std::string sample() {
  std::string text;
  Hash256 previous = kAnchor;
  const std::pair<LineKind, const char*> lines[] = {
      {LineKind::kOpened, "program 00"},      {LineKind::kStepBegan, "Opening"},
      {LineKind::kPrompt, "Go on? (yes/no)"}, {LineKind::kAnswer, "yes"},
      {LineKind::kStepDone, "Zürich"},        {LineKind::kClosed, "done"}};
  std::uint64_t number = 0;
  for (const auto& [kind, what] : lines) {
    TranscriptLine line{++number, "2026-11-26T02:03:04Z", kind, "opening", "-", what, {}};
    text += encode_line(line, previous);
    previous = line.hash;
  }
  return text;
}

TEST(T28Transcript, WhatWasWrittenReadsBack) {
  const auto lines = decode_transcript(sample(), kAnchor);
  ASSERT_TRUE(lines.ok());
  ASSERT_EQ(lines->size(), 6U);
  EXPECT_EQ(lines->back().kind, LineKind::kClosed);
  EXPECT_EQ(lines->at(4).text, "Zürich");
}

TEST(T28Transcript, EveryChangedCharacterIsFoundInItsLine) {
  const std::string text = sample();
  std::size_t line = 1;
  for (std::size_t at = 0; at < text.size(); ++at) {
    std::string changed = text;
    changed[at] = changed[at] == 'x' ? 'y' : 'x';
    const auto lines = decode_transcript(changed, kAnchor);
    ASSERT_FALSE(lines.ok()) << "character " << at;
    EXPECT_EQ(lines.error().line, line) << "character " << at;
    if (text[at] == '\n') ++line;
  }
}

TEST(T28Transcript, MissingMovedDoubledAndForeignLinesAreFound) {
  const std::string text = sample();
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(line + "\n");
  const auto joined = [](const std::vector<std::string>& parts) {
    std::string all;
    for (const std::string& part : parts) all += part;
    return all;
  };
  for (std::size_t i = 0; i + 1 < lines.size(); ++i) {
    auto missing = lines;
    missing.erase(missing.begin() + static_cast<std::ptrdiff_t>(i));
    EXPECT_FALSE(decode_transcript(joined(missing), kAnchor).ok()) << i;
    auto moved = lines;
    std::swap(moved[i], moved[i + 1]);
    EXPECT_FALSE(decode_transcript(joined(moved), kAnchor).ok()) << i;
    auto doubled = lines;
    doubled.insert(doubled.begin() + static_cast<std::ptrdiff_t>(i), lines[i]);
    EXPECT_FALSE(decode_transcript(joined(doubled), kAnchor).ok()) << i;
  }
  EXPECT_FALSE(decode_transcript(text, sha256(as_bytes("another plan"))).ok());
}

// A transcript that ends early is a good transcript; the manifest knows where it ended.
TEST(T28Transcript, TornLastLineIsNoLine) {
  const std::string text = sample();
  for (std::size_t size = 1; size < text.size(); ++size) {
    const bool whole = text[size - 1] == '\n';
    EXPECT_EQ(decode_transcript(text.substr(0, size), kAnchor).ok(), whole) << size;
  }
}

TEST(T28Transcript, TextBecomesOnePrintableLine) {
  EXPECT_EQ(transcript_text(""), "-");
  EXPECT_EQ(transcript_text("a\tb\nc"), "a?b?c");
  EXPECT_EQ(transcript_text(" padded "), "padded");
  EXPECT_EQ(transcript_text("\xff"), "?");
  EXPECT_EQ(transcript_text("Zürich"), "Zürich");
  EXPECT_EQ(transcript_text(std::string(5000, 'a')).size(), kMaxLineText);
}

}  // namespace
}  // namespace buri::hsm::ceremony
