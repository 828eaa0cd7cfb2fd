#pragma once

#include <string>
#include <string_view>

/// A connection to a SOCK_STREAM socket that sends words and reads what comes back.

namespace buri::hsm::test {

/// Not copyable.
class StreamLine {
 public:
  /// Connects and sends `words`; answer() is empty if that fails.
  StreamLine(const std::string& path, std::string_view words);
  ~StreamLine();
  StreamLine(const StreamLine&) = delete;
  StreamLine& operator=(const StreamLine&) = delete;

  /// Up to the end of a line of JSON or the end of the connection, at most five seconds.
  [[nodiscard]] std::string answer() const;

 private:
  int descriptor_;
};

}  // namespace buri::hsm::test
