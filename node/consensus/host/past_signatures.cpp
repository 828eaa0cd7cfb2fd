#include "node/consensus/host/past_signatures.hpp"

#include <algorithm>

namespace buri::consensus::host {
namespace {

bool has_signed(const engine::ExtendedCommitRecord& commit, const Address& validator) {
  return std::ranges::any_of(commit.signatures, [&](const engine::ExtendedCommitSig& signature) {
    return signature.vote.flag == engine::BlockIdFlag::kCommit &&
           signature.vote.validator_address == validator;
  });
}

}  // namespace

std::optional<std::int64_t> last_signed_block(const blocks::BlockStore& blocks,
                                              const Address& validator, std::int64_t heights) {
  const std::int64_t last = blocks.height();
  const std::int64_t first = std::max(blocks.base(), last - heights + 1);
  for (std::int64_t height = last; height >= first && height > 0; --height) {
    const auto commit = blocks.commit(height);
    if (commit && has_signed(*commit, validator)) return height;
  }
  return std::nullopt;
}

}  // namespace buri::consensus::host
