#pragma once

#include <string>

#include "node/consensus/codec/json.hpp"

/// The one-line text that gogoproto prints messages in: `name:value `, sub-messages in <>, fields
/// that are not set left out. Events and reasons of failed proposals hold such texts.

namespace buri::consensus::codec {

/// Appends the fields of `value`, each followed by a space.
template <Message T>
void append_compact_text(std::string& target, const T& value);

namespace detail {

/// Appends quoted text: \n, \r, \t, the quote and the backslash escaped, other bytes outside
/// printable ASCII in octal.
void append_quoted_text(std::string& target, ByteView bytes);

template <class T>
void append_text_value(std::string& target, const T& value) {
  if constexpr (std::same_as<T, bool>) {
    target += value ? "true" : "false";
  } else if constexpr (NamedEnum<T>) {
    const auto names = enum_names(value);
    const auto index = static_cast<std::size_t>(value);
    target += index < names.size() ? std::string(names[index]) : std::to_string(index);
  } else if constexpr (std::is_enum_v<T>) {
    target += std::to_string(static_cast<std::int64_t>(value));
  } else if constexpr (VarintField<T>) {
    target += std::to_string(value);
  } else if constexpr (std::same_as<T, std::string>) {
    append_quoted_text(target, as_bytes(value));
  } else if constexpr (std::same_as<T, Bytes>) {
    append_quoted_text(target, value);
  } else if constexpr (TextField<T>) {
    append_quoted_text(target, as_bytes(value.to_text()));
  } else {
    static_assert(Message<T>, "this member type has no text form");
    target += '<';
    append_compact_text(target, value);
    target += '>';
  }
}

template <class T>
void append_text_field(std::string& target, std::string_view name, const T& value) {
  const auto append_one = [&](const auto& one) {
    target += std::string(name) + ':';
    append_text_value(target, one);
    target += ' ';
  };
  if constexpr (OptionalField<T>) {
    if (value) append_one(*value);
  } else if constexpr (RepeatedField<T>) {
    for (const auto& one : value) append_one(one);
  } else if constexpr (VarintField<T>) {
    if (to_wire(value) != 0) append_one(value);
  } else if constexpr (DelimitedField<T>) {
    if (!value.empty()) append_one(value);
  } else if constexpr (std::same_as<T, Duration>) {
    // A span of no time is a zero of Go's and left out; the moment zero is not.
    if (value != Duration{}) append_one(value);
  } else {
    append_one(value);
  }
}

}  // namespace detail

template <Message T>
void append_compact_text(std::string& target, const T& value) {
  T::fields()([&](const auto&... field) {
    (detail::append_text_field(target, field.name, value.*field.member), ...);
  });
}

/// Decodes `bytes` as a T and appends its text; false if it does not decode.
template <Message T>
bool append_compact_text_of(std::string& target, ByteView bytes) {
  const auto value = decode<T>(bytes);
  if (value.ok()) append_compact_text(target, *value);
  return value.ok();
}

}  // namespace buri::consensus::codec
