#include "tests/support/execution/random_program.hpp"

namespace buri::testing {

Bytes RandomProgram::write() {
  code_.clear();
  jumps_.clear();
  destinations_.clear();
  const std::uint64_t items = 4 + random_.below(60);
  for (std::uint64_t i = 0; i < items; ++i) item();
  for (const std::size_t place : jumps_) {
    const std::size_t target =
        destinations_.empty() ? 0 : destinations_[random_.below(destinations_.size())];
    code_[place] = static_cast<std::uint8_t>(target >> 8);
    code_[place + 1] = static_cast<std::uint8_t>(target);
  }
  return code_;
}

void RandomProgram::push_small(std::uint64_t bound) {
  put(0x60);
  put(random_.below(bound));
}

void RandomProgram::push_random() {
  const std::uint64_t bytes = random_.chance(0.7) ? 1 : 1 + random_.below(32);
  put(0x5f + bytes);
  for (std::uint64_t i = 0; i < bytes; ++i) put(random_.chance(0.2) ? 0xff : random_.next());
}

void RandomProgram::push_destination() {
  put(0x61);
  jumps_.push_back(code_.size());
  put(0);
  put(0);
}

/// A neighbour, itself, a precompiled contract, or an account that does not exist.
void RandomProgram::push_account() {
  switch (random_.below(6)) {
    case 0:
      return put(0x30);
    case 1:
      return push_small(12);
    case 2:
      put(0x61);
      put(0xdd);
      return put(random_.below(3));
    default:
      put(0x60);
      return put(kFirstNeighbour + random_.below(kNeighbours));
  }
}

void RandomProgram::destination() {
  destinations_.push_back(code_.size());
  put(0x5b);
}

void RandomProgram::item() {
  switch (random_.below(20)) {
    case 0:
    case 1:
    case 2:
    case 3:
      return push_random();
    case 4:
    case 5:
    case 6:
      return put(1 + random_.below(0x1e));  // arithmetic, comparison, bits
    case 7:
      return put(0x80 + random_.below(6));  // DUP
    case 8:
      return put(0x90 + random_.below(4));  // SWAP
    case 9:
      return destination();
    case 10:
      return jump();
    case 11:
      return memory();
    case 12:
      return storage();
    case 13:
      return put(0x30 + random_.below(0x1b));  // context
    case 14:
    case 15:
      return call();
    case 16:
      return copy();
    case 17:
      return look_at_account();
    case 18:
      return create();
    default:
      return rare();
  }
}

void RandomProgram::jump() {
  if (random_.chance(0.5)) put(0x10 + random_.below(6));  // a comparison, or ISZERO
  if (random_.chance(0.3)) put(0x15);
  if (random_.chance(0.3)) put(0x80);
  push_destination();
  put(random_.chance(0.8) ? 0x57 : 0x56);
}

void RandomProgram::memory() {
  push_small(96);
  constexpr std::array<std::uint8_t, 4> kOpcodes{0x51, 0x52, 0x53, 0x59};
  put(kOpcodes[random_.below(kOpcodes.size())]);
  if (random_.chance(0.2)) {
    push_small(64);
    push_small(64);
    put(0x20);
  }
}

void RandomProgram::storage() {
  push_small(3);
  push_small(3);
  constexpr std::array<std::uint8_t, 6> kOpcodes{0x54, 0x55, 0x55, 0x5c, 0x5d, 0x5a};
  put(kOpcodes[random_.below(kOpcodes.size())]);
}

void RandomProgram::copy() {
  push_small(96);
  push_small(64);
  push_small(96);
  constexpr std::array<std::uint8_t, 4> kOpcodes{0x37, 0x39, 0x3e, 0x5e};
  put(kOpcodes[random_.below(kOpcodes.size())]);
}

void RandomProgram::look_at_account() {
  if (random_.chance(0.2)) {
    for (int i = 0; i < 3; ++i) push_small(64);
    push_account();
    return put(0x3c);
  }
  push_account();
  constexpr std::array<std::uint8_t, 3> kOpcodes{0x31, 0x3b, 0x3f};
  put(kOpcodes[random_.below(kOpcodes.size())]);
}

/// A call, or a log.
void RandomProgram::call() {
  for (int i = 0; i < 4; ++i) push_small(64);
  if (random_.chance(0.2)) return put(0xa0 + random_.below(3));
  constexpr std::array<std::uint8_t, 4> kOpcodes{0xf1, 0xf2, 0xf4, 0xfa};
  const std::uint64_t kind = random_.below(kOpcodes.size());
  if (kind < 2) push_small(random_.chance(0.3) ? 5 : 1);  // the value
  push_account();
  if (random_.chance(0.3)) {
    put(0x5a);  // all the gas
  } else {
    put(0x61);
    put(random_.below(60));
    put(random_.next());
  }
  put(kOpcodes[kind]);
}

/// A creation with code from its own, or from whatever memory holds.
void RandomProgram::create() {
  const std::uint64_t length = random_.below(70);
  if (random_.chance(0.7)) {
    put(0x60);
    put(length);
    push_small(80);
    push_small(2);
    put(0x39);  // CODECOPY
  }
  const bool has_salt = random_.chance(0.5);
  if (has_salt) push_small(2);
  put(0x60);
  put(length);
  push_small(2);
  push_small(random_.chance(0.3) ? 3 : 1);
  put(has_salt ? 0xf5 : 0xf0);
}

void RandomProgram::rare() {
  switch (random_.below(8)) {
    case 0:
      return put(random_.next());
    case 1:
      push_account();
      return put(0xff);  // SELFDESTRUCT
    case 2:
      push_small(64);
      push_small(64);
      return put(random_.chance(0.5) ? 0xf3 : 0xfd);
    default:
      return put(0x50 + 8 * random_.below(2));
  }
}

}  // namespace buri::testing
