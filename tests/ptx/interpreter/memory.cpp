#include "tests/ptx/interpreter/access.hpp"
#include "tests/ptx/interpreter/typed.hpp"

/// Loads and stores: PTX ISA 9.7.9 (ld, st), 9.7.13 (membar, fence). Memory is sequentially
/// consistent here, so cache operators and fences change nothing.

namespace buri::ptx {
namespace {

/// The registers of a vector access, in order.
std::array<Unit32, 4> value_units(const Instruction& i) { return {i.to, i.b, i.c, i.d}; }

/// True when every active lane addresses the same place in private memory; lanes then lie side by
/// side. Out-of-bounds and misaligned accesses take the slow path, which reports them.
bool uniform_private(Warp& warp, const Instruction& i, unsigned bytes, std::uint64_t& offset) {
  if (i.space != Space::kPrivate && i.space != Space::kGeneric) return false;
  offset = effective_address(warp, i, static_cast<unsigned>(std::countr_zero(warp.active)));
  if (i.a != kNoSource) {
    if (i.short_address) return false;
    const std::uint64_t* base = warp.lanes<std::uint64_t>(i.a);
    const std::uint64_t first = base[std::countr_zero(warp.active)];
    std::uint64_t difference = 0;
    for_lanes(warp.active, [&](unsigned lane) { difference |= base[lane] ^ first; });
    if (difference != 0) return false;
  }
  if (i.space == Space::kGeneric) {
    if ((offset & (0xffull << 56)) != kPrivateWindow) return false;
    offset -= kPrivateWindow;
  }
  const Layout& layout = warp.block->launch.module.private_layout;
  return offset % bytes == 0 && offset + bytes <= layout.size() && layout.valid[offset] &&
         layout.valid[offset + bytes - 1];
}

template <class T, class TargetLane>
void load_uniform(Warp& warp, const Instruction& i, std::uint64_t offset) {
  const auto units = value_units(i);
  for (unsigned k = 0; k < i.count; ++k, offset += sizeof(T)) {
    std::uint32_t clean = kAllLanes;
    for (unsigned byte = 0; byte < sizeof(T); ++byte) {
      clean &= warp.private_defined[offset + byte];
    }
    warp.set_defined(units[k], warp.active, clean);
    auto* to = warp.lanes<TargetLane>(units[k]);
    const std::uint32_t* words = &warp.private_words[offset / 4 * kLanes];
    if constexpr (sizeof(T) == 8) {
      for_lanes(warp.active, [=](unsigned lane) {
        to[lane] = static_cast<TargetLane>(std::uint64_t{words[kLanes + lane]} << 32 | words[lane]);
      });
    } else {
      for_lanes(warp.active, [=, shift = offset % 4 * 8](unsigned lane) {
        to[lane] = extended<TargetLane>(static_cast<T>(words[lane] >> shift));
      });
    }
  }
}

template <class T, class TargetLane>
void load_lane(Warp& warp, const Instruction& i, unsigned lane) {
  const auto units = value_units(i);
  std::uint64_t address = effective_address(warp, i, lane);
  if (address % (sizeof(T) * i.count) != 0) {
    return warp.fail(FaultKind::kMisaligned, i, lane, "misaligned load", address);
  }
  const Access access = i.read_only ? Access::kReadOnly : Access::kRead;
  for (unsigned k = 0; k < i.count; ++k, address += sizeof(T)) {
    const auto place = resolve(warp, i, {lane, address, sizeof(T), access});
    if (!place) return;
    T value;
    bool clean = true;
    if (place->space == Space::kPrivate) {
      value = static_cast<T>(load_private(warp, lane, place->offset, sizeof(T)));
      clean = private_is_defined(warp, lane, place->offset, sizeof(T));
    } else {
      std::memcpy(&value, place->bytes, sizeof(T));
      if (place->space == Space::kShared) {
        clean = shared_is_defined(*warp.block, place->offset, sizeof(T));
      }
    }
    warp.lanes<TargetLane>(units[k])[lane] = extended<TargetLane>(value);
    warp.set_defined(units[k], 1u << lane, clean ? kAllLanes : 0);
  }
}

template <class T, class TargetLane>
void load(Warp& warp, const Instruction& i) {
  warp.require_defined(i, i.a, "the address of a load was never written");
  std::uint64_t offset = 0;
  if (uniform_private(warp, i, sizeof(T) * i.count, offset)) {
    return load_uniform<T, TargetLane>(warp, i, offset);
  }
  // A vector load may overwrite its own address register, so lanes are done one by one.
  each_lane(warp.active, [&](unsigned lane) { load_lane<T, TargetLane>(warp, i, lane); });
}

template <class T, class SourceLane>
void store_uniform(Warp& warp, const Instruction& i, std::uint64_t offset) {
  const auto units = value_units(i);
  for (unsigned k = 0; k < i.count; ++k, offset += sizeof(T)) {
    for (unsigned byte = 0; byte < sizeof(T); ++byte) {
      std::uint32_t& mask = warp.private_defined[offset + byte];
      mask = (mask & ~warp.active) | (warp.defined[units[k]] & warp.active);
    }
    const auto* from = warp.lanes<SourceLane>(units[k]);
    std::uint32_t* words = &warp.private_words[offset / 4 * kLanes];
    if constexpr (sizeof(T) == 8) {
      for_lanes(warp.active, [=](unsigned lane) {
        words[lane] = static_cast<std::uint32_t>(from[lane]);
        words[kLanes + lane] = static_cast<std::uint32_t>(std::uint64_t{from[lane]} >> 32);
      });
    } else if constexpr (sizeof(T) == 4) {
      for_lanes(warp.active,
                [=](unsigned lane) { words[lane] = static_cast<std::uint32_t>(from[lane]); });
    } else {
      each_lane(warp.active,
                [&](unsigned lane) { store_private(warp, lane, offset, sizeof(T), from[lane]); });
    }
  }
}

template <class T, class SourceLane>
void store_lane(Warp& warp, const Instruction& i, unsigned lane) {
  const auto units = value_units(i);
  std::uint64_t address = effective_address(warp, i, lane);
  if (address % (sizeof(T) * i.count) != 0) {
    return warp.fail(FaultKind::kMisaligned, i, lane, "misaligned store", address);
  }
  for (unsigned k = 0; k < i.count; ++k, address += sizeof(T)) {
    const auto place = resolve(warp, i, {lane, address, sizeof(T), Access::kWrite});
    if (!place) return;
    const bool clean = warp.defined[units[k]] >> lane & 1;
    const auto value = static_cast<T>(warp.lanes<SourceLane>(units[k])[lane]);
    if (place->space == Space::kPrivate) {
      store_private(warp, lane, place->offset, sizeof(T), value);
      define_private(warp, lane, place->offset, sizeof(T), clean);
      continue;
    }
    std::memcpy(place->bytes, &value, sizeof(T));
    if (place->space == Space::kShared) {
      define_shared(*warp.block, place->offset, sizeof(T), clean);
    } else if (!clean) {
      warp.fail(FaultKind::kUninitialised, i, lane, "a never-written value is stored", address);
    }
  }
}

template <class T, class SourceLane>
void store(Warp& warp, const Instruction& i) {
  warp.require_defined(i, i.a, "the address of a store was never written");
  std::uint64_t offset = 0;
  if (uniform_private(warp, i, sizeof(T) * i.count, offset)) {
    return store_uniform<T, SourceLane>(warp, i, offset);
  }
  each_lane(warp.active, [&](unsigned lane) { store_lane<T, SourceLane>(warp, i, lane); });
}

Space take_space(Decoding& decoding) {
  constexpr std::array<std::string_view, 9> kNames = {"global",       "shared",      "local",
                                                      "param",        "const",       "shared::cta",
                                                      "param::entry", "param::func", "generic"};
  constexpr std::array<Space, 9> kSpaces = {Space::kGlobal,  Space::kShared,   Space::kPrivate,
                                            Space::kPrivate, Space::kConstant, Space::kShared,
                                            Space::kPrivate, Space::kPrivate,  Space::kGeneric};
  for (std::size_t k = 0; k < kNames.size(); ++k) {
    if (decoding.take(kNames[k])) return kSpaces[k];
  }
  return Space::kGeneric;
}

/// Reads the value operand, {a, b, ...} or one register, and returns the registers' width.
unsigned read_values(Decoding& decoding, const Operand& operand, Type type, bool is_target) {
  constexpr std::array<std::string_view, 2> kVectors = {"v2", "v4"};
  Instruction& i = decoding.instruction;
  std::size_t expected = 1;
  if (decoding.take(kVectors[0])) expected = 2;
  if (decoding.take(kVectors[1])) expected = 4;
  std::span<const Operand> items(&operand, 1);
  if (operand.kind == Operand::Kind::kVector) items = operand.items;
  if (items.size() != expected) {
    decoding.reject("the vector's size is not the one named");
    return 4;
  }
  i.count = static_cast<std::uint8_t>(items.size());
  Unit32* const units[] = {&i.to, &i.b, &i.c, &i.d};
  unsigned bytes = 0;
  for (std::size_t k = 0; k < items.size(); ++k) {
    const Register value = decoding.wide_register(items[k], type.lane_bytes(), is_target);
    if (bytes != 0 && value.bytes != bytes) decoding.reject("registers of mixed width");
    bytes = value.bytes;
    *units[k] = value.unit;
  }
  return bytes;
}

template <class F>
Handler with_memory_type(Decoding& decoding, Type type, F f) {
  if (type.bits != 8) return with_type(decoding, type, f);
  return type.is_signed() ? f(std::int8_t{}) : f(std::uint8_t{});
}

void drop_hints(Decoding& decoding) {
  constexpr std::array<std::string_view, 18> kHints = {"ca",
                                                       "cg",
                                                       "cs",
                                                       "lu",
                                                       "cv",
                                                       "wb",
                                                       "wt",
                                                       "weak",
                                                       "L1::evict_last",
                                                       "L1::evict_first",
                                                       "L1::no_allocate",
                                                       "L1::evict_normal",
                                                       "L1::evict_unchanged",
                                                       "L2::64B",
                                                       "L2::128B",
                                                       "L2::256B",
                                                       "L2::evict_last",
                                                       "L2::evict_first"};
  decoding.drop(kHints);
}

void decode_load(Decoding& decoding) {
  Instruction& i = decoding.instruction;
  i.space = take_space(decoding);
  i.read_only = decoding.take("nc");
  drop_hints(decoding);
  const Type type = decoding.take_type();
  if (!decoding.expect_operands(2, 2)) return;
  i.flow = Flow::kTagged;
  const unsigned bytes = read_values(decoding, decoding.operand(0), type, true);
  decoding.address(decoding.operand(1));
  i.run = with_memory_type(decoding, type, [bytes]<class T>(T) -> Handler {
    return bytes == 8 ? load<T, std::uint64_t> : load<T, std::uint32_t>;
  });
}

void decode_store(Decoding& decoding) {
  Instruction& i = decoding.instruction;
  i.space = take_space(decoding);
  drop_hints(decoding);
  const Type type = decoding.take_type();
  if (!decoding.expect_operands(2, 2)) return;
  i.flow = Flow::kTagged;
  decoding.address(decoding.operand(0));
  const unsigned bytes = read_values(decoding, decoding.operand(1), type, false);
  i.run = with_memory_type(decoding, type, [bytes]<class T>(T) -> Handler {
    return bytes == 8 ? store<T, std::uint64_t> : store<T, std::uint32_t>;
  });
}

void no_operation(Warp&, const Instruction&) {}

void decode_fence(Decoding& decoding) {
  constexpr std::array<std::string_view, 6> kWords = {"sc", "acq_rel", "cta", "gl", "gpu", "sys"};
  decoding.drop(kWords);
  decoding.instruction.flow = Flow::kTagged;
  decoding.instruction.run = no_operation;
}

constexpr OpcodeDecoder kDecoders[] = {
    {"ld", decode_load},
    {"st", decode_store},
    {"membar", decode_fence},
    {"fence", decode_fence},
};

}  // namespace

std::span<const OpcodeDecoder> memory_decoders() { return kDecoders; }

}  // namespace buri::ptx
