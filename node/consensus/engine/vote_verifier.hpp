#pragma once

#include <functional>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "accel/engine.hpp"
#include "node/consensus/engine/validator_set.hpp"
#include "node/consensus/engine/vote.hpp"
#include "node/consensus/engine/vote_signatures.hpp"

/// The signatures of votes that arrive together, checked as one batch, and remembered, so that none
/// is checked twice in its life: not when it is gossiped again, nor in a commit.

namespace buri::consensus::engine {

/// What is wrong with a vote's signatures, in the order asked.
enum class VoteVerdict : std::uint8_t {
  kGood,
  kNoExtensionSignature,  ///< a precommit for a block lacks one where extensions are on
  kUnwantedExtension,     ///< a vote has extension data where extensions are off
  kSignature,             ///< not the validator's over the vote
  kExtensionSignature,    ///< not the validator's over the extension
  kNonRpSignature,        ///< not the validator's over the non-replay-protected extension
};
/// What the verdict means, for people.
std::string_view describe(VoteVerdict verdict);

/// Verdicts by (key, digest, R and S). Not thread-safe.
class VoteVerifier {
 public:
  /// Keeps at most `capacity` verdicts of two generations: when the younger has half of them, the
  /// older goes. `crypto` must outlive this.
  VoteVerifier(accel::Engine& crypto, std::string chain_id, std::size_t capacity = 100'000)
      : crypto_(&crypto), chain_id_(std::move(chain_id)), capacity_(capacity) {}

  /// Whether extensions are on at the votes' height.
  enum class Extensions : std::uint8_t { kOff, kOn };
  /// The verdict on each vote, in order. `keys` are the tables of the validators' keys, in their
  /// order. REQUIRES: each vote's index names a validator, and the address is that one's.
  std::vector<VoteVerdict> check(std::span<const Vote> votes, const ValidatorSet& validators,
                                 const std::shared_ptr<const accel::KeySet>& keys,
                                 Extensions extensions);

  /// A member of a set and the tables of all its keys.
  struct Signer {
    const ValidatorSet& validators;
    std::shared_ptr<const accel::KeySet> keys;
    std::size_t index = 0;
  };
  /// Whether the member signed these bytes.
  bool check_message(Bytes message, ByteView signature, const Signer& signer);

  /// Remembers votes that were found good by somebody who kept the verdicts beside them
  /// (commit_batch.hpp), and tells the listener. REQUIRES: as check(); every signature is good.
  void learn(std::span<const Vote> votes, const ValidatorSet& validators, Extensions extensions);

  /// A signature that the engine has just checked.
  struct Checked {
    const PublicKeyBytes& key;
    const Hash256& digest;  ///< keccak256 of what is signed
    ByteView signature;     ///< 65 bytes
    bool is_valid = false;
  };
  /// Tells `listener` of every signature as it is checked, so that another memory, the
  /// application's, need not check it again where it comes back in a block's first transaction.
  void tell(std::function<void(const Checked&)> listener) { listener_ = std::move(listener); }

  /// Signatures that went to the engine since the start.
  [[nodiscard]] std::size_t checked() const { return checked_; }

 private:
  /// One signature of a vote.
  struct Claim {
    std::size_t vote = 0;
    VoteVerdict if_bad = VoteVerdict::kSignature;
    std::uint32_t key_index = 0;
    Bytes message;
    ByteView signature;
    Hash256 digest{};  ///< of the message, once it is known
  };
  std::vector<Claim> claims_of(std::span<const Vote> votes, Extensions extensions,
                               std::vector<VoteVerdict>& verdicts) const;
  std::vector<Hash256> names_of(std::span<Claim> claims, const ValidatorSet& validators);
  void check_unknown(std::span<const Claim> claims, std::span<const Hash256> names,
                     const ValidatorSet& validators,
                     const std::shared_ptr<const accel::KeySet>& keys);
  void make_room(std::size_t verdicts);
  void tell_of(const Claim& claim, const ValidatorSet& validators, bool is_valid) const;
  const bool* remembered(const Hash256& name) const;
  void remember(const Hash256& name, bool is_good);

  accel::Engine* crypto_;
  std::string chain_id_;
  std::size_t capacity_;
  std::size_t checked_ = 0;
  std::unordered_map<Hash256, bool> young_;
  std::unordered_map<Hash256, bool> old_;
  std::function<void(const Checked&)> listener_;
};

}  // namespace buri::consensus::engine
