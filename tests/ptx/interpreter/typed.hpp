#pragma once

#include <cstdint>
#include <type_traits>

#include "tests/ptx/interpreter/decoding.hpp"
#include "tests/ptx/interpreter/warp.hpp"

/// Handlers per element type. An operation is a struct with a static template `apply`; the helpers
/// here wrap it into a handler for the type that an opcode names.

namespace buri::ptx {

template <class T>
struct Doubled;
template <>
struct Doubled<std::uint16_t> {
  using type = std::uint32_t;
};
template <>
struct Doubled<std::int16_t> {
  using type = std::int32_t;
};
template <>
struct Doubled<std::uint32_t> {
  using type = std::uint64_t;
};
template <>
struct Doubled<std::int32_t> {
  using type = std::int64_t;
};
template <>
struct Doubled<std::uint64_t> {
  using type = unsigned __int128;
};
template <>
struct Doubled<std::int64_t> {
  using type = __int128;
};
/// The integer type of twice the width and the same sign.
template <class T>
using Wide = typename Doubled<T>::type;
template <class T>
using Unsigned = std::make_unsigned_t<T>;
template <class T>
inline constexpr unsigned kBits = sizeof(T) * 8;

/// The value in the integer type To, extended as its own type is: by its sign or with zeros.
template <class To, class From>
To extended(From value) {
  return static_cast<To>(value);  // NOLINT(bugprone-signed-char-misuse): meant
}

/// The register image of a value: sign-extended when T is signed and narrower than its lane.
template <class T>
auto lane_image(T value) {
  if constexpr (sizeof(T) == 8) {
    return static_cast<std::uint64_t>(value);
  } else {
    return static_cast<std::uint32_t>(value);
  }
}

template <class T, class Operation>
void unary(Warp& warp, const Instruction& i) {
  auto* to = warp.lanes<T>(i.to);
  const auto* a = warp.lanes<T>(i.a);
  for_lanes(warp.active, [=](unsigned lane) {
    to[lane] = lane_image<T>(Operation::template apply<T>(static_cast<T>(a[lane])));
  });
}

template <class T, class Operation>
void binary(Warp& warp, const Instruction& i) {
  auto* to = warp.lanes<T>(i.to);
  const auto* a = warp.lanes<T>(i.a);
  const auto* b = warp.lanes<T>(i.b);
  for_lanes(warp.active, [=](unsigned lane) {
    to[lane] = lane_image<T>(
        Operation::template apply<T>(static_cast<T>(a[lane]), static_cast<T>(b[lane])));
  });
}

template <class T, class Operation>
void ternary(Warp& warp, const Instruction& i) {
  auto* to = warp.lanes<T>(i.to);
  const auto* a = warp.lanes<T>(i.a);
  const auto* b = warp.lanes<T>(i.b);
  const auto* c = warp.lanes<T>(i.c);
  for_lanes(warp.active, [=](unsigned lane) {
    to[lane] = lane_image<T>(Operation::template apply<T>(
        static_cast<T>(a[lane]), static_cast<T>(b[lane]), static_cast<T>(c[lane])));
  });
}

/// Calls f with a value of the C++ type that `type` names (16, 32 or 64 bits wide).
template <class F>
Handler with_type(Decoding& decoding, Type type, F f) {
  switch (type.bits) {
    case 16:
      return type.is_signed() ? f(std::int16_t{}) : f(std::uint16_t{});
    case 32:
      return type.is_signed() ? f(std::int32_t{}) : f(std::uint32_t{});
    case 64:
      return type.is_signed() ? f(std::int64_t{}) : f(std::uint64_t{});
    default:
      decoding.reject("unsupported type");
      return nullptr;
  }
}
/// The same for 32 and 64 bits, unsigned.
template <class F>
Handler with_unsigned(Decoding& decoding, Type type, F f) {
  if (type.bits == 32) return f(std::uint32_t{});
  if (type.bits == 64) return f(std::uint64_t{});
  decoding.reject("unsupported type");
  return nullptr;
}

/// Operands "to, a", "to, a, b" or "to, a, b, c", all of the type's width.
void decode_same_width(Decoding& decoding, Type type, unsigned sources);

template <class Operation>
void decode_unary(Decoding& decoding) {
  const Type type = decoding.take_type();
  decode_same_width(decoding, type, 1);
  decoding.instruction.run =
      with_type(decoding, type, []<class T>(T) -> Handler { return unary<T, Operation>; });
}
template <class Operation>
void decode_binary(Decoding& decoding) {
  const Type type = decoding.take_type();
  decode_same_width(decoding, type, 2);
  decoding.instruction.run =
      with_type(decoding, type, []<class T>(T) -> Handler { return binary<T, Operation>; });
}

}  // namespace buri::ptx
