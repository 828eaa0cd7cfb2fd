#include "tests/unit/accel/hash_implementations.hpp"

#include <openssl/evp.h>

#include "accel/avx2/keccak256.hpp"
#include "accel/avx2/sha256.hpp"
#include "accel/avx512/keccak256.hpp"
#include "accel/avx512/sha256.hpp"
#include "accel/cpu.hpp"
#include "accel/scalar/keccak256.hpp"
#include "accel/scalar/sha256.hpp"
#include "accel/shani/sha256.hpp"
#include "tests/unit/accel/keccak_reference.hpp"

namespace buri::accel {
namespace {

Hash256 reference_keccak256(ByteView message) { return reference::sponge(message, 0x01); }

Hash256 openssl_sha256(ByteView message) {
  Hash256 digest;
  EXPECT_EQ(
      EVP_Digest(message.data(), message.size(), digest.data(), nullptr, EVP_sha256(), nullptr), 1);
  return digest;
}

}  // namespace

std::vector<HashImplementation> keccak256_implementations() {
  const auto implementation = [](const char* name, bool runs_here, auto batch, auto pairs) {
    return HashImplementation{name, runs_here, batch, pairs, reference_keccak256, ""};
  };
  const CpuFeatures& cpu = cpu_features();
  return {
      implementation("scalar", true, scalar::keccak256_batch, scalar::keccak256_pairs),
      implementation("avx2", cpu.avx2, avx2::keccak256_batch, avx2::keccak256_pairs),
      implementation("avx512", cpu.avx512_ifma, avx512::keccak256_batch, avx512::keccak256_pairs)};
}

std::vector<HashImplementation> sha256_implementations() {
  const auto implementation = [](const char* name, bool runs_here, auto batch, auto pairs) {
    return HashImplementation{name, runs_here, batch, pairs, openssl_sha256, "\x01"};
  };
  const CpuFeatures& cpu = cpu_features();
  return {implementation("scalar", true, scalar::sha256_batch, scalar::sha256_pairs),
          implementation("avx2", cpu.avx2, avx2::sha256_batch, avx2::sha256_pairs),
          implementation("shani", cpu.sha_ni && cpu.avx2, shani::sha256_batch, shani::sha256_pairs),
          implementation("avx512", cpu.sha_ni && cpu.avx512_ifma, avx512::sha256_batch,
                         avx512::sha256_pairs)};
}

}  // namespace buri::accel
