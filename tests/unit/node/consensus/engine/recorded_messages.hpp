#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.hpp"

/// Messages that the stock node's own code marshalled, read from the recordings beside the large
/// suites.

namespace buri::testing {

struct RecordedMessage {
  std::string name;
  Bytes bytes;
};

/// The file's messages whose names begin with `prefix`; nothing if the recordings are not here.
std::optional<std::vector<RecordedMessage>> recorded_messages(std::string_view prefix);

/// A file of the recordings, as bytes; nothing if it is not here.
std::optional<Bytes> recorded_bytes(std::string_view path);

}  // namespace buri::testing
