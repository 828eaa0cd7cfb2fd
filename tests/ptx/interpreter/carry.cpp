#include "tests/ptx/interpreter/carry.hpp"

#include "tests/ptx/interpreter/typed.hpp"

/// Extended-precision arithmetic: PTX ISA 9.7.2. CC.CF is one bit per lane; an instruction that
/// reads it must follow one that set it, with no branch, call or return between them.

namespace buri::ptx {
namespace {

/// Notes the flag's state around an instruction and checks a reader's right to read.
template <bool kReads, bool kWrites>
bool account_carry(Warp& warp, const Instruction& i) {
  const std::uint32_t active = warp.active;
  if (kReads && (active & ~warp.carry_set) != 0) [[unlikely]] {
    warp.fail(FaultKind::kCarryWithoutSetter, i, std::countr_zero(active & ~warp.carry_set),
              "CC.CF is read, but nothing on this path set it");
    return false;
  }
  std::uint32_t clean = warp.defined[i.a] & warp.defined[i.b] & warp.defined[i.c];
  if (kReads) clean &= warp.carry_defined;
  warp.set_defined(i.to, active, clean);
  if (kWrites) {
    warp.carry_set |= active;
    warp.carry_defined = (warp.carry_defined & ~active) | (clean & active);
  }
  return true;
}

template <class T, bool kReads, bool kWrites>
void add(Warp& warp, const Instruction& i) {
  if (!account_carry<kReads, kWrites>(warp, i)) return;
  auto* to = warp.lanes<T>(i.to);
  const auto* a = warp.lanes<T>(i.a);
  const auto* b = warp.lanes<T>(i.b);
  std::uint32_t* carry = warp.carry.data();
  for_lanes(warp.active, [=](unsigned lane) {
    const T partial = a[lane] + b[lane];
    const T sum = partial + (kReads ? carry[lane] : 0);
    if (kWrites) carry[lane] = std::uint32_t{partial < a[lane]} | std::uint32_t{sum < partial};
    to[lane] = sum;
  });
}

template <class T, bool kReads, bool kWrites>
void subtract(Warp& warp, const Instruction& i) {
  if (!account_carry<kReads, kWrites>(warp, i)) return;
  auto* to = warp.lanes<T>(i.to);
  const auto* a = warp.lanes<T>(i.a);
  const auto* b = warp.lanes<T>(i.b);
  std::uint32_t* carry = warp.carry.data();
  for_lanes(warp.active, [=](unsigned lane) {
    const T partial = a[lane] - b[lane];
    const T borrow = kReads ? carry[lane] : 0;
    if (kWrites) {
      carry[lane] = std::uint32_t{a[lane] < b[lane]} | std::uint32_t{partial < borrow};
    }
    to[lane] = partial - borrow;
  });
}

template <class T, bool kHigh, bool kReads, bool kWrites>
void multiply_add(Warp& warp, const Instruction& i) {
  if (!account_carry<kReads, kWrites>(warp, i)) return;
  using U = Unsigned<T>;
  auto* to = warp.lanes<T>(i.to);
  const auto* a = warp.lanes<T>(i.a);
  const auto* b = warp.lanes<T>(i.b);
  const auto* c = warp.lanes<T>(i.c);
  std::uint32_t* carry = warp.carry.data();
  for_lanes(warp.active, [=](unsigned lane) {
    const Wide<T> product = static_cast<Wide<T>>(static_cast<T>(a[lane])) * static_cast<T>(b[lane]);
    const U half = static_cast<U>(kHigh ? product >> kBits<T> : product);
    const Wide<U> sum = Wide<U>{half} + c[lane] + (kReads ? carry[lane] : 0);
    if (kWrites) carry[lane] = static_cast<std::uint32_t>(sum >> kBits<U>);
    to[lane] = static_cast<U>(sum);
  });
}

/// Picks among the three uses of the flag: read, written, both.
template <class Pick>
Handler with_carry(bool reads, bool writes, Pick pick) {
  if (!reads) return pick(std::false_type{}, std::true_type{});
  return writes ? pick(std::true_type{}, std::true_type{})
                : pick(std::true_type{}, std::false_type{});
}

template <bool kReads>
void decode_add_carry(Decoding& decoding) {
  const bool writes = decoding.take("cc");
  if (!kReads && !writes) return decode_add(decoding);
  const Type type = decoding.take_type();
  decode_same_width(decoding, type, 2);
  decoding.instruction.flow = Flow::kTagged;
  decoding.instruction.run = with_unsigned(decoding, type, [&]<class T>(T) {
    return with_carry(kReads, writes,
                      []<class R, class W>(R, W) -> Handler { return add<T, R::value, W::value>; });
  });
}

template <bool kReads>
void decode_subtract_carry(Decoding& decoding) {
  const bool writes = decoding.take("cc");
  if (!kReads && !writes) return decode_subtract(decoding);
  const Type type = decoding.take_type();
  decode_same_width(decoding, type, 2);
  decoding.instruction.flow = Flow::kTagged;
  decoding.instruction.run = with_unsigned(decoding, type, [&]<class T>(T) {
    return with_carry(kReads, writes, []<class R, class W>(R, W) -> Handler {
      return subtract<T, R::value, W::value>;
    });
  });
}

template <bool kReads>
void decode_multiply_add_carry(Decoding& decoding) {
  const bool writes = decoding.take("cc");
  if (!kReads && !writes) return decode_multiply_add(decoding);
  const bool high = decoding.take("hi");
  if (!high && !decoding.take("lo")) decoding.reject("needs .lo or .hi");
  const Type type = decoding.take_type();
  decode_same_width(decoding, type, 3);
  if (type.bits < 32) decoding.reject("unsupported type");
  decoding.instruction.flow = Flow::kTagged;
  decoding.instruction.run = with_type(decoding, type, [&]<class T>(T) {
    return with_carry(kReads, writes, [&]<class R, class W>(R, W) -> Handler {
      return high ? multiply_add<T, true, R::value, W::value>
                  : multiply_add<T, false, R::value, W::value>;
    });
  });
}

constexpr OpcodeDecoder kDecoders[] = {
    {"add", decode_add_carry<false>},          {"addc", decode_add_carry<true>},
    {"sub", decode_subtract_carry<false>},     {"subc", decode_subtract_carry<true>},
    {"mad", decode_multiply_add_carry<false>}, {"madc", decode_multiply_add_carry<true>},
};

}  // namespace

std::span<const OpcodeDecoder> carry_decoders() { return kDecoders; }

}  // namespace buri::ptx
