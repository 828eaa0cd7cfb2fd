#include "node/consensus/api/query_scanner.hpp"

#include "node/consensus/api/event_query.hpp"

namespace buri::consensus::api {
namespace {

bool is_query_digit(char letter) { return letter >= '0' && letter <= '9'; }
bool is_blank(char letter) { return letter == ' ' || (letter >= '\t' && letter <= '\r'); }
/// Bytes above ASCII belong to letters of other scripts.
bool begins_tag(char letter) {
  return letter == '_' || is_query_digit(letter) || (letter >= 'a' && letter <= 'z') ||
         (letter >= 'A' && letter <= 'Z') || static_cast<unsigned char>(letter) >= 0x80;
}
bool continues_tag(char letter) { return begins_tag(letter) || letter == '.' || letter == '-'; }

}  // namespace

std::string_view name_of(QueryToken token) {
  constexpr std::string_view kNames[] = {
      "invalid token",   "tag",        "string",       "number",
      "timestamp",       "datestamp",  "AND operator", "CONTAINS operator",
      "EXISTS operator", "= operator", "< operator",   "<= operator",
      "> operator",      ">= operator"};
  return kNames[static_cast<std::size_t>(token)];
}

Result<bool, std::string> QueryScanner::done(QueryToken token) {
  token_ = token;
  return true;
}

Result<bool, std::string> QueryScanner::next() {
  text_.clear();
  token_ = QueryToken::kInvalid;
  while (at_ < input_.size() && is_blank(input_[at_])) ++at_;
  start_ = at_;
  if (at_ == input_.size()) return false;
  const char first = input_[at_];
  if (is_query_digit(first)) return number();
  if (begins_tag(first)) return word();
  ++at_;
  if (first == '\'') return quoted();
  if (first == '<' || first == '>' || first == '=') return comparison();
  return Failure{"invalid input " + std::string(1, first) + " at offset " + std::to_string(at_)};
}

Result<bool, std::string> QueryScanner::number() {
  const auto digits = [this] {
    while (at_ < input_.size() && is_query_digit(input_[at_])) text_ += input_[at_++];
  };
  digits();
  if (at_ < input_.size() && input_[at_] == '.') {
    text_ += input_[at_++];
    digits();
  }
  return done(QueryToken::kNumber);
}

Result<bool, std::string> QueryScanner::word() {
  while (at_ < input_.size() && continues_tag(input_[at_])) text_ += input_[at_++];
  const bool has_blank = at_ < input_.size() && input_[at_] == ' ';
  if (has_blank && (text_ == "TIME" || text_ == "DATE")) {
    ++at_;
    return moment(text_ == "TIME");
  }
  if (text_ == "AND") return done(QueryToken::kAnd);
  if (text_ == "EXISTS") return done(QueryToken::kExists);
  if (text_ == "CONTAINS") return done(QueryToken::kContains);
  return done(QueryToken::kTag);
}

Result<bool, std::string> QueryScanner::moment(bool has_time) {
  constexpr std::int64_t kYear1900 = -2'208'988'800;
  constexpr std::int64_t kYear3000 = 32'503'680'000;
  const std::string_view others = has_time ? "-T:+Z" : "-";
  text_.clear();
  while (at_ < input_.size() &&
         (is_query_digit(input_[at_]) || others.find(input_[at_]) != others.npos)) {
    text_ += input_[at_++];
  }
  const auto moment = has_time ? parse_rfc3339(text_) : parse_date(text_);
  if (!moment) {
    return Failure{has_time
                       ? "invalid TIME value: parsing time \"" + text_ +
                             "\" as \"2006-01-02T15:04:05Z07:00\""
                       : "invalid DATE value: parsing time \"" + text_ + "\" as \"2006-01-02\""};
  }
  if (moment->seconds < kYear1900 || moment->seconds >= kYear3000) {
    return Failure{std::string(has_time ? "timestamp" : "datestamp") + " year out of range"};
  }
  return done(has_time ? QueryToken::kTime : QueryToken::kDate);
}

Result<bool, std::string> QueryScanner::quoted() {
  for (; at_ < input_.size(); ++at_) {
    if (input_[at_] == '\'') {
      ++at_;
      return done(QueryToken::kText);
    }
    text_ += input_[at_];
  }
  return Failure{std::string("EOF")};
}

Result<bool, std::string> QueryScanner::comparison() {
  const char first = input_[at_ - 1];
  text_ = first;
  if (first == '=') return done(QueryToken::kEqual);
  const bool has_equals = at_ < input_.size() && input_[at_] == '=';
  if (has_equals) text_ += input_[at_++];
  if (first == '<') return done(has_equals ? QueryToken::kLessOrEqual : QueryToken::kLess);
  return done(has_equals ? QueryToken::kGreaterOrEqual : QueryToken::kGreater);
}

}  // namespace buri::consensus::api
