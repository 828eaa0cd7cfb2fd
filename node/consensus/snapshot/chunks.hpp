#pragma once

#include <functional>
#include <span>
#include <string>

#include "accel/engine.hpp"
#include "base/bytes.hpp"
#include "base/result.hpp"

/// The file of a snapshot: chunks, each compressed and under a hash that covers all before it
/// (docs/formats/consensus-snapshot.md). Written and read in one pass, one chunk in memory.

namespace buri::consensus::snapshot {

enum class ChunkKind : std::uint8_t {
  kChain = 1,  ///< the first: what consensus needs (chain_part.hpp)
  kTrees = 2,  ///< nodes of the state's trees (tree_records.hpp)
  kEnd = 3,    ///< the last: how many there were
};

/// A chunk's content is never longer; a writer fills those of trees to about kChunkBytes.
inline constexpr std::size_t kMaxChunkBytes = std::size_t{64} << 20;
inline constexpr std::size_t kChunkBytes = std::size_t{1} << 20;

/// Errors are sentences. Not thread-safe.
class ChunkWriter {
 public:
  using Write = std::function<Status<std::string>(ByteView bytes)>;
  ChunkWriter(accel::Engine& crypto, Write write);
  ~ChunkWriter();

  /// REQUIRES: content is not empty; the first chunk is the chain's, all others are of trees.
  Status<std::string> add(ChunkKind kind, ByteView content);
  /// Writes the last chunk.
  Status<std::string> end();

 private:
  Status<std::string> write_chunk(ChunkKind kind, ByteView content);

  struct Packer;
  accel::Engine& crypto_;
  Write write_;
  std::unique_ptr<Packer> packer_;
  Hash256 last_hash_{};
  std::uint64_t chunks_ = 0;
};

struct Chunk {
  ChunkKind kind = ChunkKind::kEnd;
  Bytes content;
};

/// Errors are sentences: what was expected of the file and what is there. Not thread-safe.
class ChunkReader {
 public:
  /// Fills as much of the span as the file has left; fewer bytes only at its end.
  using Read = std::function<Result<std::size_t, std::string>(std::span<std::uint8_t> into)>;
  ChunkReader(accel::Engine& crypto, Read read);
  ~ChunkReader();

  /// The next chunk; kEnd once, after which the file ends. REQUIRES: not called after kEnd or an
  /// error.
  Result<Chunk, std::string> next();

 private:
  Status<std::string> read_all(std::span<std::uint8_t> into);
  Status<std::string> check_order(ChunkKind kind) const;
  Result<Chunk, std::string> read_chunk();
  Status<std::string> check_end(ByteView content);

  struct Unpacker;
  accel::Engine& crypto_;
  Read read_;
  std::unique_ptr<Unpacker> unpacker_;
  Bytes packed_;
  Hash256 last_hash_{};
  std::uint64_t chunks_ = 0;
};

}  // namespace buri::consensus::snapshot
