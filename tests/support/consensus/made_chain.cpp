#include "tests/support/consensus/made_chain.hpp"

#include <algorithm>

#include "hsm/wire/sign_bytes.hpp"
#include "node/consensus/engine/canonical.hpp"
#include "node/consensus/engine/chain_state.hpp"
#include "node/consensus/engine/hashes.hpp"

namespace buri::testing {

using namespace consensus::engine;

namespace {

Bytes sign(accel::Engine& crypto, const accel::Signer& signer, ByteView message) {
  Hash256 digest;
  crypto.keccak256(std::span(&message, 1), std::span(&digest, 1));
  const accel::RecoverRequest made = signer.sign(digest);
  Bytes signature(made.signature.r.bytes.begin(), made.signature.r.bytes.end());
  append(signature, made.signature.s);
  signature.push_back(made.recovery_id);
  return signature;
}

std::vector<Validator> values_of(const std::vector<MadeValidator>& members) {
  std::vector<Validator> values;
  for (const MadeValidator& member : members) values.push_back(member.validator);
  return values;
}

}  // namespace

std::vector<MadeValidator> make_validators(accel::Engine& crypto, std::size_t count,
                                           std::int64_t power, std::uint64_t seed) {
  std::mt19937_64 random(seed);
  std::vector<MadeValidator> members;
  for (std::size_t i = 0; i < count; ++i) {
    auto signer = std::make_shared<accel::Signer>(random);
    Validator value{{}, PublicKeyBytes::from(signer->key().view()), power, 0};
    value.address = key_addresses(crypto, std::span(&value, 1)).front();
    members.push_back({std::move(signer), value});
  }
  std::ranges::sort(members, {}, [](const MadeValidator& one) { return one.validator.address; });
  return members;
}

Vote signed_vote(accel::Engine& crypto, std::string_view chain_id, const MadeValidator& member,
                 const BlockId& block_id, std::int64_t height) {
  Vote vote;
  vote.type = VoteType::kPrecommit;
  vote.height = height;
  vote.block_id = block_id;
  vote.timestamp = {MadeChain::kFirstSecond + height, 5};
  vote.validator_address = member.validator.address;
  vote.signature =
      sign(crypto, *member.signer,
           hsm::wire::vote_sign_bytes(chain_id, vote.type, height, 0, block_id, vote.timestamp));
  return vote;
}

LightBlockRecord MadeChain::signed_block(accel::Engine& crypto, Header header,
                                         const std::vector<MadeValidator>& members,
                                         std::int32_t round, const SignsBlock& signs) {
  const auto values = values_of(members);
  auto set = ValidatorSet::create(values);
  CHECK(set.ok(), "the members make a set");
  header.validators_hash = validators_hash(crypto, set->validators());
  Commit commit{header.height, round, {}, {}};
  commit.block_id.hash = header_hash(crypto, header);
  commit.block_id.parts = {1, commit.block_id.hash};
  for (const Validator& value : set->validators()) {
    const auto member = std::ranges::find_if(
        members, [&](const MadeValidator& one) { return one.validator.address == value.address; });
    CommitSig entry;
    if (!signs || signs(*member)) {
      entry = {BlockIdFlag::kCommit, value.address, {header.time.seconds + 1, 0}, {}};
    }
    commit.signatures.push_back(entry);
    if (entry.flag == BlockIdFlag::kAbsent) continue;
    commit.signatures.back().signature =
        sign(crypto, *member->signer,
             precommit_sign_bytes(header.chain_id, commit, commit.signatures.size() - 1));
  }
  return {std::move(header), std::move(commit), *std::move(set)};
}

MadeChain::MadeChain(accel::Engine& crypto, std::int64_t heights, SetOf set_of)
    : crypto_(&crypto), set_of_(std::move(set_of)) {
  extend(heights, {}, 0, {});
}

void MadeChain::extend(std::int64_t heights, const SignsBlock& signs, std::int64_t changed_height,
                       const std::function<void(Header&)>& change) {
  while (height() < heights) {
    const std::int64_t next = height() + 1;
    const auto members = set_of_(next);
    const auto set = ValidatorSet::create(values_of(members));
    const auto next_set = ValidatorSet::create(values_of(set_of_(next + 1)));
    Header header;
    header.block_version = kBlockProtocol;
    header.chain_id = std::string(kChainId);
    header.height = next;
    header.time = {kFirstSecond + next, 0};
    if (next > 1) header.last_block_id = blocks_.back().commit.block_id;
    header.next_validators_hash = validators_hash(*crypto_, next_set->validators());
    header.app_hash = Bytes(32, 7);
    header.proposer_address = set->proposer().address;
    if (next == changed_height) change(header);
    blocks_.push_back(signed_block(*crypto_, std::move(header), members, 0, signs));
  }
}

MadeChain MadeChain::forked(std::int64_t height, const std::function<void(Header&)>& change,
                            SetOf set_of, const SignsBlock& signs) const {
  MadeChain other = *this;
  const std::int64_t heights = this->height();
  other.blocks_.erase(other.blocks_.begin() + (height - 1), other.blocks_.end());
  other.set_of_ = std::move(set_of);
  other.extend(heights, signs, height, change);
  return other;
}

}  // namespace buri::testing
