#pragma once

#include <functional>

#include "node/consensus/codec/schema.hpp"
#include "node/consensus/codec/wire.hpp"

/// Finds fields that a message does not have, descending into sub-messages and into what an Any
/// holds. Source: the network SDK's codec/unknownproto.

namespace buri::consensus::codec {

struct Descriptor;

/// What the walk must know of one field.
struct FieldDescriptor {
  enum class Kind : std::uint8_t { kVarint, kDelimited, kMessage, kAny };
  std::uint32_t number = 0;
  Kind kind = Kind::kVarint;
  const Descriptor& (*message)() = nullptr;  ///< of kMessage
};

/// What the walk must know of one message type.
struct Descriptor {
  std::string_view name;
  std::vector<FieldDescriptor> fields;
};

/// The descriptor of a struct that describes itself; lives forever. Thread-safe.
template <Message T>
const Descriptor& descriptor();

/// Finds what an Any holds; nothing if its type URL is not registered.
using AnyResolver = std::function<const Descriptor*(std::string_view type_url)>;

/// How strict the walk is.
struct UnknownFieldRules {
  bool allow_non_critical = false;  ///< numbers with bit 1024 set pass
  int depth_limit = 10'000;         ///< message descents; a non-empty message at 0 is kNesting
};

/// Whether some unknown field was passed over, or why the bytes are refused: kUnknownField,
/// kWireType, kUnresolvableType, kNesting, and what the wire reader says.
Result<bool, DecodeError> find_unknown_fields(ByteView bytes, const Descriptor& message,
                                              const AnyResolver& resolve,
                                              const UnknownFieldRules& rules);

namespace detail {

template <class T>
FieldDescriptor describe_field(std::uint32_t number) {
  using Kind = FieldDescriptor::Kind;
  if constexpr (OptionalField<T> || RepeatedField<T>) {
    return describe_field<typename T::value_type>(number);
  } else if constexpr (std::same_as<T, Any>) {
    return {number, Kind::kAny, nullptr};
  } else if constexpr (VarintField<T>) {
    return {number, Kind::kVarint, nullptr};
  } else if constexpr (Message<T>) {
    return {number, Kind::kMessage, &descriptor<T>};
  } else {
    return {number, Kind::kDelimited, nullptr};
  }
}

}  // namespace detail

template <Message T>
const Descriptor& descriptor() {
  static const Descriptor result = [] {
    Descriptor made{T::kName, {}};
    T::fields()([&]<class... Fields>(const Fields&... field) {
      (made.fields.push_back(detail::describe_field<typename Fields::ValueType>(field.number)),
       ...);
    });
    return made;
  }();
  return result;
}

}  // namespace buri::consensus::codec
