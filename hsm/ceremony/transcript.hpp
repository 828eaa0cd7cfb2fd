#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.hpp"
#include "base/result.hpp"

/// What happened in a ceremony, line by line, each closed by a hash that covers the line and the
/// hash before it: no line can be changed, taken out, moved or added without changing the last
/// hash, which stands in the manifest and on paper. Format: docs/formats/ceremony.md.

namespace buri::hsm::ceremony {

enum class LineKind : std::uint8_t {
  kOpened,   ///< first line: who holds which ceremony with which program
  kResumed,  ///< the ceremony goes on after an interruption
  kStepBegan,
  kPrompt,
  kAnswer,
  kNote,      ///< something the program did or saw
  kArtefact,  ///< subject: a file; text: its SHA-256
  kStepDone,
  kStopped,  ///< ended without being done: why
  kClosed,   ///< last line
};
inline constexpr std::array<std::string_view, 10> kLineKindNames{
    "opened", "resumed",  "step-began", "prompt",  "answer",
    "note",   "artefact", "step-done",  "stopped", "closed"};

/// One line.
struct TranscriptLine {
  std::uint64_t sequence = 0;  ///< from 1, without gaps
  std::string time;            ///< UTC; what the machine's clock said, which may go back
  LineKind kind{};
  std::string step;     ///< name of the step
  std::string subject;  ///< id of a prompt, name of a file; or "-"
  std::string text;
  Hash256 hash;  ///< SHA-256 of the hash before and this line up to its last tab

  friend bool operator==(const TranscriptLine&, const TranscriptLine&) = default;
};

/// Text as a line can hold it: control characters and bytes that are no UTF-8 become '?', empty
/// text "-", and no more than kMaxLineText bytes are kept.
std::string transcript_text(std::string_view text);
inline constexpr std::size_t kMaxLineText = 2000;

/// The line with its newline; sets line.hash. REQUIRES: step, subject and text are as
/// transcript_text() makes them.
std::string encode_line(TranscriptLine& line, const Hash256& previous);

/// The first line that does not fit.
struct TranscriptError {
  std::size_t line = 0;  ///< from 1
  std::string expected;
  std::string found;
};

/// Every line of a transcript whose first line follows `anchor`. Exactly what encode_line() wrote,
/// sequence numbers without gaps, every hash following from the one before.
Result<std::vector<TranscriptLine>, TranscriptError> decode_transcript(std::string_view text,
                                                                       const Hash256& anchor);

}  // namespace buri::hsm::ceremony
