#include "node/consensus/snapshot/tree_records.hpp"

#include <optional>

#include "base/codec/protobuf_reader.hpp"
#include "base/codec/protobuf_writer.hpp"
#include "node/consensus/snapshot/chunks.hpp"

namespace buri::consensus::snapshot {
namespace {

using Taken = iavl::TreeSink::Taken;

constexpr std::uint8_t kStoreRecord = 0;
constexpr std::uint8_t kLeafRecord = 1;
constexpr std::uint8_t kInnerRecord = 2;

Failure<storage::StorageError> misshapen() {
  return {storage::StorageError{storage::StorageError::Kind::kCorruption,
                                "a record of the trees is not of its form"}};
}

std::optional<std::uint64_t> take_number(ByteView& bytes) {
  const auto taken = take_varint(bytes);
  if (!taken.ok()) return std::nullopt;
  return *taken;
}

std::optional<ByteView> take_sized(ByteView& bytes) {
  const auto size = take_number(bytes);
  if (!size || *size > bytes.size()) return std::nullopt;
  const ByteView taken = bytes.first(*size);
  bytes = bytes.subspan(*size);
  return taken;
}

/// A version; those above int64 become negative, which the sink refuses.
std::optional<std::int64_t> take_version(ByteView& bytes) {
  const auto number = take_number(bytes);
  if (!number) return std::nullopt;
  return static_cast<std::int64_t>(*number);
}

Taken take_leaf(ByteView& chunk, iavl::TreeSink& sink) {
  const auto version = take_version(chunk);
  const auto key = version ? take_sized(chunk) : std::nullopt;
  const auto value = key ? take_sized(chunk) : std::nullopt;
  if (!value) return misshapen();
  return sink.leaf(*key, *value, *version);
}

}  // namespace

Taken TreeRecordWriter::begin_store(std::size_t store, std::uint64_t leaf_count) {
  gathered_.push_back(kStoreRecord);
  append_varint(gathered_, store);
  append_varint(gathered_, leaf_count);
  return write_if_full();
}

Taken TreeRecordWriter::leaf(ByteView key, ByteView value, std::int64_t version) {
  gathered_.push_back(kLeafRecord);
  append_varint(gathered_, static_cast<std::uint64_t>(version));
  append_varint(gathered_, key.size());
  append(gathered_, key);
  append_varint(gathered_, value.size());
  append(gathered_, value);
  return write_if_full();
}

Taken TreeRecordWriter::inner(std::int64_t version) {
  gathered_.push_back(kInnerRecord);
  append_varint(gathered_, static_cast<std::uint64_t>(version));
  return write_if_full();
}

Taken TreeRecordWriter::write_if_full() {
  return gathered_.size() < kChunkBytes ? Taken(Unit{}) : flush();
}

Taken TreeRecordWriter::flush() {
  if (gathered_.empty()) return Unit{};
  RETURN_IF_ERROR(write_(gathered_));
  gathered_.clear();
  return Unit{};
}

Taken read_tree_records(ByteView chunk, iavl::TreeSink& sink) {
  while (!chunk.empty()) {
    const std::uint8_t kind = chunk.front();
    chunk = chunk.subspan(1);
    if (kind == kLeafRecord) {
      RETURN_IF_ERROR(take_leaf(chunk, sink));
    } else if (kind == kInnerRecord) {
      const auto version = take_version(chunk);
      if (!version) return misshapen();
      RETURN_IF_ERROR(sink.inner(*version));
    } else if (kind == kStoreRecord) {
      const auto store = take_number(chunk);
      const auto leaves = store ? take_number(chunk) : std::nullopt;
      if (!leaves) return misshapen();
      RETURN_IF_ERROR(sink.begin_store(*store, *leaves));
    } else {
      return misshapen();
    }
  }
  return Unit{};
}

}  // namespace buri::consensus::snapshot
