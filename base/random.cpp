#include "base/random.hpp"

#include <sys/random.h>

#include <bit>
#include <cerrno>
#include <cstring>

#include "base/check.hpp"

namespace buri {
namespace {

class SystemRandom final : public Random {
 public:
  void fill(MutableByteView target) override {
    while (!target.empty()) {
      const ssize_t got = ::getrandom(target.data(), target.size(), 0);
      if (got < 0 && errno == EINTR) continue;
      CHECK(got > 0, "the kernel refused to give random bytes");
      target = target.subspan(static_cast<std::size_t>(got));
    }
  }
};

std::uint64_t splitmix64(std::uint64_t& state) {
  std::uint64_t z = state += 0x9e3779b97f4a7c15u;
  z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
  z = (z ^ z >> 27) * 0x94d049bb133111ebu;
  return z ^ z >> 31;
}

}  // namespace

std::uint64_t Random::next() {
  std::array<std::uint8_t, 8> bytes{};
  fill(bytes);
  return std::bit_cast<std::uint64_t>(bytes);
}

std::uint64_t Random::below(std::uint64_t bound) {
  CHECK(bound > 0, "a random number below zero was asked for");
  // The lowest 2^64 mod bound values would be drawn once too often.
  const std::uint64_t surplus = (0 - bound) % bound;
  std::uint64_t value = next();
  while (value < surplus) value = next();
  return value % bound;
}

bool Random::chance(double probability) {
  constexpr double kTwoTo53 = 9007199254740992.0;
  return static_cast<double>(next() >> 11) < probability * kTwoTo53;
}

Random& system_random() {
  static SystemRandom random;
  return random;
}

SeededRandom::SeededRandom(std::uint64_t seed) {
  for (std::uint64_t& word : state_) word = splitmix64(seed);
}

std::uint64_t SeededRandom::next() {
  const std::uint64_t result = std::rotl(state_[1] * 5, 7) * 9;
  const std::uint64_t shifted = state_[1] << 17;
  state_[2] ^= state_[0];
  state_[3] ^= state_[1];
  state_[1] ^= state_[2];
  state_[0] ^= state_[3];
  state_[2] ^= shifted;
  state_[3] = std::rotl(state_[3], 45);
  return result;
}

void SeededRandom::fill(MutableByteView target) {
  while (!target.empty()) {
    const std::uint64_t word = next();
    const std::size_t count = std::min(target.size(), sizeof word);
    std::memcpy(target.data(), &word, count);
    target = target.subspan(count);
  }
}

}  // namespace buri
