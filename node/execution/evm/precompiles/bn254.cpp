#include "node/execution/evm/precompiles/contracts.hpp"
#include "node/execution/evm/precompiles/input.hpp"
#include "node/execution/evm/precompiles/pairings/pairings.h"

/// 0x06, 0x07, 0x08: the curve BN254, also known as alt_bn128. Source: EIP-196, 197, 1108; PIP-88.

namespace buri::execution::evm::precompiles {
namespace {

using enum Proposal;

constexpr std::size_t kPairBytes = 192;

std::uint64_t add_gas(ByteView, const Rules& rules) {
  if (rules.has(kPip88)) return 540;
  return rules.has(kEip1108) ? 150 : 500;
}

bool add(ByteView input, const Rules&, Bytes& output) {
  output.resize(64);
  return buri_bn254_add(padded<128>(input, 0).data(), output.data()) == 1;
}

std::uint64_t multiply_gas(ByteView, const Rules& rules) {
  if (rules.has(kPip88)) return 12600;
  return rules.has(kEip1108) ? 6000 : 40000;
}

bool multiply(ByteView input, const Rules&, Bytes& output) {
  output.resize(64);
  return buri_bn254_multiply(padded<96>(input, 0).data(), output.data()) == 1;
}

std::uint64_t pairing_gas(ByteView input, const Rules& rules) {
  const std::uint64_t pairs = input.size() / kPairBytes;
  if (rules.has(kPip88)) return 67500 + 51000 * pairs;
  return rules.has(kEip1108) ? 45000 + 34000 * pairs : 100000 + 80000 * pairs;
}

bool pairing(ByteView input, const Rules&, Bytes& output) {
  if (input.size() % kPairBytes != 0) return false;
  const std::int32_t verdict = buri_bn254_pairing(input.data(), input.size() / kPairBytes);
  output.resize(32);
  output.back() = verdict == 1 ? 1 : 0;
  return verdict >= 0;
}

}  // namespace

const Precompile kBn254Add{add_gas, add};
const Precompile kBn254Multiply{multiply_gas, multiply};
const Precompile kBn254Pairing{pairing_gas, pairing};

}  // namespace buri::execution::evm::precompiles
