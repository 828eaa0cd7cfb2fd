#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/hex.hpp"
#include "base/json_cursor.hpp"
#include "hsm/ceremony/text.hpp"

/// JSON of the ceremony's records. A record type has one function
///   template <class Visitor> void describe_fields(Visitor& visit, Record& record);
/// that names its fields in order; it serves writing and reading. What we write has one form only:
/// two blanks of indentation, fields in that order, bytes in lower-case hex without prefix.

namespace buri::hsm::ceremony {

/// `text` in quotes, as JSON escapes it.
std::string quoted_json(std::string_view text);

/// Writes a record.
class RecordWriter {
 public:
  template <class T>
  void field(std::string_view key, T& value) {
    begin_item();
    text_ += quoted_json(key) + ": ";
    write(value);
  }
  /// A field that may be absent when read; written always.
  template <class T>
  void optional_field(std::string_view key, T& value) {
    field(key, value);
  }
  /// An enumerator by its name: names[0] is the enumerator 0.
  template <class Enum, class Names>
  void choice(std::string_view key, Enum& value, const Names& names) {
    std::string name(names[static_cast<std::size_t>(value)]);
    field(key, name);
  }
  /// A whole document.
  template <class Record>
  std::string document(Record& record) {
    write(record);
    return std::move(text_) + "\n";
  }

 private:
  void begin_item();
  void open(char bracket);
  void close(char bracket);
  void write(std::string& text) { text_ += quoted_json(text); }
  void write(bool flag) { text_ += flag ? "true" : "false"; }
  void write(std::uint64_t number) { text_ += std::to_string(number); }
  void write(Bytes& bytes) { text_ += quoted_json(to_hex(bytes)); }
  template <std::size_t N>
  void write(FixedBytes<N>& bytes) {
    text_ += quoted_json(to_hex(bytes));
  }
  template <class T>
  void write(std::vector<T>& values) {
    open('[');
    for (T& value : values) {
      begin_item();
      write(value);
    }
    close(']');
  }
  template <class Record>
  void write(Record& record) {
    open('{');
    describe_fields(*this, record);
    close('}');
  }

  std::string text_;
  std::size_t depth_ = 0;
  bool is_first_ = true;
};

/// Reads a record; the first error wins.
class RecordReader {
 public:
  explicit RecordReader(JsonCursor place) : place_(std::move(place)) {}

  template <class T>
  void field(std::string_view key, T& value) {
    known_.push_back(key);
    if (error_) return;
    const auto member = place_.member(key);
    if (!member.ok()) return fail(member.error());
    read(*member, value);
  }
  template <class T>
  void optional_field(std::string_view key, T& value) {
    if (place_.has(key)) return field(key, value);
    known_.push_back(key);
  }
  template <class Enum, class Names>
  void choice(std::string_view key, Enum& value, const Names& names) {
    std::string name;
    field(key, name);
    std::string known;
    for (std::size_t i = 0; i < names.size(); ++i) {
      if (names[i] == name) return void(value = static_cast<Enum>(i));
      known += (i == 0 ? "one of " : ", ") + std::string(names[i]);
    }
    if (!error_) fail(place_.member(key)->error(known));
  }
  /// The first error, or that of a field which the record does not have.
  [[nodiscard]] std::optional<JsonError> finish() const;

 private:
  void fail(JsonError error) {
    if (!error_) error_ = std::move(error);
  }
  template <class T, class U>
  void take(Result<T, JsonError> result, U& target) {
    if (!result.ok()) return fail(result.error());
    target = std::move(result).value();
  }
  /// Plain text, or nothing at all.
  void read(const JsonCursor& place, std::string& text);
  void read(const JsonCursor& place, bool& flag) { take(place.boolean(), flag); }
  void read(const JsonCursor& place, std::uint64_t& number) {
    take(place.unsigned_number(std::uint64_t{1} << 53), number);
  }
  void read(const JsonCursor& place, Bytes& bytes);
  template <std::size_t N>
  void read(const JsonCursor& place, FixedBytes<N>& bytes) {
    Bytes read_bytes;
    read(place, read_bytes);
    if (error_) return;
    if (read_bytes.size() != N) return fail(place.error(std::to_string(2 * N) + " hex digits"));
    bytes = FixedBytes<N>::from(read_bytes);
  }
  template <class T>
  void read(const JsonCursor& place, std::vector<T>& values) {
    const auto elements = place.elements(kMaxElements);
    if (!elements.ok()) return fail(elements.error());
    values.resize(elements->size());
    for (std::size_t i = 0; i < values.size() && !error_; ++i) read((*elements)[i], values[i]);
  }
  template <class Record>
  void read(const JsonCursor& place, Record& record) {
    RecordReader reader(place);
    describe_fields(reader, record);
    if (auto error = reader.finish()) fail(*std::move(error));
  }

  static constexpr std::size_t kMaxElements = 1000;

  JsonCursor place_;
  std::vector<std::string_view> known_;
  std::optional<JsonError> error_;
};

/// The record as a file holds it.
template <class Record>
std::string encode_record(Record record) {
  return RecordWriter().document(record);
}

/// A document of at most 1 MiB with exactly the record's fields, in any order and layout.
template <class Record>
Result<Record, JsonError> decode_loose_record(std::string_view text) {
  JsonLimits limits;
  limits.max_bytes = std::size_t{1} << 20;
  ASSIGN_OR_RETURN(const JsonValue document, parse_json(text, limits));
  RecordReader reader{JsonCursor(document)};
  Record record;
  describe_fields(reader, record);
  if (const auto error = reader.finish()) return Failure{*error};
  return record;
}

/// As decode_loose_record(), and byte for byte what encode_record() writes.
template <class Record>
Result<Record, JsonError> decode_record(std::string_view text) {
  ASSIGN_OR_RETURN(Record record, decode_loose_record<Record>(text));
  if (encode_record(record) == text) return record;
  return Failure{JsonError{"document", "the layout that buri writes", "another layout"}};
}

}  // namespace buri::hsm::ceremony
