#pragma once

#include <array>
#include <utility>

#include "base/codec/protobuf_writer.hpp"
#include "node/consensus/codec/schema.hpp"
#include "node/consensus/codec/wire.hpp"

/// Decodes and encodes every struct that describes itself (schema.hpp), byte for byte as gogoproto
/// does. Decoding is as lenient as the generated code: unknown fields are skipped, the last of a
/// repeated single field wins, a repeated sub-message merges into the first, an empty text of a
/// number changes nothing.

namespace buri::consensus::codec {

/// Merges the fields of `bytes` into `target`. On an error `target` is half filled.
template <Message T>
Status<DecodeError> merge(T& target, ByteView bytes);

/// Appends the encoding of `value`.
template <Message T>
void encode_to(Bytes& target, const T& value);

/// Decodes one message.
template <Message T>
Result<T, DecodeError> decode(ByteView bytes) {
  T value{};
  RETURN_IF_ERROR(merge(value, bytes));
  return value;
}

/// The encoding of one message.
template <Message T>
Bytes encode(const T& value) {
  Bytes bytes;
  encode_to(bytes, value);
  return bytes;
}

/// An Any that holds `value`.
template <Message T>
Any pack(const T& value) {
  return Any{type_url<T>(), encode(value)};
}

namespace detail {

inline void append_tag(Bytes& target, std::uint32_t number, Wire wire) {
  append_varint(target, std::uint64_t{number} << 3 | static_cast<std::uint8_t>(wire));
}

inline void append_delimited(Bytes& target, std::uint32_t number, ByteView value) {
  append_tag(target, number, Wire::kBytes);
  append_varint(target, value.size());
  append(target, value);
}

/// Puts the length of what was written since `start` in front of it.
inline void prefix_length(Bytes& target, std::size_t start) {
  std::array<std::uint8_t, kMaxVarintBytes> length;
  const auto end = write_varint(length.begin(), target.size() - start);
  target.insert(target.begin() + static_cast<std::ptrdiff_t>(start), length.begin(), end);
}

template <VarintField T>
constexpr std::uint64_t to_wire(T value) {
  if constexpr (std::is_enum_v<T>) {
    return to_wire(static_cast<std::underlying_type_t<T>>(value));
  } else if constexpr (std::is_signed_v<T>) {
    return static_cast<std::uint64_t>(static_cast<std::int64_t>(value));
  } else {
    return value;
  }
}

template <VarintField T>
constexpr T from_wire(std::uint64_t value) {
  if constexpr (std::same_as<T, bool>) {
    return value != 0;
  } else {
    return static_cast<T>(value);
  }
}

template <class T>
void encode_repeated(Bytes& target, std::uint32_t number, const std::vector<T>& values);

template <class T>
void encode_field(Bytes& target, std::uint32_t number, const T& value) {
  if constexpr (VarintField<T>) {
    if (to_wire(value) == 0) return;
    append_tag(target, number, Wire::kVarint);
    append_varint(target, to_wire(value));
  } else if constexpr (std::same_as<T, std::string>) {
    if (!value.empty()) append_delimited(target, number, as_bytes(value));
  } else if constexpr (std::same_as<T, Bytes>) {
    if (!value.empty()) append_delimited(target, number, value);
  } else if constexpr (TextField<T>) {
    append_delimited(target, number, as_bytes(value.to_text()));
  } else if constexpr (OptionalField<T>) {
    if (value) encode_field(target, number, *value);
  } else if constexpr (Message<T>) {
    append_tag(target, number, Wire::kBytes);
    const std::size_t start = target.size();
    encode_to(target, value);
    prefix_length(target, start);
  } else {
    static_assert(RepeatedField<T>, "this member type has no protobuf form");
    encode_repeated(target, number, value);
  }
}

template <class T>
void encode_repeated(Bytes& target, std::uint32_t number, const std::vector<T>& values) {
  if constexpr (VarintField<T>) {
    if (values.empty()) return;
    append_tag(target, number, Wire::kBytes);
    const std::size_t start = target.size();
    for (const T value : values) append_varint(target, to_wire(value));
    prefix_length(target, start);
  } else if constexpr (std::same_as<T, std::string>) {
    for (const T& value : values) append_delimited(target, number, as_bytes(value));
  } else if constexpr (std::same_as<T, Bytes>) {
    for (const T& value : values) append_delimited(target, number, value);
  } else {
    for (const T& value : values) encode_field(target, number, value);
  }
}

template <VarintField T>
Status<DecodeError> merge_packed(std::vector<T>& values, ByteView bytes) {
  while (!bytes.empty()) {
    ASSIGN_OR_RETURN(const std::uint64_t value, take_varint(bytes));
    values.push_back(from_wire<T>(value));
  }
  return Unit{};
}

template <class T>
Status<DecodeError> merge_value(T& target, const RawField& raw) {
  if constexpr (VarintField<T>) {
    if (raw.wire != Wire::kVarint) return Failure{DecodeError::kWireType};
    target = from_wire<T>(raw.integer);
    return Unit{};
  } else if constexpr (OptionalField<T>) {
    if constexpr (TextField<typename T::value_type>) {
      if (raw.wire == Wire::kBytes && raw.bytes.empty()) return Unit{};
    }
    if (!target) target.emplace();
    return merge_value(*target, raw);
  } else if constexpr (RepeatedField<T>) {
    if constexpr (VarintField<typename T::value_type>) {
      if (raw.wire == Wire::kBytes) return merge_packed(target, raw.bytes);
    }
    typename T::value_type element{};
    RETURN_IF_ERROR(merge_value(element, raw));
    target.push_back(std::move(element));
    return Unit{};
  } else {
    if (raw.wire != Wire::kBytes) return Failure{DecodeError::kWireType};
    if constexpr (std::same_as<T, std::string>) {
      target = as_text(raw.bytes);
      return Unit{};
    } else if constexpr (std::same_as<T, Bytes>) {
      target.assign(raw.bytes.begin(), raw.bytes.end());
      return Unit{};
    } else if constexpr (TextField<T>) {
      if (raw.bytes.empty()) return Unit{};
      auto value = T::from_text(as_text(raw.bytes));
      if (!value) return Failure{DecodeError::kValue};
      target = *std::move(value);
      return Unit{};
    } else {
      static_assert(Message<T>, "this member type has no protobuf form");
      return merge(target, raw.bytes);
    }
  }
}

template <Message T>
Status<DecodeError> merge_field(T& target, const RawField& raw) {
  Status<DecodeError> status = Unit{};
  const auto visit = [&](const auto& field) {
    if (field.number != raw.number) return false;
    status = merge_value(target.*field.member, raw);
    return true;
  };
  T::fields()([&](const auto&... field) { static_cast<void>((visit(field) || ...)); });
  return status;
}

}  // namespace detail

template <Message T>
Status<DecodeError> merge(T& target, ByteView bytes) {
  WireReader reader(bytes);
  while (!reader.at_end()) {
    ASSIGN_OR_RETURN(const RawField raw, reader.next());
    RETURN_IF_ERROR(detail::merge_field(target, raw));
  }
  return Unit{};
}

template <Message T>
void encode_to(Bytes& target, const T& value) {
  T::fields()([&](const auto&... field) {
    (detail::encode_field(target, field.number, value.*field.member), ...);
  });
}

}  // namespace buri::consensus::codec
