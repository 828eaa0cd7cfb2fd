#pragma once

#include <vector>

#include "base/bytes.hpp"
#include "base/random.hpp"

namespace buri::testing {

/// Where programs expect others to call and to look at: PUSH1 and this number is an address.
inline constexpr std::uint8_t kFirstNeighbour = 0xc0;
inline constexpr std::uint8_t kNeighbours = 4;

/// Writes EVM code that mostly makes sense: operands are there, offsets and keys are small, jumps
/// have destinations. The same seed gives the same code.
class RandomProgram {
 public:
  explicit RandomProgram(std::uint64_t seed) : random_(seed) {}

  /// The next program.
  Bytes write();

 private:
  void put(std::uint64_t byte) { code_.push_back(static_cast<std::uint8_t>(byte)); }
  void push_small(std::uint64_t bound);
  void push_random();
  void push_destination();
  void push_account();
  void destination();
  void item();
  void jump();
  void memory();
  void storage();
  void copy();
  void look_at_account();
  void call();
  void create();
  void rare();

  SeededRandom random_;
  Bytes code_;
  std::vector<std::size_t> jumps_;
  std::vector<std::size_t> destinations_;
};

}  // namespace buri::testing
