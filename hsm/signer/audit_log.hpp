#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "hsm/signer/audit_verify.hpp"
#include "hsm/signer/disk.hpp"

/// The append-only, hash-chained record of what the signer did and refused. Format:
/// docs/formats/audit-log.md.

namespace buri::hsm::signer {

/// The event of a segment's first line.
inline constexpr std::string_view kSegmentEvent = "segment";

/// Segments are closed at this size, so that a start reads no more.
inline constexpr std::uint64_t kSegmentBytes = std::uint64_t{16} << 20;

/// The names of a log's segments in the directory, oldest first.
Result<std::vector<std::string>, DiskError> audit_segment_names(Disk& disk);
/// Reads the named segments whole.
Result<std::vector<AuditSegment>, DiskError> read_audit_segments(
    Disk& disk, const std::vector<std::string>& names);

/// Writes the log of one directory. Not thread-safe.
class AuditLog {
 public:
  /// Continues the newest segment. Lines that a power cut tore off or spoiled are moved to a file
  /// "damaged-…" beside it and an event "recovered" says so; earlier segments are not read. `disk`
  /// and `clock` must outlive the result.
  static Result<AuditLog, DiskError> open(Disk& disk, const Clock& clock,
                                          std::uint64_t segment_bytes = kSegmentBytes);

  /// Adds a line. In the page cache when this returns, durable after sync(). After an error the log
  /// stands where it was; after kIo it takes no more lines until it is opened again.
  Status<DiskError> append(const AuditEvent& event);
  Status<DiskError> sync();
  /// The file that the lines since the last sync are in, for a sync that others need not wait for.
  /// Whoever syncs it says so to note_sync().
  [[nodiscard]] std::shared_ptr<DiskFile> open_segment() const { return file_; }
  /// What became of a sync of open_segment(): after a failure the log takes no more lines.
  void note_sync(const Status<DiskError>& status) { broken_ = broken_ || !status.ok(); }
  /// A sync or a write failed: no more lines.
  [[nodiscard]] bool is_broken() const { return broken_; }

  /// The last line: what status, fence and anchors keep, to reveal a log that was cut.
  [[nodiscard]] const AuditHead& head() const { return head_; }

 private:
  AuditLog(Disk& disk, const Clock& clock, std::uint64_t segment_bytes)
      : disk_(&disk), clock_(&clock), segment_bytes_(segment_bytes) {}

  Status<DiskError> continue_segment(const std::string& name);
  Status<DiskError> set_aside(const std::string& name, ByteView damaged, std::uint64_t good_bytes);
  Status<DiskError> begin_segment();
  Status<DiskError> write_line(const AuditEvent& event);

  Disk* disk_;
  const Clock* clock_;
  std::uint64_t segment_bytes_;
  std::shared_ptr<DiskFile> file_;
  std::uint64_t size_ = 0;
  AuditHead head_;
  bool tail_is_dirty_ = false;  // a failed write left bytes behind size_
  bool broken_ = false;
};

}  // namespace buri::hsm::signer
