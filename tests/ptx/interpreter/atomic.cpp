#include <algorithm>

#include "tests/ptx/interpreter/access.hpp"
#include "tests/ptx/interpreter/typed.hpp"

/// Atomics: PTX ISA 9.7.13 (atom, red). Lanes go in lane order.

namespace buri::ptx {
namespace {

constexpr std::array<std::string_view, 10> kOperations = {"add", "exch", "min", "max", "and",
                                                          "or",  "xor",  "cas", "inc", "dec"};
constexpr std::uint8_t kCompareAndSwap = 7;

/// The new value. `b` is the first operand; cas stores `c` where the old value equals `b`.
template <class T>
T updated(std::uint8_t operation, T old, T b, T c) {
  using U = Unsigned<T>;
  switch (operation) {
    case 0:
      return static_cast<T>(static_cast<U>(old) + static_cast<U>(b));
    case 1:
      return b;
    case 2:
      return std::min(old, b);
    case 3:
      return std::max(old, b);
    case 4:
      return old & b;
    case 5:
      return old | b;
    case 6:
      return old ^ b;
    case kCompareAndSwap:
      return old == b ? c : old;
    case 8:
      return static_cast<U>(old) >= static_cast<U>(b) ? T{0} : static_cast<T>(old + 1);
    default:
      return old == 0 || static_cast<U>(old) > static_cast<U>(b) ? b : static_cast<T>(old - 1);
  }
}

template <class T>
void atomic(Warp& warp, const Instruction& i) {
  warp.require_defined(i, i.a, "the address of an atomic was never written");
  warp.require_defined(i, i.b, "an atomic's operand was never written");
  warp.require_defined(i, i.c, "an atomic's operand was never written");
  each_lane(warp.active, [&](unsigned lane) {
    const std::uint64_t address = effective_address(warp, i, lane);
    const auto place = resolve(warp, i, {lane, address, sizeof(T), Access::kAtomic});
    if (!place) return;
    if (place->bytes == nullptr) {
      return warp.fail(FaultKind::kOutOfBounds, i, lane, "atomic on private memory", address);
    }
    T old;
    std::memcpy(&old, place->bytes, sizeof old);
    const T next = updated<T>(i.mode, old, static_cast<T>(warp.lanes<T>(i.b)[lane]),
                              static_cast<T>(warp.lanes<T>(i.c)[lane]));
    std::memcpy(place->bytes, &next, sizeof next);
    const bool clean =
        place->space != Space::kShared || shared_is_defined(*warp.block, place->offset, sizeof(T));
    warp.lanes<T>(i.to)[lane] = lane_image<T>(old);
    warp.set_defined(i.to, 1u << lane, clean ? kAllLanes : 0);
  });
}

void decode_atomic(Decoding& decoding) {
  constexpr std::array<std::string_view, 6> kOrders = {"relaxed", "acquire", "release",
                                                       "acq_rel", "cta",     "gpu"};
  const bool has_result = decoding.base() == "atom";
  Instruction& i = decoding.instruction;
  i.space = decoding.take("global")   ? Space::kGlobal
            : decoding.take("shared") ? Space::kShared
                                      : Space::kGeneric;
  decoding.drop(kOrders);
  i.mode = decoding.take_one_of(kOperations);
  const Type type = decoding.take_type();
  const std::size_t operands = 2 + std::size_t{has_result} + (i.mode == kCompareAndSwap ? 1 : 0);
  if (type.bits < 32 || !decoding.expect_operands(operands, operands)) {
    return decoding.reject("bad form");
  }
  i.flow = Flow::kTagged;
  std::size_t next = 0;
  if (has_result) i.to = decoding.target(next++, type.lane_bytes());
  decoding.address(decoding.operand(next++));
  i.b = decoding.source(next++, type.lane_bytes());
  if (i.mode == kCompareAndSwap) i.c = decoding.source(next, type.lane_bytes());
  i.run = with_type(decoding, type, []<class T>(T) -> Handler {
    if constexpr (sizeof(T) >= 4) return atomic<T>;
    return nullptr;
  });
}

constexpr OpcodeDecoder kDecoders[] = {
    {"atom", decode_atomic},
    {"red", decode_atomic},
};

}  // namespace

std::span<const OpcodeDecoder> atomic_decoders() { return kDecoders; }

}  // namespace buri::ptx
