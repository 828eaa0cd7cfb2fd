#pragma once

#include <memory>
#include <optional>
#include <string>

#include "base/result.hpp"
#include "hsm/signer/disk.hpp"
#include "hsm/signer/state_block.hpp"

/// The durable memory of what one key has signed for one purpose: one file, two slots written in
/// turn, each record twice. Format and reasons: docs/formats/sign-state.md.
///
/// What it promises, whatever instant the power fails at: the head after open() is the last record
/// that append() reported durable, or the one whose append() was under way. One sector that rots
/// between two starts does not change that. A file that is missing or has no whole record left is
/// an error and never a fresh start.

namespace buri::hsm::signer {

/// Why sign-state cannot be read or written.
enum class StateError : std::uint8_t {
  kMissing,     ///< there is no file; an operator has to initialise or import
  kExists,      ///< initialising would replace a file
  kDamaged,     ///< no whole record in either slot, wrong size, or another key's file
  kRolledBack,  ///< signatures of a later record exist: the file is older than what was signed
  kNoSpace,     ///< refused by the file system; the head stands and a later try may pass
  kReadOnly,    ///< likewise
  kTooLarge,    ///< the payload does not fit its slot
  kBroken,      ///< a write or sync failed: what the disk holds is unknown until the next start
};

/// What the error means, for people.
std::string_view describe(StateError error);

/// One sign-state file, open and healed. Not thread-safe.
class StateFile {
 public:
  /// Makes the file with `first` as its head, durable when this returns. Errors: kExists and the
  /// write errors; a failed try leaves no file under the final name.
  static Status<StateError> create(Disk& disk, const StateIdentity& identity,
                                   const StateRecord& first);
  /// With `payload` as record 1.
  static Status<StateError> create(Disk& disk, const StateIdentity& identity, ByteView payload) {
    return create(disk, identity, StateRecord{1, 0, {}, {payload.begin(), payload.end()}});
  }
  /// Puts the file aside as "….exported", durable when this returns: no signer opens it again.
  static Status<StateError> retire(Disk& disk, const StateIdentity& identity);

  /// Reads the file, takes the newest whole record as head and writes it again, so that it is
  /// durable and whole in both copies before anybody builds on it. `disk` must outlive the result.
  static Result<StateFile, StateError> open(Disk& disk, const StateIdentity& identity);

  /// The name of that state's file in its directory.
  static std::string file_name(const StateIdentity& identity);

  [[nodiscard]] const StateIdentity& identity() const { return identity_; }
  [[nodiscard]] const StateRecord& head() const { return head_.record; }
  [[nodiscard]] const Hash256& head_hash() const { return head_hash_; }
  /// The signatures stored for the head; empty if none are known.
  [[nodiscard]] const Bytes& head_signature() const { return signature_; }
  /// True after kBroken: only a new start reads again what the disk really holds.
  [[nodiscard]] bool broken() const { return broken_; }

  /// The record that follows the head.
  [[nodiscard]] StateRecord next(std::uint64_t epoch, Bytes payload) const;

  /// Makes `record` the head, durable when this returns without error. After kNoSpace, kReadOnly
  /// and kTooLarge the old head stands; after kBroken every later call fails.
  Status<StateError> append(const StateRecord& record);

  /// Keeps the signatures made for the head. Not synced: when they are lost the same bytes are
  /// signed again, and losing them never loses the record.
  Status<StateError> store_signature(ByteView signature);

 private:
  StateFile(StateIdentity identity, std::unique_ptr<DiskFile> file)
      : identity_(std::move(identity)), file_(std::move(file)) {}

  Status<StateError> load();
  Status<StateError> load_signatures();
  Status<StateError> heal();
  Status<StateError> write_block(std::uint64_t offset, ByteView block);
  Status<StateError> sync();

  StateIdentity identity_;
  std::unique_ptr<DiskFile> file_;
  StoredRecord head_;
  Hash256 head_hash_;
  Bytes signature_;
  std::size_t head_slot_ = 0;
  std::uint64_t last_write_count_ = 0;
  bool broken_ = false;
};

}  // namespace buri::hsm::signer
