#include <algorithm>

#include "tests/ptx/interpreter/carry.hpp"
#include "tests/ptx/interpreter/typed.hpp"

/// Integer arithmetic without carries: PTX ISA 9.7.1.

namespace buri::ptx {

void decode_same_width(Decoding& decoding, Type type, unsigned sources) {
  if (!decoding.expect_operands(sources + 1, sources + 1)) return;
  const unsigned bytes = type.lane_bytes();
  Instruction& i = decoding.instruction;
  i.to = decoding.target(0, bytes);
  i.a = decoding.source(1, bytes);
  if (sources > 1) i.b = decoding.source(2, bytes);
  if (sources > 2) i.c = decoding.source(3, bytes);
}

namespace {

struct Add {
  template <class T>
  static T apply(T a, T b) {
    return static_cast<T>(static_cast<Unsigned<T>>(a) + static_cast<Unsigned<T>>(b));
  }
};
struct Subtract {
  template <class T>
  static T apply(T a, T b) {
    return static_cast<T>(static_cast<Unsigned<T>>(a) - static_cast<Unsigned<T>>(b));
  }
};
struct MultiplyLow {
  template <class T>
  static T apply(T a, T b) {
    return static_cast<T>(static_cast<Wide<Unsigned<T>>>(static_cast<Unsigned<T>>(a)) *
                          static_cast<Unsigned<T>>(b));
  }
};
struct MultiplyHigh {
  template <class T>
  static T apply(T a, T b) {
    return static_cast<T>((static_cast<Wide<T>>(a) * b) >> kBits<T>);
  }
};
struct MultiplyAddLow {
  template <class T>
  static T apply(T a, T b, T c) {
    return Add::apply<T>(MultiplyLow::apply<T>(a, b), c);
  }
};
struct MultiplyAddHigh {
  template <class T>
  static T apply(T a, T b, T c) {
    return Add::apply<T>(MultiplyHigh::apply<T>(a, b), c);
  }
};
/// Division by zero gives what NVIDIA devices give: all ones (the quotient), the dividend (the
/// remainder). PTX leaves both unspecified.
struct Divide {
  template <class T>
  static T apply(T a, T b) {
    if (b == 0) return static_cast<T>(-1);
    if (std::is_signed_v<T> && b == static_cast<T>(-1)) return Subtract::apply<T>(0, a);
    return static_cast<T>(a / b);
  }
};
struct Remainder {
  template <class T>
  static T apply(T a, T b) {
    if (b == 0) return a;
    if (std::is_signed_v<T> && b == static_cast<T>(-1)) return 0;
    return static_cast<T>(a % b);
  }
};
struct Minimum {
  template <class T>
  static T apply(T a, T b) {
    return std::min(a, b);
  }
};
struct Maximum {
  template <class T>
  static T apply(T a, T b) {
    return std::max(a, b);
  }
};
struct Negate {
  template <class T>
  static T apply(T a) {
    return Subtract::apply<T>(0, a);
  }
};
struct Absolute {
  template <class T>
  static T apply(T a) {
    return a < 0 ? Subtract::apply<T>(0, a) : a;
  }
};

/// mul.wide and mad.wide: the factors have T's width, sum and summand twice that.
template <class T, bool kAdds>
void multiply_wide(Warp& warp, const Instruction& i) {
  auto* to = warp.lanes<Wide<T>>(i.to);
  const auto* a = warp.lanes<T>(i.a);
  const auto* b = warp.lanes<T>(i.b);
  const auto* c = warp.lanes<Wide<T>>(i.c);
  for_lanes(warp.active, [=](unsigned lane) {
    const auto product = lane_image<Wide<T>>(static_cast<Wide<T>>(
        static_cast<Wide<T>>(static_cast<T>(a[lane])) * static_cast<T>(b[lane])));
    to[lane] = kAdds ? product + c[lane] : product;
  });
}

template <bool kAdds>
void decode_wide(Decoding& decoding) {
  const Type type = decoding.take_type();
  if (!decoding.expect_operands(kAdds ? 4 : 3, kAdds ? 4 : 3)) return;
  const unsigned wide_bytes = type.bits == 32 ? 8 : 4;
  Instruction& i = decoding.instruction;
  i.to = decoding.target(0, wide_bytes);
  i.a = decoding.source(1, 4);
  i.b = decoding.source(2, 4);
  if (kAdds) i.c = decoding.source(3, wide_bytes);
  if (type.bits > 32) decoding.reject("unsupported type");
  i.run = with_type(decoding, type, []<class T>(T) -> Handler {
    if constexpr (sizeof(T) <= 4) return multiply_wide<T, kAdds>;
    return nullptr;
  });
}

constexpr std::array<std::string_view, 2> kHalves = {"lo", "hi"};

void decode_multiply(Decoding& decoding) {
  if (decoding.take("wide")) return decode_wide<false>(decoding);
  const bool high = decoding.take_one_of(kHalves) == 1;
  high ? decode_binary<MultiplyHigh>(decoding) : decode_binary<MultiplyLow>(decoding);
}

/// mad without .cc; carry.cpp owns the opcode and passes on what has no carry.
template <class Operation>
void decode_ternary(Decoding& decoding) {
  const Type type = decoding.take_type();
  decode_same_width(decoding, type, 3);
  decoding.instruction.run =
      with_type(decoding, type, []<class T>(T) -> Handler { return ternary<T, Operation>; });
}

constexpr OpcodeDecoder kDecoders[] = {
    {"mul", decode_multiply},          {"div", decode_binary<Divide>},
    {"rem", decode_binary<Remainder>}, {"min", decode_binary<Minimum>},
    {"max", decode_binary<Maximum>},   {"neg", decode_unary<Negate>},
    {"abs", decode_unary<Absolute>},
};

}  // namespace

void decode_add(Decoding& decoding) { decode_binary<Add>(decoding); }
void decode_subtract(Decoding& decoding) { decode_binary<Subtract>(decoding); }
void decode_multiply_add(Decoding& decoding) {
  if (decoding.take("wide")) return decode_wide<true>(decoding);
  const bool high = decoding.take_one_of(kHalves) == 1;
  high ? decode_ternary<MultiplyAddHigh>(decoding) : decode_ternary<MultiplyAddLow>(decoding);
}

std::span<const OpcodeDecoder> arithmetic_decoders() { return kDecoders; }

}  // namespace buri::ptx
