#include <algorithm>
#include <bit>

#include "tests/ptx/interpreter/typed.hpp"

/// Logic, shifts and bit fields: PTX ISA 9.7.1 (popc to bfi), 9.7.5, 9.7.6.

namespace buri::ptx {
namespace {

struct And {
  template <class T>
  static T apply(T a, T b) {
    return a & b;
  }
};
struct Or {
  template <class T>
  static T apply(T a, T b) {
    return a | b;
  }
};
struct Xor {
  template <class T>
  static T apply(T a, T b) {
    return a ^ b;
  }
};
struct Not {
  template <class T>
  static T apply(T a) {
    return static_cast<T>(~a);
  }
};
struct LogicalNot {
  template <class T>
  static T apply(T a) {
    return a == 0;
  }
};
struct Reverse {
  template <class T>
  static T apply(T a) {
    Unsigned<T> rest = static_cast<Unsigned<T>>(a);
    Unsigned<T> result = 0;
    for (unsigned bit = 0; bit < kBits<T>; ++bit, rest >>= 1) {
      result = static_cast<Unsigned<T>>(result << 1) | (rest & 1);
    }
    return static_cast<T>(result);
  }
};

void predicate_not(Warp& warp, const Instruction& i) {
  auto* to = warp.words(i.to);
  const auto* a = warp.words(i.a);
  for_lanes(warp.active, [=](unsigned lane) { to[lane] = a[lane] ^ 1; });
}

/// and, or, xor, not: predicates hold 0 or 1, so the word forms serve them too, except for not.
template <class Operation>
void decode_logic(Decoding& decoding) {
  if (!decoding.take("pred")) return decode_binary<Operation>(decoding);
  decode_same_width(decoding, {'p', 1}, 2);
  decoding.instruction.run = binary<std::uint32_t, Operation>;
}
void decode_not(Decoding& decoding) {
  if (!decoding.take("pred")) return decode_unary<Not>(decoding);
  decode_same_width(decoding, {'p', 1}, 1);
  decoding.instruction.run = predicate_not;
}

/// Counts reach the type's width: everything is shifted out, or replaced by copies of the sign.
template <class T, bool kLeft>
void shift(Warp& warp, const Instruction& i) {
  auto* to = warp.lanes<T>(i.to);
  const auto* a = warp.lanes<T>(i.a);
  const auto* b = warp.words(i.b);
  for_lanes(warp.active, [=](unsigned lane) {
    const std::uint32_t count = std::min<std::uint32_t>(b[lane], kBits<T> - 1);
    const bool over = b[lane] >= kBits<T>;
    const T value = static_cast<T>(a[lane]);
    if constexpr (kLeft) {
      const auto shifted = static_cast<Unsigned<T>>(static_cast<Unsigned<T>>(value) << count);
      to[lane] = lane_image<Unsigned<T>>(over ? Unsigned<T>{0} : shifted);
    } else {
      const T shifted = static_cast<T>(value >> count);
      to[lane] = lane_image<T>(over && !std::is_signed_v<T> ? T{0} : shifted);
    }
  });
}

template <bool kLeft>
void decode_shift(Decoding& decoding) {
  const Type type = decoding.take_type();
  if (!decoding.expect_operands(3, 3)) return;
  Instruction& i = decoding.instruction;
  i.to = decoding.target(0, type.lane_bytes());
  i.a = decoding.source(1, type.lane_bytes());
  i.b = decoding.source(2, 4);
  i.run = with_type(decoding, type, []<class T>(T) -> Handler { return shift<T, kLeft>; });
}

/// shf: shifts the pair b:a by c, wrapped at 32 or clamped to it, and keeps one half.
template <bool kLeft, bool kWrap>
void funnel_shift(Warp& warp, const Instruction& i) {
  auto* to = warp.words(i.to);
  const auto* a = warp.words(i.a);
  const auto* b = warp.words(i.b);
  const auto* c = warp.words(i.c);
  for_lanes(warp.active, [=](unsigned lane) {
    const std::uint32_t count = kWrap ? c[lane] & 31 : std::min(c[lane], 32u);
    const std::uint64_t pair = std::uint64_t{b[lane]} << 32 | a[lane];
    to[lane] = static_cast<std::uint32_t>(kLeft ? pair << count >> 32 : pair >> count);
  });
}

void decode_funnel_shift(Decoding& decoding) {
  constexpr std::array<std::string_view, 2> kSides = {"l", "r"};
  constexpr std::array<std::string_view, 2> kModes = {"wrap", "clamp"};
  const bool left = decoding.take_one_of(kSides) == 0;
  const bool wrap = decoding.take_one_of(kModes) == 0;
  const Type type = decoding.take_type();
  if (type.bits != 32) decoding.reject("unsupported type");
  decode_same_width(decoding, type, 3);
  decoding.instruction.run = left ? (wrap ? funnel_shift<true, true> : funnel_shift<true, false>)
                                  : (wrap ? funnel_shift<false, true> : funnel_shift<false, false>);
}

/// lop3: bit k of the table is the result where a, b, c spell k (a is the high bit).
void lookup_logic(Warp& warp, const Instruction& i) {
  auto* to = warp.words(i.to);
  const auto* a = warp.words(i.a);
  const auto* b = warp.words(i.b);
  const auto* c = warp.words(i.c);
  const auto table = static_cast<std::uint32_t>(i.immediate);
  for_lanes(warp.active, [=](unsigned lane) {
    std::uint32_t result = 0;
    for (std::uint32_t k = 0; k < 8; ++k) {
      if ((table >> k & 1) == 0) continue;
      result |= (k & 4 ? a[lane] : ~a[lane]) & (k & 2 ? b[lane] : ~b[lane]) &
                (k & 1 ? c[lane] : ~c[lane]);
    }
    to[lane] = result;
  });
}

void decode_lookup_logic(Decoding& decoding) {
  const Type type = decoding.take_type();
  if (type.bits != 32 || !decoding.expect_operands(5, 5)) return decoding.reject("needs .b32");
  Instruction& i = decoding.instruction;
  i.to = decoding.target(0, 4);
  i.a = decoding.source(1, 4);
  i.b = decoding.source(2, 4);
  i.c = decoding.source(3, 4);
  i.immediate = decoding.literal(4);
  i.run = lookup_logic;
}

/// prmt in its default mode: nibble n of c picks a byte of the pair b:a, or copies its sign.
void permute(Warp& warp, const Instruction& i) {
  auto* to = warp.words(i.to);
  const auto* a = warp.words(i.a);
  const auto* b = warp.words(i.b);
  const auto* c = warp.words(i.c);
  for_lanes(warp.active, [=](unsigned lane) {
    const std::uint64_t pair = std::uint64_t{b[lane]} << 32 | a[lane];
    std::uint32_t result = 0;
    for (unsigned n = 0; n < 4; ++n) {
      const std::uint32_t selector = c[lane] >> (4 * n) & 15;
      auto byte = static_cast<std::uint32_t>(pair >> (8 * (selector & 7)) & 0xff);
      if (selector & 8) byte = byte & 0x80 ? 0xff : 0;
      result |= byte << (8 * n);
    }
    to[lane] = result;
  });
}

void decode_permute(Decoding& decoding) {
  const Type type = decoding.take_type();
  if (type.bits != 32) decoding.reject("unsupported type");
  decode_same_width(decoding, type, 3);
  decoding.instruction.run = permute;
}

struct PopulationCount {
  template <class T>
  static std::uint32_t apply(T a, std::uint8_t) {
    return static_cast<std::uint32_t>(std::popcount(static_cast<Unsigned<T>>(a)));
  }
};
struct LeadingZeros {
  template <class T>
  static std::uint32_t apply(T a, std::uint8_t) {
    return static_cast<std::uint32_t>(std::countl_zero(static_cast<Unsigned<T>>(a)));
  }
};
/// bfind: place of the highest bit that differs from the sign; mode 1 counts from the top.
struct FindHighest {
  template <class T>
  static std::uint32_t apply(T a, std::uint8_t from_top) {
    const T magnitude = std::is_signed_v<T> && a < 0 ? static_cast<T>(~a) : a;
    if (magnitude == 0) return 0xffffffffu;
    const auto zeros = LeadingZeros::apply<T>(magnitude, 0);
    return from_top ? zeros : kBits<T> - 1 - zeros;
  }
};

template <class T, class Operation>
void count(Warp& warp, const Instruction& i) {
  auto* to = warp.words(i.to);
  const auto* a = warp.lanes<T>(i.a);
  for_lanes(warp.active, [=, mode = i.mode](unsigned lane) {
    to[lane] = Operation::template apply<T>(static_cast<T>(a[lane]), mode);
  });
}

template <class Operation>
void decode_count(Decoding& decoding) {
  if (decoding.base() == "bfind" && decoding.take("shiftamt")) decoding.instruction.mode = 1;
  const Type type = decoding.take_type();
  if (type.bits < 32 || !decoding.expect_operands(2, 2)) return decoding.reject("bad form");
  decoding.instruction.to = decoding.target(0, 4);
  decoding.instruction.a = decoding.source(1, type.lane_bytes());
  decoding.instruction.run =
      with_type(decoding, type, []<class T>(T) -> Handler { return count<T, Operation>; });
}

/// Bits [position, position + length) of a value, clipped to its width, as a mask.
template <class U>
U field_mask(std::uint32_t position, std::uint32_t length) {
  U mask = 0;
  for (std::uint32_t bit = position; bit < position + length && bit < kBits<U>; ++bit) {
    mask |= U{1} << bit;
  }
  return mask;
}

/// bfe: a field of a at b of length c (a byte each), zero- or sign-extended. A field that runs over
/// the top takes its sign from the top bit.
template <class T>
void extract_field(Warp& warp, const Instruction& i) {
  using U = Unsigned<T>;
  auto* to = warp.lanes<T>(i.to);
  const auto* a = warp.lanes<T>(i.a);
  const auto* b = warp.words(i.b);
  const auto* c = warp.words(i.c);
  for_lanes(warp.active, [=](unsigned lane) {
    const std::uint32_t position = b[lane] & 0xff;
    const std::uint32_t length = c[lane] & 0xff;
    const U value = static_cast<U>(a[lane]);
    U field = position < kBits<U> ? value >> position & field_mask<U>(0, length) : 0;
    if (std::is_signed_v<T> && length != 0) {
      const std::uint32_t sign_place = std::min(position + length - 1, kBits<U> - 1);
      if (value >> sign_place & 1) {
        const std::uint32_t kept = position < kBits<U> ? std::min(length, kBits<U> - position) : 0;
        field |= static_cast<U>(~field_mask<U>(0, kept));
      }
    }
    to[lane] = field;
  });
}

/// bfi: b with the low d bits of a put at c.
template <class T>
void insert_field(Warp& warp, const Instruction& i) {
  auto* to = warp.lanes<T>(i.to);
  const auto* a = warp.lanes<T>(i.a);
  const auto* b = warp.lanes<T>(i.b);
  const auto* c = warp.words(i.c);
  const auto* d = warp.words(i.d);
  for_lanes(warp.active, [=](unsigned lane) {
    const std::uint32_t position = c[lane] & 0xff;
    const T mask = field_mask<T>(position, d[lane] & 0xff);
    const T moved = position < kBits<T> ? a[lane] << position : 0;
    to[lane] = (b[lane] & ~mask) | (moved & mask);
  });
  warp.set_defined(i.to, warp.active,
                   warp.defined[i.a] & warp.defined[i.b] & warp.defined[i.c] & warp.defined[i.d]);
}

void decode_extract(Decoding& decoding) {
  const Type type = decoding.take_type();
  if (type.bits < 32 || !decoding.expect_operands(4, 4)) return decoding.reject("bad form");
  Instruction& i = decoding.instruction;
  i.to = decoding.target(0, type.lane_bytes());
  i.a = decoding.source(1, type.lane_bytes());
  i.b = decoding.source(2, 4);
  i.c = decoding.source(3, 4);
  i.run = with_type(decoding, type, []<class T>(T) -> Handler { return extract_field<T>; });
}

void decode_insert(Decoding& decoding) {
  const Type type = decoding.take_type();
  if (!decoding.expect_operands(5, 5)) return;
  Instruction& i = decoding.instruction;
  i.flow = Flow::kTagged;
  i.to = decoding.target(0, type.lane_bytes());
  i.a = decoding.source(1, type.lane_bytes());
  i.b = decoding.source(2, type.lane_bytes());
  i.c = decoding.source(3, 4);
  i.d = decoding.source(4, 4);
  i.run = with_unsigned(decoding, type, []<class T>(T) -> Handler { return insert_field<T>; });
}

constexpr OpcodeDecoder kDecoders[] = {
    {"and", decode_logic<And>},
    {"or", decode_logic<Or>},
    {"xor", decode_logic<Xor>},
    {"not", decode_not},
    {"cnot", decode_unary<LogicalNot>},
    {"brev", decode_unary<Reverse>},
    {"shl", decode_shift<true>},
    {"shr", decode_shift<false>},
    {"shf", decode_funnel_shift},
    {"lop3", decode_lookup_logic},
    {"prmt", decode_permute},
    {"popc", decode_count<PopulationCount>},
    {"clz", decode_count<LeadingZeros>},
    {"bfind", decode_count<FindHighest>},
    {"bfe", decode_extract},
    {"bfi", decode_insert},
};

}  // namespace

std::span<const OpcodeDecoder> bit_decoders() { return kDecoders; }

}  // namespace buri::ptx
