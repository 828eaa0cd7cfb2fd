#include "accel/avx2/keccak256.hpp"

#include "accel/avx2/keccak256_kernel.hpp"
#include "accel/lanes/keccak256_by_lanes.hpp"

namespace buri::accel::avx2 {

void keccak256_batch(std::span<const ByteView> messages, std::span<Hash256> digests) {
  keccak256_batch_by_lanes(messages, digests, keccak256_absorb, keccak256_of_64_bytes);
}

void keccak256_pairs(std::span<const Hash256> nodes, std::span<Hash256> parents) {
  keccak256_pairs_by_lanes(nodes, parents, keccak256_of_64_bytes);
}

}  // namespace buri::accel::avx2
