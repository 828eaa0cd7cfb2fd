#include <algorithm>

#include "tests/ptx/interpreter/typed.hpp"

/// Instructions for which the lanes of a warp meet: PTX ISA 9.7.9 (shfl), 9.7.13 (vote, match,
/// redux, activemask, bar.warp).

namespace buri::ptx {
namespace {

enum ShuffleMode : std::uint8_t { kUp, kDown, kButterfly, kIndex };

/// The lane that `lane` reads, and whether it lies inside its segment (PTX ISA 9.7.9.6).
struct ShuffleSource {
  unsigned lane;
  bool in_segment;
};

ShuffleSource shuffle_source(std::uint8_t mode, unsigned lane, std::uint32_t b, std::uint32_t c) {
  const std::uint32_t segment = c >> 8 & 31;
  const std::uint32_t clamp = c & 31;
  const auto highest = static_cast<int>((lane & segment) | (clamp & ~segment));
  const auto lowest = static_cast<int>(lane & segment);
  const auto distance = static_cast<int>(b & 31);
  int source = 0;
  switch (mode) {
    case kUp:
      source = static_cast<int>(lane) - distance;
      break;
    case kDown:
      source = static_cast<int>(lane) + distance;
      break;
    case kButterfly:
      source = static_cast<int>(lane) ^ distance;
      break;
    default:
      source = lowest | (distance & ~static_cast<int>(segment));
      break;
  }
  const bool in_segment = mode == kUp ? source >= highest : source <= highest;
  return {in_segment ? static_cast<unsigned>(source) : lane, in_segment};
}

void shuffle(Warp& warp, const Instruction& i) {
  const LaneWords values = warp.registers[i.a];
  const std::uint32_t clean = warp.defined[i.a];
  const std::uint32_t operands_defined = warp.defined[i.b] & warp.defined[i.c];
  std::uint32_t result_defined = 0;
  const LaneWords distances = warp.registers[i.b];
  const LaneWords clamps = warp.registers[i.c];
  each_lane(warp.active, [&](unsigned lane) {
    const auto [source, in_segment] =
        shuffle_source(i.mode, lane, distances.words[lane], clamps.words[lane]);
    if ((warp.active >> source & 1) == 0) {
      return warp.fail(FaultKind::kInactiveSource, i, lane,
                       "a shuffle reads a lane that does not take part", source);
    }
    warp.words(i.to)[lane] = values.words[source];
    warp.words(i.to_second)[lane] = in_segment;
    result_defined |= (clean >> source & 1) << lane;
  });
  warp.set_defined(i.to, warp.active, result_defined & operands_defined);
  warp.set_defined(i.to_second, warp.active, operands_defined);
}

enum VoteMode : std::uint8_t { kAll, kAny, kUniform, kBallot };

void vote(Warp& warp, const Instruction& i) {
  warp.require_defined(i, i.a, "a vote depends on a never-written value");
  std::uint32_t ballot = true_lanes(warp.words(i.a), warp.active);
  if (i.negated) ballot = warp.active & ~ballot;
  std::uint32_t result = ballot;
  if (i.mode == kAll) result = ballot == warp.active;
  if (i.mode == kAny) result = ballot != 0;
  if (i.mode == kUniform) result = ballot == 0 || ballot == warp.active;
  std::uint32_t* to = warp.words(i.to);
  for_lanes(warp.active, [=](unsigned lane) { to[lane] = result; });
  warp.set_defined(i.to, warp.active, kAllLanes);
}

void match_any(Warp& warp, const Instruction& i) {
  const LaneWords values = warp.registers[i.a];
  each_lane(warp.active, [&](unsigned lane) {
    std::uint32_t same = 0;
    each_lane(warp.active, [&](unsigned other) {
      same |= std::uint32_t{values.words[other] == values.words[lane]} << other;
    });
    warp.words(i.to)[lane] = same;
  });
  const bool clean = (warp.active & ~warp.defined[i.a]) == 0;
  warp.set_defined(i.to, warp.active, clean ? kAllLanes : 0);
}

enum ReduceMode : std::uint8_t { kSum, kMinimum, kMaximum, kAnd, kOr, kXor };

template <class T>
T reduced(std::uint8_t mode, T a, T b) {
  switch (mode) {
    case kSum:
      return static_cast<T>(static_cast<std::uint32_t>(a) + static_cast<std::uint32_t>(b));
    case kMinimum:
      return std::min(a, b);
    case kMaximum:
      return std::max(a, b);
    case kAnd:
      return a & b;
    case kOr:
      return a | b;
    default:
      return a ^ b;
  }
}

template <class T>
void reduce(Warp& warp, const Instruction& i) {
  const std::uint32_t* a = warp.words(i.a);
  auto value = static_cast<T>(a[std::countr_zero(warp.active)]);
  each_lane(warp.active & (warp.active - 1),
            [&](unsigned lane) { value = reduced<T>(i.mode, value, static_cast<T>(a[lane])); });
  std::uint32_t* to = warp.words(i.to);
  for_lanes(warp.active, [=](unsigned lane) { to[lane] = static_cast<std::uint32_t>(value); });
  const bool clean = (warp.active & ~warp.defined[i.a]) == 0;
  warp.set_defined(i.to, warp.active, clean ? kAllLanes : 0);
}

void meet_only(Warp&, const Instruction&) {}

void active_mask(Warp& warp, const Instruction& i) {
  std::uint32_t* to = warp.words(i.to);
  for_lanes(warp.active, [=, mask = warp.active](unsigned lane) { to[lane] = mask; });
  warp.set_defined(i.to, warp.active, kAllLanes);
}

using SyncAction = void (*)(Warp&, const Instruction&);
constexpr SyncAction kActions[] = {
    shuffle, vote, match_any, reduce<std::uint32_t>, reduce<std::int32_t>, meet_only};
enum ActionIndex : std::int64_t { kShuffle, kVote, kMatch, kReduceUnsigned, kReduceSigned, kMeet };

/// The active lanes arrive with their member mask (d). When that is all of them the instruction
/// runs at once, else they wait.
void arrive(Warp& warp, const Instruction& i) {
  warp.require_defined(i, i.d, "a member mask was never written");
  const std::uint32_t* masks = warp.words(i.d);
  const std::uint32_t first = masks[std::countr_zero(warp.active)];
  bool same = true;
  each_lane(warp.active, [&](unsigned lane) {
    same = same && masks[lane] == first;
    if ((masks[lane] >> lane & 1) == 0) {
      warp.fail(FaultKind::kLaneMask, i, lane, "the member mask omits its executing lane",
                masks[lane]);
    }
  });
  if (warp.regroup) return;
  if (same && (first & warp.existing) == warp.active) {
    run_warp_sync(warp, i, warp.active);
    ++warp.pc;
    return;
  }
  each_lane(warp.active, [&](unsigned lane) {
    warp.lane_state[lane] = LaneState::kAtWarpSync;
    warp.lane_pc[lane] = warp.pc;
    warp.member_mask[lane] = masks[lane] & warp.existing;
  });
  warp.regroup = true;
}

void finish_sync(Decoding& decoding, ActionIndex action, std::size_t mask_operand) {
  Instruction& i = decoding.instruction;
  i.flow = Flow::kControl;
  i.immediate = action;
  i.d = decoding.source(mask_operand, 4);
  i.run = arrive;
}

void decode_shuffle(Decoding& decoding) {
  constexpr std::array<std::string_view, 4> kModes = {"up", "down", "bfly", "idx"};
  Instruction& i = decoding.instruction;
  if (!decoding.take("sync")) return decoding.reject("only .sync forms are supported");
  i.mode = decoding.take_one_of(kModes);
  if (decoding.take_type().bits != 32 || !decoding.expect_operands(5, 5)) {
    return decoding.reject("bad form");
  }
  const Operand& target = decoding.operand(0);
  i.to = decoding.target(target, 4);
  if (!target.second_name.empty()) i.to_second = decoding.register_named(target.second_name, 4);
  i.a = decoding.source(1, 4);
  i.b = decoding.source(2, 4);
  i.c = decoding.source(3, 4);
  finish_sync(decoding, kShuffle, 4);
}

void decode_vote(Decoding& decoding) {
  constexpr std::array<std::string_view, 4> kModes = {"all", "any", "uni", "ballot"};
  Instruction& i = decoding.instruction;
  if (!decoding.take("sync")) return decoding.reject("only .sync forms are supported");
  i.mode = decoding.take_one_of(kModes);
  if (!decoding.take("pred")) decoding.take_type();
  if (!decoding.expect_operands(3, 3)) return;
  i.to = decoding.target(0, 4);
  i.negated = decoding.operand(1).negated;
  i.a = decoding.operand(1).kind == Operand::Kind::kNumber
            ? decoding.source(1, 4)
            : decoding.register_named(decoding.operand(1).name, 4);
  finish_sync(decoding, kVote, 2);
}

void decode_match(Decoding& decoding) {
  if (!decoding.take("any") || !decoding.take("sync")) return decoding.reject("bad form");
  if (decoding.take_type().bits != 32 || !decoding.expect_operands(3, 3)) {
    return decoding.reject("bad form");
  }
  decoding.instruction.to = decoding.target(0, 4);
  decoding.instruction.a = decoding.source(1, 4);
  finish_sync(decoding, kMatch, 2);
}

void decode_reduce(Decoding& decoding) {
  constexpr std::array<std::string_view, 6> kModes = {"add", "min", "max", "and", "or", "xor"};
  if (!decoding.take("sync")) return decoding.reject("only .sync forms are supported");
  decoding.instruction.mode = decoding.take_one_of(kModes);
  const Type type = decoding.take_type();
  if (type.bits != 32 || !decoding.expect_operands(3, 3)) return decoding.reject("bad form");
  decoding.instruction.to = decoding.target(0, 4);
  decoding.instruction.a = decoding.source(1, 4);
  finish_sync(decoding, type.is_signed() ? kReduceSigned : kReduceUnsigned, 2);
}

void decode_barrier(Decoding& decoding) {
  if (!decoding.take("warp")) return decode_block_barrier(decoding);
  if (!decoding.take("sync") || !decoding.expect_operands(1, 1)) return decoding.reject("bad form");
  finish_sync(decoding, kMeet, 0);
}

void decode_active_mask(Decoding& decoding) {
  decoding.take_type();
  if (!decoding.expect_operands(1, 1)) return;
  decoding.instruction.flow = Flow::kTagged;
  decoding.instruction.to = decoding.target(0, 4);
  decoding.instruction.run = active_mask;
}

constexpr OpcodeDecoder kDecoders[] = {
    {"shfl", decode_shuffle},           {"vote", decode_vote},   {"match", decode_match},
    {"redux", decode_reduce},           {"bar", decode_barrier}, {"barrier", decode_barrier},
    {"activemask", decode_active_mask},
};

}  // namespace

void run_warp_sync(Warp& warp, const Instruction& instruction, std::uint32_t members) {
  ++warp.sync_epoch;
  const std::uint32_t active = warp.active;
  warp.active = members;
  kActions[instruction.immediate](warp, instruction);
  warp.active = active;
}

std::span<const OpcodeDecoder> warp_decoders() { return kDecoders; }

}  // namespace buri::ptx
