#include "node/consensus/pruning/retention.hpp"

#include <algorithm>

namespace buri::consensus::pruning {

std::int64_t retain_height(const blocks::BlockStore& blocks, const evidence::EvidenceAge& age,
                           std::int64_t kept_blocks) {
  // What is young by its height alone need not be looked at.
  const std::int64_t end = age.last_height - std::max(kept_blocks - 1, age.max_blocks);
  std::int64_t first_kept = blocks.base();
  std::int64_t above = std::max(first_kept, end);
  // Blocks' times grow, so those that are too old come first. One that cannot be read stays.
  while (first_kept < above) {
    const std::int64_t middle = first_kept + (above - first_kept) / 2;
    const auto meta = blocks.meta(middle);
    if (meta && age.is_expired(middle, meta->header.time)) {
      first_kept = middle + 1;
    } else {
      above = middle;
    }
  }
  return first_kept;
}

}  // namespace buri::consensus::pruning
