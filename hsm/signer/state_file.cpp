#include "hsm/signer/state_file.hpp"

#include <algorithm>

#include "base/hex.hpp"

namespace buri::hsm::signer {
namespace {

constexpr std::size_t kSlotCount = 2;
constexpr std::size_t kCopyCount = 2;
constexpr std::uint64_t kSlotBytes = kCopyCount * kCopyBytes + kSectorBytes;
constexpr std::uint64_t kFileBytes = kSlotCount * kSlotBytes;
constexpr std::uint64_t kZeroChunkBytes = kCopyBytes;

std::uint64_t copy_offset(std::size_t slot, std::size_t copy) {
  return slot * kSlotBytes + copy * kCopyBytes;
}

std::uint64_t signature_offset(std::size_t slot) { return copy_offset(slot, kCopyCount); }

StateError error_of(DiskError error) {
  switch (error) {
    case DiskError::kNotFound:
      return StateError::kMissing;
    case DiskError::kExists:
      return StateError::kExists;
    case DiskError::kNoSpace:
      return StateError::kNoSpace;
    case DiskError::kReadOnly:
      return StateError::kReadOnly;
    case DiskError::kDenied:
    case DiskError::kLocked:
    case DiskError::kIo:
      return StateError::kBroken;
  }
  return StateError::kBroken;
}

Status<StateError> as_state(const Status<DiskError>& status) {
  if (!status.ok()) return Failure{error_of(status.error())};
  return Unit{};
}

/// The block of one copy, as far as it is whole; nothing if it is damaged or was never written.
Result<std::optional<StoredRecord>, StateError> read_copy(DiskFile& file,
                                                          const StateIdentity& identity,
                                                          std::uint64_t offset) {
  auto block = file.read(offset, kSectorBytes);
  if (!block.ok()) return Failure{error_of(block.error())};
  const auto byte_count = record_block_bytes(*block);
  if (byte_count && *byte_count > block->size()) {
    block = file.read(offset, *byte_count);
    if (!block.ok()) return Failure{error_of(block.error())};
  }
  return decode_record(identity, *block);
}

Status<StateError> write_new_file(DiskFile& file, ByteView block) {
  const Bytes zeros(kZeroChunkBytes);
  for (std::uint64_t offset = 0; offset < kFileBytes; offset += kZeroChunkBytes) {
    const auto chunk = std::min(kZeroChunkBytes, kFileBytes - offset);
    RETURN_IF_ERROR(as_state(file.write(offset, ByteView(zeros).first(chunk))));
  }
  for (std::size_t copy = 0; copy < kCopyCount; ++copy) {
    RETURN_IF_ERROR(as_state(file.write(copy_offset(0, copy), block)));
  }
  return as_state(file.sync());
}

}  // namespace

std::string_view describe(StateError error) {
  switch (error) {
    case StateError::kMissing:
      return "there is no sign-state file; initialise it or import one";
    case StateError::kExists:
      return "there is a sign-state file already";
    case StateError::kDamaged:
      return "the sign-state file holds no whole record of this key and purpose";
    case StateError::kRolledBack:
      return "the sign-state file is older than signatures that were made";
    case StateError::kNoSpace:
      return "no space left for sign-state";
    case StateError::kReadOnly:
      return "the file system of the sign-state is read-only";
    case StateError::kTooLarge:
      return "the record does not fit into the sign-state file";
    case StateError::kBroken:
      return "writing sign-state failed; what the disk holds is unknown until the next start";
  }
  return "unknown error";
}

std::string StateFile::file_name(const StateIdentity& identity) {
  return to_hex(identity.key) + "." + identity.purpose + ".state";
}

Status<StateError> StateFile::create(Disk& disk, const StateIdentity& identity,
                                     const StateRecord& first) {
  if (first.payload.size() > kMaxPayloadBytes) return Failure{StateError::kTooLarge};
  const std::string name = file_name(identity);
  if (disk.open(name).ok()) return Failure{StateError::kExists};
  const std::string unfinished = name + ".new";
  if (auto removed = disk.remove(unfinished);
      !removed.ok() && removed.error() != DiskError::kNotFound) {
    return Failure{error_of(removed.error())};
  }
  auto file = disk.create(unfinished);
  if (!file.ok()) return Failure{error_of(file.error())};
  RETURN_IF_ERROR(write_new_file(**file, encode_record(identity, {1, first})));
  RETURN_IF_ERROR(as_state(disk.rename(unfinished, name)));
  return as_state(disk.sync_directory());
}

Status<StateError> StateFile::retire(Disk& disk, const StateIdentity& identity) {
  const std::string name = file_name(identity);
  RETURN_IF_ERROR(as_state(disk.rename(name, name + ".exported")));
  return as_state(disk.sync_directory());
}

Result<StateFile, StateError> StateFile::open(Disk& disk, const StateIdentity& identity) {
  auto file = disk.open(file_name(identity));
  if (!file.ok()) return Failure{error_of(file.error())};
  StateFile state(identity, std::move(file).value());
  RETURN_IF_ERROR(state.load());
  RETURN_IF_ERROR(state.load_signatures());
  RETURN_IF_ERROR(state.heal());
  return state;
}

Status<StateError> StateFile::load() {
  const auto size = file_->size();
  if (!size.ok()) return Failure{error_of(size.error())};
  if (*size != kFileBytes) return Failure{StateError::kDamaged};
  std::optional<StoredRecord> newest;
  for (std::size_t slot = 0; slot < kSlotCount; ++slot) {
    for (std::size_t copy = 0; copy < kCopyCount; ++copy) {
      ASSIGN_OR_RETURN(auto found, read_copy(*file_, identity_, copy_offset(slot, copy)));
      if (!found || (newest && newest->write_count >= found->write_count)) continue;
      newest = std::move(found);
      head_slot_ = slot;
    }
  }
  if (!newest) return Failure{StateError::kDamaged};
  head_ = std::move(*newest);
  head_hash_ = hash_of(identity_, head_.record);
  last_write_count_ = head_.write_count;
  return Unit{};
}

// Signatures are stored only for durable records, so a signature block that knows a later record,
// or another one under the head's number, proves that the head is not what was signed last.
Status<StateError> StateFile::load_signatures() {
  for (std::size_t slot = 0; slot < kSlotCount; ++slot) {
    const auto block = file_->read(signature_offset(slot), kSectorBytes);
    if (!block.ok()) return Failure{error_of(block.error())};
    auto found = decode_signature(*block);
    if (!found || found->write_count < head_.write_count) continue;
    if (found->write_count > head_.write_count || found->record_hash != head_hash_) {
      return Failure{StateError::kRolledBack};
    }
    signature_ = std::move(found->signature);
  }
  return Unit{};
}

// A record that was read may stand in the page cache alone (its sync failed before the last
// process ended) or be whole in one copy only. The copies are synced one after the other, so that
// one of them is whole at every instant.
Status<StateError> StateFile::heal() {
  const Bytes block = encode_record(identity_, head_);
  for (std::size_t copy = 0; copy < kCopyCount; ++copy) {
    RETURN_IF_ERROR(write_block(copy_offset(head_slot_, copy), block));
    RETURN_IF_ERROR(sync());
  }
  return Unit{};
}

StateRecord StateFile::next(std::uint64_t epoch, Bytes payload) const {
  return {head_.record.sequence + 1, epoch, head_hash_, std::move(payload)};
}

Status<StateError> StateFile::append(const StateRecord& record) {
  if (broken_) return Failure{StateError::kBroken};
  if (record.payload.size() > kMaxPayloadBytes) return Failure{StateError::kTooLarge};
  StoredRecord stored{++last_write_count_, record};
  const Bytes block = encode_record(identity_, stored);
  const std::size_t slot = 1 - head_slot_;
  for (std::size_t copy = 0; copy < kCopyCount; ++copy) {
    RETURN_IF_ERROR(write_block(copy_offset(slot, copy), block));
  }
  RETURN_IF_ERROR(sync());
  head_ = std::move(stored);
  head_hash_ = hash_of(identity_, head_.record);
  head_slot_ = slot;
  signature_.clear();
  return Unit{};
}

Status<StateError> StateFile::store_signature(ByteView signature) {
  if (broken_) return Failure{StateError::kBroken};
  if (signature.size() > kMaxSignatureBytes) return Failure{StateError::kTooLarge};
  signature_.assign(signature.begin(), signature.end());
  return write_block(signature_offset(head_slot_),
                     encode_signature({head_.write_count, head_hash_, signature_}));
}

Status<StateError> StateFile::write_block(std::uint64_t offset, ByteView block) {
  auto written = as_state(file_->write(offset, block));
  if (!written.ok() && written.error() == StateError::kBroken) broken_ = true;
  return written;
}

Status<StateError> StateFile::sync() {
  if (file_->sync().ok()) return Unit{};
  broken_ = true;  // also for ENOSPC: after a failed fdatasync nothing is known
  return Failure{StateError::kBroken};
}

}  // namespace buri::hsm::signer
