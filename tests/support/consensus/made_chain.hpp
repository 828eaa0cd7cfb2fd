#pragma once

#include <functional>
#include <map>
#include <memory>

#include "node/consensus/engine/light_block.hpp"
#include "node/consensus/engine/vote.hpp"
#include "tests/support/accel/signer.hpp"

/// Chains of headers that are really signed, for light clients and evidence: as many validators as
/// wanted, whose set may change at every height, and forks of them.

namespace buri::testing {

/// A validator whose key is at hand.
struct MadeValidator {
  std::shared_ptr<accel::Signer> signer;
  consensus::engine::Validator validator;
};
/// Validators of that power each; the same seed gives the same keys.
std::vector<MadeValidator> make_validators(accel::Engine& crypto, std::size_t count,
                                           std::int64_t power, std::uint64_t seed);

/// A vote of a member for `block_id`, signed.
consensus::engine::Vote signed_vote(accel::Engine& crypto, std::string_view chain_id,
                                    const MadeValidator& member,
                                    const consensus::engine::BlockId& block_id,
                                    std::int64_t height);

/// Who signs a block; the others are absent.
using SignsBlock = std::function<bool(const MadeValidator&)>;

/// Headers from height 1 on, a second apart.
class MadeChain {
 public:
  using SetOf = std::function<std::vector<MadeValidator>(std::int64_t height)>;
  MadeChain(accel::Engine& crypto, std::int64_t heights, SetOf set_of);

  static constexpr std::string_view kChainId = "made-1";
  static constexpr std::int64_t kFirstSecond = 1'700'000'000;

  [[nodiscard]] std::int64_t height() const { return static_cast<std::int64_t>(blocks_.size()); }
  /// REQUIRES: 1 <= height <= height().
  [[nodiscard]] const consensus::engine::LightBlockRecord& at(std::int64_t height) const {
    return blocks_[static_cast<std::size_t>(height - 1)];
  }
  [[nodiscard]] std::vector<MadeValidator> members(std::int64_t height) const {
    return set_of_(height);
  }
  /// What this chain would be had `change` been made to the header of `height`: later blocks follow
  /// from it, signed by `signs` of each set.
  [[nodiscard]] MadeChain forked(std::int64_t height,
                                 const std::function<void(consensus::engine::Header&)>& change,
                                 SetOf set_of, const SignsBlock& signs = {}) const;

  /// A header with the members' commit for it; the header's hashes of the set are filled in.
  static consensus::engine::LightBlockRecord signed_block(accel::Engine& crypto,
                                                          consensus::engine::Header header,
                                                          const std::vector<MadeValidator>& members,
                                                          std::int32_t round,
                                                          const SignsBlock& signs);

 private:
  void extend(std::int64_t heights, const SignsBlock& signs, std::int64_t changed_height,
              const std::function<void(consensus::engine::Header&)>& change);

  accel::Engine* crypto_;
  SetOf set_of_;
  std::vector<consensus::engine::LightBlockRecord> blocks_;
};

}  // namespace buri::testing
