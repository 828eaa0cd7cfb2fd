#pragma once

#include <functional>

#include "node/consensus/engine/wal_files.hpp"
#include "node/consensus/engine/wal_record.hpp"

/// The write-ahead log of consensus: a head file "wal" and older ones "wal.000", "wal.001", ..., as
/// the stock node keeps them in data/cs.wal (spec/cometbft.md 4.5). Either node reads what the
/// other has written.

namespace buri::consensus::engine {

/// Where a file of the log stops being readable.
struct WalDamage {
  std::string file;
  std::uint64_t offset = 0;  ///< of the first byte that belongs to no good record
  WalFault fault = WalFault::kTorn;
};

/// What replay_wal found.
struct WalReplay {
  bool is_found = false;            ///< whether the end of the height stands in the log
  std::uint64_t record_count = 0;   ///< records behind it that were visited
  std::optional<WalDamage> damage;  ///< what stopped the reading, if it was not the log's end
};

/// Visits every record behind the end of `height`, oldest first, up to the log's end or to the
/// first record that is not whole: none behind a hole is visited. Damage in older files does not
/// hide a height that stands in a newer one.
Result<WalReplay, WalFileError> replay_wal(WalFiles& files, std::int64_t height,
                                           const std::function<void(const WalRecord&)>& visit);

struct WalOptions {
  std::uint64_t max_file_bytes = 10 << 20;     ///< a head that reaches this becomes an older file
  std::uint64_t max_total_bytes = 1ULL << 30;  ///< above this the oldest files are removed
};

/// Writes the log. After a failed call every further one fails with the same error: what is on the
/// disk is then unknown, and a validator whose log is not written must not sign. Not thread-safe.
class WalWriter {
 public:
  /// Opens a log. A head that ends in damage is kept as "wal.CORRUPTED" and cut at the first bad
  /// record; an empty log gets its HeightEnded{0} with `now`, durable. `files` must outlive this.
  static Result<WalWriter, WalFileError> open(WalFiles& files, Timestamp now,
                                              const WalOptions& options = {});

  /// What open() cut off, if anything.
  [[nodiscard]] const std::optional<WalDamage>& damage() const { return damage_; }

  /// Adds a record: what a peer sent. It survives a crash of the process after flush(), one of the
  /// machine after the next sync. A record that is too long is refused and harms nothing: the
  /// stock node too goes on without it if it came from a peer.
  Status<WalFileError> write(const WalRecord& record);
  /// Adds a record, durable with all before it when this succeeds: the node's own messages, before
  /// they are acted on, and the end of a height.
  Status<WalFileError> write_sync(const WalRecord& record);
  /// What was written becomes durable: asked before anything is signed.
  Status<WalFileError> sync();
  /// Hands what was written to the system. The stock node does so every two seconds.
  Status<WalFileError> flush();

 private:
  WalWriter(WalFiles& files, const WalOptions& options) : files_(&files), options_(options) {}
  Status<WalFileError> load(Timestamp now);
  Status<WalFileError> mend(const Bytes& head, const WalDamage& damage);
  Status<WalFileError> rotate();
  Status<WalFileError> drop_oldest();
  Status<WalFileError> remember(Status<WalFileError> status);

  /// An older file of the log.
  struct Older {
    std::string name;
    std::uint64_t number = 0;
    std::uint64_t byte_count = 0;
  };

  WalFiles* files_;
  WalOptions options_;
  std::vector<Older> older_;  ///< oldest first
  std::uint64_t next_number_ = 0;
  std::uint64_t head_bytes_ = 0;  ///< written, buffer included
  Bytes buffer_;
  std::optional<WalDamage> damage_;
  std::optional<WalFileError> broken_;
};

}  // namespace buri::consensus::engine
