#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"

/// The words of an event query.

namespace buri::consensus::api {

enum class QueryToken : std::uint8_t {
  kInvalid,
  kTag,     ///< tm.event
  kText,    ///< 'NewBlock'
  kNumber,  ///< 5, 15.5
  kTime,    ///< TIME 2013-05-03T14:45:00Z
  kDate,    ///< DATE 2013-05-03
  kAnd,
  kContains,
  kExists,
  kEqual,
  kLess,
  kLessOrEqual,
  kGreater,
  kGreaterOrEqual,
};

/// "tag", "AND operator": as stock's errors name it.
std::string_view name_of(QueryToken token);

/// Reads one word after the other.
class QueryScanner {
 public:
  /// `input` must outlive the scanner.
  explicit QueryScanner(std::string_view input) : input_(input) {}

  /// Whether there was another word. The error is stock's sentence.
  Result<bool, std::string> next();

  /// The word, without quotes and without TIME or DATE.
  [[nodiscard]] QueryToken token() const { return token_; }
  [[nodiscard]] const std::string& text() const { return text_; }
  /// Where it begins.
  [[nodiscard]] std::size_t offset() const { return start_; }

 private:
  Result<bool, std::string> number();
  Result<bool, std::string> word();
  Result<bool, std::string> quoted();
  Result<bool, std::string> comparison();
  Result<bool, std::string> moment(bool has_time);
  Result<bool, std::string> done(QueryToken token);

  std::string_view input_;
  std::size_t start_ = 0;
  std::size_t at_ = 0;
  QueryToken token_ = QueryToken::kInvalid;
  std::string text_;
};

}  // namespace buri::consensus::api
