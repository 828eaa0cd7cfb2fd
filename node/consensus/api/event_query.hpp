#pragma once

#include <map>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/result.hpp"
#include "node/consensus/engine/types.hpp"

/// The queries by which clients say which events they want: conditions on attributes, joined by
/// AND (0xPolygon/cometbft v0.3.8-polygon, libs/pubsub/query).

namespace buri::consensus::api {

/// Values by "type.attribute", as "tm.event" or "milestone.number".
using EventAttributes = std::map<std::string, std::vector<std::string>>;

/// A number as it is written: digits before the point without leading zeros, digits behind it
/// without trailing ones. Of any size.
struct QueryNumber {
  std::string whole;
  std::string fraction;
};

enum class QueryOperator : std::uint8_t {
  kEqual,
  kLess,
  kLessOrEqual,
  kGreater,
  kGreaterOrEqual,
  kContains,
  kExists,
};

/// TIME 2013-05-03T14:45:00Z
struct QueryTime {
  engine::Timestamp moment;
};
/// DATE 2013-05-03
struct QueryDate {
  engine::Timestamp moment;
};

struct QueryCondition {
  std::string tag;
  QueryOperator op{};
  std::variant<std::monostate, std::string, QueryNumber, QueryTime, QueryDate> argument;
};

/// A parsed query. Immutable.
class EventQuery {
 public:
  /// The error is stock's sentence, with the offset.
  static Result<EventQuery, std::string> parse(std::string_view text);

  [[nodiscard]] bool matches(const EventAttributes& attributes) const;
  /// The query with single blanks: two queries are the same if these are.
  [[nodiscard]] const std::string& canonical() const { return canonical_; }
  [[nodiscard]] const std::vector<QueryCondition>& conditions() const { return conditions_; }

 private:
  std::vector<QueryCondition> conditions_;
  std::string canonical_;
};

/// RFC 3339 as Go's time.Parse reads it; nothing if it is none.
std::optional<engine::Timestamp> parse_rfc3339(std::string_view text);
/// "2013-05-03", its first moment in UTC.
std::optional<engine::Timestamp> parse_date(std::string_view text);

}  // namespace buri::consensus::api
