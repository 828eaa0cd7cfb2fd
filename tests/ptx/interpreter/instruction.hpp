#pragma once

#include <cstdint>

/// A decoded instruction: a handler and where its operands lie.

namespace buri::ptx {

struct Warp;
struct Instruction;

/// Executes one instruction for the active lanes of a warp.
using Handler = void (*)(Warp& warp, const Instruction& instruction);

/// How much of the bookkeeping the run loop does around a handler.
enum class Flow : std::uint8_t {
  kPlain,   ///< the loop applies the guard, spreads "defined" from a, b, c to `to` and steps the pc
  kTagged,  ///< the same, but the handler keeps the "defined" masks itself
  kControl,  ///< the handler moves the pc; a guard is part of the instruction (bra only)
};

/// The memory a load, store or atomic names.
enum class Space : std::uint8_t { kGeneric, kGlobal, kShared, kPrivate, kConstant };

/// Registers are named by unit: 128 bytes, one 32-bit value per lane. A 64-bit register takes two
/// units and is named by the first. Immediates are registers too (preset, never written).
using Unit32 = std::uint32_t;

/// Units 0 and 1 are zero, always defined, and stand for an absent source; units 2 and 3 take
/// unwanted results.
inline constexpr Unit32 kNoSource = 0;
inline constexpr Unit32 kSink = 2;
inline constexpr Unit32 kFirstFreeUnit = 4;

struct Instruction {
  Handler run = nullptr;
  Flow flow = Flow::kPlain;
  Space space = Space::kGeneric;
  std::uint8_t count = 1;      ///< elements of a vector load or store
  std::uint8_t mode = 0;       ///< meaning is the handler's own
  bool negated = false;        ///< the predicate source is inverted
  bool guard_negated = false;  ///< executes where the guard is false
  bool short_address = false;  ///< the address register has 32 bits
  bool read_only = false;      ///< ld.global.nc
  Unit32 guard = kNoSource;    ///< predicate; kNoSource when unguarded
  Unit32 to = kSink;
  Unit32 to_second = kSink;  ///< second predicate of setp and shfl
  Unit32 a = kNoSource;
  Unit32 b = kNoSource;
  Unit32 c = kNoSource;
  Unit32 d = kNoSource;
  std::int64_t immediate = 0;
  std::uint32_t line = 0;
  mutable std::uint32_t allocation_hint = 0;  ///< where the last global access was found
};

}  // namespace buri::ptx
