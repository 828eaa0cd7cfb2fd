#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/bytes.hpp"

/// What lies in a sign-state file: record blocks and signature blocks, as bytes. Layout:
/// docs/formats/sign-state.md.

namespace buri::hsm::signer {

/// Whose state a file holds. A block of another key or purpose is no block of this file.
struct StateIdentity {
  Address key;          ///< address of the signing key
  std::string purpose;  ///< 1 to 16 characters of a-z and '-'

  friend bool operator==(const StateIdentity&, const StateIdentity&) = default;
};

/// One record: what the key has promised never to contradict. Its hash stands for it in the next
/// record, in the fence and in the rollback anchor.
struct StateRecord {
  std::uint64_t sequence = 0;  ///< counts the records of (key, purpose) over all signers, from 1
  std::uint64_t epoch = 0;     ///< fencing epoch it was written under; 0 without a fence
  Hash256 previous;            ///< hash of the record before it; zero for the first
  Bytes payload;               ///< the rules' record, opaque here

  friend bool operator==(const StateRecord&, const StateRecord&) = default;
};

/// SHA-256 over everything that makes the record what it is.
Hash256 hash_of(const StateIdentity& identity, const StateRecord& record);

inline constexpr std::size_t kSectorBytes = 4096;
inline constexpr std::size_t kRecordOverheadBytes = 144;
/// Room for one copy of a record.
inline constexpr std::size_t kCopyBytes = 32 * kSectorBytes;
inline constexpr std::size_t kMaxPayloadBytes = kCopyBytes - kRecordOverheadBytes;
/// Room for the signatures of one record.
inline constexpr std::size_t kMaxSignatureBytes = kSectorBytes - 96;

/// A record as it was found in a slot. `write_count` orders the writes to one file.
struct StoredRecord {
  std::uint64_t write_count = 0;
  StateRecord record;
};

/// REQUIRES: record.payload.size() <= kMaxPayloadBytes, a well-formed identity.
Bytes encode_record(const StateIdentity& identity, const StoredRecord& stored);
/// Bytes the block occupies, told from its first sector; nothing if this is no such block.
std::optional<std::size_t> record_block_bytes(ByteView first_sector);
/// Nothing unless `block` begins with one whole, undamaged record of `identity`.
std::optional<StoredRecord> decode_record(const StateIdentity& identity, ByteView block);

/// The signatures made for a record.
struct StoredSignature {
  std::uint64_t write_count = 0;
  Hash256 record_hash;
  Bytes signature;
};

/// REQUIRES: signature.size() <= kMaxSignatureBytes.
Bytes encode_signature(const StoredSignature& stored);
std::optional<StoredSignature> decode_signature(ByteView block);

}  // namespace buri::hsm::signer
