#pragma once

#include <string>
#include <vector>

#include "base/clock.hpp"
#include "hsm/ceremony/answers.hpp"
#include "hsm/ceremony/store.hpp"
#include "hsm/ceremony/transcript.hpp"

/// The transcript while it is being written: a line is durable before anything that it announces
/// happens. What a ceremony has done so far is what its transcript says, and nothing else.

namespace buri::hsm::ceremony {

inline constexpr const char* kTranscriptFile = "transcript.log";

/// Writes into one folder. Not thread-safe; borrows store and clock.
class Journal {
 public:
  /// A new transcript, or one that goes on. Its lines must chain from `anchor`; a last line without
  /// its end, which a crash leaves, is cut off first.
  static Result<Journal, Reason> open(Store& store, const Clock& clock, const Hash256& anchor);

  [[nodiscard]] const std::vector<TranscriptLine>& lines() const { return lines_; }
  [[nodiscard]] Hash256 head() const { return lines_.empty() ? anchor_ : lines_.back().hash; }
  /// How many bytes of a torn line were cut off at open().
  [[nodiscard]] std::size_t cut_bytes() const { return cut_bytes_; }

  Status<Reason> append(LineKind kind, Step step, std::string_view subject, std::string_view text);
  Status<Reason> note(Step step, std::string_view text) {
    return append(LineKind::kNote, step, "-", text);
  }
  /// Writes a file and then the line with its hash.
  Status<Reason> keep(Step step, const std::string& name, ByteView bytes);
  /// The line of a file that is there already.
  Status<Reason> record(Step step, const std::string& name, ByteView bytes);
  /// Journals a prompt, asks it, journals the answer. To a question of kind kYes anything but
  /// "yes" is an error.
  Result<std::string, Reason> ask(Answerer& answerer, const Prompt& prompt);

  [[nodiscard]] bool is_done(Step step) const;
  [[nodiscard]] bool is_closed() const;

 private:
  Journal(Store& store, const Clock& clock, const Hash256& anchor)
      : store_(&store), clock_(&clock), anchor_(anchor) {}

  Store* store_;
  const Clock* clock_;
  Hash256 anchor_;
  std::vector<TranscriptLine> lines_;
  std::size_t cut_bytes_ = 0;
};

/// The last answer to a prompt in a transcript; "-" if there is none.
std::string last_answer(const std::vector<TranscriptLine>& lines, std::string_view prompt_id);

}  // namespace buri::hsm::ceremony
