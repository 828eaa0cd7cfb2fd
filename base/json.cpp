#include "base/json.hpp"

#include <algorithm>
#include <boost/json/basic_parser_impl.hpp>
#include <optional>
#include <unordered_map>
#include <unordered_set>

namespace buri {
namespace {

using boost::json::error_code;

/// Builds the tree from the parser's events. A rule of ours that is broken stops the parser with
/// any error code; `broken_rule` says what it was.
class TreeBuilder {
 public:
  static constexpr std::size_t max_object_size = SIZE_MAX;
  static constexpr std::size_t max_array_size = SIZE_MAX;
  static constexpr std::size_t max_key_size = 1024;
  static constexpr std::size_t max_string_size = SIZE_MAX;

  explicit TreeBuilder(const JsonLimits& limits)
      : values_left_(limits.max_values), max_members_(limits.max_members) {}

  bool on_document_begin(error_code&) { return true; }
  bool on_document_end(error_code&) { return true; }
  bool on_object_begin(error_code& error) { return open(JsonValue::Kind::kObject, error); }
  bool on_object_end(std::size_t, error_code&) { return close(); }
  bool on_array_begin(error_code& error) { return open(JsonValue::Kind::kArray, error); }
  bool on_array_end(std::size_t, error_code&) { return close(); }

  bool on_key_part(std::string_view part, std::size_t, error_code&) { return collect(part); }
  bool on_key(std::string_view part, std::size_t, error_code& error) {
    collect(part);
    const std::string key = std::exchange(text_, {});
    auto& members = open_.back()->children;
    if (members.size() == max_members_) return refuse("a smaller object", "too many keys", error);
    if (is_known(key)) return refuse("every key once", "\"" + key + "\" a second time", error);
    members.emplace_back().key = key;
    return true;
  }
  bool on_string_part(std::string_view part, std::size_t, error_code&) { return collect(part); }
  bool on_string(std::string_view part, std::size_t, error_code& error) {
    return collect(part) && scalar(JsonValue::Kind::kString, error);
  }
  bool on_number_part(std::string_view part, error_code&) { return collect(part); }
  bool on_int64(std::int64_t, std::string_view part, error_code& error) {
    return collect(part) && scalar(JsonValue::Kind::kNumber, error);
  }
  bool on_uint64(std::uint64_t, std::string_view part, error_code& error) {
    return collect(part) && scalar(JsonValue::Kind::kNumber, error);
  }
  bool on_double(double, std::string_view part, error_code& error) {
    return collect(part) && scalar(JsonValue::Kind::kNumber, error);
  }
  bool on_bool(bool value, error_code& error) {
    if (!scalar(JsonValue::Kind::kBoolean, error)) return false;
    last_->boolean = value;
    return true;
  }
  bool on_null(error_code& error) { return scalar(JsonValue::Kind::kNull, error); }
  bool on_comment_part(std::string_view, error_code&) { return true; }
  bool on_comment(std::string_view, error_code&) { return true; }

  JsonValue root;
  std::optional<JsonError> broken_rule;

 private:
  static constexpr std::size_t kFewKeys = 32;

  bool refuse(std::string expected, std::string found, error_code& error) {
    broken_rule = JsonError{{}, std::move(expected), std::move(found)};
    error = boost::json::error::syntax;
    return false;
  }
  bool collect(std::string_view part) {
    text_.append(part);
    return true;
  }
  /// Whether the object under way has the key; if not, it is taken to be there from now on. A few
  /// keys are looked through, of many a set is kept: genesis files have objects of millions.
  bool is_known(const std::string& key) {
    const auto& members = open_.back()->children;
    if (members.size() < kFewKeys) {
      return std::any_of(members.begin(), members.end(),
                         [&](const JsonValue& member) { return member.key == key; });
    }
    auto& keys = many_keys_.try_emplace(open_.size()).first->second;
    if (keys.empty()) {
      for (const JsonValue& member : members) keys.insert(member.key);
    }
    return !keys.insert(key).second;
  }
  /// Places a new value where the parser stands and makes it `last_`.
  bool scalar(JsonValue::Kind kind, error_code& error) {
    if (values_left_ == 0) return refuse("a smaller document", "too many values", error);
    --values_left_;
    last_ = place();
    last_->kind = kind;
    last_->text = std::exchange(text_, {});
    return true;
  }
  /// The empty value that the parser's next event fills. A key has made it already in an object.
  JsonValue* place() {
    if (open_.empty()) return &root;
    JsonValue& parent = *open_.back();
    return parent.kind == JsonValue::Kind::kArray ? &parent.children.emplace_back()
                                                  : &parent.children.back();
  }
  bool open(JsonValue::Kind kind, error_code& error) {
    if (!scalar(kind, error)) return false;
    open_.push_back(last_);
    return true;
  }
  bool close() {
    many_keys_.erase(open_.size());
    open_.pop_back();
    return true;
  }

  std::size_t values_left_;
  std::size_t max_members_;
  std::string text_;              ///< parts of the key, string or number under way
  std::vector<JsonValue*> open_;  ///< the containers around the parser's position
  /// By depth, the keys of objects under way that have more than kFewKeys.
  std::unordered_map<std::size_t, std::unordered_set<std::string>> many_keys_;
  JsonValue* last_ = nullptr;
};

std::string place_of(std::string_view text, std::size_t offset) {
  const std::string_view before = text.substr(0, offset);
  const auto line = 1 + std::count(before.begin(), before.end(), '\n');
  const std::size_t line_start = before.rfind('\n') + 1;  // npos + 1 is 0
  return "line " + std::to_string(line) + ", column " + std::to_string(offset - line_start + 1);
}

}  // namespace

std::string describe(const JsonError& error) {
  return error.path + ": expected " + error.expected + ", found " + error.found;
}

Result<JsonValue, JsonError> parse_json(std::string_view text, const JsonLimits& limits) {
  if (text.size() > limits.max_bytes) {
    return Failure{JsonError{"document", "at most " + std::to_string(limits.max_bytes) + " bytes",
                             std::to_string(text.size()) + " bytes"}};
  }
  boost::json::parse_options options;
  options.max_depth = limits.max_depth;
  boost::json::basic_parser<TreeBuilder> parser(options, limits);
  error_code error;
  const std::size_t consumed = parser.write_some(false, text.data(), text.size(), error);
  TreeBuilder& built = parser.handler();
  if (built.broken_rule) {
    built.broken_rule->path = place_of(text, consumed);
    return Failure{*std::move(built.broken_rule)};
  }
  if (error) return Failure{JsonError{place_of(text, consumed), "JSON", error.message()}};
  if (consumed < text.size()) {
    return Failure{JsonError{place_of(text, consumed), "the end of the document", "more text"}};
  }
  return std::move(built.root);
}

}  // namespace buri
