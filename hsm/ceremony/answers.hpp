#pragma once

#include <iosfwd>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.hpp"
#include "hsm/ceremony/steps.hpp"

/// Where answers come from: people at a terminal (terminal.hpp), or a file that was written before.

namespace buri::hsm::ceremony {

/// Asks one question at a time. Not thread-safe.
class Answerer {
 public:
  virtual ~Answerer() = default;

  /// Shows what will happen and what could be lost, asks, and returns an answer that fits the
  /// prompt's kind. The error says why there is none.
  virtual Result<std::string, Reason> answer(const Prompt& prompt) = 0;
};

/// Answers by the prompts' ids.
using AnswerBook = std::map<std::string, std::string, std::less<>>;

/// An answers file: {"version": 1, "answers": {"opening.begin": "yes", ...}} and nothing else,
/// every answer plain text.
Result<AnswerBook, JsonError> decode_answers(std::string_view text);
/// The file of a book.
std::string encode_answers(const AnswerBook& book);

/// An error unless the book has exactly one fitting answer for each prompt.
Status<JsonError> check_answers(const AnswerBook& book, const std::vector<Prompt>& prompts);

/// Shows a prompt as people read it.
void show_prompt(const Prompt& prompt, std::ostream& console);

/// Answers from a book; shows every prompt and its answer on the console all the same. Borrows it.
class BookAnswerer final : public Answerer {
 public:
  BookAnswerer(AnswerBook book, std::ostream& console)
      : book_(std::move(book)), console_(console) {}
  Result<std::string, Reason> answer(const Prompt& prompt) override;

 private:
  AnswerBook book_;
  std::ostream& console_;
};

}  // namespace buri::hsm::ceremony
