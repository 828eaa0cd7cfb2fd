#include "node/consensus/app/json_scanner.hpp"

#include <algorithm>
#include <set>

namespace buri::consensus::app {
namespace {

constexpr std::size_t kWindowBytes = std::size_t{1} << 18;
constexpr std::uint64_t kMaxElementBytes = std::uint64_t{64} << 20;
constexpr std::uint64_t kMaxKeyBytes = 1024;
constexpr int kMaxDepth = 64;

bool is_space(char c) { return c == ' ' || c == '\n' || c == '\t' || c == '\r'; }
bool ends_scalar(char c) { return c == '\0' || c == ',' || c == ']' || c == '}' || is_space(c); }

std::string shown(char c) { return c == '\0' ? "the end" : std::string("\"") + c + "\""; }

}  // namespace

JsonError JsonScanner::error(std::string expected, std::string found) const {
  return {"byte " + std::to_string(offset_), std::move(expected), std::move(found)};
}

Status<JsonError> JsonScanner::fill() {
  window_.resize(kWindowBytes);
  window_begin_ = offset_;
  const auto count = source_->read(offset_, window_);
  if (!count.ok()) return Failure{error("a readable file", count.error())};
  window_.resize(*count);
  return Unit{};
}

Result<std::string_view, JsonError> JsonScanner::ahead() {
  if (offset_ >= source_->size()) return std::string_view{};
  if (offset_ < window_begin_ || offset_ >= window_begin_ + window_.size()) {
    RETURN_IF_ERROR(fill());
    if (window_.empty()) return Failure{error("more of the file", "its end")};
  }
  return std::string_view(window_.data(), window_.size()).substr(offset_ - window_begin_);
}

Result<char, JsonError> JsonScanner::peek() {
  ASSIGN_OR_RETURN(const std::string_view rest, ahead());
  return rest.empty() ? '\0' : rest.front();
}

Result<char, JsonError> JsonScanner::peek_past_space() {
  while (true) {
    ASSIGN_OR_RETURN(const char c, peek());
    if (!is_space(c)) return c;
    ++offset_;
  }
}

Status<JsonError> JsonScanner::expect(char wanted) {
  ASSIGN_OR_RETURN(const char c, peek_past_space());
  if (c != wanted) return Failure{error(shown(wanted), shown(c))};
  ++offset_;
  return Unit{};
}

Result<bool, JsonError> JsonScanner::take_separator(char end) {
  ASSIGN_OR_RETURN(const char c, peek_past_space());
  if (c != ',' && c != end) return Failure{error(shown(',') + " or " + shown(end), shown(c))};
  ++offset_;
  return c == ',';
}

Status<JsonError> JsonScanner::skip_string() {
  RETURN_IF_ERROR(expect('"'));
  bool is_escaped = false;
  while (true) {
    ASSIGN_OR_RETURN(const std::string_view rest, ahead());
    if (rest.empty()) return Failure{error("the end of a string", "the end")};
    for (const char c : rest) {
      ++offset_;
      if (c == '"' && !is_escaped) return Unit{};
      is_escaped = c == '\\' && !is_escaped;
    }
  }
}

Status<JsonError> JsonScanner::skip_container() {
  int depth = 0;
  bool is_in_string = false;
  bool is_escaped = false;
  while (true) {
    ASSIGN_OR_RETURN(const std::string_view rest, ahead());
    if (rest.empty()) return Failure{error("the end of a value", "the end")};
    for (const char c : rest) {
      ++offset_;
      if (is_in_string) {
        if (c == '"' && !is_escaped) is_in_string = false;
        is_escaped = c == '\\' && !is_escaped;
      } else if (c == '"') {
        is_in_string = true;
      } else if (c == '{' || c == '[') {
        if (++depth > kMaxDepth) return Failure{error("less nesting", "too much")};
      } else if ((c == '}' || c == ']') && --depth == 0) {
        return Unit{};
      }
    }
  }
}

Status<JsonError> JsonScanner::skip_scalar() {
  const std::uint64_t begin = offset_;
  while (true) {
    ASSIGN_OR_RETURN(const char c, peek());
    if (!ends_scalar(c)) {
      ++offset_;
      continue;
    }
    if (offset_ == begin) return Failure{error("a value", shown(c))};
    return Unit{};
  }
}

Result<JsonPlace, JsonError> JsonScanner::skip_value() {
  ASSIGN_OR_RETURN(const char first, peek_past_space());
  const std::uint64_t begin = offset_;
  if (first == '{' || first == '[') {
    RETURN_IF_ERROR(skip_container());
  } else if (first == '"') {
    RETURN_IF_ERROR(skip_string());
  } else {
    RETURN_IF_ERROR(skip_scalar());
  }
  return JsonPlace{begin, offset_};
}

Result<std::string, JsonError> JsonScanner::take_key() {
  RETURN_IF_ERROR(peek_past_space());
  const std::uint64_t begin = offset_ + 1;
  RETURN_IF_ERROR(skip_string());
  const std::uint64_t behind = offset_;
  if (behind - begin > kMaxKeyBytes) return Failure{error("a short key", "a long one")};
  ASSIGN_OR_RETURN(std::string key, text({begin, behind - 1}));
  if (key.find('\\') != std::string::npos) return Failure{error("a plain key", key)};
  RETURN_IF_ERROR(expect(':'));
  return key;
}

Result<std::vector<JsonMember>, JsonError> JsonScanner::members(const Descend& descend,
                                                                std::vector<std::string>& path) {
  std::vector<JsonMember> all;
  std::set<std::string> keys;
  RETURN_IF_ERROR(expect('{'));
  ASSIGN_OR_RETURN(const char first, peek_past_space());
  bool goes_on = first != '}';
  if (!goes_on) ++offset_;
  while (goes_on) {
    JsonMember member;
    ASSIGN_OR_RETURN(member.key, take_key());
    if (!keys.insert(member.key).second) return Failure{error("each key once", member.key)};
    ASSIGN_OR_RETURN(const char start, peek_past_space());
    path.push_back(member.key);
    if (start == '{' && descend(path)) {
      member.value.begin = offset_;
      ASSIGN_OR_RETURN(member.members, members(descend, path));
      member.value.end = offset_;
    } else {
      ASSIGN_OR_RETURN(member.value, skip_value());
    }
    path.pop_back();
    all.push_back(std::move(member));
    ASSIGN_OR_RETURN(goes_on, take_separator('}'));
  }
  return all;
}

Result<std::vector<JsonMember>, JsonError> JsonScanner::document(const Descend& descend) {
  seek(0);
  std::vector<std::string> path;
  ASSIGN_OR_RETURN(auto all, members(descend, path));
  ASSIGN_OR_RETURN(const char after, peek_past_space());
  if (after != '\0' || offset_ < source_->size()) {
    return Failure{error("the end of the document", shown(after))};
  }
  return all;
}

Status<JsonError> JsonScanner::for_each(
    const JsonPlace& array, const std::function<Status<JsonError>(const std::string&)>& visit) {
  seek(array.begin);
  RETURN_IF_ERROR(expect('['));
  ASSIGN_OR_RETURN(const char first, peek_past_space());
  for (bool goes_on = first != ']'; goes_on;) {
    ASSIGN_OR_RETURN(const JsonPlace element, skip_value());
    if (element.size() > kMaxElementBytes) {
      return Failure{error("an element of at most 64 MiB", std::to_string(element.size()))};
    }
    ASSIGN_OR_RETURN(const std::string content, text(element));
    RETURN_IF_ERROR(visit(content));
    ASSIGN_OR_RETURN(goes_on, take_separator(']'));
  }
  return Unit{};
}

Result<std::string, JsonError> JsonScanner::text(const JsonPlace& place) {
  std::string content(place.size(), '\0');
  const std::uint64_t window_end = window_begin_ + window_.size();
  if (place.begin >= window_begin_ && place.end <= window_end) {
    std::copy_n(window_.begin() + static_cast<std::ptrdiff_t>(place.begin - window_begin_),
                place.size(), content.begin());
    return content;
  }
  const auto count = source_->read(place.begin, content);
  if (!count.ok()) return Failure{error("a readable file", count.error())};
  if (*count != content.size()) return Failure{error("more of the file", "its end")};
  return content;
}

}  // namespace buri::consensus::app
