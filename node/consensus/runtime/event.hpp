#pragma once

#include <string>
#include <utility>
#include <vector>

/// Events: what indexers and the bridge read from block results. In no hash.

namespace buri::consensus::runtime {

/// A type and attributes in order.
struct Event {
  std::string type;
  std::vector<std::pair<std::string, std::string>> attributes;

  friend bool operator==(const Event&, const Event&) = default;
};

/// Events in the order in which they were emitted.
using EventLog = std::vector<Event>;

}  // namespace buri::consensus::runtime
