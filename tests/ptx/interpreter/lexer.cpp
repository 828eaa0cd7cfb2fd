#include "tests/ptx/interpreter/lexer.hpp"

#include <array>

namespace buri::ptx {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_word_start(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '$' || c == '%' ||
         c == '.';
}
bool is_word(char c) { return is_word_start(c) || is_digit(c); }

/// Directives that end with their line instead of a semicolon.
bool is_line_directive(std::string_view word) {
  static constexpr std::array<std::string_view, 5> kDirectives = {".version", ".target",
                                                                  ".address_size", ".file", ".loc"};
  for (const std::string_view directive : kDirectives) {
    if (word == directive) return true;
  }
  return false;
}

class Lexer {
 public:
  explicit Lexer(std::string_view text) : text_(text) {}

  Result<std::vector<Token>, ParseError> run() {
    while (skip_blank()) {
      const char c = text_[at_];
      if (is_digit(c)) {
        take_while(Token::Kind::kNumber, [](char x) { return is_word(x) && x != '.'; });
      } else if (is_word_start(c)) {
        take_word();
      } else if (c == '"') {
        take_string();
      } else if (std::string_view("{}[]()<>,;:+-!|@=").find(c) != std::string_view::npos) {
        tokens_.push_back({Token::Kind::kPunctuation, text_.substr(at_++, 1), line_});
      } else {
        return Failure{ParseError{line_, std::string("unexpected character '") + c + "'"}};
      }
    }
    tokens_.push_back({Token::Kind::kEnd, {}, line_});
    return std::move(tokens_);
  }

 private:
  bool starts_with(std::string_view prefix) const { return text_.substr(at_).starts_with(prefix); }

  void skip_to(std::string_view stop) {
    while (at_ < text_.size() && !starts_with(stop)) {
      if (text_[at_++] == '\n') ++line_;
    }
  }

  /// Moves to the next token; false at the end of the text.
  bool skip_blank() {
    while (at_ < text_.size()) {
      if (starts_with("//")) {
        skip_to("\n");
      } else if (starts_with("/*")) {
        skip_to("*/");
        if (at_ == text_.size()) break;
        at_ += 2;
      } else if (std::string_view(" \t\r\n").find(text_[at_]) != std::string_view::npos) {
        if (text_[at_++] == '\n') ++line_;
      } else {
        return true;
      }
    }
    return false;
  }

  template <class Predicate>
  void take_while(Token::Kind kind, Predicate belongs) {
    const std::size_t begin = at_;
    while (at_ < text_.size() && belongs(text_[at_])) ++at_;
    tokens_.push_back({kind, text_.substr(begin, at_ - begin), line_});
  }

  void take_word() {
    const std::size_t begin = at_;
    take_while(Token::Kind::kWord, [](char x) { return is_word(x); });
    // ".L1::evict_last" is one modifier: "::" joins words.
    while (starts_with("::") && at_ + 2 < text_.size() && is_word(text_[at_ + 2])) {
      at_ += 2;
      while (at_ < text_.size() && is_word(text_[at_])) ++at_;
      tokens_.back().text = text_.substr(begin, at_ - begin);
    }
    if (is_line_directive(tokens_.back().text)) {
      tokens_.pop_back();
      skip_to("\n");
    }
  }

  void take_string() {
    const std::size_t begin = ++at_;
    skip_to("\"");
    tokens_.push_back({Token::Kind::kString, text_.substr(begin, at_ - begin), line_});
    ++at_;
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::uint32_t line_ = 1;
  std::vector<Token> tokens_;
};

}  // namespace

Result<std::vector<Token>, ParseError> read_tokens(std::string_view text) {
  return Lexer(text).run();
}

}  // namespace buri::ptx
