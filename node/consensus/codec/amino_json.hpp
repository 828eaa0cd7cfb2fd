#pragma once

#include <algorithm>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "node/consensus/codec/json.hpp"

/// Legacy amino JSON of every struct that describes itself: what SIGN_MODE_LEGACY_AMINO_JSON
/// signs. Fields are sorted by name, unset ones left out unless the schema keeps them, 64-bit
/// integers are strings, times RFC 3339, durations nanoseconds. Source: the SDK's
/// x/tx/signing/aminojson at the pinned revision.

namespace buri::consensus::codec {

/// Appends {"type": ..., "value": ...} for what an Any holds; false if it cannot.
using AminoAnyWriter = std::function<bool(std::string&, const Any&)>;

/// Appends the message; false if an Any inside cannot be written or a time is out of range.
template <Message T>
bool append_amino_json(std::string& target, const T& value, const AminoAnyWriter& any);

/// A type's name in front of its value: kAminoName where it has one, else its type URL.
template <Message T>
std::string amino_name() {
  if constexpr (requires { T::kAminoName; }) {
    return std::string(T::kAminoName);
  } else {
    return type_url<T>();
  }
}

/// Decodes `bytes` as a T and appends {"type": ..., "value": ...}.
template <Message T>
bool append_named_amino_json(std::string& target, ByteView bytes, const AminoAnyWriter& any) {
  const auto value = decode<T>(bytes);
  if (!value.ok()) return false;
  target += "{\"type\":\"" + amino_name<T>() + "\",\"value\":";
  if (!append_amino_json(target, *value, any)) return false;
  target += '}';
  return true;
}

namespace detail {

/// Nanoseconds as a quoted integer; false if they overflow 64 bits.
bool append_amino_duration(std::string& target, const Duration& duration);

template <class T>
bool is_unset(const T& value) {
  if constexpr (VarintField<T>) {
    return to_wire(value) == 0;
  } else if constexpr (DelimitedField<T> || RepeatedField<T>) {
    return value.empty();
  } else if constexpr (OptionalField<T>) {
    return !value.has_value();
  } else {
    return false;
  }
}

template <class T>
bool append_amino_value(std::string& target, const T& value, const AminoAnyWriter& any) {
  if constexpr (std::same_as<T, Any>) {
    return any && any(target, value);
  } else if constexpr (std::same_as<T, Duration>) {
    return append_amino_duration(target, value);
  } else if constexpr (std::same_as<T, Timestamp>) {
    append_json_string(target, to_rfc3339(value));
    return value.nanos >= 0;
  } else if constexpr (OptionalField<T>) {
    return value.has_value() && append_amino_value(target, *value, any);
  } else if constexpr (RepeatedField<T>) {
    target += '[';
    for (std::size_t i = 0; i < value.size(); ++i) {
      if (i > 0) target += ',';
      if (!append_amino_value<typename T::value_type>(target, value[i], any)) return false;
    }
    target += ']';
    return true;
  } else if constexpr (std::is_enum_v<T>) {
    target += std::to_string(static_cast<std::int64_t>(value));
    return true;
  } else if constexpr (Message<T>) {
    return append_amino_json(target, value, any);
  } else {
    append_value(target, value, AnyJson{});
    return true;
  }
}

/// A field that the schema keeps although it is unset.
template <class T>
bool append_amino_unset(std::string& target, const T& value, Amino amino,
                        const AminoAnyWriter& any) {
  if constexpr (RepeatedField<T>) {
    target += amino == Amino::kCoins ? "[]" : "null";
    return true;
  } else {
    return append_amino_value(target, value, any);
  }
}

}  // namespace detail

template <Message T>
bool append_amino_json(std::string& target, const T& value, const AminoAnyWriter& any) {
  std::vector<std::pair<std::string_view, std::string>> members;
  bool is_good = true;
  const auto collect = [&](const auto& field) {
    const auto& member = value.*field.member;
    const bool unset = detail::is_unset(member);
    if (unset && field.amino == Amino::kOmitEmpty) return;
    std::string text;
    is_good = is_good && (unset ? detail::append_amino_unset(text, member, field.amino, any)
                                : detail::append_amino_value(text, member, any));
    members.emplace_back(field.name, std::move(text));
  };
  T::fields()([&](const auto&... field) { (collect(field), ...); });
  std::ranges::sort(members);
  target += '{';
  for (std::size_t i = 0; i < members.size(); ++i) {
    if (i > 0) target += ',';
    append_json_string(target, members[i].first);
    target += ':' + members[i].second;
  }
  target += '}';
  return is_good;
}

}  // namespace buri::consensus::codec
