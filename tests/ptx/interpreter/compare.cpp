#include "tests/ptx/interpreter/typed.hpp"

/// Comparison and selection: PTX ISA 9.7.4.

namespace buri::ptx {
namespace {

struct Equal {
  template <class T>
  static bool apply(T a, T b) {
    return a == b;
  }
};
struct NotEqual {
  template <class T>
  static bool apply(T a, T b) {
    return a != b;
  }
};
struct Less {
  template <class T>
  static bool apply(T a, T b) {
    return a < b;
  }
};
struct LessEqual {
  template <class T>
  static bool apply(T a, T b) {
    return a <= b;
  }
};
struct Greater {
  template <class T>
  static bool apply(T a, T b) {
    return a > b;
  }
};
struct GreaterEqual {
  template <class T>
  static bool apply(T a, T b) {
    return a >= b;
  }
};

/// How setp joins the comparison with a third predicate.
enum Join : std::uint8_t { kAlone, kAnd, kOr, kXor };

std::uint32_t join(std::uint8_t how, std::uint32_t value, std::uint32_t other) {
  switch (how) {
    case kAnd:
      return value & other;
    case kOr:
      return value | other;
    case kXor:
      return value ^ other;
    default:
      return value;
  }
}

template <class T, class Comparison>
void compare(Warp& warp, const Instruction& i) {
  auto* to = warp.words(i.to);
  const auto* a = warp.lanes<T>(i.a);
  const auto* b = warp.lanes<T>(i.b);
  for_lanes(warp.active, [=](unsigned lane) {
    to[lane] = Comparison::template apply<T>(static_cast<T>(a[lane]), static_cast<T>(b[lane]));
  });
}

/// setp with a second result (the comparison inverted) or a joined predicate c.
template <class T, class Comparison>
void compare_joined(Warp& warp, const Instruction& i) {
  auto* to = warp.words(i.to);
  auto* second = warp.words(i.to_second);
  const auto* a = warp.lanes<T>(i.a);
  const auto* b = warp.lanes<T>(i.b);
  const auto* c = warp.words(i.c);
  for_lanes(warp.active, [=, how = i.mode, inverted = std::uint32_t{i.negated}](unsigned lane) {
    const std::uint32_t value =
        Comparison::template apply<T>(static_cast<T>(a[lane]), static_cast<T>(b[lane]));
    const std::uint32_t other = c[lane] ^ inverted;
    to[lane] = join(how, value, other);
    second[lane] = join(how, value ^ 1, other);
  });
  const std::uint32_t clean = warp.defined[i.a] & warp.defined[i.b] & warp.defined[i.c];
  warp.set_defined(i.to, warp.active, clean);
  warp.set_defined(i.to_second, warp.active, clean);
}

template <class Comparison>
Handler comparison_handler(Decoding& decoding, Type type, bool joined) {
  return with_type(decoding, type, [joined]<class T>(T) -> Handler {
    return joined ? compare_joined<T, Comparison> : compare<T, Comparison>;
  });
}

/// A predicate source that may be written with an exclamation mark.
Unit32 predicate_source(Decoding& decoding, const Operand& operand) {
  decoding.instruction.negated = operand.negated;
  return decoding.register_named(operand.name, 4);
}

void decode_set_predicate(Decoding& decoding) {
  // lo, ls, hi and hs are the unsigned comparisons' other names.
  constexpr std::array<std::string_view, 10> kComparisons = {"eq", "ne", "lt", "le", "gt",
                                                             "ge", "lo", "ls", "hi", "hs"};
  constexpr std::array<std::string_view, 3> kJoins = {"and", "or", "xor"};
  const std::uint8_t comparison = decoding.take_one_of(kComparisons);
  Instruction& i = decoding.instruction;
  for (std::size_t k = 0; k < kJoins.size(); ++k) {
    if (decoding.take(kJoins[k])) i.mode = static_cast<std::uint8_t>(k + 1);
  }
  const Type type = decoding.take_type();
  const std::size_t operands = i.mode == kAlone ? 3 : 4;
  if (!decoding.expect_operands(operands, operands)) return;
  const Operand& target = decoding.operand(0);
  i.to = decoding.target(target, 4);
  if (!target.second_name.empty()) i.to_second = decoding.register_named(target.second_name, 4);
  i.a = decoding.source(1, type.lane_bytes());
  i.b = decoding.source(2, type.lane_bytes());
  if (i.mode != kAlone) i.c = predicate_source(decoding, decoding.operand(3));
  const bool joined = i.mode != kAlone || !target.second_name.empty();
  i.flow = joined ? Flow::kTagged : Flow::kPlain;
  using Pick = Handler (*)(Decoding&, Type, bool);
  constexpr Pick kPicks[] = {comparison_handler<Equal>,   comparison_handler<NotEqual>,
                             comparison_handler<Less>,    comparison_handler<LessEqual>,
                             comparison_handler<Greater>, comparison_handler<GreaterEqual>,
                             comparison_handler<Less>,    comparison_handler<LessEqual>,
                             comparison_handler<Greater>, comparison_handler<GreaterEqual>};
  i.run = kPicks[comparison](decoding, type, joined);
}

/// selp: a where the predicate c holds, else b. Only the chosen side needs to be defined.
template <class T>
void select(Warp& warp, const Instruction& i) {
  auto* to = warp.lanes<T>(i.to);
  const auto* a = warp.lanes<T>(i.a);
  const auto* b = warp.lanes<T>(i.b);
  const auto* c = warp.words(i.c);
  const std::uint32_t first = true_lanes(c, warp.active);
  warp.set_defined(
      i.to, warp.active,
      warp.defined[i.c] & ((warp.defined[i.a] & first) | (warp.defined[i.b] & ~first)));
  for_lanes(warp.active, [=](unsigned lane) { to[lane] = c[lane] ? a[lane] : b[lane]; });
}

void decode_select(Decoding& decoding) {
  const Type type = decoding.take_type();
  if (!decoding.expect_operands(4, 4)) return;
  Instruction& i = decoding.instruction;
  i.flow = Flow::kTagged;
  i.to = decoding.target(0, type.lane_bytes());
  i.a = decoding.source(1, type.lane_bytes());
  i.b = decoding.source(2, type.lane_bytes());
  i.c = decoding.source(3, 4);
  i.run = with_type(decoding, type, []<class T>(T) -> Handler { return select<T>; });
}

constexpr OpcodeDecoder kDecoders[] = {
    {"setp", decode_set_predicate},
    {"selp", decode_select},
};

}  // namespace

std::span<const OpcodeDecoder> compare_decoders() { return kDecoders; }

}  // namespace buri::ptx
