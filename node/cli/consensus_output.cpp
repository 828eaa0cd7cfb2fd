#include "node/cli/consensus_output.hpp"

#include <cstdio>
#include <filesystem>
#include <iostream>

#include "base/check.hpp"
#include "base/codec/base64.hpp"
#include "base/hex.hpp"
#include "node/cli/commands.hpp"
#include "node/cli/verify_input.hpp"

namespace buri::cli {
namespace {

namespace json = boost::json;

/// A text without the quotes, everything else as JSON.
std::string plain(const json::value& value) {
  if (const json::string* text = value.if_string()) return std::string(*text);
  return json::serialize(value);
}

void print_member(std::string_view name, const json::value& value) {
  const json::array* rows = value.if_array();
  if (rows == nullptr) {
    std::cout << name << ": " << plain(value) << "\n";
    return;
  }
  std::cout << name << ": " << rows->size() << "\n";
  for (const json::value& row : *rows) std::cout << "  " << plain(row) << "\n";
}

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kBlank = " \t\r\n";
  const std::size_t first = text.find_first_not_of(kBlank);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kBlank) - first + 1);
}

std::optional<Bytes> from_text(std::string_view text) {
  text = trimmed(text);
  if (text.empty()) return std::nullopt;
  if (auto bytes = from_hex(text)) return bytes;
  return from_base64(text);
}

}  // namespace

int print_answer(std::string_view verb, const AnswerResult& answer, bool as_json) {
  if (!answer.ok()) {
    if (as_json) {
      std::cout << json::serialize(json::object{{"usable", false}, {"reason", answer.error()}})
                << "\n";
    }
    std::cerr << "buri " << verb << ": " << answer.error() << "\n";
    return kExitUnusable;
  }
  if (as_json) {
    std::cout << json::serialize(answer->facts) << "\n";
  } else {
    for (const auto& [name, value] : answer->facts) print_member(name, value);
  }
  return answer->is_positive ? kExitOk : kExitInvalid;
}

Result<Bytes, std::string> read_bytes(const std::string& argument) {
  std::error_code ignored;
  const bool is_file = argument == "-" || std::filesystem::is_regular_file(argument, ignored);
  if (!is_file) {
    if (auto bytes = from_text(argument)) return *std::move(bytes);
    return Failure{"expected hex, base64 or an existing file, found \"" + argument.substr(0, 80) +
                   (argument.size() > 80 ? "...\"" : "\"")};
  }
  const auto content = read_input(argument);
  if (!content.ok()) {
    return Failure{input_name(argument) + ": expected " + content.error().problem.expected +
                   ", found " + content.error().problem.found};
  }
  if (auto bytes = from_text(*content)) return *std::move(bytes);
  if (content->empty()) return Failure{input_name(argument) + ": expected bytes, found none"};
  const ByteView raw = as_bytes(*content);
  return Bytes(raw.begin(), raw.end());
}

std::string shown_hex(ByteView bytes) { return "0x" + to_hex(bytes); }

json::value json_of(const std::string& text) {
  boost::system::error_code failed;
  json::value value = json::parse(text, failed);
  CHECK(!failed, "what we write as JSON is JSON");
  return value;
}

}  // namespace buri::cli
