#pragma once

#include <memory>
#include <string>

#include "accel/backend.hpp"

/// The libraries a user would otherwise call, one item at a time: what our rates are compared with.

namespace buri::accel::engine {

/// A fixed amount of one operation's work done by another library.
class Peer {
 public:
  virtual ~Peer() = default;
  /// Library and calls, for reports.
  [[nodiscard]] virtual std::string name() const = 0;
  /// Items that one run() computes.
  [[nodiscard]] virtual std::size_t items() const = 0;
  virtual void run() = 0;
};

/// The peer of an operation: libsecp256k1 for signatures, OpenSSL for hashes and trees.
std::unique_ptr<Peer> make_peer(Operation operation);

}  // namespace buri::accel::engine
