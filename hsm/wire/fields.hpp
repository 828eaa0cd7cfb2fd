#pragma once

#include <array>
#include <concepts>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "base/bytes.hpp"
#include "base/codec/protobuf_reader.hpp"
#include "base/codec/protobuf_writer.hpp"
#include "base/u256.hpp"
#include "hsm/wire/refusal.hpp"

/// Messages whose fields are listed once, for writing and for reading: a template
/// fields(visitor, message) beside a plain struct calls the visitor's functions with number, name,
/// member and bounds of each field, numbers ascending (message_fields.hpp has them). FieldEncoder
/// writes the one protobuf encoding that this defines, FieldDecoder accepts nothing else: what it
/// reads encodes to the same bytes again.

namespace buri::hsm::wire {

/// Message is T or const T.
template <class Message, class T>
concept Of = std::same_as<std::remove_const_t<Message>, T>;

inline constexpr std::uint64_t kMaxNumber = std::numeric_limits<std::uint64_t>::max();

/// Writes a message. Bounds are the caller's to keep; the decoder checks them.
class FieldEncoder {
 public:
  /// An integer or enumerator; zero is not written. [lowest, highest] binds the decoder.
  template <class T>
  void number(std::uint32_t field, const char*, const T& value) {
    writer_.varint(field, static_cast<std::uint64_t>(value));
  }
  template <class T>
  void number(std::uint32_t field, const char* name, const T& value, T, T) {
    number(field, name, value);
  }
  /// Nothing and zero differ, so the varint stands in a byte string.
  void optional_number(std::uint32_t field, const char*,
                       const std::optional<std::uint64_t>& value) {
    if (!value) return;
    Bytes encoded;
    append_varint(encoded, *value);
    always(field, encoded);
  }
  void flag(std::uint32_t field, const char*, bool value) { writer_.varint(field, value ? 1 : 0); }
  /// Exactly N bytes, always written.
  template <std::size_t N>
  void fixed(std::uint32_t field, const char*, const FixedBytes<N>& value) {
    writer_.bytes(field, value);
  }
  template <std::size_t N>
  void optional_fixed(std::uint32_t field, const char*, const std::optional<FixedBytes<N>>& value) {
    if (value) writer_.bytes(field, *value);
  }
  /// At most `max` bytes; the empty string is not written.
  void bytes(std::uint32_t field, const char*, const Bytes& value, std::size_t) {
    writer_.bytes(field, value);
  }
  /// Nothing and the empty string differ.
  void optional_bytes(std::uint32_t field, const char*, const std::optional<Bytes>& value,
                      std::size_t) {
    if (value) always(field, *value);
  }
  void text(std::uint32_t field, const char*, const std::string& value, std::size_t) {
    writer_.string(field, value);
  }
  /// Big-endian without leading zeros; zero is not written.
  void big(std::uint32_t field, const char*, const U256& value) {
    writer_.bytes(field, value.to_minimal_big_endian());
  }
  /// Nothing and zero differ.
  void optional_big(std::uint32_t field, const char*, const std::optional<U256>& value) {
    if (value) always(field, value->to_minimal_big_endian());
  }
  /// Always written, even when empty.
  template <class Message>
  void message(std::uint32_t field, const char*, const Message& value) {
    FieldEncoder inner;
    fields(inner, value);
    writer_.message(field, inner.writer_);
  }
  template <class Message>
  void optional_message(std::uint32_t field, const char* name,
                        const std::optional<Message>& value) {
    if (value) message(field, name, *value);
  }
  template <class Message>
  void messages(std::uint32_t field, const char* name, const std::vector<Message>& values,
                std::size_t) {
    for (const Message& value : values) message(field, name, value);
  }
  /// Byte strings of 1 to `max_bytes` each.
  void byte_strings(std::uint32_t field, const char*, const std::vector<Bytes>& values, std::size_t,
                    std::size_t) {
    for (const Bytes& value : values) always(field, value);
  }
  /// Entries of one size, one after the other in one byte string: for long lists. An entry has
  /// kPackedBytes, pack(MutableByteView) and a static unpack(ByteView), both over so many bytes.
  template <class Entry>
  void packed(std::uint32_t field, const char*, const std::vector<Entry>& values, std::size_t) {
    Bytes bytes(values.size() * Entry::kPackedBytes);
    for (std::size_t i = 0; i < values.size(); ++i) {
      values[i].pack(MutableByteView(bytes).subspan(i * Entry::kPackedBytes, Entry::kPackedBytes));
    }
    writer_.bytes(field, bytes);
  }
  template <std::size_t N>
  void fixed_strings(std::uint32_t field, const char* name,
                     const std::vector<FixedBytes<N>>& values, std::size_t) {
    for (const FixedBytes<N>& value : values) fixed(field, name, value);
  }
  /// Packed; an empty list is not written.
  template <class T>
  void numbers(std::uint32_t field, const char*, const std::vector<T>& values, std::size_t, T, T) {
    Bytes packed;
    for (const T& value : values) append_varint(packed, static_cast<std::uint64_t>(value));
    writer_.bytes(field, packed);
  }
  void numbers(std::uint32_t field, const char* name, const std::vector<std::uint64_t>& values,
               std::size_t max_count) {
    numbers(field, name, values, max_count, std::uint64_t{0}, kMaxNumber);
  }
  /// One alternative of a variant: alternative i stands in field `first` + i.
  template <class... Alternatives>
  void choice(std::uint32_t first, const std::array<const char*, sizeof...(Alternatives)>&,
              const std::variant<Alternatives...>& value) {
    const auto field = static_cast<std::uint32_t>(first + value.index());
    std::visit([&](const auto& alternative) { message(field, "", alternative); }, value);
  }

  [[nodiscard]] const ProtobufWriter& writer() const { return writer_; }

 private:
  void always(std::uint32_t field, ByteView value);

  ProtobufWriter writer_;
};

/// Reads a message; the first thing that is wrong is kept, and all later visits do nothing.
class FieldDecoder {
 public:
  /// `failure` must outlive the decoder. Refusals carry `rule`.
  FieldDecoder(ByteView message, Rule rule, std::optional<Refusal>& failure)
      : reader_(message), rule_(rule), failure_(failure) {
    advance();
  }

  template <class T>
  void number(std::uint32_t field, const char* name, T& value) {
    number(field, name, value, std::numeric_limits<T>::lowest(), std::numeric_limits<T>::max());
  }
  template <class T>
  void number(std::uint32_t field, const char* name, T& value, T lowest, T highest) {
    std::uint64_t raw = 0;
    if (take(field, name, WireType::kVarint)) {
      raw = current_->integer;
      if (raw == 0) return fail(name, "a value other than the default", "0");
      advance();
    }
    assign(name, raw, value, lowest, highest);
  }
  void optional_number(std::uint32_t field, const char* name, std::optional<std::uint64_t>& value);
  void flag(std::uint32_t field, const char* name, bool& value) {
    std::uint64_t raw = 0;
    number(field, name, raw, std::uint64_t{0}, std::uint64_t{1});
    value = raw == 1;
  }
  template <std::size_t N>
  void fixed(std::uint32_t field, const char* name, FixedBytes<N>& value) {
    std::optional<FixedBytes<N>> read;
    optional_fixed(field, name, read);
    if (read) {
      value = *read;
    } else {
      fail(name, std::to_string(N) + " bytes", "nothing");
    }
  }
  template <std::size_t N>
  void optional_fixed(std::uint32_t field, const char* name, std::optional<FixedBytes<N>>& value) {
    value.reset();
    if (!take(field, name, WireType::kBytes)) return;
    if (current_->bytes.size() != N) return fail_size(name, std::to_string(N) + " bytes");
    value = FixedBytes<N>::from(current_->bytes);
    advance();
  }
  void bytes(std::uint32_t field, const char* name, Bytes& value, std::size_t max);
  void optional_bytes(std::uint32_t field, const char* name, std::optional<Bytes>& value,
                      std::size_t max);
  /// Printable ASCII.
  void text(std::uint32_t field, const char* name, std::string& value, std::size_t max);
  void big(std::uint32_t field, const char* name, U256& value);
  void optional_big(std::uint32_t field, const char* name, std::optional<U256>& value);
  template <class Message>
  void message(std::uint32_t field, const char* name, Message& value) {
    if (!take(field, name, WireType::kBytes)) return fail(name, "a message", "nothing");
    read_message(name, value);
  }
  template <class Message>
  void optional_message(std::uint32_t field, const char* name, std::optional<Message>& value) {
    value.reset();
    if (!take(field, name, WireType::kBytes)) return;
    read_message(name, value.emplace());
  }
  template <class Message>
  void messages(std::uint32_t field, const char* name, std::vector<Message>& values,
                std::size_t max_count) {
    values.clear();
    while (take(field, name, WireType::kBytes)) {
      if (values.size() == max_count) return fail_count(name, max_count);
      read_message(name, values.emplace_back());
    }
  }
  void byte_strings(std::uint32_t field, const char* name, std::vector<Bytes>& values,
                    std::size_t max_count, std::size_t max_bytes);
  template <class Entry>
  void packed(std::uint32_t field, const char* name, std::vector<Entry>& values,
              std::size_t max_count) {
    constexpr std::size_t kSize = Entry::kPackedBytes;
    values.clear();
    if (!take(field, name, WireType::kBytes)) return;
    const ByteView bytes = current_->bytes;
    if (bytes.empty() || bytes.size() % kSize != 0) {
      return fail_size(name, "entries of " + std::to_string(kSize) + " bytes");
    }
    if (bytes.size() / kSize > max_count) return fail_count(name, max_count);
    for (std::size_t at = 0; at < bytes.size(); at += kSize) {
      values.push_back(Entry::unpack(bytes.subspan(at, kSize)));
    }
    advance();
  }
  template <std::size_t N>
  void fixed_strings(std::uint32_t field, const char* name, std::vector<FixedBytes<N>>& values,
                     std::size_t max_count) {
    values.clear();
    for (std::optional<FixedBytes<N>> read; !failed(); values.push_back(*read)) {
      optional_fixed(field, name, read);
      if (!read) return;
      if (values.size() == max_count) return fail_count(name, max_count);
    }
  }
  template <class T>
  void numbers(std::uint32_t field, const char* name, std::vector<T>& values, std::size_t max_count,
               T lowest, T highest) {
    values.clear();
    if (!take(field, name, WireType::kBytes)) return;
    ByteView rest = current_->bytes;
    if (rest.empty()) return fail(name, "no field for an empty list", "an empty field");
    while (!rest.empty()) {
      const auto raw = take_varint(rest);
      if (!raw.ok()) return fail(name, "whole varints", std::string(buri::describe(raw.error())));
      if (values.size() == max_count) return fail_count(name, max_count);
      assign(name, *raw, values.emplace_back(), lowest, highest);
    }
    advance();
  }
  void numbers(std::uint32_t field, const char* name, std::vector<std::uint64_t>& values,
               std::size_t max_count) {
    numbers(field, name, values, max_count, std::uint64_t{0}, kMaxNumber);
  }
  template <class... Alternatives>
  void choice(std::uint32_t first, const std::array<const char*, sizeof...(Alternatives)>& names,
              std::variant<Alternatives...>& value) {
    bool found = false;
    [&]<std::size_t... I>(std::index_sequence<I...>) {
      (void)((found = found ||
                      (take(first + static_cast<std::uint32_t>(I), names[I], WireType::kBytes) &&
                       (read_message(names[I], value.template emplace<I>()), true))),
             ...);
    }(std::index_sequence_for<Alternatives...>{});
    if (!found) fail("body", "one of the known messages", "none");
  }

  /// Anything left over is a failure. Call after the visits.
  void finish();
  [[nodiscard]] bool failed() const { return failure_.has_value(); }
  /// Notes a failure of `name` in this message, unless one is noted already.
  void fail(std::string_view name, std::string expected, std::string found);

 private:
  FieldDecoder(ByteView message, const FieldDecoder& parent, const char* name)
      : reader_(message),
        rule_(parent.rule_),
        failure_(parent.failure_),
        parent_(&parent),
        name_(name) {
    advance();
  }

  void advance();
  bool take(std::uint32_t field, const char* name, WireType type);
  void fail_size(const char* name, std::string expected);
  void fail_count(const char* name, std::size_t max_count);
  [[nodiscard]] std::string path(std::string_view name) const;

  template <class Message>
  void read_message(const char* name, Message& value) {
    FieldDecoder inner(current_->bytes, *this, name);
    fields(inner, value);
    inner.finish();
    advance();
  }
  template <class T>
  void assign(const char* name, std::uint64_t raw, T& value, T lowest, T highest) {
    if constexpr (std::is_enum_v<T>) {
      using Number = std::underlying_type_t<T>;
      Number number{};
      assign(name, raw, number, static_cast<Number>(lowest), static_cast<Number>(highest));
      value = static_cast<T>(number);
    } else {
      value = static_cast<T>(raw);
      // A negative number is written as its 64-bit two's complement.
      const bool fits = static_cast<std::uint64_t>(value) == raw;
      if (fits && value >= lowest && value <= highest) return;
      fail(name, "a value from " + std::to_string(lowest) + " to " + std::to_string(highest),
           std::is_signed_v<T> ? std::to_string(static_cast<std::int64_t>(raw))
                               : std::to_string(raw));
      value = T{};
    }
  }

  ProtobufReader reader_;
  std::optional<ProtobufField> current_;
  Rule rule_;
  std::optional<Refusal>& failure_;
  const FieldDecoder* parent_ = nullptr;
  const char* name_ = "";
};

/// The one encoding of `message`, to be put into another.
template <class Message>
ProtobufWriter to_protobuf(const Message& message) {
  FieldEncoder encoder;
  fields(encoder, message);
  return encoder.writer();
}

/// The one encoding of `message`.
template <class Message>
Bytes encode_fields(const Message& message) {
  return to_protobuf(message).encoded();
}

/// Reads `bytes` as exactly one encoding of a Message.
template <class Message>
Result<Message, Refusal> decode_fields(ByteView bytes, Rule rule) {
  std::optional<Refusal> failure;
  Message message;
  FieldDecoder decoder(bytes, rule, failure);
  fields(decoder, message);
  decoder.finish();
  if (failure) return Failure{*std::move(failure)};
  return message;
}

}  // namespace buri::hsm::wire
