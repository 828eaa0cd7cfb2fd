#pragma once

#include <concepts>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "base/bytes.hpp"

/// How a struct says which protobuf message it is. From one declaration follow its wire codec
/// (message.hpp), its JSON (json.hpp), the walk for unknown fields (unknown_fields.hpp) and the
/// legacy amino JSON that wallets sign (amino_json.hpp).
///
///     struct Coin {
///       std::string denom;
///       Int amount;
///       static constexpr std::string_view kName = "cosmos.base.v1beta1.Coin";
///       static constexpr auto fields() {
///         return fields_of(Field{1, "denom", &Coin::denom}, Field{2, "amount", &Coin::amount});
///       }
///     };
///
/// A message may add `kAminoName`, the option amino.name of its .proto file. Fields stand in
/// ascending order. What a member's type means on the wire:
///   bool, enum, (u)int32/64            varint; zero is not written
///   std::string, Bytes                 length-delimited; empty is not written
///   a text field (TextField below)     its text, always written: gogoproto's custom types
///   a message                          a non-nullable sub-message: always written, even if empty
///   std::optional<message>             a nullable one
///   std::vector<...>                   repeated; integers packed

namespace buri::consensus::codec {

/// What legacy amino JSON does with a field that is not set: the options amino.dont_omitempty and
/// amino.encoding = "legacy_coins" of the .proto file.
enum class Amino : std::uint8_t {
  kOmitEmpty,
  kKeepEmpty,  ///< writes the default; null for a list
  kCoins,      ///< writes [] for no coins
};

/// One field of a message: number, snake_case name as in the .proto file, member.
template <class Owner, class Value>
struct Field {
  using ValueType = Value;
  std::uint32_t number;
  std::string_view name;
  Value Owner::* member;
  Amino amino = Amino::kOmitEmpty;
};
template <class Owner, class Value>
Field(int, const char*, Value Owner::*) -> Field<Owner, Value>;
template <class Owner, class Value>
Field(int, const char*, Value Owner::*, Amino) -> Field<Owner, Value>;

/// What `fields()` returns: called with a visitor, it calls that once with every field as an
/// argument. A closure and no std::tuple, which costs the compiler many times as much for each of
/// the hundreds of messages.
template <class... Fields>
constexpr auto fields_of(Fields... fields) {
  return [fields...](auto&& visitor) { return visitor(fields...); };
}

/// A struct that describes itself as above.
template <class T>
concept Message = requires {
  { T::kName } -> std::convertible_to<std::string_view>;
  T::fields();
};

/// A value that travels as text: `to_text()` always, `from_text` nothing if it is no such value.
template <class T>
concept TextField = requires(const T& value, std::string_view text) {
  { value.to_text() } -> std::convertible_to<std::string>;
  { T::from_text(text) } -> std::same_as<std::optional<T>>;
};

template <class T>
concept VarintField = std::is_integral_v<T> || std::is_enum_v<T>;
template <class T>
concept DelimitedField = std::same_as<T, std::string> || std::same_as<T, Bytes>;

template <class T>
inline constexpr bool kIsOptional = false;
template <class T>
inline constexpr bool kIsOptional<std::optional<T>> = true;
template <class T>
inline constexpr bool kIsRepeated = false;
template <class T>
inline constexpr bool kIsRepeated<std::vector<T>> = !std::same_as<std::vector<T>, Bytes>;
template <class T>
concept OptionalField = kIsOptional<T>;
template <class T>
concept RepeatedField = kIsRepeated<T>;

/// A message inside a message, named by its type: google.protobuf.Any.
struct Any {
  std::string type_url;
  Bytes value;

  static constexpr std::string_view kName = "google.protobuf.Any";
  static constexpr auto fields() {
    return fields_of(Field{1, "type_url", &Any::type_url}, Field{2, "value", &Any::value});
  }
  friend bool operator==(const Any&, const Any&) = default;
};

/// google.protobuf.Timestamp: nanoseconds in [0, 10^9) after `seconds` of the Unix epoch. Ordered.
struct Timestamp {
  std::int64_t seconds = 0;
  std::int32_t nanos = 0;

  static constexpr std::string_view kName = "google.protobuf.Timestamp";
  static constexpr auto fields() {
    return fields_of(Field{1, "seconds", &Timestamp::seconds},
                     Field{2, "nanos", &Timestamp::nanos});
  }
  friend auto operator<=>(const Timestamp&, const Timestamp&) = default;
};

/// google.protobuf.Duration: both parts of one sign.
struct Duration {
  std::int64_t seconds = 0;
  std::int32_t nanos = 0;

  static constexpr std::string_view kName = "google.protobuf.Duration";
  static constexpr auto fields() {
    return fields_of(Field{1, "seconds", &Duration::seconds}, Field{2, "nanos", &Duration::nanos});
  }
  friend auto operator<=>(const Duration&, const Duration&) = default;
};

/// The type URL of a message: "/" and its name.
template <Message T>
std::string type_url() {
  return "/" + std::string(T::kName);
}

}  // namespace buri::consensus::codec
