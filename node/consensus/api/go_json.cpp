#include "node/consensus/api/go_json.hpp"

#include <array>

namespace buri::consensus::api {
namespace {

constexpr int kMaxDepth = 64;

bool is_digit(char letter) { return letter >= '0' && letter <= '9'; }
bool is_hex_digit(char letter) {
  return is_digit(letter) || (letter >= 'a' && letter <= 'f') || (letter >= 'A' && letter <= 'F');
}

/// Steps through one document; the first problem stays.
class Checker {
 public:
  explicit Checker(std::string_view text) : text_(text) {}

  std::optional<std::string> run() {
    if (value(0)) {
      skip_blanks();
      if (at_ < text_.size()) fail("after top-level value");
    }
    return error_;
  }

 private:
  void skip_blanks() {
    while (at_ < text_.size() && std::string_view(" \t\r\n").find(text_[at_]) != text_.npos) ++at_;
  }
  /// The next character; 0 at the end, which is an error then.
  char peek() {
    if (at_ < text_.size()) return text_[at_];
    error_ = "unexpected end of JSON input";
    return 0;
  }
  bool fail(std::string_view context) {
    if (error_) return false;
    if (at_ >= text_.size()) {
      error_ = "unexpected end of JSON input";
      return false;
    }
    const char letter = text_[at_];
    std::string shown(1, letter);
    if (letter == '\'') shown = "\\'";
    if (letter == '\n') shown = "\\n";
    if (letter == '\\') shown = "\\\\";
    error_ = "invalid character '" + shown + "' " + std::string(context);
    return false;
  }

  bool value(int depth) {
    skip_blanks();
    if (depth > kMaxDepth) {
      error_ = "exceeded max depth";
      return false;
    }
    const char first = peek();
    if (error_) return false;
    if (first == '{') return object(depth);
    if (first == '[') return array(depth);
    if (first == '"') return string();
    if (first == '-' || is_digit(first)) return number();
    if (first == 't') return literal("true");
    if (first == 'f') return literal("false");
    if (first == 'n') return literal("null");
    return fail("looking for beginning of value");
  }

  bool literal(std::string_view word) {
    for (std::size_t index = 0; index < word.size(); ++index, ++at_) {
      if (at_ < text_.size() && text_[at_] == word[index]) continue;
      return fail("in literal " + std::string(word) + " (expecting '" + word[index] + "')");
    }
    return true;
  }

  bool digits(std::string_view context) {
    if (at_ >= text_.size() || !is_digit(text_[at_])) return fail(context);
    while (at_ < text_.size() && is_digit(text_[at_])) ++at_;
    return true;
  }

  bool number() {
    if (text_[at_] == '-') ++at_;
    if (at_ < text_.size() && text_[at_] == '0') {
      ++at_;
    } else if (!digits("in numeric literal")) {
      return false;
    }
    if (at_ < text_.size() && text_[at_] == '.') {
      ++at_;
      if (!digits("after decimal point in numeric literal")) return false;
    }
    if (at_ < text_.size() && (text_[at_] == 'e' || text_[at_] == 'E')) {
      ++at_;
      if (at_ < text_.size() && (text_[at_] == '+' || text_[at_] == '-')) ++at_;
      if (!digits("in exponent of numeric literal")) return false;
    }
    return true;
  }

  bool string() {
    for (++at_; at_ < text_.size(); ++at_) {
      const char letter = text_[at_];
      if (letter == '"') {
        ++at_;
        return true;
      }
      if (static_cast<unsigned char>(letter) < 0x20) return fail("in string literal");
      if (letter == '\\' && !escape()) return false;
    }
    return fail("");
  }
  /// Ends on the last character of the escape.
  bool escape() {
    ++at_;
    if (at_ < text_.size() && text_[at_] == 'u') {
      for (int count = 0; count < 4; ++count) {
        ++at_;
        if (at_ >= text_.size() || !is_hex_digit(text_[at_])) {
          return fail("in \\u hexadecimal character escape");
        }
      }
      return true;
    }
    if (at_ < text_.size() && std::string_view("bfnrt\\/\"").find(text_[at_]) != text_.npos) {
      return true;
    }
    return fail("in string escape code");
  }

  bool array(int depth) {
    ++at_;
    skip_blanks();
    if (at_ < text_.size() && text_[at_] == ']') {
      ++at_;
      return true;
    }
    while (value(depth + 1)) {
      skip_blanks();
      if (at_ < text_.size() && text_[at_] == ']') {
        ++at_;
        return true;
      }
      if (at_ >= text_.size() || text_[at_] != ',') return fail("after array element");
      ++at_;
    }
    return false;
  }

  bool object(int depth) {
    ++at_;
    skip_blanks();
    if (at_ < text_.size() && text_[at_] == '}') {
      ++at_;
      return true;
    }
    for (;;) {
      skip_blanks();
      if (at_ >= text_.size() || text_[at_] != '"') {
        return fail("looking for beginning of object key string");
      }
      if (!string()) return false;
      skip_blanks();
      if (at_ >= text_.size() || text_[at_] != ':') return fail("after object key");
      ++at_;
      if (!value(depth + 1)) return false;
      skip_blanks();
      if (at_ < text_.size() && text_[at_] == '}') {
        ++at_;
        return true;
      }
      if (at_ >= text_.size() || text_[at_] != ',') return fail("after object key:value pair");
      ++at_;
    }
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::optional<std::string> error_;
};

}  // namespace

std::optional<std::string> go_syntax_error(std::string_view text) { return Checker(text).run(); }

}  // namespace buri::consensus::api
