#include "tests/bench/node/crowd/crowd_bor.hpp"

#include <string>

#include "accel/hasher.hpp"

namespace buri::bench {

using protocol::BorBlock;
using protocol::BorBlockInfo;
using protocol::FactError;

namespace {

Hash256 hash_of(std::uint64_t number) {
  const std::string name = "crowd bor block " + std::to_string(number);
  const ByteView message = as_bytes(name);
  Hash256 digest;
  accel::best_hasher().keccak256_batch(std::span(&message, 1), std::span(&digest, 1));
  return digest;
}

}  // namespace

Result<bool, FactError> CrowdBor::has_block(std::uint64_t number) { return number <= head_; }

Result<Hash256, FactError> CrowdBor::root_hash(std::uint64_t /*start*/, std::uint64_t /*end*/) {
  return Failure{FactError::kUnavailable};  // nobody reports a checkpoint here
}

Result<BorBlock, FactError> CrowdBor::head() { return block(head_); }

Result<BorBlock, FactError> CrowdBor::block(std::uint64_t number) {
  if (number > head_) return Failure{FactError::kMissing};
  return BorBlock{number, hash_of(number), number == 0 ? Hash256{} : hash_of(number - 1)};
}

Result<Address, FactError> CrowdBor::author(std::uint64_t number) {
  return number == 0 ? Address{} : author_of_(number);
}

Result<std::vector<BorBlockInfo>, FactError> CrowdBor::blocks(std::uint64_t first,
                                                              std::uint64_t last) {
  std::vector<BorBlockInfo> infos;
  for (std::uint64_t number = first; number <= std::min(last, head_); ++number) {
    BorBlockInfo& info = infos.emplace_back();
    ASSIGN_OR_RETURN(info.block, block(number));
    info.total_difficulty = number + 1;
    ASSIGN_OR_RETURN(info.author, author(number));
  }
  return infos;
}

}  // namespace buri::bench
