#include "node/consensus/codec/parameters.hpp"

#include <limits>

#include "base/codec/base64.hpp"

namespace buri::consensus::codec::detail {
namespace {

std::string number_error(std::string_view function, std::string_view text, std::string_view why) {
  std::string quoted;
  append_json_string(quoted, text);
  return "strconv." + std::string(function) + ": parsing " + quoted + ": " + std::string(why);
}

/// The digits and their base.
struct Digits {
  std::string text;
  unsigned base = 10;
};

unsigned digit_value(char digit) {
  if (digit >= '0' && digit <= '9') return static_cast<unsigned>(digit - '0');
  const char lower = static_cast<char>(digit | 0x20);
  if (lower >= 'a' && lower <= 'z') return static_cast<unsigned>(lower - 'a') + 10;
  return 99;
}

/// Takes underscores out; nothing where one stands without a digit (or the prefix) before it and a
/// digit behind it.
std::optional<std::string> without_underscores(std::string_view text, bool has_prefix) {
  std::string digits;
  bool may_follow = has_prefix;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '_') {
      digits += text[i];
      may_follow = true;
      continue;
    }
    if (!may_follow || i + 1 == text.size() || text[i + 1] == '_') return std::nullopt;
    may_follow = false;
  }
  return digits;
}

std::optional<Digits> split_base(std::string_view text) {
  Digits made;
  bool has_prefix = false;
  if (text.size() > 1 && text[0] == '0') {
    has_prefix = true;
    const char letter = static_cast<char>(text[1] | 0x20);
    made.base = letter == 'x' ? 16 : letter == 'b' ? 2 : 8;
    text.remove_prefix(letter == 'x' || letter == 'b' || letter == 'o' ? 2 : 1);
  }
  auto digits = without_underscores(text, has_prefix);
  if (!digits || digits->empty()) return std::nullopt;
  made.text = *std::move(digits);
  return made;
}

enum class Problem : std::uint8_t { kSyntax, kRange };

Result<std::uint64_t, Problem> magnitude(std::string_view text) {
  const auto digits = split_base(text);
  if (!digits) return Failure{Problem::kSyntax};
  constexpr std::uint64_t kMax = std::numeric_limits<std::uint64_t>::max();
  std::uint64_t value = 0;
  bool overflows = false;
  for (const char digit : digits->text) {
    const unsigned one = digit_value(digit);
    if (one >= digits->base) return Failure{Problem::kSyntax};
    overflows = overflows || value > (kMax - one) / digits->base;
    value = value * digits->base + one;
  }
  if (overflows) return Failure{Problem::kRange};
  return value;
}

std::string describe_problem(std::string_view function, std::string_view text, Problem problem) {
  return number_error(function, text,
                      problem == Problem::kSyntax ? "invalid syntax" : "value out of range");
}

/// A Go duration such as "1h2m3.5s"; nothing if the text is none or beyond 64 bits of nanoseconds.
std::optional<std::int64_t> go_duration_nanos(std::string_view text) {
  const bool is_negative = text.starts_with('-');
  if (is_negative || text.starts_with('+')) text.remove_prefix(1);
  if (text == "0") return 0;
  if (text.empty()) return std::nullopt;
  static constexpr std::array<std::pair<std::string_view, double>, 8> kUnits{{{"ns", 1},
                                                                              {"us", 1e3},
                                                                              {"\xC2\xB5s", 1e3},
                                                                              {"\xCE\xBCs", 1e3},
                                                                              {"ms", 1e6},
                                                                              {"s", 1e9},
                                                                              {"m", 6e10},
                                                                              {"h", 3.6e12}}};
  long double total = 0;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find_first_not_of("0123456789."), text.size());
    const std::string number(text.substr(0, end));
    if (number.empty() || number == "." || number.size() > 40 ||
        std::ranges::count(number, '.') > 1) {
      return std::nullopt;
    }
    text.remove_prefix(end);
    const std::size_t unit_end = std::min(text.find_first_of("0123456789."), text.size());
    const auto* unit = std::ranges::find(kUnits, text.substr(0, unit_end),
                                         &std::pair<std::string_view, double>::first);
    if (unit == kUnits.end()) return std::nullopt;
    text.remove_prefix(unit_end);
    total += std::strtold(number.c_str(), nullptr) * static_cast<long double>(unit->second);
  }
  if (total > static_cast<long double>(std::numeric_limits<std::int64_t>::max())) {
    return std::nullopt;
  }
  const auto nanos = static_cast<std::int64_t>(total);
  return is_negative ? -nanos : nanos;
}

}  // namespace

Result<std::uint64_t, std::string> go_unsigned(std::string_view text, unsigned bits) {
  const auto value = magnitude(text);
  if (!value.ok()) return Failure{describe_problem("ParseUint", text, value.error())};
  if (bits < 64 && *value >> bits != 0) {
    return Failure{describe_problem("ParseUint", text, Problem::kRange)};
  }
  return *value;
}

Result<std::int64_t, std::string> go_signed(std::string_view text, unsigned bits) {
  const bool is_negative = text.starts_with('-');
  std::string_view digits = text;
  if (is_negative || text.starts_with('+')) digits.remove_prefix(1);
  const auto value = magnitude(digits);
  if (!value.ok()) return Failure{describe_problem("ParseInt", text, value.error())};
  const std::uint64_t limit = std::uint64_t{1} << (bits - 1);
  if (*value > limit || (*value == limit && !is_negative)) {
    return Failure{describe_problem("ParseInt", text, Problem::kRange)};
  }
  return static_cast<std::int64_t>(is_negative ? 0 - *value : *value);
}

Result<bool, std::string> go_bool(std::string_view text) {
  static constexpr std::array<std::string_view, 6> kTrue{"1", "t", "T", "TRUE", "true", "True"};
  static constexpr std::array<std::string_view, 6> kFalse{"0", "f", "F", "FALSE", "false", "False"};
  if (std::ranges::find(kTrue, text) != kTrue.end()) return true;
  if (std::ranges::find(kFalse, text) != kFalse.end()) return false;
  return Failure{number_error("ParseBool", text, "invalid syntax")};
}

Result<Bytes, std::string> parameter_bytes(std::string_view text) {
  if (auto bytes = from_base64(text)) return *std::move(bytes);
  std::string standard(text);
  std::ranges::replace(standard, '-', '+');
  std::ranges::replace(standard, '_', '/');
  if (auto bytes = from_base64(standard)) return *std::move(bytes);
  static constexpr std::string_view kAlphabet =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  const std::size_t bad = std::min(text.find_first_not_of(kAlphabet), text.size());
  return Failure{"illegal base64 data at input byte " + std::to_string(bad)};
}

Result<Timestamp, std::string> parameter_time(std::string_view text) {
  if (text == "null") return Timestamp{};
  if (const auto time = timestamp_from_rfc3339(text)) return *time;
  std::string quoted;
  append_json_string(quoted, text);
  return Failure{"bad Timestamp: parsing time " + quoted +
                 R"( as "2006-01-02T15:04:05.999999999Z07:00": cannot parse )" + quoted +
                 R"( as "2006")"};
}

Result<Duration, std::string> parameter_duration(std::string_view text) {
  if (text == "null") return Duration{};
  constexpr std::int64_t kNanosPerSecond = 1'000'000'000;
  if (const auto nanos = go_duration_nanos(text)) {
    return Duration{*nanos / kNanosPerSecond, static_cast<std::int32_t>(*nanos % kNanosPerSecond)};
  }
  std::string quoted;
  append_json_string(quoted, text);
  return Failure{"bad Duration: time: invalid duration " + quoted};
}

}  // namespace buri::consensus::codec::detail
