#pragma once

#include <boost/json.hpp>
#include <string>
#include <string_view>

/// One part of what `buri status` tells: facts, or one sentence on why there are none and what to
/// do about it.

namespace buri::cli {

/// {"unavailable": SENTENCE}
inline boost::json::object unavailable(const std::string& sentence) {
  return {{"unavailable", sentence}};
}
inline bool is_available(const boost::json::object& part) { return !part.contains("unavailable"); }

/// The text at a path of objects and arrays; empty if it is not there.
std::string text_at(const boost::json::value& value, std::string_view pointer);
/// A number, or a text of digits as CometBFT writes 64-bit numbers; 0 if it is not there.
std::int64_t number_at(const boost::json::value& value, std::string_view pointer);

}  // namespace buri::cli
