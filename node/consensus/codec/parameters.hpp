#pragma once

#include <algorithm>
#include <span>
#include <string>

#include "node/consensus/codec/json.hpp"

/// Fields of a message given as texts by their names, as the path and the query of a REST request
/// give them (grpc-gateway v1.16, runtime/query.go and runtime/convert.go). Error texts are the
/// gateway's, because clients see them.

namespace buri::consensus::codec {

/// One field and what was given for it.
struct Parameter {
  std::string name;                 ///< "pagination.limit", in snake_case or lowerCamel
  std::vector<std::string> values;  ///< a single field takes the first
};

/// Sets one field. A name that the message does not have is passed over; so are more than
/// kMaxParameterDepth names in a row. The error is the gateway's text.
template <Message T>
Status<std::string> set_parameter(T& message, std::string_view name,
                                  std::span<const std::string> values);

inline constexpr std::size_t kMaxParameterDepth = 8;

namespace detail {

/// Go's strconv with base 0: "10", "0x1f", "0b1", "0o7", "017", underscores between digits where a
/// base prefix stands. Errors: "strconv.ParseUint: parsing \"x\": invalid syntax" and the like.
Result<std::uint64_t, std::string> go_unsigned(std::string_view text, unsigned bits);
Result<std::int64_t, std::string> go_signed(std::string_view text, unsigned bits);
Result<bool, std::string> go_bool(std::string_view text);
/// Base64 of the standard alphabet, else of the URL's.
Result<Bytes, std::string> parameter_bytes(std::string_view text);
Result<Timestamp, std::string> parameter_time(std::string_view text);
Result<Duration, std::string> parameter_duration(std::string_view text);

template <VarintField T>
Result<T, std::string> parameter_number(std::string_view text) {
  if constexpr (std::same_as<T, bool>) {
    return go_bool(text);
  } else if constexpr (std::is_enum_v<T>) {
    if constexpr (NamedEnum<T>) {
      const auto names = enum_names(T{});
      const auto found = std::ranges::find(names, text);
      if (found != names.end() && !found->empty()) return static_cast<T>(found - names.begin());
    }
    ASSIGN_OR_RETURN(const std::int64_t number, go_signed(text, 32));
    return static_cast<T>(number);
  } else if constexpr (std::is_signed_v<T>) {
    ASSIGN_OR_RETURN(const std::int64_t number, go_signed(text, sizeof(T) * 8));
    return static_cast<T>(number);
  } else {
    ASSIGN_OR_RETURN(const std::uint64_t number, go_unsigned(text, sizeof(T) * 8));
    return static_cast<T>(number);
  }
}

template <class T>
Result<T, std::string> parameter_value(std::string_view text) {
  if constexpr (VarintField<T>) {
    return parameter_number<T>(text);
  } else if constexpr (std::same_as<T, std::string>) {
    return std::string(text);
  } else if constexpr (std::same_as<T, Bytes>) {
    return parameter_bytes(text);
  } else if constexpr (std::same_as<T, Timestamp>) {
    return parameter_time(text);
  } else if constexpr (std::same_as<T, Duration>) {
    return parameter_duration(text);
  } else if constexpr (TextField<T>) {
    auto value = T::from_text(text);
    if (!value) return Failure{"invalid value " + std::string(text)};
    return *std::move(value);
  } else {
    return Failure{std::string("field type is not supported in query parameters")};
  }
}

/// Whether a member is reached through by a longer name.
template <class T>
inline constexpr bool kIsAggregate =
    Message<T> && !TextField<T> && !std::same_as<T, Timestamp> && !std::same_as<T, Duration>;

template <class T>
Status<std::string> set_member(T& member, std::string_view rest,
                               std::span<const std::string> values, std::size_t depth);

template <Message T>
Status<std::string> set_in(T& message, std::string_view name, std::span<const std::string> values,
                           std::size_t depth) {
  if (depth == 0) return Unit{};
  const std::size_t dot = name.find('.');
  const std::string_view first = name.substr(0, dot);
  const std::string_view rest =
      dot == std::string_view::npos ? std::string_view() : name.substr(dot + 1);
  Status<std::string> status = Unit{};
  const auto visit = [&](const auto& field) {
    if (field.name != first && to_lower_camel(field.name) != first) return false;
    status = set_member(message.*field.member, rest, values, depth - 1);
    return true;
  };
  T::fields()([&](const auto&... field) { static_cast<void>((visit(field) || ...)); });
  return status;
}

template <class T>
Status<std::string> set_member(T& member, std::string_view rest,
                               std::span<const std::string> values, std::size_t depth) {
  if constexpr (OptionalField<T>) {
    if (!member) member.emplace();
    return set_member(*member, rest, values, depth);
  } else if constexpr (RepeatedField<T>) {
    if (!rest.empty()) return Failure{"unexpected repeated field in " + std::string(rest)};
    for (const std::string& text : values) {
      auto value = parameter_value<typename T::value_type>(text);
      if (!value.ok()) return Failure{std::move(value).error()};
      member.push_back(std::move(value).value());
    }
    return Unit{};
  } else if constexpr (kIsAggregate<T>) {
    if (rest.empty()) {
      return Failure{std::string("field type is not supported in query parameters")};
    }
    return set_in(member, rest, values, depth);
  } else {
    if (!rest.empty()) return Failure{"unexpected nested field " + std::string(rest)};
    if (values.empty()) return Failure{std::string("no value of field")};
    auto value = parameter_value<T>(values.front());
    if (!value.ok()) return Failure{std::move(value).error()};
    member = std::move(value).value();
    return Unit{};
  }
}

}  // namespace detail

template <Message T>
Status<std::string> set_parameter(T& message, std::string_view name,
                                  std::span<const std::string> values) {
  return detail::set_in(message, name, values, kMaxParameterDepth);
}

}  // namespace buri::consensus::codec
