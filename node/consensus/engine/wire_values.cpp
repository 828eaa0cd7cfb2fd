#include "node/consensus/engine/wire_values.hpp"

namespace buri::consensus::engine {

Bytes bytes_of(ByteView view) { return {view.begin(), view.end()}; }
Bytes bytes_of(const OptionalHash& hash) { return hash ? bytes_of(ByteView(*hash)) : Bytes{}; }

Decoded<OptionalHash> hash_of(const Bytes& bytes) {
  if (bytes.empty()) return OptionalHash{};
  if (bytes.size() != Hash256::kSize) return Failure{codec::DecodeError::kValue};
  return OptionalHash(Hash256::from(bytes));
}

Decoded<Address> address_of(const Bytes& bytes) {
  if (bytes.size() != Address::kSize) return Failure{codec::DecodeError::kValue};
  return Address::from(bytes);
}

Decoded<PartSetHeader> parts_of(const wire::PartSetHeader& read) {
  PartSetHeader parts;
  parts.total = read.total;
  ASSIGN_OR_RETURN(parts.hash, hash_of(read.hash));
  return parts;
}

Decoded<BlockId> block_id_of(const wire::BlockId& read) {
  BlockId id;
  ASSIGN_OR_RETURN(id.hash, hash_of(read.hash));
  ASSIGN_OR_RETURN(id.parts, parts_of(read.part_set_header));
  return id;
}

wire::PartSetHeader to_wire(const PartSetHeader& parts) {
  return {parts.total, bytes_of(parts.hash)};
}

wire::BlockId to_wire(const BlockId& id) { return {bytes_of(id.hash), to_wire(id.parts)}; }

}  // namespace buri::consensus::engine
