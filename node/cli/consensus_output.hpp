#pragma once

#include <boost/json.hpp>
#include <string>
#include <string_view>

#include "base/bytes.hpp"
#include "base/result.hpp"

/// What the commands of `buri consensus` share: one form of output, one of refusal, one of input.

namespace buri::cli {

/// What a command answers: one JSON object, or a line per member of it.
struct Answer {
  boost::json::object facts;
  bool is_positive = true;  ///< exit 0, or 1: what was asked for is not so
};
/// The answer, or why there is none, as one sentence.
using AnswerResult = Result<Answer, std::string>;

/// Prints an answer to standard output, or the reason to standard error (and as JSON where that was
/// asked for); the exit code. `verb`
/// is all that follows `buri`.
int print_answer(std::string_view verb, const AnswerResult& answer, bool as_json);

/// The bytes that an argument stands for: hex (0x or not) or base64 on the command line, or a file
/// or "-" (standard input) that holds either of them or raw bytes. Errors: one sentence.
Result<Bytes, std::string> read_bytes(const std::string& argument);

/// "0x" and the bytes in lower-case hex.
std::string shown_hex(ByteView bytes);

/// JSON text of our own making as a value.
boost::json::value json_of(const std::string& text);

}  // namespace buri::cli
