#include "base/codec/protobuf_writer.hpp"

#include <iterator>

#include "base/codec/protobuf_reader.hpp"

namespace buri {
namespace {

/// What most messages fit in.
constexpr std::size_t kUsualBytes = 128;

void append_tag(Bytes& target, std::uint32_t number, WireType type) {
  append_varint(target, std::uint64_t{number} << 3 | static_cast<std::uint64_t>(type));
}

}  // namespace

void append_varint(Bytes& target, std::uint64_t value) {
  // Every message begins here: one allocation for most, instead of one per doubling from one byte.
  if (target.capacity() == 0) target.reserve(kUsualBytes);
  write_varint(std::back_inserter(target), value);
}

ProtobufWriter& ProtobufWriter::varint(std::uint32_t number, std::uint64_t value) {
  if (value == 0) return *this;
  append_tag(encoded_, number, WireType::kVarint);
  append_varint(encoded_, value);
  return *this;
}

ProtobufWriter& ProtobufWriter::sfixed64(std::uint32_t number, std::int64_t value) {
  if (value == 0) return *this;
  append_tag(encoded_, number, WireType::kFixed64);
  for (unsigned i = 0; i < 8; ++i) {
    encoded_.push_back(static_cast<std::uint8_t>(static_cast<std::uint64_t>(value) >> (8 * i)));
  }
  return *this;
}

ProtobufWriter& ProtobufWriter::bytes(std::uint32_t number, ByteView value) {
  if (!value.empty()) length_delimited(number, value);
  return *this;
}

ProtobufWriter& ProtobufWriter::message(std::uint32_t number, const ProtobufWriter& value) {
  length_delimited(number, value.encoded_);
  return *this;
}

Bytes ProtobufWriter::length_prefixed() const {
  Bytes result;
  result.reserve(encoded_.size() + 10);
  append_varint(result, encoded_.size());
  append(result, encoded_);
  return result;
}

void ProtobufWriter::length_delimited(std::uint32_t number, ByteView value) {
  append_tag(encoded_, number, WireType::kBytes);
  append_varint(encoded_, value.size());
  append(encoded_, value);
}

}  // namespace buri
