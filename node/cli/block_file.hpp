#pragma once

#include <atomic>
#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include "base/free_with.hpp"
#include "node/execution/chain/block.hpp"

/// Files of blocks: RLP, one block behind the other, as the stock client's `export` writes them.

namespace buri::cli {

/// Reads files one after the other, block by block. A plain file is never held whole; one whose
/// name ends with ".xz" is decompressed into memory, up to 1 GiB. Used by one thread, except
/// progress().
class BlockFiles {
 public:
  /// A block of more bytes is refused.
  static constexpr std::size_t kMaxBlockBytes = std::size_t{64} << 20;

  explicit BlockFiles(std::vector<std::string> paths);

  /// The next block; nothing behind the last file's end. Errors, one sentence each with file and
  /// place: it cannot be read, or is cut off, or holds something else.
  Result<std::optional<execution::chain::Block>, std::string> next();

  /// Which part of the files was read, from 0 to 1. Thread-safe.
  [[nodiscard]] double progress() const;

 private:
  /// False: there is no further file.
  Result<bool, std::string> open_next();
  /// Appends so many bytes to `bytes`; how many there were.
  std::size_t take(std::size_t count, Bytes& bytes);
  /// The bytes of the item that begins here; none at the end of the file.
  Result<Bytes, std::string> next_item();
  [[nodiscard]] std::string wrong(const std::string& expected, const std::string& found) const;

  std::vector<std::string> paths_;
  std::uint64_t total_bytes_ = 0;  ///< of all files, as they lie on disk
  std::size_t opened_ = 0;
  std::unique_ptr<std::FILE, FreeWith<std::fclose>> file_;
  std::string unpacked_;     ///< in place of a compressed file
  double packed_share_ = 0;  ///< bytes on disk for each of these
  std::uint64_t offset_ = 0;
  std::uint64_t block_at_ = 0;  ///< where the block under way begins
  std::atomic<std::uint64_t> read_bytes_ = 0;
};

}  // namespace buri::cli
