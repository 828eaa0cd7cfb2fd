#include "node/cli/block_file.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>

#include "node/consensus/records/lines.hpp"

namespace buri::cli {
namespace {

namespace records = consensus::records;
using execution::chain::Block;

std::uint64_t size_of(const std::string& path) {
  std::error_code failed;
  const std::uintmax_t size = std::filesystem::file_size(path, failed);
  return failed ? 0 : size;
}

}  // namespace

BlockFiles::BlockFiles(std::vector<std::string> paths) : paths_(std::move(paths)) {
  for (const std::string& path : paths_) total_bytes_ += size_of(path);
}

double BlockFiles::progress() const {
  if (total_bytes_ == 0) return 1;
  return std::min(1.0, static_cast<double>(read_bytes_) / static_cast<double>(total_bytes_));
}

std::string BlockFiles::wrong(const std::string& expected, const std::string& found) const {
  return paths_[opened_ - 1] + ", byte " + std::to_string(block_at_) + ": expected " + expected +
         ", found " + found;
}

Result<bool, std::string> BlockFiles::open_next() {
  if (opened_ == paths_.size()) return false;
  const std::string& path = paths_[opened_++];
  offset_ = block_at_ = 0;
  file_.reset();
  if (path.ends_with(".xz")) {
    auto text = records::read_text(path);
    if (!text.ok()) return Failure{records::describe(text.error())};
    unpacked_ = std::move(text).value();
    packed_share_ = static_cast<double>(size_of(path)) /
                    static_cast<double>(std::max<std::size_t>(unpacked_.size(), 1));
    return true;
  }
  unpacked_.clear();
  std::error_code ignored;
  if (std::filesystem::is_directory(path, ignored)) {
    return Failure{path + ": expected a file of blocks, found a folder"};
  }
  file_.reset(std::fopen(path.c_str(), "rb"));
  if (file_ == nullptr) {
    return Failure{path + ": expected a file of blocks, found " + std::strerror(errno)};
  }
  return true;
}

std::size_t BlockFiles::take(std::size_t count, Bytes& bytes) {
  const std::size_t before = bytes.size();
  std::size_t found = 0;
  if (file_ != nullptr) {
    bytes.resize(before + count);
    found = std::fread(bytes.data() + before, 1, count, file_.get());
    bytes.resize(before + found);
    read_bytes_ += found;
  } else {
    found = std::min<std::size_t>(count, unpacked_.size() - offset_);
    append(bytes, as_bytes(std::string_view(unpacked_).substr(offset_, found)));
    read_bytes_ += static_cast<std::uint64_t>(static_cast<double>(found) * packed_share_);
  }
  offset_ += found;
  return found;
}

Result<Bytes, std::string> BlockFiles::next_item() {
  constexpr std::uint8_t kShortList = 0xc0;
  constexpr std::uint8_t kLongList = 0xf7;  // and so many bytes of length
  Bytes item;
  block_at_ = offset_;
  if (take(1, item) == 0) {
    if (file_ != nullptr && std::ferror(file_.get()) != 0) {
      return Failure{wrong("to read", std::strerror(errno))};
    }
    return item;
  }
  if (item[0] < kShortList) return Failure{wrong("a block (an RLP list)", "another byte")};
  std::uint64_t length = item[0] - kShortList;
  if (item[0] > kLongList) {
    const std::size_t digits = item[0] - kLongList;
    if (take(digits, item) != digits) return Failure{wrong("a whole block", "the end of the file")};
    length = 0;
    for (std::size_t i = 1; i <= digits; ++i) length = length << 8 | item[i];
    if (digits > 4) length = kMaxBlockBytes + 1;
  }
  if (length > kMaxBlockBytes) {
    return Failure{
        wrong("a block of at most " + std::to_string(kMaxBlockBytes) + " bytes", "a longer one")};
  }
  if (take(length, item) != length) return Failure{wrong("a whole block", "the end of the file")};
  return item;
}

Result<std::optional<Block>, std::string> BlockFiles::next() {
  while (true) {
    if (file_ == nullptr && unpacked_.empty()) {
      ASSIGN_OR_RETURN(const bool is_open, open_next());
      if (!is_open) return std::optional<Block>();
    }
    ASSIGN_OR_RETURN(const Bytes item, next_item());
    if (!item.empty()) {
      auto block = execution::chain::decode_block(item);
      if (block.ok()) return std::optional(std::move(block).value());
      const auto& error = block.error();
      return Failure{wrong(error.field + " to be " + error.expected, error.found)};
    }
    file_.reset();
    unpacked_.clear();
  }
}

}  // namespace buri::cli
