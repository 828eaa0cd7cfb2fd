#include "hsm/ceremony/journal.hpp"

#include <algorithm>
#include <ranges>

#include "base/hex.hpp"

namespace buri::hsm::ceremony {

Result<Journal, Reason> Journal::open(Store& store, const Clock& clock, const Hash256& anchor) {
  Journal journal(store, clock, anchor);
  if (!store.exists(kTranscriptFile)) return journal;
  ASSIGN_OR_RETURN(std::string text, store.read_text(kTranscriptFile));
  const std::size_t whole = text.rfind('\n') + 1;  // 0 if there is none
  journal.cut_bytes_ = text.size() - whole;
  text.resize(whole);
  auto lines = decode_transcript(text, anchor);
  if (!lines.ok()) {
    const TranscriptError& error = lines.error();
    return Failure{std::string(kTranscriptFile) + ", line " + std::to_string(error.line) +
                   ": expected " + error.expected + ", found " + error.found +
                   ". A transcript that was changed cannot be continued."};
  }
  journal.lines_ = *std::move(lines);
  if (journal.cut_bytes_ > 0) RETURN_IF_ERROR(store.write_text(kTranscriptFile, text));
  return journal;
}

Status<Reason> Journal::append(LineKind kind, Step step, std::string_view subject,
                               std::string_view text) {
  TranscriptLine line{
      lines_.size() + 1,        utc_text(clock_->wall()), kind, std::string(step_name(step)),
      transcript_text(subject), transcript_text(text),    {}};
  const std::string encoded = encode_line(line, head());
  RETURN_IF_ERROR(store_->append(kTranscriptFile, as_bytes(encoded)));
  lines_.push_back(std::move(line));
  return Unit{};
}

Status<Reason> Journal::keep(Step step, const std::string& name, ByteView bytes) {
  RETURN_IF_ERROR(store_->write(name, bytes));
  return record(step, name, bytes);
}

Status<Reason> Journal::record(Step step, const std::string& name, ByteView bytes) {
  return append(LineKind::kArtefact, step, name, to_hex(sha256(bytes)));
}

Result<std::string, Reason> Journal::ask(Answerer& answerer, const Prompt& prompt) {
  const std::string text =
      prompt.happens + " Could be lost: " + prompt.can_lose + " " + prompt.question;
  RETURN_IF_ERROR(append(LineKind::kPrompt, prompt.step, prompt.id, text));
  ASSIGN_OR_RETURN(std::string answer, answerer.answer(prompt));
  if (!fits(prompt.kind, answer)) {
    return Failure{"The answer to " + prompt.id + " is not " +
                   std::string(expected_answer(prompt.kind)) + "."};
  }
  RETURN_IF_ERROR(append(LineKind::kAnswer, prompt.step, prompt.id, answer));
  if (prompt.kind == AnswerKind::kYes && answer != "yes") {
    return Failure{"The answer to " + prompt.id + " was " + answer + "."};
  }
  return answer;
}

bool Journal::is_done(Step step) const {
  return std::ranges::any_of(lines_, [&](const TranscriptLine& line) {
    return line.kind == LineKind::kStepDone && line.step == step_name(step);
  });
}

bool Journal::is_closed() const {
  return !lines_.empty() && lines_.back().kind == LineKind::kClosed;
}

std::string last_answer(const std::vector<TranscriptLine>& lines, std::string_view prompt_id) {
  for (const TranscriptLine& line : std::views::reverse(lines)) {
    if (line.kind == LineKind::kAnswer && line.subject == prompt_id) return line.text;
  }
  return "-";
}

}  // namespace buri::hsm::ceremony
