#pragma once

#include <string>
#include <vector>

#include <boost/json/object.hpp>

namespace buri::cli {

/// A report of `buri status` for people: a heading and what there is to say behind it, line by
/// line.
std::vector<std::string> status_lines(const boost::json::object& report);

}  // namespace buri::cli
