#include "node/consensus/snapshot/chunks.hpp"

#include <fmt/format.h>
#include <zstd.h>

#include <memory>

#include "base/check.hpp"

namespace buri::consensus::snapshot {
namespace {

/// Names the format and its version.
constexpr std::string_view kMagic = "buri-snapshot-1\n";
/// Kind, bytes of content, bytes on disk.
constexpr std::size_t kHeadBytes = 9;
constexpr int kCompressionLevel = 3;

void append_number(Bytes& target, std::uint64_t number, unsigned bytes) {
  for (unsigned i = bytes; i-- > 0;) target.push_back(static_cast<std::uint8_t>(number >> (8 * i)));
}

std::uint64_t number_of(ByteView bytes) {
  std::uint64_t number = 0;
  for (const std::uint8_t byte : bytes) number = number << 8 | byte;
  return number;
}

Bytes head_of(ChunkKind kind, std::size_t content_bytes, std::size_t packed_bytes) {
  Bytes head{static_cast<std::uint8_t>(kind)};
  append_number(head, content_bytes, 4);
  append_number(head, packed_bytes, 4);
  return head;
}

/// What stands in front of a chunk's bytes: over the one before, so that none can be left out,
/// doubled or moved.
Hash256 chunk_hash(accel::Engine& crypto, const Hash256& before, ByteView head, ByteView packed) {
  Bytes message;
  message.reserve(Hash256::kSize + head.size() + packed.size());
  append(message, before);
  append(message, head);
  append(message, packed);
  const ByteView view(message);
  Hash256 hash;
  crypto.sha256(std::span(&view, 1), std::span(&hash, 1));
  return hash;
}

}  // namespace

struct ChunkWriter::Packer {
  ZSTD_CCtx* context = ZSTD_createCCtx();
  Bytes packed;

  Packer() = default;
  Packer(const Packer&) = delete;
  Packer& operator=(const Packer&) = delete;
  ~Packer() { ZSTD_freeCCtx(context); }
};

ChunkWriter::ChunkWriter(accel::Engine& crypto, Write write)
    : crypto_(crypto), write_(std::move(write)), packer_(std::make_unique<Packer>()) {
  CHECK(packer_->context != nullptr, "memory for a compressor");
}
ChunkWriter::~ChunkWriter() = default;

Status<std::string> ChunkWriter::add(ChunkKind kind, ByteView content) {
  CHECK((kind == ChunkKind::kChain) == (chunks_ == 0) && kind != ChunkKind::kEnd,
        "chunks come in their order");
  if (chunks_ == 0) RETURN_IF_ERROR(write_(as_bytes(kMagic)));
  return write_chunk(kind, content);
}

Status<std::string> ChunkWriter::end() {
  Bytes content;
  append_number(content, chunks_, 8);
  return write_chunk(ChunkKind::kEnd, content);
}

Status<std::string> ChunkWriter::write_chunk(ChunkKind kind, ByteView content) {
  if (content.size() > kMaxChunkBytes) {
    return Failure{fmt::format("a chunk of {} bytes, more than the {} that a snapshot can have",
                               content.size(), kMaxChunkBytes)};
  }
  Bytes& packed = packer_->packed;
  packed.resize(ZSTD_compressBound(content.size()));
  const std::size_t bytes = ZSTD_compressCCtx(packer_->context, packed.data(), packed.size(),
                                              content.data(), content.size(), kCompressionLevel);
  CHECK(ZSTD_isError(bytes) == 0, "what fits its bound is compressed");
  packed.resize(bytes);
  const Bytes head = head_of(kind, content.size(), packed.size());
  last_hash_ = chunk_hash(crypto_, last_hash_, head, packed);
  ++chunks_;
  RETURN_IF_ERROR(write_(head));
  RETURN_IF_ERROR(write_(last_hash_));
  return write_(packed);
}

struct ChunkReader::Unpacker {
  ZSTD_DCtx* context = ZSTD_createDCtx();

  Unpacker() = default;
  Unpacker(const Unpacker&) = delete;
  Unpacker& operator=(const Unpacker&) = delete;
  ~Unpacker() { ZSTD_freeDCtx(context); }
};

ChunkReader::ChunkReader(accel::Engine& crypto, Read read)
    : crypto_(crypto), read_(std::move(read)), unpacker_(std::make_unique<Unpacker>()) {
  CHECK(unpacker_->context != nullptr, "memory for a decompressor");
}
ChunkReader::~ChunkReader() = default;

Status<std::string> ChunkReader::read_all(std::span<std::uint8_t> into) {
  ASSIGN_OR_RETURN(const std::size_t count, read_(into));
  if (count == into.size()) return Unit{};
  return Failure{fmt::format("the file ends within chunk {}: it was cut off", chunks_ + 1)};
}

Result<Chunk, std::string> ChunkReader::next() {
  if (chunks_ == 0) {
    Bytes magic(kMagic.size());
    ASSIGN_OR_RETURN(const std::size_t count, read_(magic));
    if (count != magic.size() || as_text(magic) != kMagic) {
      return Failure{
          std::string("the file does not begin as a snapshot of `buri consensus "
                      "snapshot export` of this version does")};
    }
  }
  ASSIGN_OR_RETURN(Chunk chunk, read_chunk());
  if (chunk.kind == ChunkKind::kEnd) RETURN_IF_ERROR(check_end(chunk.content));
  ++chunks_;
  return chunk;
}

Status<std::string> ChunkReader::check_order(ChunkKind kind) const {
  const bool is_known =
      kind == ChunkKind::kChain || kind == ChunkKind::kTrees || kind == ChunkKind::kEnd;
  if (is_known && (kind == ChunkKind::kChain) == (chunks_ == 0)) return Unit{};
  return Failure{fmt::format("chunk {} is of kind {}, which does not belong there", chunks_ + 1,
                             static_cast<unsigned>(kind))};
}

Result<Chunk, std::string> ChunkReader::read_chunk() {
  Bytes head(kHeadBytes);
  RETURN_IF_ERROR(read_all(head));
  Chunk chunk{static_cast<ChunkKind>(head[0]), {}};
  RETURN_IF_ERROR(check_order(chunk.kind));
  const std::uint64_t content_bytes = number_of(ByteView(head).subspan(1, 4));
  const std::uint64_t packed_bytes = number_of(ByteView(head).subspan(5, 4));
  if (content_bytes == 0 || content_bytes > kMaxChunkBytes ||
      packed_bytes > ZSTD_compressBound(content_bytes)) {
    return Failure{fmt::format("chunk {} claims {} bytes in {}, which no chunk has", chunks_ + 1,
                               content_bytes, packed_bytes)};
  }
  Hash256 stated;
  RETURN_IF_ERROR(read_all(stated.bytes));
  packed_.resize(packed_bytes);
  RETURN_IF_ERROR(read_all(packed_));
  last_hash_ = chunk_hash(crypto_, last_hash_, head, packed_);
  if (last_hash_ != stated) {
    return Failure{
        fmt::format("chunk {} does not have its hash: the file is damaged", chunks_ + 1)};
  }
  chunk.content.resize(content_bytes);
  const std::size_t unpacked =
      ZSTD_decompressDCtx(unpacker_->context, chunk.content.data(), chunk.content.size(),
                          packed_.data(), packed_.size());
  if (ZSTD_isError(unpacked) != 0 || unpacked != content_bytes) {
    return Failure{fmt::format("chunk {} does not hold the {} bytes that it claims", chunks_ + 1,
                               content_bytes)};
  }
  return chunk;
}

Status<std::string> ChunkReader::check_end(ByteView content) {
  if (content.size() != 8 || number_of(content) != chunks_) {
    return Failure{fmt::format("the last chunk counts others than the {} before it", chunks_)};
  }
  std::uint8_t more = 0;
  ASSIGN_OR_RETURN(const std::size_t count, read_(std::span(&more, 1)));
  if (count == 0) return Unit{};
  return Failure{std::string("there are bytes behind the last chunk")};
}

}  // namespace buri::consensus::snapshot
