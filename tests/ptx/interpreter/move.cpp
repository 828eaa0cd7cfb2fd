#include <algorithm>
#include <limits>
#include <map>

#include "tests/ptx/interpreter/typed.hpp"

/// Moves, conversions and special registers: PTX ISA 9.7.9 and 10.

namespace buri::ptx {
namespace {

struct Copy {
  template <class T>
  static T apply(T a) {
    return a;
  }
};

void pack(Warp& warp, const Instruction& i) {
  auto* to = warp.lanes<std::uint64_t>(i.to);
  const auto* low = warp.words(i.a);
  const auto* high = warp.words(i.b);
  for_lanes(warp.active,
            [=](unsigned lane) { to[lane] = std::uint64_t{high[lane]} << 32 | low[lane]; });
}

void unpack(Warp& warp, const Instruction& i) {
  auto* low = warp.words(i.to);
  auto* high = warp.words(i.to_second);
  const auto* a = warp.lanes<std::uint64_t>(i.a);
  for_lanes(warp.active, [=](unsigned lane) {
    low[lane] = static_cast<std::uint32_t>(a[lane]);
    high[lane] = static_cast<std::uint32_t>(a[lane] >> 32);
  });
  warp.set_defined(i.to, warp.active, warp.defined[i.a]);
  warp.set_defined(i.to_second, warp.active, warp.defined[i.a]);
}

/// {low half, high half} of a 32-bit register, for the .b32 form.
void pack_halves(Warp& warp, const Instruction& i) {
  auto* to = warp.words(i.to);
  const auto* low = warp.words(i.a);
  const auto* high = warp.words(i.b);
  for_lanes(warp.active,
            [=](unsigned lane) { to[lane] = high[lane] << 16 | (low[lane] & 0xffff); });
}

void unpack_halves(Warp& warp, const Instruction& i) {
  auto* low = warp.words(i.to);
  auto* high = warp.words(i.to_second);
  const auto* a = warp.words(i.a);
  for_lanes(warp.active, [=](unsigned lane) {
    const std::uint32_t value = a[lane];
    low[lane] = value & 0xffff;
    high[lane] = value >> 16;
  });
  warp.set_defined(i.to, warp.active, warp.defined[i.a]);
  warp.set_defined(i.to_second, warp.active, warp.defined[i.a]);
}

/// The value of a special register in one lane.
using SpecialValue = std::uint32_t (*)(const Warp& warp, unsigned lane);

std::uint32_t thread_index(const Warp& warp, unsigned lane) { return warp.index * kLanes + lane; }
const Dim3& block_size(const Warp& warp) { return warp.block->launch.block; }
const Dim3& grid_size(const Warp& warp) { return warp.block->launch.grid; }

const std::map<std::string_view, SpecialValue>& special_registers() {
  static const std::map<std::string_view, SpecialValue> table = {
      {"%tid.x", [](const Warp& w, unsigned l) { return thread_index(w, l) % block_size(w).x; }},
      {"%tid.y", [](const Warp& w,
                    unsigned l) { return thread_index(w, l) / block_size(w).x % block_size(w).y; }},
      {"%tid.z", [](const Warp& w,
                    unsigned l) { return thread_index(w, l) / block_size(w).x / block_size(w).y; }},
      {"%ntid.x", [](const Warp& w, unsigned) { return block_size(w).x; }},
      {"%ntid.y", [](const Warp& w, unsigned) { return block_size(w).y; }},
      {"%ntid.z", [](const Warp& w, unsigned) { return block_size(w).z; }},
      {"%ctaid.x", [](const Warp& w, unsigned) { return w.block->index.x; }},
      {"%ctaid.y", [](const Warp& w, unsigned) { return w.block->index.y; }},
      {"%ctaid.z", [](const Warp& w, unsigned) { return w.block->index.z; }},
      {"%nctaid.x", [](const Warp& w, unsigned) { return grid_size(w).x; }},
      {"%nctaid.y", [](const Warp& w, unsigned) { return grid_size(w).y; }},
      {"%nctaid.z", [](const Warp& w, unsigned) { return grid_size(w).z; }},
      {"%laneid", [](const Warp&, unsigned l) { return l; }},
      {"%lanemask_eq", [](const Warp&, unsigned l) { return 1u << l; }},
      {"%lanemask_lt", [](const Warp&, unsigned l) { return (1u << l) - 1; }},
      {"%lanemask_le", [](const Warp&, unsigned l) { return (2u << l) - 1; }},
      {"%lanemask_gt", [](const Warp&, unsigned l) { return ~((2u << l) - 1); }},
      {"%lanemask_ge", [](const Warp&, unsigned l) { return ~((1u << l) - 1); }},
  };
  return table;
}

void read_special(Warp& warp, const Instruction& i) {
  const auto value = reinterpret_cast<SpecialValue>(i.immediate);
  each_lane(warp.active, [&](unsigned lane) {
    if (i.mode == 8) {
      warp.lanes<std::uint64_t>(i.to)[lane] = value(warp, lane);
    } else {
      warp.words(i.to)[lane] = value(warp, lane);
    }
  });
}

void decode_pack(Decoding& decoding, Type type) {
  Instruction& i = decoding.instruction;
  const auto& parts = decoding.operand(1).items;
  if (parts.size() != 2 || type.bits < 32) return decoding.reject("unsupported pack");
  i.to = decoding.target(0, type.lane_bytes());
  i.a = decoding.source(parts[0], 4);
  i.b = decoding.source(parts[1], 4);
  i.run = type.bits == 64 ? pack : pack_halves;
}

void decode_unpack(Decoding& decoding, Type type) {
  Instruction& i = decoding.instruction;
  const auto& parts = decoding.operand(0).items;
  if (parts.size() != 2 || type.bits < 32) return decoding.reject("unsupported unpack");
  i.flow = Flow::kTagged;
  i.to = decoding.target(parts[0], 4);
  i.to_second = decoding.target(parts[1], 4);
  i.a = decoding.source(1, type.lane_bytes());
  i.run = type.bits == 64 ? unpack : unpack_halves;
}

void decode_move(Decoding& decoding) {
  const Type type = decoding.take("pred") ? Type{'p', 1} : decoding.take_type();
  if (!decoding.expect_operands(2, 2)) return;
  if (decoding.operand(1).kind == Operand::Kind::kVector) return decode_pack(decoding, type);
  if (decoding.operand(0).kind == Operand::Kind::kVector) return decode_unpack(decoding, type);
  Instruction& i = decoding.instruction;
  i.to = decoding.target(0, type.lane_bytes());
  const auto special = special_registers().find(decoding.operand(1).name);
  if (special != special_registers().end()) {
    i.immediate = reinterpret_cast<std::int64_t>(special->second);
    i.mode = static_cast<std::uint8_t>(type.lane_bytes());
    i.run = read_special;
    return;
  }
  i.a = decoding.source(1, type.lane_bytes());
  i.run = type.lane_bytes() == 8 ? unary<std::uint64_t, Copy> : unary<std::uint32_t, Copy>;
}

/// cvt from From to To; the result register may be wider than To and is then extended like To.
template <class From, class To, bool kSaturates, bool kWideTarget>
void convert(Warp& warp, const Instruction& i) {
  using TargetLane = std::conditional_t<kWideTarget, std::uint64_t, std::uint32_t>;
  auto* to = warp.lanes<TargetLane>(i.to);
  const auto* a = warp.lanes<From>(i.a);
  for_lanes(warp.active, [=](unsigned lane) {
    const From value = static_cast<From>(a[lane]);
    To result = extended<To>(value);
    if constexpr (kSaturates) {
      const auto exact = extended<__int128>(value);
      result = static_cast<To>(std::clamp<__int128>(exact, std::numeric_limits<To>::min(),
                                                    std::numeric_limits<To>::max()));
    }
    to[lane] = extended<TargetLane>(result);
  });
}

template <class F>
Handler with_any_integer(Decoding& decoding, Type type, F f) {
  if (type.bits != 8) return with_type(decoding, type, f);
  return type.is_signed() ? f(std::int8_t{}) : f(std::uint8_t{});
}

void decode_convert(Decoding& decoding) {
  const bool saturates = decoding.take("sat");
  const Type to = decoding.take_type();
  const Type from = decoding.take_type();
  if (!decoding.expect_operands(2, 2)) return;
  Instruction& i = decoding.instruction;
  const Register target = decoding.wide_register(decoding.operand(0), to.lane_bytes(), true);
  const Register source = decoding.wide_register(decoding.operand(1), from.lane_bytes(), false);
  i.to = target.unit;
  i.a = source.unit;
  const bool narrow_view = source.bytes == 8 && from.lane_bytes() == 4;
  if (narrow_view) return decoding.reject("a wider source register is unsupported");
  i.run = with_any_integer(decoding, from, [&]<class From>(From) {
    return with_any_integer(decoding, to, [&]<class To>(To) -> Handler {
      if (saturates) {
        return target.bytes == 8 ? convert<From, To, true, true> : convert<From, To, true, false>;
      }
      return target.bytes == 8 ? convert<From, To, false, true> : convert<From, To, false, false>;
    });
  });
}

/// cvta: adds or takes away the window of a space.
void convert_address(Warp& warp, const Instruction& i) {
  auto* to = warp.lanes<std::uint64_t>(i.to);
  const auto* a = warp.lanes<std::uint64_t>(i.a);
  for_lanes(warp.active, [=, window = static_cast<std::uint64_t>(i.immediate)](unsigned lane) {
    to[lane] = a[lane] + window;
  });
}

void decode_convert_address(Decoding& decoding) {
  constexpr std::array<std::string_view, 5> kSpaces = {"global", "shared", "local", "param",
                                                       "const"};
  constexpr std::array<std::uint64_t, 5> kWindows = {0, kSharedWindow, kPrivateWindow,
                                                     kPrivateWindow, kConstantWindow};
  const bool to_space = decoding.take("to");
  const std::uint64_t window = kWindows[decoding.take_one_of(kSpaces)];
  const Type type = decoding.take_type();
  if (type.bits != 64 || !decoding.expect_operands(2, 2)) return decoding.reject("needs .u64");
  Instruction& i = decoding.instruction;
  i.to = decoding.target(0, 8);
  i.a = decoding.source(1, 8);
  i.immediate = static_cast<std::int64_t>(to_space ? 0 - window : window);
  i.run = convert_address;
}

constexpr OpcodeDecoder kDecoders[] = {
    {"mov", decode_move},
    {"cvt", decode_convert},
    {"cvta", decode_convert_address},
};

}  // namespace

std::span<const OpcodeDecoder> move_decoders() { return kDecoders; }

}  // namespace buri::ptx
