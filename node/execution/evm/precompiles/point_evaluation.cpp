#include <openssl/sha.h>

#include "node/execution/evm/precompiles/contracts.hpp"
#include "node/execution/evm/precompiles/pairings/pairings.h"

/// 0x0a: shows that the polynomial behind a commitment has a value at a point. Source: EIP-4844.

namespace buri::execution::evm::precompiles {
namespace {

constexpr std::size_t kInputBytes = 192;
constexpr std::uint8_t kHashVersion = 0x01;

/// How many field elements a blob has, and their field's modulus: two words.
constexpr std::array<std::uint8_t, 64> kAnswer{
    0,    0,    0,    0,    0,    0,    0,    0,    0,    0,    0,    0,    0,    0,    0,    0,
    0,    0,    0,    0,    0,    0,    0,    0,    0,    0,    0,    0,    0,    0,    0x10, 0,
    0x73, 0xed, 0xa7, 0x53, 0x29, 0x9d, 0x7d, 0x48, 0x33, 0x39, 0xd8, 0x08, 0x09, 0xa1, 0xd8, 0x05,
    0x53, 0xbd, 0xa4, 0x02, 0xff, 0xfe, 0x5b, 0xfe, 0xff, 0xff, 0xff, 0xff, 0x00, 0x00, 0x00, 0x01};

std::uint64_t gas(ByteView, const Rules&) { return 50000; }

/// The versioned hash is SHA-256 of the commitment with its first byte replaced.
bool names(ByteView versioned_hash, ByteView commitment) {
  std::array<std::uint8_t, SHA256_DIGEST_LENGTH> digest{};
  SHA256(commitment.data(), commitment.size(), digest.data());
  digest[0] = kHashVersion;
  return equal(versioned_hash, digest);
}

bool run(ByteView input, const Rules&, Bytes& output) {
  if (input.size() != kInputBytes) return false;
  const ByteView commitment = input.subspan(96, 48);
  if (!names(input.first(32), commitment)) return false;
  if (buri_kzg_verify(commitment.data(), &input[32], &input[64], &input[144]) != 1) return false;
  append(output, kAnswer);
  return true;
}

}  // namespace

const Precompile kPointEvaluation{gas, run};

}  // namespace buri::execution::evm::precompiles
