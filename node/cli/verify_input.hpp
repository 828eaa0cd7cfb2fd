#pragma once

#include <string>
#include <string_view>

#include "node/cli/report.hpp"

/// Reading the inputs of `buri verify`.

namespace buri::cli {

/// The bytes of a file, or of standard input for "-". At most 32 MiB.
Result<std::string, Unusable> read_input(const std::string& path);

/// How messages name an input: its path, or "standard input".
std::string input_name(const std::string& path);

/// The value of a reading result, or its error as an Unusable about `input`.
template <class T>
Result<T, Unusable> usable(const std::string& input, std::string_view advice,
                           Result<T, JsonError> result) {
  if (result.ok()) return std::move(result).value();
  return Failure{Unusable{input, std::move(result).error(), std::string(advice)}};
}

/// Advice for the answers of a node's RPC.
inline constexpr std::string_view kGiveRpcAnswer =
    "give the bundled file or the node's answer exactly as it came";

}  // namespace buri::cli
