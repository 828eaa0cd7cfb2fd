#include "accel/scalar/keccak256.hpp"

#include <array>
#include <bit>
#include <cstdint>
#include <cstring>

#include "accel/cpu.hpp"
#include "base/check.hpp"

/// The state is A[x, y] = lanes[x + 5 y] (FIPS 202, 3.1.2), each lane a little-endian word. Rounds
/// read one array and write another, so that the compiler can keep lanes in registers and spill
/// each lane once per round.

namespace buri::accel::scalar {
namespace {

using Lanes = std::array<std::uint64_t, 25>;

constexpr std::size_t kRateBytes = 136;
constexpr unsigned kRounds = 24;
constexpr std::uint64_t kFirstPadByte = 0x01;
constexpr std::uint64_t kLastPadBit = std::uint64_t{1} << 63;

constexpr std::array<std::uint64_t, kRounds> kRoundConstants = {
    0x0000000000000001, 0x0000000000008082, 0x800000000000808a, 0x8000000080008000,
    0x000000000000808b, 0x0000000080000001, 0x8000000080008081, 0x8000000000008009,
    0x000000000000008a, 0x0000000000000088, 0x0000000080008009, 0x000000008000000a,
    0x000000008000808b, 0x800000000000008b, 0x8000000000008089, 0x8000000000008003,
    0x8000000000008002, 0x8000000000000080, 0x000000000000800a, 0x800000008000000a,
    0x8000000080008081, 0x8000000000008080, 0x0000000080000001, 0x8000000080008008};

/// Offsets of the rho step (FIPS 202, table 2, modulo 64) at x + 5 y.
constexpr std::array<int, 25> kRotations = {0,  1,  62, 28, 27, 36, 44, 6,  55, 20, 3,  10, 43,
                                            25, 39, 41, 45, 15, 21, 8,  18, 2,  61, 56, 14};

/// Column x0 of the lane that pi moves to (x, y); its row is x.
constexpr unsigned source_column(unsigned x, unsigned y) { return (3 * (y + 2 * x)) % 5; }

/// One round: theta, rho, pi, chi, iota.
[[gnu::always_inline]] inline void round(const Lanes& in, Lanes& out, std::uint64_t constant) {
  std::uint64_t parity[5];
  std::uint64_t mix[5];
#pragma unroll
  for (unsigned x = 0; x < 5; ++x) {
    parity[x] = in[x] ^ in[x + 5] ^ in[x + 10] ^ in[x + 15] ^ in[x + 20];
  }
#pragma unroll
  for (unsigned x = 0; x < 5; ++x) {
    mix[x] = parity[(x + 4) % 5] ^ std::rotl(parity[(x + 1) % 5], 1);
  }
#pragma unroll
  for (unsigned y = 0; y < 5; ++y) {
    std::uint64_t row[5];
#pragma unroll
    for (unsigned x = 0; x < 5; ++x) {
      const unsigned column = source_column(x, y);
      row[x] = std::rotl(in[column + 5 * x] ^ mix[column], kRotations[column + 5 * x]);
    }
#pragma unroll
    for (unsigned x = 0; x < 5; ++x) {
      out[x + 5 * y] = row[x] ^ (~row[(x + 1) % 5] & row[(x + 2) % 5]);
    }
  }
  out[0] ^= constant;
}

[[gnu::always_inline]] inline void permute_rounds(Lanes& state) {
  Lanes even = state;
  Lanes odd;
#pragma unroll 3
  for (unsigned i = 0; i < kRounds; i += 2) {
    round(even, odd, kRoundConstants[i]);
    round(odd, even, kRoundConstants[i + 1]);
  }
  state = even;
}

// The baseline's default tuning turns rotations into shld, which is slow on AMD.
[[gnu::target("tune=znver4")]] void permute_baseline(Lanes& state) { permute_rounds(state); }
// andn and rorx: no complements and no copies, about 1.2 times the baseline.
[[gnu::target("bmi,bmi2,tune=znver4")]] void permute_bmi2(Lanes& state) { permute_rounds(state); }

using Permutation = void (*)(Lanes&);

Permutation permutation() { return cpu_features().bmi2_adx ? permute_bmi2 : permute_baseline; }

/// XORs up to one block into the state, whole lanes first, then the bytes of the last one.
void absorb(Lanes& state, const std::uint8_t* bytes, std::size_t count) {
  const std::size_t whole = count / 8;
  for (std::size_t i = 0; i < whole; ++i) {
    std::uint64_t lane;
    std::memcpy(&lane, bytes + 8 * i, sizeof lane);
    state[i] ^= lane;
  }
  if (count % 8 != 0) {
    std::uint64_t lane = 0;
    std::memcpy(&lane, bytes + 8 * whole, count % 8);
    state[whole] ^= lane;
  }
}

}  // namespace

void keccak256(ByteView message, Hash256& digest) {
  const Permutation permute = permutation();
  const std::uint8_t* bytes = message.data();
  std::size_t left = message.size();
  Lanes state{};
  for (; left >= kRateBytes; bytes += kRateBytes, left -= kRateBytes) {
    absorb(state, bytes, kRateBytes);
    permute(state);
  }
  absorb(state, bytes, left);
  state[left / 8] ^= kFirstPadByte << (left % 8 * 8);
  state[kRateBytes / 8 - 1] ^= kLastPadBit;
  permute(state);
  std::memcpy(digest.data(), state.data(), Hash256::kSize);
}

void keccak256_batch(std::span<const ByteView> messages, std::span<Hash256> digests) {
  CHECK(messages.size() == digests.size(), "a batch needs one digest for each message");
  for (std::size_t i = 0; i < messages.size(); ++i) keccak256(messages[i], digests[i]);
}

void keccak256_pairs(std::span<const Hash256> nodes, std::span<Hash256> parents) {
  CHECK(nodes.size() == 2 * parents.size(), "a level has half the nodes of the level below");
  for (std::size_t i = 0; i < parents.size(); ++i) {
    keccak256({nodes[2 * i].data(), 64}, parents[i]);
  }
}

}  // namespace buri::accel::scalar
