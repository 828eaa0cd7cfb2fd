#include "node/consensus/api/event_query.hpp"

#include <algorithm>
#include <chrono>
#include <optional>

#include "node/consensus/api/query_scanner.hpp"

namespace buri::consensus::api {
namespace {

bool is_digit(char letter) { return letter >= '0' && letter <= '9'; }

/// Takes exactly `count` digits off the front.
std::optional<int> take_digits(std::string_view& text, std::size_t count) {
  if (text.size() < count) return std::nullopt;
  int value = 0;
  for (const char letter : text.substr(0, count)) {
    if (!is_digit(letter)) return std::nullopt;
    value = value * 10 + (letter - '0');
  }
  text.remove_prefix(count);
  return value;
}
bool take(std::string_view& text, char letter) {
  if (!text.starts_with(letter)) return false;
  text.remove_prefix(1);
  return true;
}

std::optional<std::int64_t> take_date(std::string_view& text) {
  const auto year = take_digits(text, 4);
  if (!year || !take(text, '-')) return std::nullopt;
  const auto month = take_digits(text, 2);
  if (!month || !take(text, '-')) return std::nullopt;
  const auto day = take_digits(text, 2);
  if (!day) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year{*year},
                                         std::chrono::month{static_cast<unsigned>(*month)},
                                         std::chrono::day{static_cast<unsigned>(*day)}};
  if (!date.ok()) return std::nullopt;
  return std::int64_t{std::chrono::sys_days{date}.time_since_epoch().count()} * 86'400;
}

/// Seconds of "15:04:05".
std::optional<std::int64_t> take_clock(std::string_view& text) {
  const auto hour = take_digits(text, 2);
  if (!hour || *hour > 23 || !take(text, ':')) return std::nullopt;
  const auto minute = take_digits(text, 2);
  if (!minute || *minute > 59 || !take(text, ':')) return std::nullopt;
  const auto second = take_digits(text, 2);
  if (!second || *second > 59) return std::nullopt;
  return *hour * 3600 + *minute * 60 + *second;
}

std::optional<std::int32_t> take_fraction(std::string_view& text) {
  if (!text.starts_with('.') && !text.starts_with(',')) return 0;
  text.remove_prefix(1);
  if (text.empty() || !is_digit(text[0])) return std::nullopt;
  std::int32_t nanos = 0;
  std::int32_t scale = 100'000'000;
  for (; !text.empty() && is_digit(text[0]); text.remove_prefix(1), scale /= 10) {
    nanos += (text[0] - '0') * scale;
  }
  return nanos;
}

/// Seconds east of UTC.
std::optional<std::int64_t> take_zone(std::string_view& text) {
  if (take(text, 'Z')) return 0;
  const bool is_west = text.starts_with('-');
  if (!is_west && !text.starts_with('+')) return std::nullopt;
  text.remove_prefix(1);
  const auto hour = take_digits(text, 2);
  if (!hour || *hour > 24 || !take(text, ':')) return std::nullopt;
  const auto minute = take_digits(text, 2);
  if (!minute || *minute > 59) return std::nullopt;
  const std::int64_t seconds = *hour * 3600 + *minute * 60;
  return is_west ? -seconds : seconds;
}

QueryNumber number_of(std::string_view text) {
  const std::size_t point = std::min(text.find('.'), text.size());
  std::string_view whole = text.substr(0, point);
  std::string_view fraction = text.substr(std::min(point + 1, text.size()));
  while (whole.starts_with('0')) whole.remove_prefix(1);
  while (fraction.ends_with('0')) fraction.remove_suffix(1);
  return {std::string(whole), std::string(fraction)};
}

/// The number at the front of a value, as "8" of "8pol".
std::optional<QueryNumber> leading_number(std::string_view text) {
  std::size_t end = 0;
  while (end < text.size() && is_digit(text[end])) ++end;
  if (end == 0) return std::nullopt;
  if (end + 1 < text.size() && text[end] == '.' && is_digit(text[end + 1])) {
    ++end;
    while (end < text.size() && is_digit(text[end])) ++end;
  }
  return number_of(text.substr(0, end));
}

std::strong_ordering compare(const QueryNumber& a, const QueryNumber& b) {
  if (a.whole.size() != b.whole.size()) return a.whole.size() <=> b.whole.size();
  if (const auto whole = a.whole <=> b.whole; whole != 0) return whole;
  return a.fraction <=> b.fraction;
}

bool holds(QueryOperator op, std::strong_ordering order) {
  switch (op) {
    case QueryOperator::kEqual:
      return order == 0;
    case QueryOperator::kLess:
      return order < 0;
    case QueryOperator::kLessOrEqual:
      return order <= 0;
    case QueryOperator::kGreater:
      return order > 0;
    case QueryOperator::kGreaterOrEqual:
      return order >= 0;
    default:
      return false;
  }
}

bool value_matches(const QueryCondition& condition, std::string_view value) {
  if (condition.op == QueryOperator::kExists) return true;
  if (const auto* text = std::get_if<std::string>(&condition.argument)) {
    return condition.op == QueryOperator::kContains ? value.find(*text) != value.npos
                                                    : value == *text;
  }
  if (const auto* number = std::get_if<QueryNumber>(&condition.argument)) {
    const auto found = leading_number(value);
    return found && holds(condition.op, compare(*found, *number));
  }
  if (const auto* time = std::get_if<QueryTime>(&condition.argument)) {
    const auto found = parse_rfc3339(value);
    return found && holds(condition.op, *found <=> time->moment);
  }
  const auto found = parse_date(value);
  return found && holds(condition.op, *found <=> std::get<QueryDate>(condition.argument).moment);
}

bool condition_matches(const QueryCondition& condition, const EventAttributes& attributes) {
  for (const auto& [name, values] : attributes) {
    const std::size_t point = name.rfind('.');
    if (point == std::string::npos) continue;
    if (name == condition.tag) {
      for (const std::string& value : values) {
        if (value_matches(condition, value)) return true;
      }
    }
    // A tag that is the type alone is asked of an empty text.
    const bool is_type = std::string_view(name).substr(0, point) == condition.tag;
    if (is_type && value_matches(condition, "")) return true;
  }
  return false;
}

/// Reads conditions off the scanner.
class Parser {
 public:
  explicit Parser(std::string_view text) : scanner_(text) {}

  Result<QueryCondition, std::string> condition(std::string& canonical) {
    using enum QueryToken;
    QueryCondition condition;
    RETURN_IF_ERROR(require({kTag}));
    condition.tag = scanner_.text();
    RETURN_IF_ERROR(
        require({kLessOrEqual, kGreaterOrEqual, kLess, kGreater, kEqual, kContains, kExists}));
    condition.op = operator_of(scanner_.token());
    canonical += condition.tag + " " + scanner_.text();
    if (condition.op == QueryOperator::kExists) return condition;
    if (condition.op == QueryOperator::kContains) {
      RETURN_IF_ERROR(require({kText}));
    } else if (condition.op == QueryOperator::kEqual) {
      RETURN_IF_ERROR(require({kNumber, kTime, kDate, kText}));
    } else {
      RETURN_IF_ERROR(require({kNumber, kTime, kDate}));
    }
    take_argument(condition, canonical);
    return condition;
  }

  QueryScanner& scanner() { return scanner_; }

 private:
  static QueryOperator operator_of(QueryToken token) {
    switch (token) {
      case QueryToken::kLessOrEqual:
        return QueryOperator::kLessOrEqual;
      case QueryToken::kGreaterOrEqual:
        return QueryOperator::kGreaterOrEqual;
      case QueryToken::kLess:
        return QueryOperator::kLess;
      case QueryToken::kGreater:
        return QueryOperator::kGreater;
      case QueryToken::kContains:
        return QueryOperator::kContains;
      case QueryToken::kExists:
        return QueryOperator::kExists;
      default:
        return QueryOperator::kEqual;
    }
  }

  void take_argument(QueryCondition& condition, std::string& canonical) {
    const std::string& text = scanner_.text();
    if (scanner_.token() == QueryToken::kText) {
      condition.argument = text;
      canonical += " '" + text + "'";
    } else if (scanner_.token() == QueryToken::kNumber) {
      condition.argument = number_of(text);
      canonical += " " + text;
    } else if (scanner_.token() == QueryToken::kTime) {
      condition.argument = QueryTime{parse_rfc3339(text).value_or(engine::kZeroTime)};
      canonical += " TIME " + text;
    } else {
      condition.argument = QueryDate{parse_date(text).value_or(engine::kZeroTime)};
      canonical += " DATE " + text;
    }
  }

  Status<std::string> require(std::initializer_list<QueryToken> wanted) {
    const auto found = scanner_.next();
    const std::string offset = "offset " + std::to_string(scanner_.offset()) + ": ";
    if (!found.ok()) return Failure{offset + found.error()};
    if (!*found) return Failure{offset + "EOF"};
    if (std::ranges::find(wanted, scanner_.token()) != wanted.end()) return Unit{};
    std::string names;
    for (const QueryToken token : wanted) {
      const bool is_last = token == *(wanted.end() - 1);
      if (!names.empty()) names += is_last ? " or " : ", ";
      names += name_of(token);
    }
    return Failure{offset + "got " + std::string(name_of(scanner_.token())) + ", wanted " + names};
  }

  QueryScanner scanner_;
};

}  // namespace

std::optional<engine::Timestamp> parse_rfc3339(std::string_view text) {
  const auto day = take_date(text);
  if (!day || !take(text, 'T')) return std::nullopt;
  const auto clock = take_clock(text);
  if (!clock) return std::nullopt;
  const auto nanos = take_fraction(text);
  if (!nanos) return std::nullopt;
  const auto zone = take_zone(text);
  if (!zone || !text.empty()) return std::nullopt;
  return engine::Timestamp{*day + *clock - *zone, *nanos};
}

std::optional<engine::Timestamp> parse_date(std::string_view text) {
  const auto day = take_date(text);
  if (!day || !text.empty()) return std::nullopt;
  return engine::Timestamp{*day, 0};
}

Result<EventQuery, std::string> EventQuery::parse(std::string_view text) {
  EventQuery query;
  Parser parser(text);
  for (;;) {
    ASSIGN_OR_RETURN(QueryCondition condition, parser.condition(query.canonical_));
    query.conditions_.push_back(std::move(condition));
    const auto more = parser.scanner().next();
    if (more.ok() && !*more) return query;
    if (!more.ok() || parser.scanner().token() != QueryToken::kAnd) {
      return Failure{"offset " + std::to_string(parser.scanner().offset()) + ": got " +
                     std::string(name_of(parser.scanner().token())) + ", want " +
                     std::string(name_of(QueryToken::kAnd))};
    }
    query.canonical_ += " AND ";
  }
}

bool EventQuery::matches(const EventAttributes& attributes) const {
  if (attributes.empty()) return false;
  return std::ranges::all_of(conditions_, [&](const QueryCondition& condition) {
    return condition_matches(condition, attributes);
  });
}

}  // namespace buri::consensus::api
