#include "base/codec/protobuf_reader.hpp"

#include "base/codec/protobuf_writer.hpp"

namespace buri {
namespace {

constexpr std::uint64_t kMaxFieldNumber = (1u << 29) - 1;

}  // namespace

std::string_view describe(ProtobufError error) {
  switch (error) {
    case ProtobufError::kTruncated:
      return "a field runs past the end of the message";
    case ProtobufError::kVarintTooLong:
      return "a varint is not in its shortest form";
    case ProtobufError::kBadTag:
      return "a field number is out of range";
    case ProtobufError::kBadWireType:
      return "a wire type is not one of 0, 1, 2, 5";
    case ProtobufError::kUnknownField:
      return "the message has no such field";
    case ProtobufError::kFieldOrder:
      return "a field is repeated or out of order";
    case ProtobufError::kDefaultValue:
      return "a default value is written out";
    case ProtobufError::kMissingField:
      return "a required field is absent";
    case ProtobufError::kValueRange:
      return "a value is out of range";
    case ProtobufError::kDepth:
      return "the message is nested too deeply";
  }
  return "unknown protobuf error";
}

Result<std::uint64_t, ProtobufError> take_varint(ByteView& bytes) {
  std::uint64_t value = 0;
  for (unsigned i = 0; i < kMaxVarintBytes; ++i) {
    if (i >= bytes.size()) return Failure{ProtobufError::kTruncated};
    const std::uint8_t byte = bytes[i];
    if (i == kMaxVarintBytes - 1 && byte > 1) return Failure{ProtobufError::kVarintTooLong};
    value |= std::uint64_t{byte & 0x7fu} << (7 * i);
    if (byte >= 0x80) continue;
    if (byte == 0 && i > 0) return Failure{ProtobufError::kVarintTooLong};
    bytes = bytes.subspan(i + 1);
    return value;
  }
  return Failure{ProtobufError::kVarintTooLong};
}

Result<std::uint64_t, ProtobufError> ProtobufReader::varint() { return take_varint(rest_); }

Result<std::uint64_t, ProtobufError> ProtobufReader::fixed(std::size_t byte_count) {
  if (rest_.size() < byte_count) return Failure{ProtobufError::kTruncated};
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < byte_count; ++i) value |= std::uint64_t{rest_[i]} << (8 * i);
  rest_ = rest_.subspan(byte_count);
  return value;
}

Result<ByteView, ProtobufError> ProtobufReader::length_delimited() {
  ASSIGN_OR_RETURN(const std::uint64_t length, varint());
  if (length > rest_.size()) return Failure{ProtobufError::kTruncated};
  const ByteView bytes = rest_.first(length);
  rest_ = rest_.subspan(length);
  return bytes;
}

Result<ProtobufField, ProtobufError> ProtobufReader::next() {
  ASSIGN_OR_RETURN(const std::uint64_t tag, varint());
  const std::uint64_t number = tag >> 3;
  if (number == 0 || number > kMaxFieldNumber) return Failure{ProtobufError::kBadTag};
  if (number < last_number_) return Failure{ProtobufError::kFieldOrder};
  ProtobufField field{.number = static_cast<std::uint32_t>(number)};
  last_number_ = field.number;
  switch (tag & 7) {
    case 0: {
      ASSIGN_OR_RETURN(field.integer, varint());
      field.type = WireType::kVarint;
      return field;
    }
    case 1: {
      ASSIGN_OR_RETURN(field.integer, fixed(8));
      field.type = WireType::kFixed64;
      return field;
    }
    case 2: {
      ASSIGN_OR_RETURN(field.bytes, length_delimited());
      field.type = WireType::kBytes;
      return field;
    }
    case 5: {
      ASSIGN_OR_RETURN(field.integer, fixed(4));
      field.type = WireType::kFixed32;
      return field;
    }
    default:
      return Failure{ProtobufError::kBadWireType};
  }
}

}  // namespace buri
