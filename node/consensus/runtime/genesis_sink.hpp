#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "node/consensus/codec/json.hpp"
#include "node/consensus/runtime/error.hpp"

/// Where modules write their parts of a genesis: in pieces, so that a part may be larger than
/// memory.

namespace buri::consensus::runtime {

/// Collects text and hands it on when some has come together. Not thread-safe.
class GenesisSink {
 public:
  /// Takes the pieces in order. Its errors end the export.
  using Take = std::function<Status<Error>(std::string_view piece)>;
  explicit GenesisSink(Take take) : take_(std::move(take)) {}
  GenesisSink(const GenesisSink&) = delete;
  GenesisSink& operator=(const GenesisSink&) = delete;

  /// What is appended here comes behind everything before.
  [[nodiscard]] std::string& text() { return text_; }

  /// `"NAME":[`; the elements follow, each after next_element(), then end_array().
  void begin_array(std::string_view name);
  /// A comma, but not before the first. Hands the text on if there is much of it.
  Status<Error> next_element();
  void end_array() { text_ += ']'; }

  /// Hands on what is left. To be called at the end.
  Status<Error> finish();

 private:
  Take take_;
  std::string text_;
  bool is_first_ = true;
};

/// Writes the messages that it is called with as elements of an array; `sink` outlives it.
inline auto message_elements(GenesisSink& sink) {
  return [&sink](const codec::Message auto& message) -> Status<Error> {
    RETURN_IF_ERROR(sink.next_element());
    codec::append_json(sink.text(), message);
    return Unit{};
  };
}

/// A sink that appends to `target`, which outlives it.
inline GenesisSink::Take append_to(std::string& target) {
  return [&target](std::string_view piece) -> Status<Error> {
    target += piece;
    return Unit{};
  };
}

}  // namespace buri::consensus::runtime
