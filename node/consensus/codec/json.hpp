#pragma once

#include <algorithm>
#include <functional>
#include <limits>
#include <map>
#include <string>

#include "base/json_cursor.hpp"
#include "node/consensus/codec/message.hpp"

/// protobuf JSON of every struct that describes itself (schema.hpp): genesis files and the REST
/// gateway. Reading takes snake_case and lowerCamel names, ignores unknown ones, takes 64-bit
/// integers as strings or numbers and treats null as absent. Writing gives snake_case names,
/// defaults included, 64-bit integers as strings, bytes as base64 or, if there are none, as null,
/// times in RFC 3339.

namespace buri::consensus::codec {

/// Enums with names declare `constexpr std::span<const std::string_view> enum_names(E)` beside
/// themselves, found by argument-dependent look-up; others are plain numbers, and so are values
/// whose name is empty.
template <class T>
concept NamedEnum = std::is_enum_v<T> && requires(T value) { enum_names(value); };

/// An element of a map: a message of the fields 1 "key", a number, and 2 "value" that declares
/// `static constexpr bool kIsMapEntry = true`. A list of them is written as one object, in its
/// order; maps occur in answers only and are not read.
template <class T>
concept MapEntry = Message<T> && requires { requires T::kIsMapEntry; };
template <class T>
concept MapField = RepeatedField<T> && MapEntry<typename T::value_type>;

/// A message whose fields exclude each other (a oneof of the .proto file) declares
/// `static constexpr bool kIsOneof = true`: what is not set is not written.
template <class T>
concept OneofMessage = Message<T> && requires { requires T::kIsOneof; };
/// A text field whose JSON differs from its text on the wire.
template <class T>
concept JsonTextField = TextField<T> && requires(const T& value) {
  { value.to_json_text() } -> std::convertible_to<std::string>;
};

/// How the content of an Any is read and written; empty functions refuse every Any.
struct AnyJson {
  std::function<Result<Any, JsonError>(const JsonCursor&)> read;
  /// Appends the object, "@type" included; false if the type is unknown.
  std::function<bool(std::string&, const Any&)> write;
};

/// Reads a message. Errors name the field by its path.
template <Message T>
Result<T, JsonError> from_json(const JsonCursor& object, const AnyJson& anys = {});

/// Reads a value of any type that a member may have, such as one element of an array.
template <class T>
Result<T, JsonError> read_json(const JsonCursor& value, const AnyJson& anys = {});

/// Appends the message as one JSON object.
template <Message T>
void append_json(std::string& target, const T& value, const AnyJson& anys = {});

/// Reads a message from an object whose "@type" the caller has seen.
template <Message T>
Result<Any, JsonError> any_from_json(const JsonCursor& object, const AnyJson& anys) {
  ASSIGN_OR_RETURN(const T value, from_json<T>(object, anys));
  return pack(value);
}

/// Decodes `bytes` as a T and appends it with "@type" as its first member; false if it does not
/// decode.
template <Message T>
bool append_any_json(std::string& target, ByteView bytes, const AnyJson& anys) {
  const auto value = decode<T>(bytes);
  if (!value.ok()) return false;
  std::string object;
  append_json(object, *value, anys);
  target += "{\"@type\":\"" + type_url<T>() + "\"";
  if (object.size() > 2) target += ',';
  target += object.substr(1);
  return true;
}

/// "2026-11-25T17:13:30.380541069Z" and back; nothing if the text is no such time. Years 1 to 9999.
std::string to_rfc3339(const Timestamp& time);
std::optional<Timestamp> timestamp_from_rfc3339(std::string_view text);
/// "1000s", "1.500s" and back.
std::string to_seconds_text(const Duration& duration);
std::optional<Duration> duration_from_seconds_text(std::string_view text);
/// "start_block" becomes "startBlock".
std::string to_lower_camel(std::string_view snake);
/// Appends a JSON string with the escapes that encoding/json uses.
void append_json_string(std::string& target, std::string_view text);

/// The member under either spelling of its name; nothing if absent or null.
std::optional<JsonCursor> json_member(const JsonCursor& object, std::string_view snake);

namespace detail {

Result<std::int64_t, JsonError> json_integer(const JsonCursor& value, std::int64_t min,
                                             std::int64_t max);
Result<std::uint64_t, JsonError> json_unsigned(const JsonCursor& value, std::uint64_t max);
Result<Bytes, JsonError> json_bytes(const JsonCursor& value);
void append_base64(std::string& target, ByteView bytes);

template <VarintField T>
Result<T, JsonError> varint_from_json(const JsonCursor& value) {
  if constexpr (std::same_as<T, bool>) {
    return value.boolean();
  } else if constexpr (NamedEnum<T>) {
    if (value.value().kind == JsonValue::Kind::kString) {
      const auto names = enum_names(T{});
      const auto name = std::ranges::find(names, value.value().text);
      if (name == names.end() || name->empty()) {
        return Failure{value.error("a name of the enumeration")};
      }
      return static_cast<T>(name - names.begin());
    }
    ASSIGN_OR_RETURN(const std::uint64_t number, json_unsigned(value, 0x7FFFFFFF));
    return static_cast<T>(number);
  } else if constexpr (std::is_enum_v<T>) {
    ASSIGN_OR_RETURN(const std::uint64_t number, json_unsigned(value, 0x7FFFFFFF));
    return static_cast<T>(number);
  } else if constexpr (std::is_signed_v<T>) {
    using Limits = std::numeric_limits<T>;
    ASSIGN_OR_RETURN(const std::int64_t number, json_integer(value, Limits::min(), Limits::max()));
    return static_cast<T>(number);
  } else {
    ASSIGN_OR_RETURN(const std::uint64_t number,
                     json_unsigned(value, std::numeric_limits<T>::max()));
    return static_cast<T>(number);
  }
}

template <class T>
Result<T, JsonError> value_from_json(const JsonCursor& value, const AnyJson& anys) {
  if constexpr (VarintField<T>) {
    return varint_from_json<T>(value);
  } else if constexpr (std::same_as<T, std::string>) {
    ASSIGN_OR_RETURN(const std::string_view text, value.string());
    return std::string(text);
  } else if constexpr (std::same_as<T, Bytes>) {
    return json_bytes(value);
  } else if constexpr (TextField<T>) {
    ASSIGN_OR_RETURN(const std::string_view text, value.string());
    auto parsed = T::from_text(text);
    if (!parsed) return Failure{value.error("a number in a string")};
    return *std::move(parsed);
  } else if constexpr (std::same_as<T, Timestamp>) {
    ASSIGN_OR_RETURN(const std::string_view text, value.string());
    const auto time = timestamp_from_rfc3339(text);
    if (!time) return Failure{value.error("an RFC 3339 time")};
    return *time;
  } else if constexpr (std::same_as<T, Duration>) {
    ASSIGN_OR_RETURN(const std::string_view text, value.string());
    const auto duration = duration_from_seconds_text(text);
    if (!duration) return Failure{value.error("a duration in seconds")};
    return *duration;
  } else if constexpr (std::same_as<T, Any>) {
    if (!anys.read) return Failure{value.error("no message of any type")};
    return anys.read(value);
  } else if constexpr (OptionalField<T>) {
    ASSIGN_OR_RETURN(auto held, value_from_json<typename T::value_type>(value, anys));
    return T(std::move(held));
  } else if constexpr (RepeatedField<T>) {
    static_assert(!MapField<T>, "maps are not read");
    T all;
    ASSIGN_OR_RETURN(const auto elements, value.elements(std::size_t{1} << 32));
    for (const JsonCursor& element : elements) {
      ASSIGN_OR_RETURN(auto one, value_from_json<typename T::value_type>(element, anys));
      all.push_back(std::move(one));
    }
    return all;
  } else {
    return from_json<T>(value, anys);
  }
}

template <class T>
void append_value(std::string& target, const T& value, const AnyJson& anys) {
  if constexpr (std::same_as<T, bool>) {
    target += value ? "true" : "false";
  } else if constexpr (NamedEnum<T>) {
    const auto names = enum_names(value);
    const auto index = static_cast<std::size_t>(value);
    if (index < names.size() && !names[index].empty()) {
      append_json_string(target, names[index]);
    } else {
      target += std::to_string(index);
    }
  } else if constexpr (std::is_enum_v<T>) {
    target += std::to_string(static_cast<std::int64_t>(value));
  } else if constexpr (VarintField<T>) {
    const bool is_quoted = sizeof(T) == 8;
    if (is_quoted) target += '"';
    target += std::to_string(value);
    if (is_quoted) target += '"';
  } else if constexpr (std::same_as<T, std::string>) {
    append_json_string(target, value);
  } else if constexpr (std::same_as<T, Bytes>) {
    append_base64(target, value);
  } else if constexpr (JsonTextField<T>) {
    append_json_string(target, value.to_json_text());
  } else if constexpr (TextField<T>) {
    append_json_string(target, value.to_text());
  } else if constexpr (std::same_as<T, Timestamp>) {
    append_json_string(target, to_rfc3339(value));
  } else if constexpr (std::same_as<T, Duration>) {
    append_json_string(target, to_seconds_text(value));
  } else if constexpr (std::same_as<T, Any>) {
    if (!anys.write || !anys.write(target, value)) target += "null";
  } else if constexpr (OptionalField<T>) {
    if (value) {
      append_value(target, *value, anys);
    } else {
      target += "null";
    }
  } else if constexpr (MapField<T>) {
    target += '{';
    for (std::size_t i = 0; i < value.size(); ++i) {
      target += (i > 0 ? ",\"" : "\"") + std::to_string(value[i].key) + "\":";
      append_value(target, value[i].value, anys);
    }
    target += '}';
  } else if constexpr (RepeatedField<T>) {
    target += '[';
    for (std::size_t i = 0; i < value.size(); ++i) {
      if (i > 0) target += ',';
      append_value<typename T::value_type>(target, value[i], anys);
    }
    target += ']';
  } else {
    append_json(target, value, anys);
  }
}

}  // namespace detail

template <Message T>
Result<T, JsonError> from_json(const JsonCursor& object, const AnyJson& anys) {
  if (object.value().kind != JsonValue::Kind::kObject) return Failure{object.error("an object")};
  T value{};
  Status<JsonError> status = Unit{};
  const auto read = [&]<class Field>(const Field& field) {
    if (!status.ok()) return;
    const auto member = json_member(object, field.name);
    if (!member) return;
    auto result = detail::value_from_json<typename Field::ValueType>(*member, anys);
    if (result.ok()) {
      value.*field.member = std::move(result).value();
    } else {
      status = Failure{std::move(result).error()};
    }
  };
  T::fields()([&](const auto&... field) { (read(field), ...); });
  RETURN_IF_ERROR(std::move(status));
  return value;
}

template <class T>
Result<T, JsonError> read_json(const JsonCursor& value, const AnyJson& anys) {
  return detail::value_from_json<T>(value, anys);
}

template <Message T>
void append_json(std::string& target, const T& value, const AnyJson& anys) {
  target += '{';
  bool is_first = true;
  const auto write = [&](const auto& field) {
    if constexpr (OneofMessage<T>) {
      if (!(value.*field.member)) return;
    }
    if (!is_first) target += ',';
    is_first = false;
    append_json_string(target, field.name);
    target += ':';
    if constexpr (std::same_as<std::remove_cvref_t<decltype(value.*field.member)>, Bytes>) {
      if ((value.*field.member).empty()) {
        target += "null";
        return;
      }
    }
    detail::append_value(target, value.*field.member, anys);
  };
  T::fields()([&](const auto&... field) { (write(field), ...); });
  target += '}';
}

}  // namespace buri::consensus::codec
