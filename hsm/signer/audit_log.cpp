#include "hsm/signer/audit_log.hpp"

#include "base/hex.hpp"

namespace buri::hsm::signer {
namespace {

constexpr std::string_view kPrefix = "audit-";
constexpr std::string_view kSuffix = ".log";
constexpr std::size_t kDigits = 20;  // those of 2^64 - 1

std::string padded(std::uint64_t number) {
  std::string digits = std::to_string(number);
  return std::string(kDigits - digits.size(), '0') + digits;
}

std::string segment_name(std::uint64_t first_sequence) {
  return std::string(kPrefix) + padded(first_sequence) + std::string(kSuffix);
}

bool is_segment(std::string_view name) {
  return name.size() == kPrefix.size() + kDigits + kSuffix.size() && name.starts_with(kPrefix) &&
         name.ends_with(kSuffix);
}

std::uint64_t first_sequence_of(const std::string& name) {
  return std::strtoull(name.c_str() + kPrefix.size(), nullptr, 10);
}

/// A new file for the damage found at a sequence; an earlier start may have left some there.
Result<std::unique_ptr<DiskFile>, DiskError> create_aside(Disk& disk, std::uint64_t sequence) {
  for (int number = 0;; ++number) {
    auto file = disk.create("damaged-" + padded(sequence) + "-" + std::to_string(number));
    if (file.ok() || file.error() != DiskError::kExists) return file;
  }
}

Result<Bytes, DiskError> read_whole(DiskFile& file) {
  ASSIGN_OR_RETURN(const std::uint64_t byte_count, file.size());
  return file.read(0, byte_count);
}

}  // namespace

Result<std::vector<std::string>, DiskError> audit_segment_names(Disk& disk) {
  ASSIGN_OR_RETURN(auto names, disk.list());
  std::erase_if(names, [](const std::string& name) { return !is_segment(name); });
  return names;
}

Result<std::vector<AuditSegment>, DiskError> read_audit_segments(
    Disk& disk, const std::vector<std::string>& names) {
  std::vector<AuditSegment> segments;
  for (const std::string& name : names) {
    ASSIGN_OR_RETURN(const auto file, disk.open(name));
    ASSIGN_OR_RETURN(const Bytes bytes, read_whole(*file));
    segments.push_back({name, std::string(as_text(bytes))});
  }
  return segments;
}

Result<AuditLog, DiskError> AuditLog::open(Disk& disk, const Clock& clock,
                                           std::uint64_t segment_bytes) {
  AuditLog log(disk, clock, segment_bytes);
  ASSIGN_OR_RETURN(const auto names, audit_segment_names(disk));
  if (names.empty()) {
    RETURN_IF_ERROR(log.begin_segment());
  } else {
    RETURN_IF_ERROR(log.continue_segment(names.back()));
  }
  return log;
}

Status<DiskError> AuditLog::continue_segment(const std::string& name) {
  ASSIGN_OR_RETURN(file_, disk_->open(name));
  ASSIGN_OR_RETURN(const Bytes bytes, read_whole(*file_));
  const AuditSegment segment{name, std::string(as_text(bytes))};
  const AuditReport report = verify_audit({&segment, 1});
  size_ = report.good_bytes;
  head_ = report.head;
  if (report.line_count == 0) {
    // Not even the first line is whole: the hash before it is known to earlier segments alone.
    ASSIGN_OR_RETURN(auto names, audit_segment_names(*disk_));
    head_ = {first_sequence_of(name) - 1, {}};
    if (names.size() > 1) {
      ASSIGN_OR_RETURN(const auto earlier, read_audit_segments(*disk_, {names[names.size() - 2]}));
      head_ = verify_audit(earlier).head;
    }
  }
  if (size_ == bytes.size()) return size_ == 0 ? begin_segment() : Status<DiskError>(Unit{});
  const ByteView damaged = ByteView(bytes).subspan(size_);
  RETURN_IF_ERROR(set_aside(name, damaged, size_));
  if (size_ == 0) RETURN_IF_ERROR(begin_segment());
  return append({"recovered",
                 "",
                 "",
                 {},
                 {},
                 std::to_string(damaged.size()) + " bytes behind this line's predecessor were "
                                                  "not whole lines"});
}

Status<DiskError> AuditLog::set_aside(const std::string& name, ByteView damaged,
                                      std::uint64_t good_bytes) {
  auto copy = create_aside(*disk_, head_.sequence + 1);
  if (!copy.ok()) return Failure{copy.error()};
  RETURN_IF_ERROR((*copy)->write(0, damaged));
  RETURN_IF_ERROR((*copy)->sync());
  RETURN_IF_ERROR(disk_->sync_directory());
  if (good_bytes == 0) {
    file_.reset();
    return disk_->remove(name);
  }
  RETURN_IF_ERROR(file_->resize(good_bytes));
  return file_->sync();
}

Status<DiskError> AuditLog::begin_segment() {
  const std::string name = segment_name(head_.sequence + 1);
  auto file = disk_->create(name);
  if (!file.ok() && file.error() == DiskError::kExists) file = disk_->open(name);
  if (!file.ok()) return Failure{file.error()};
  file_ = std::move(file).value();
  size_ = 0;
  RETURN_IF_ERROR(write_line({std::string(kSegmentEvent), "", "", {}, {}, to_hex(head_.hash)}));
  RETURN_IF_ERROR(sync());
  return disk_->sync_directory();
}

Status<DiskError> AuditLog::append(const AuditEvent& event) {
  if (broken_) return Failure{DiskError::kIo};
  if (size_ >= segment_bytes_) RETURN_IF_ERROR(sync());
  // Size 0: an earlier try to begin the segment failed.
  if (size_ >= segment_bytes_ || size_ == 0) RETURN_IF_ERROR(begin_segment());
  return write_line(event);
}

Status<DiskError> AuditLog::write_line(const AuditEvent& event) {
  if (tail_is_dirty_) {
    RETURN_IF_ERROR(file_->resize(size_));
    tail_is_dirty_ = false;
  }
  const auto now = std::chrono::floor<std::chrono::milliseconds>(clock_->wall());
  AuditLine line{head_.sequence + 1, now.time_since_epoch().count(), event, {}};
  const std::string text = encode_line(line, head_.hash);
  if (auto written = file_->write(size_, as_bytes(text)); !written.ok()) {
    tail_is_dirty_ = true;
    broken_ = written.error() == DiskError::kIo;
    return written;
  }
  size_ += text.size();
  head_ = {line.sequence, line.hash};
  return Unit{};
}

Status<DiskError> AuditLog::sync() {
  if (broken_) return Failure{DiskError::kIo};
  auto synced = file_->sync();
  note_sync(synced);
  return synced;
}

}  // namespace buri::hsm::signer
