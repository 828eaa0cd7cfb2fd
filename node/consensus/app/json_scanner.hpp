#pragma once

#include <functional>
#include <string>
#include <vector>

#include "base/json.hpp"
#include "node/consensus/app/byte_source.hpp"

/// Finds where the values of a JSON document begin and end without reading them: only brackets,
/// strings and commas are looked at. Whoever reads a value found here parses its text strictly.

namespace buri::consensus::app {

/// Bytes [begin, end) of the document.
struct JsonPlace {
  std::uint64_t begin = 0;
  std::uint64_t end = 0;

  [[nodiscard]] std::uint64_t size() const { return end - begin; }
};

/// One member of an object.
struct JsonMember {
  std::string key;  ///< as written between the quotes; keys with escapes are refused
  JsonPlace value;
  std::vector<JsonMember> members;  ///< of an object that was descended into
};

/// Borrows the source. Holds a window of it; not thread-safe.
class JsonScanner {
 public:
  /// Whether to look into the object at a path of keys; an object is passed over otherwise.
  using Descend = std::function<bool(const std::vector<std::string>& path)>;

  explicit JsonScanner(ByteSource& source) : source_(&source) {}

  /// The members of the document's object, in one pass. Errors: it is none, something follows it,
  /// or it does not end; a key twice where this looks.
  Result<std::vector<JsonMember>, JsonError> document(const Descend& descend);
  /// Calls `visit` with the text of every element of the array at a place. Errors: no array there,
  /// an element of more than 64 MiB, and the visitor's.
  Status<JsonError> for_each(const JsonPlace& array,
                             const std::function<Status<JsonError>(const std::string&)>& visit);
  /// The text at a place. Errors: the source's.
  Result<std::string, JsonError> text(const JsonPlace& place);

 private:
  void seek(std::uint64_t offset) { offset_ = offset; }
  Status<JsonError> fill();
  /// What the window holds from the position on; empty behind the end of the document.
  Result<std::string_view, JsonError> ahead();
  /// The byte at the position, '\0' behind the end.
  Result<char, JsonError> peek();
  Result<char, JsonError> peek_past_space();
  Status<JsonError> expect(char wanted);
  /// Whether another item follows in a list that ends with `end`; takes the comma or the end.
  Result<bool, JsonError> take_separator(char end);
  Status<JsonError> skip_string();
  Status<JsonError> skip_container();
  Status<JsonError> skip_scalar();
  Result<JsonPlace, JsonError> skip_value();
  Result<std::string, JsonError> take_key();
  Result<std::vector<JsonMember>, JsonError> members(const Descend& descend,
                                                     std::vector<std::string>& path);
  [[nodiscard]] JsonError error(std::string expected, std::string found) const;

  ByteSource* source_;
  std::uint64_t offset_ = 0;
  std::uint64_t window_begin_ = 0;
  std::vector<char> window_;
};

}  // namespace buri::consensus::app
