#pragma once

#include "node/execution/chain/field_reader.hpp"
#include "node/protocol/bor/header.hpp"

/// Headers as blocks carry them. The type and its encoding are node/protocol's; here they are read,
/// and told what their seal covers.

namespace buri::execution::chain {

using protocol::bor::Header;

/// keccak256 of the RLP of an empty list: the uncle hash of every Bor block.
inline constexpr Hash256 kEmptyListHash{{0x1d, 0xcc, 0x4d, 0xe8, 0xde, 0xc7, 0x5d, 0x7a,
                                         0xab, 0x85, 0xb5, 0x67, 0xb6, 0xcc, 0xd4, 0x1a,
                                         0xd3, 0x12, 0x45, 0x1b, 0x94, 0x8a, 0x74, 0x13,
                                         0xf0, 0xa1, 0x42, 0xfd, 0x40, 0xd4, 0x93, 0x47}};
/// What stands at the end of a sealed header's extra data: r, s, and 0 or 1.
inline constexpr std::size_t kSealBytes = 65;
/// What stands at its front: the producer's free text.
inline constexpr std::size_t kVanityBytes = 32;

/// Strict: 15 fields and then those of forks, each of its exact form, none left out before one that
/// is there. Encoding the result gives the same bytes.
Result<Header, DecodeError> decode_header(FieldReader fields);
Result<Header, DecodeError> decode_header(ByteView bytes);

/// keccak256 of the RLP: the block's hash.
Hash256 hash_of(const Header& header);

/// What the seal signs the hash of: 15 fields with the extra data less its seal, and the base fee
/// if `covers_base_fee` (from Jaipur on) and there is one. Nothing if there is no room for a seal.
/// Source: spec/bor.md 2.
std::optional<Bytes> seal_message(const Header& header, bool covers_base_fee);

}  // namespace buri::execution::chain
