#include <bit>

#include "node/execution/evm/precompiles/contracts.hpp"

/// 0x09: the compression function of BLAKE2b with a chosen number of rounds. Source: EIP-152,
/// RFC 7693.

namespace buri::execution::evm::precompiles {
namespace {

constexpr std::size_t kInputBytes = 213;
constexpr std::size_t kStateAt = 4;
constexpr std::size_t kMessageAt = 68;
constexpr std::size_t kCounterAt = 196;
constexpr std::size_t kFinalAt = 212;

constexpr std::array<std::uint64_t, 8> kInitial{
    0x6a09e667f3bcc908, 0xbb67ae8584caa73b, 0x3c6ef372fe94f82b, 0xa54ff53a5f1d36f1,
    0x510e527fade682d1, 0x9b05688c2b3e6c1f, 0x1f83d9abfb41bd6b, 0x5be0cd19137e2179};
constexpr std::array<std::array<std::uint8_t, 16>, 10> kOrder{{
    {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15},
    {14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3},
    {11, 8, 12, 0, 5, 2, 15, 13, 10, 14, 3, 6, 7, 1, 9, 4},
    {7, 9, 3, 1, 13, 12, 11, 14, 2, 6, 5, 10, 4, 0, 15, 8},
    {9, 0, 5, 7, 2, 4, 10, 15, 14, 1, 11, 12, 6, 8, 3, 13},
    {2, 12, 6, 10, 0, 11, 8, 3, 4, 13, 7, 5, 15, 14, 1, 9},
    {12, 5, 1, 15, 14, 13, 4, 10, 0, 7, 6, 3, 9, 2, 8, 11},
    {13, 11, 7, 14, 12, 1, 3, 9, 5, 0, 15, 4, 8, 6, 2, 10},
    {6, 15, 14, 9, 11, 3, 0, 8, 12, 2, 13, 7, 1, 4, 10, 5},
    {10, 2, 8, 4, 7, 6, 1, 5, 15, 11, 9, 14, 3, 12, 13, 0},
}};

using Words = std::array<std::uint64_t, 16>;

std::uint64_t little_endian(const std::uint8_t* bytes) {
  std::uint64_t word = 0;
  std::memcpy(&word, bytes, sizeof word);
  return word;
}

/// The mixing function G of RFC 7693 on four words of the state.
struct Quarter {
  std::size_t a, b, c, d;
};
void mix(Words& v, const Quarter& q, std::uint64_t x, std::uint64_t y) {
  v[q.a] += v[q.b] + x;
  v[q.d] = std::rotr(v[q.d] ^ v[q.a], 32);
  v[q.c] += v[q.d];
  v[q.b] = std::rotr(v[q.b] ^ v[q.c], 24);
  v[q.a] += v[q.b] + y;
  v[q.d] = std::rotr(v[q.d] ^ v[q.a], 16);
  v[q.c] += v[q.d];
  v[q.b] = std::rotr(v[q.b] ^ v[q.c], 63);
}

void round(Words& v, const Words& message, const std::array<std::uint8_t, 16>& order) {
  constexpr std::array<Quarter, 8> kQuarters{{{0, 4, 8, 12},
                                              {1, 5, 9, 13},
                                              {2, 6, 10, 14},
                                              {3, 7, 11, 15},
                                              {0, 5, 10, 15},
                                              {1, 6, 11, 12},
                                              {2, 7, 8, 13},
                                              {3, 4, 9, 14}}};
  for (std::size_t i = 0; i < kQuarters.size(); ++i) {
    mix(v, kQuarters[i], message[order[2 * i]], message[order[2 * i + 1]]);
  }
}

std::uint32_t rounds_of(ByteView input) {
  return std::uint32_t{input[0]} << 24 | std::uint32_t{input[1]} << 16 |
         std::uint32_t{input[2]} << 8 | input[3];
}

std::uint64_t gas(ByteView input, const Rules& rules) {
  if (input.size() != kInputBytes) return 0;
  constexpr std::uint64_t kPip88RoundGas = 22;
  return rounds_of(input) * (rules.has(Proposal::kPip88) ? kPip88RoundGas : std::uint64_t{1});
}

bool run(ByteView input, const Rules&, Bytes& output) {
  if (input.size() != kInputBytes || input[kFinalAt] > 1) return false;
  Words message;
  for (std::size_t i = 0; i < 16; ++i) message[i] = little_endian(&input[kMessageAt + 8 * i]);
  Words v;
  for (std::size_t i = 0; i < 8; ++i) {
    v[i] = little_endian(&input[kStateAt + 8 * i]);
    v[i + 8] = kInitial[i];
  }
  const Words before = v;
  v[12] ^= little_endian(&input[kCounterAt]);
  v[13] ^= little_endian(&input[kCounterAt + 8]);
  if (input[kFinalAt] == 1) v[14] = ~v[14];
  const std::uint32_t count = rounds_of(input);
  for (std::uint32_t i = 0; i < count; ++i) round(v, message, kOrder[i % 10]);
  output.resize(64);
  for (std::size_t i = 0; i < 8; ++i) {
    const std::uint64_t word = before[i] ^ v[i] ^ v[i + 8];
    std::memcpy(output.data() + 8 * i, &word, sizeof word);
  }
  return true;
}

}  // namespace

const Precompile kBlake2f{gas, run};

}  // namespace buri::execution::evm::precompiles
