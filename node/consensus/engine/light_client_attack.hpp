#pragma once

#include "node/consensus/engine/light_block.hpp"

/// A block that was signed to deceive light clients, as evidence (spec/cometbft.md 2.3 and 5;
/// 0xPolygon/cometbft v0.3.8-polygon, types/evidence.go).

namespace buri::consensus::engine {

struct LightClientAttack {
  LightBlockRecord conflicting;
  std::int64_t common_height = 0;  ///< the last one that victim and chain agree on
  std::vector<Validator> byzantine;
  std::int64_t total_voting_power = 0;  ///< at the common height
  Timestamp timestamp;                  ///< of the block at the common height
};

/// The encoding, byte for byte the stock node's, as a piece for blocks and for gossip.
EvidencePiece encode_light_client_attack(const LightClientAttack& attack);
/// The other direction. Errors: those of decode_light_block and of a validator.
Result<LightClientAttack, codec::DecodeError> decode_light_client_attack(ByteView bytes);

/// The rules of an attack by itself; no signature is checked. The error is a sentence.
Status<std::string> check_basic(accel::Engine& crypto, const LightClientAttack& attack);

/// A header of the chain and the commit that the chain agreed on.
struct SignedHeader {
  Header header;
  Commit commit;
};

/// Whether the conflicting header could not follow from the chain: a lunatic attack.
bool is_lunatic(const Header& conflicting, const Header& trusted);
/// Who took part, by power: of a lunatic attack the signers that were validators at the common
/// height; of an equivocation those that signed both; of amnesia nobody that could be named.
std::vector<Validator> byzantine_validators(const LightBlockRecord& conflicting,
                                            const ValidatorSet& common,
                                            const SignedHeader& trusted);

/// Whether the chain convicts. `common` is the chain's at the common height, `trusted` at the
/// conflicting one, or its last if it is not so far. The error is a sentence. REQUIRES: check_basic
/// holds.
struct AttackWitness {
  const SignedHeader& common;
  const ValidatorSet& common_validators;
  const SignedHeader& trusted;
};
Status<std::string> verify_light_client_attack(accel::Engine& crypto,
                                               const LightClientAttack& attack,
                                               const AttackWitness& chain);

}  // namespace buri::consensus::engine
