#include "accel/shani/sha256_kernel.hpp"

#include "accel/lanes/sha256_streams.hpp"

namespace buri::accel::shani {

void sha256_of_nodes(const std::uint8_t* const (&nodes)[kSha256Lanes],
                     std::uint8_t* const (&digests)[kSha256Lanes]) {
  hash_nodes(nodes, digests);
}

void sha256_compress(Sha256Lanes<kSha256Lanes>& lanes, const Sha256Blocks<kSha256Lanes>& blocks,
                     LaneDigests<kSha256Lanes>& digests) {
  compress_blocks(lanes, blocks, digests);
}

}  // namespace buri::accel::shani
