#pragma once

#include "node/consensus/engine/block.hpp"
#include "node/consensus/engine/light_client.hpp"

/// A header with the commit for it and the set that signed it, as light clients keep it and as it
/// stands in evidence (0xPolygon/cometbft v0.3.8-polygon, types/light.go).

namespace buri::consensus::engine {

/// Owns what engine::LightBlock borrows.
struct LightBlockRecord {
  Header header;
  Commit commit;
  ValidatorSet validators;

  [[nodiscard]] std::int64_t height() const { return header.height; }
};

/// Decodes a tendermint.types.LightBlock. Errors: those of its parts; kValue for a part that is
/// missing, and for a set that is none, is not in set order or does not have its proposer in it.
Result<LightBlockRecord, codec::DecodeError> decode_light_block(ByteView bytes);
/// The encoding, byte for byte the stock node's.
Bytes encode_light_block(const LightBlockRecord& block);

/// A set with its proposer, tendermint.types.ValidatorSet. Errors: as above.
Result<ValidatorSet, codec::DecodeError> decode_validator_set(ByteView bytes);
Bytes encode_validator_set(const ValidatorSet& validators);

/// A validator alone, as evidence lists it.
Result<Validator, codec::DecodeError> decode_validator(ByteView bytes);
Bytes encode_validator(const Validator& validator);

/// The rules of a light block by itself: a header of this chain, the commit for it, and the set
/// that the header names, each of whose addresses is its key's. No signature is checked. The error
/// is a sentence.
Status<std::string> check_light_block(accel::Engine& crypto, std::string_view chain_id,
                                      const LightBlockRecord& block);

}  // namespace buri::consensus::engine
