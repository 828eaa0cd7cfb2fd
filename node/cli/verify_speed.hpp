#pragma once

#include <boost/json/object.hpp>

/// How fast this machine's backends are, beside the libraries one would otherwise use: the table
/// that ends `buri verify`. Both forms measure for some seconds per backend.

namespace buri::cli {

/// Prints the table to standard output, each line as soon as it is measured.
void print_speed();

/// The same: {"cpu", "rates": [{"backend", "operation", "batch", "per_second", "ratio",
/// "peer"}...], "missing": [{"backend", "reason"}...]}.
boost::json::object speed_json();

}  // namespace buri::cli
