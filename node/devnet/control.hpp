#pragma once

#include <boost/json.hpp>
#include <chrono>
#include <functional>
#include <string>

#include "base/descriptor.hpp"
#include "base/result.hpp"

/// The socket at which the process that runs a devnet hears the other verbs: one JSON object each
/// way and a line feed, one question a connection. The folder is its owner's alone.

namespace buri::devnet {

/// The answer to a question; the error becomes {"error": TEXT}.
using ControlHandler =
    std::function<Result<boost::json::object, std::string>(const boost::json::object&)>;

/// Used by one thread.
class ControlServer {
 public:
  /// Listens; replaces the socket that an ended process left. The error is a sentence.
  static Result<ControlServer, std::string> listen(const std::string& path);
  ControlServer(ControlServer&&) = default;
  ControlServer& operator=(ControlServer&&) = default;

  /// To be waited on with poll(2).
  [[nodiscard]] int descriptor() const { return listener_.get(); }
  /// Answers the question that waits, if one does; a caller that says nothing is left after a
  /// second.
  void serve_one(const ControlHandler& handler) const;

 private:
  explicit ControlServer(Descriptor listener) : listener_(std::move(listener)) {}
  Descriptor listener_;
};

/// Asks the process that runs the devnet. The error is its own, or says that there is none.
Result<boost::json::object, std::string> ask_devnet(const std::string& path,
                                                    const boost::json::object& question,
                                                    std::chrono::seconds patience);

}  // namespace buri::devnet
