#include "accel/hasher.hpp"

#include "accel/avx2/keccak256.hpp"
#include "accel/avx2/sha256.hpp"
#include "accel/avx512/keccak256.hpp"
#include "accel/avx512/sha256.hpp"
#include "accel/cpu.hpp"
#include "accel/scalar/keccak256.hpp"
#include "accel/scalar/sha256.hpp"
#include "accel/shani/sha256.hpp"
#include "base/check.hpp"

namespace buri::accel {
namespace {

Hasher make_avx2_hasher() {
  CHECK(cpu_features().avx2, "this processor lacks AVX2");
  const bool sha_ni = cpu_features().sha_ni;
  return {"avx2", avx2::keccak256_batch, sha_ni ? shani::sha256_batch : avx2::sha256_batch,
          avx2::keccak256_pairs, sha_ni ? shani::sha256_pairs : avx2::sha256_pairs};
}

Hasher make_avx512_hasher() {
  CHECK(cpu_features().avx512_ifma, "this processor lacks AVX-512 with IFMA and VBMI");
  const bool sha_ni = cpu_features().sha_ni;
  return {"avx512", avx512::keccak256_batch, sha_ni ? avx512::sha256_batch : avx2::sha256_batch,
          avx512::keccak256_pairs, sha_ni ? avx512::sha256_pairs : avx2::sha256_pairs};
}

}  // namespace

const Hasher& scalar_hasher() {
  static constexpr Hasher kHasher{"scalar", scalar::keccak256_batch, scalar::sha256_batch,
                                  scalar::keccak256_pairs, scalar::sha256_pairs};
  return kHasher;
}

const Hasher& avx2_hasher() {
  static const Hasher hasher = make_avx2_hasher();
  return hasher;
}

const Hasher& avx512_hasher() {
  static const Hasher hasher = make_avx512_hasher();
  return hasher;
}

const Hasher& best_hasher() {
  if (cpu_features().avx512_ifma) return avx512_hasher();
  if (cpu_features().avx2) return avx2_hasher();
  return scalar_hasher();
}

}  // namespace buri::accel
