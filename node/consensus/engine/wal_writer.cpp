#include <algorithm>

#include "node/consensus/engine/wal.hpp"
#include "node/consensus/engine/wal_names.hpp"

namespace buri::consensus::engine {
namespace {

const std::string kHead(kWalHead);
/// Peers' messages are handed to the system in runs of this many bytes at most.
constexpr std::size_t kBufferBytes = 65'536;

std::optional<WalDamage> damage_of(const Bytes& head) {
  ByteView rest(head);
  while (!rest.empty()) {
    const auto record = take_wal_record(rest);
    if (!record.ok()) return WalDamage{kHead, head.size() - rest.size(), record.error()};
  }
  return std::nullopt;
}

}  // namespace

Result<WalWriter, WalFileError> WalWriter::open(WalFiles& files, Timestamp now,
                                                const WalOptions& options) {
  WalWriter writer(files, options);
  RETURN_IF_ERROR(writer.load(now));
  return writer;
}

Status<WalFileError> WalWriter::load(Timestamp now) {
  ASSIGN_OR_RETURN(const std::vector<std::string> names, files_->list());
  for (const std::string& name : wal_order(names)) {
    ASSIGN_OR_RETURN(const Bytes content, files_->read(name));
    if (const auto number = older_wal_number(name)) {
      older_.push_back({name, *number, content.size()});
      next_number_ = *number + 1;
      continue;
    }
    head_bytes_ = content.size();
    damage_ = damage_of(content);
    if (damage_) RETURN_IF_ERROR(mend(content, *damage_));
  }
  if (!older_.empty() || head_bytes_ > 0) return Unit{};
  return write_sync({now, HeightEnded{0}});
}

/// Keeps the damaged head under another name, whole, before cutting it.
Status<WalFileError> WalWriter::mend(const Bytes& head, const WalDamage& damage) {
  const std::string kept(kWalCorrupted);
  ASSIGN_OR_RETURN(const std::vector<std::string> names, files_->list());
  if (std::ranges::find(names, kept) != names.end()) RETURN_IF_ERROR(files_->remove(kept));
  RETURN_IF_ERROR(files_->append(kept, head));
  RETURN_IF_ERROR(files_->sync(kept));
  RETURN_IF_ERROR(files_->truncate(kHead, damage.offset));
  head_bytes_ = damage.offset;
  return Unit{};
}

Status<WalFileError> WalWriter::write(const WalRecord& record) {
  if (broken_) return Failure{*broken_};
  const std::optional<Bytes> bytes = encode_wal_record(record);
  if (!bytes) return Failure{WalFileError{kHead, "the record is longer than records may be"}};
  append(buffer_, *bytes);
  head_bytes_ += bytes->size();
  if (head_bytes_ >= options_.max_file_bytes) return remember(rotate());
  return buffer_.size() >= kBufferBytes ? flush() : Status<WalFileError>(Unit{});
}

Status<WalFileError> WalWriter::write_sync(const WalRecord& record) {
  RETURN_IF_ERROR(write(record));
  return sync();
}

Status<WalFileError> WalWriter::sync() {
  RETURN_IF_ERROR(flush());
  // A head that became an older file was synced on the way.
  return head_bytes_ == 0 ? Status<WalFileError>(Unit{}) : remember(files_->sync(kHead));
}

Status<WalFileError> WalWriter::flush() {
  if (broken_) return Failure{*broken_};
  if (buffer_.empty()) return Unit{};
  RETURN_IF_ERROR(remember(files_->append(kHead, buffer_)));
  buffer_.clear();
  return Unit{};
}

/// Only whole, durable heads become older files, so that damage can only be in the head.
Status<WalFileError> WalWriter::rotate() {
  RETURN_IF_ERROR(flush());
  RETURN_IF_ERROR(files_->sync(kHead));
  const std::string name = older_wal_name(next_number_);
  RETURN_IF_ERROR(files_->rename(kHead, name));
  older_.push_back({name, next_number_++, head_bytes_});
  head_bytes_ = 0;
  return drop_oldest();
}

Status<WalFileError> WalWriter::drop_oldest() {
  std::uint64_t total_bytes = 0;
  for (const Older& file : older_) total_bytes += file.byte_count;
  while (older_.size() > 1 && total_bytes > options_.max_total_bytes) {
    total_bytes -= older_.front().byte_count;
    RETURN_IF_ERROR(files_->remove(older_.front().name));
    older_.erase(older_.begin());
  }
  return Unit{};
}

Status<WalFileError> WalWriter::remember(Status<WalFileError> status) {
  if (!status.ok()) broken_ = status.error();
  return status;
}

}  // namespace buri::consensus::engine
