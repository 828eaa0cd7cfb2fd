#include "hsm/ceremony/answers.hpp"

#include <ostream>
#include <set>

#include "hsm/ceremony/record_json.hpp"

namespace buri::hsm::ceremony {
namespace {

constexpr std::size_t kMaxFileBytes = std::size_t{1} << 20;

/// `text` broken into lines of at most 96 bytes.
std::string wrapped(std::string_view text, std::string_view indent) {
  constexpr std::size_t kWidth = 96;
  std::string result;
  std::size_t column = 0;
  while (!text.empty()) {
    const std::string_view word = text.substr(0, text.find(' '));
    text.remove_prefix(std::min(text.size(), word.size() + 1));
    if (column > 0 && column + 1 + word.size() > kWidth - indent.size()) {
      result += '\n' + std::string(indent);
      column = 0;
    }
    if (column > 0) result += ' ';
    result += word;
    column += word.size() + (column > 0 ? 1 : 0);
  }
  return result;
}

}  // namespace

Result<AnswerBook, JsonError> decode_answers(std::string_view text) {
  JsonLimits limits;
  limits.max_bytes = kMaxFileBytes;
  ASSIGN_OR_RETURN(const JsonValue document, parse_json(text, limits));
  const JsonCursor root(document);
  RETURN_IF_ERROR(root.allow_only({"version", "answers"}));
  ASSIGN_OR_RETURN(const JsonCursor version, root.member("version"));
  if (version.value().kind != JsonValue::Kind::kNumber || version.value().text != "1") {
    return Failure{version.error("1")};
  }
  ASSIGN_OR_RETURN(const JsonCursor answers, root.member("answers"));
  RETURN_IF_ERROR(answers.value().kind == JsonValue::Kind::kObject
                      ? Status<JsonError>(Unit{})
                      : Status<JsonError>(Failure{answers.error("an object")}));
  AnswerBook book;
  for (const JsonValue& child : answers.value().children) {
    ASSIGN_OR_RETURN(const JsonCursor place, answers.member(child.key));
    ASSIGN_OR_RETURN(const std::string_view answer, place.string());
    if (!is_plain_text(answer)) return Failure{place.error("plain text")};
    book[child.key] = answer;
  }
  return book;
}

std::string encode_answers(const AnswerBook& book) {
  std::string text = "{\n  \"version\": 1,\n  \"answers\": {";
  std::string_view separator = "\n";
  for (const auto& [id, answer] : book) {
    text += std::string(separator) + "    " + quoted_json(id) + ": " + quoted_json(answer);
    separator = ",\n";
  }
  return text + (book.empty() ? "}\n}\n" : "\n  }\n}\n");
}

Status<JsonError> check_answers(const AnswerBook& book, const std::vector<Prompt>& prompts) {
  std::set<std::string, std::less<>> asked;
  for (const Prompt& prompt : prompts) {
    asked.insert(prompt.id);
    const std::string path = "answers." + prompt.id;
    const std::string expected(expected_answer(prompt.kind));
    const auto entry = book.find(prompt.id);
    if (entry == book.end()) return Failure{JsonError{path, expected, "no such field"}};
    if (!fits(prompt.kind, entry->second)) {
      return Failure{JsonError{path, expected, quoted_json(entry->second)}};
    }
  }
  for (const auto& [id, answer] : book) {
    if (asked.contains(id)) continue;
    return Failure{JsonError{"answers." + id, "only prompts of this plan", quoted_json(answer)}};
  }
  return Unit{};
}

void show_prompt(const Prompt& prompt, std::ostream& console) {
  console << "\n[" << prompt.id
          << "]\n  What happens:  " << wrapped(prompt.happens, "                 ")
          << "\n  Could be lost: " << wrapped(prompt.can_lose, "                 ") << "\n  "
          << prompt.question << " ";
}

Result<std::string, Reason> BookAnswerer::answer(const Prompt& prompt) {
  show_prompt(prompt, console_);
  const auto entry = book_.find(prompt.id);
  if (entry == book_.end()) return Failure{"The answers file has no answer " + prompt.id + "."};
  console_ << entry->second << std::endl;
  return entry->second;
}

}  // namespace buri::hsm::ceremony
