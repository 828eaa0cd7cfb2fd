#include "accel/avx512/sha256.hpp"

#include "accel/avx512/sha256_kernel.hpp"
#include "accel/lanes/sha256_by_lanes.hpp"

namespace buri::accel::avx512 {

void sha256_batch(std::span<const ByteView> messages, std::span<Hash256> digests) {
  hash_batch_by_lanes<Sha256ByLanes>(messages, digests, sha256_compress);
}

void sha256_pairs(std::span<const Hash256> nodes, std::span<Hash256> parents) {
  sha256_pairs_by_lanes(nodes, parents, sha256_of_nodes);
}

}  // namespace buri::accel::avx512
