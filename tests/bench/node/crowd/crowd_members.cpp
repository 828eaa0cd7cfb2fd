#include "tests/bench/node/crowd/crowd_members.hpp"

#include <algorithm>

#include "base/clock.hpp"
#include "base/codec/base64.hpp"
#include "base/hex.hpp"
#include "hsm/wire/sign_bytes.hpp"
#include "node/consensus/engine/times.hpp"
#include "tests/support/consensus/many_validators.hpp"

namespace buri::bench {

using namespace consensus;

engine::Timestamp wall_time() {
  const auto nanos = std::chrono::duration_cast<std::chrono::nanoseconds>(
      system_clock().wall().time_since_epoch());
  return engine::plus_nanos({0, 0}, nanos.count());
}

CrowdMembers::CrowdMembers(const CrowdOptions& options) : options_(options) {
  std::mt19937_64 random(options.seed);
  std::mt19937_64 same_random = random;
  node_secret_ = accel::random_hash(same_random);  // what the first signer draws
  signers_ = accel::make_signers(options.members + 1, random);
  for (const accel::Signer& signer : signers_) addresses_.push_back(testing::address_of(signer));
  node_ = addresses_.front();
}

std::string CrowdMembers::node_key_file() const {
  return R"({"address":")" + to_hex(node_) +
         R"(","pub_key":{"type":"cometbft/PubKeySecp256k1eth","value":")" +
         to_base64(signers_.front().key().view()) +
         R"("},"priv_key":{"type":"cometbft/PrivKeySecp256k1eth","value":")" +
         to_base64(node_secret_) + R"("}})";
}

std::string CrowdMembers::genesis(std::string_view base_genesis) const {
  std::vector<testing::GenesisValidator> validators;
  for (const accel::Signer& signer : signers_) validators.push_back({&signer, kMemberPower});
  validators.front().power *= options_.node_power;
  return testing::genesis_of(base_genesis, kCrowdChainId, validators);
}

Bytes CrowdMembers::sign(const Address& validator, ByteView message) const {
  const auto found = std::ranges::find(addresses_, validator);
  CHECK(found != addresses_.end(), "a validator of the chain signs");
  const auto index = static_cast<std::size_t>(found - addresses_.begin());
  return testing::signature_of(signers_[index], message);
}

std::vector<engine::Vote> CrowdMembers::votes(const engine::Vote& prototype,
                                              const engine::ValidatorSet& validators) const {
  std::vector<engine::Vote> votes;
  const Bytes extension_bytes = hsm::wire::vote_extension_sign_bytes(
      kCrowdChainId, prototype.height, prototype.round, prototype.extension);
  for (std::size_t i = 0; i < validators.size(); ++i) {
    const Address& address = validators.validators()[i].address;
    if (address == node_) continue;
    engine::Vote& vote = votes.emplace_back(prototype);
    vote.validator_address = address;
    vote.validator_index = static_cast<std::int32_t>(i);
    vote.timestamp = wall_time();
    vote.signature =
        sign(address, hsm::wire::vote_sign_bytes(kCrowdChainId, vote.type, vote.height, vote.round,
                                                 vote.block_id, vote.timestamp));
    if (vote.extension.empty()) continue;
    vote.extension_signature = sign(address, extension_bytes);
    vote.non_rp_signature = sign(address, vote.non_rp_extension);
  }
  return votes;
}

}  // namespace buri::bench
