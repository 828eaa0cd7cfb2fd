#pragma once

#include "base/result.hpp"
#include "node/consensus/codec/wire.hpp"
#include "node/consensus/engine/block_messages.hpp"
#include "node/consensus/engine/types.hpp"

/// Between the engine's values and their fields on the wire. Private to the engine's codecs.

namespace buri::consensus::engine {

template <class T>
using Decoded = Result<T, codec::DecodeError>;

/// 32 bytes or none; kValue for another length.
Decoded<OptionalHash> hash_of(const Bytes& bytes);
/// 20 bytes; kValue for another length.
Decoded<Address> address_of(const Bytes& bytes);
/// kValue for a hash of another length.
Decoded<PartSetHeader> parts_of(const wire::PartSetHeader& read);
Decoded<BlockId> block_id_of(const wire::BlockId& read);

/// A copy; of a missing hash, no bytes.
Bytes bytes_of(ByteView view);
Bytes bytes_of(const OptionalHash& hash);
/// The fields that the stock node writes.
wire::PartSetHeader to_wire(const PartSetHeader& parts);
wire::BlockId to_wire(const BlockId& id);

/// The number's enumerator; kValue if it is none.
template <class Enum, Enum kFirst, Enum kLast>
Decoded<Enum> enumerator_of(std::int64_t number) {
  const bool is_known =
      number >= static_cast<std::int64_t>(kFirst) && number <= static_cast<std::int64_t>(kLast);
  if (!is_known) return Failure{codec::DecodeError::kValue};
  return static_cast<Enum>(number);
}

}  // namespace buri::consensus::engine
