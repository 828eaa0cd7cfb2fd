#include "node/consensus/codec/wire.hpp"

#include <cstring>

namespace buri::consensus::codec {
namespace {

constexpr std::uint64_t kMaxFieldNumber = (std::uint64_t{1} << 29) - 1;
constexpr int kMaxGroupDepth = 10'000;

struct Tag {
  std::uint32_t number;
  Wire wire;
};

Result<Tag, DecodeError> take_tag(ByteView& bytes) {
  ASSIGN_OR_RETURN(const std::uint64_t tag, take_varint(bytes));
  const std::uint64_t number = tag >> 3;
  const auto wire = static_cast<std::uint8_t>(tag & 7);
  if (number == 0 || number > kMaxFieldNumber) return Failure{DecodeError::kBadTag};
  if (wire > static_cast<std::uint8_t>(Wire::kFixed32)) return Failure{DecodeError::kWireType};
  return Tag{static_cast<std::uint32_t>(number), static_cast<Wire>(wire)};
}

Result<std::uint64_t, DecodeError> take_fixed(ByteView& bytes, std::size_t byte_count) {
  if (bytes.size() < byte_count) return Failure{DecodeError::kTruncated};
  std::uint64_t value = 0;
  std::memcpy(&value, bytes.data(), byte_count);
  bytes = bytes.subspan(byte_count);
  return value;
}

Result<ByteView, DecodeError> take_delimited(ByteView& bytes) {
  ASSIGN_OR_RETURN(const std::uint64_t length, take_varint(bytes));
  if (length > bytes.size()) return Failure{DecodeError::kTruncated};
  const ByteView value = bytes.first(length);
  bytes = bytes.subspan(length);
  return value;
}

Status<DecodeError> skip_value(ByteView& bytes, Wire wire) {
  switch (wire) {
    case Wire::kVarint:
      RETURN_IF_ERROR(take_varint(bytes));
      return Unit{};
    case Wire::kFixed64:
      RETURN_IF_ERROR(take_fixed(bytes, 8));
      return Unit{};
    case Wire::kFixed32:
      RETURN_IF_ERROR(take_fixed(bytes, 4));
      return Unit{};
    case Wire::kBytes:
      RETURN_IF_ERROR(take_delimited(bytes));
      return Unit{};
    default:
      return Failure{DecodeError::kWireType};
  }
}

/// The inside of a group up to and with its end tag. Iterative, because depth is the sender's.
Result<ByteView, DecodeError> take_group(ByteView& bytes) {
  const ByteView whole = bytes;
  for (int depth = 1; depth > 0;) {
    if (bytes.empty()) return Failure{DecodeError::kTruncated};
    ASSIGN_OR_RETURN(const Tag tag, take_tag(bytes));
    if (tag.wire == Wire::kGroupStart) {
      if (++depth > kMaxGroupDepth) return Failure{DecodeError::kNesting};
    } else if (tag.wire == Wire::kGroupEnd) {
      --depth;
    } else {
      RETURN_IF_ERROR(skip_value(bytes, tag.wire));
    }
  }
  return whole.first(whole.size() - bytes.size());
}

}  // namespace

std::string_view describe(DecodeError error) {
  switch (error) {
    case DecodeError::kTruncated:
      return "a field runs past the end";
    case DecodeError::kVarintTooLong:
      return "a varint exceeds 64 bits";
    case DecodeError::kBadTag:
      return "a field number is out of range";
    case DecodeError::kWireType:
      return "a field has the wrong wire type";
    case DecodeError::kUnknownField:
      return "unknown field";
    case DecodeError::kUnresolvableType:
      return "unable to resolve type URL";
    case DecodeError::kNesting:
      return "recursion limit reached";
    case DecodeError::kValue:
      return "a text field is not a number";
    case DecodeError::kFieldOrder:
      return "raw transaction fields do not ascend";
    case DecodeError::kPaddedVarint:
      return "a length is not as short as possible";
  }
  return "unknown";
}

Result<std::uint64_t, DecodeError> take_varint(ByteView& bytes) {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < 10; ++i) {
    if (i == bytes.size()) return Failure{DecodeError::kTruncated};
    const std::uint8_t byte = bytes[i];
    if (i == 9 && byte > 1) return Failure{DecodeError::kVarintTooLong};
    value |= std::uint64_t{byte & 0x7FU} << (7 * i);
    if ((byte & 0x80U) == 0) {
      bytes = bytes.subspan(i + 1);
      return value;
    }
  }
  return Failure{DecodeError::kVarintTooLong};
}

Result<RawField, DecodeError> WireReader::next() {
  ASSIGN_OR_RETURN(const Tag tag, take_tag(rest_));
  RawField field{.number = tag.number, .wire = tag.wire};
  switch (tag.wire) {
    case Wire::kVarint: {
      ASSIGN_OR_RETURN(field.integer, take_varint(rest_));
      return field;
    }
    case Wire::kFixed64: {
      ASSIGN_OR_RETURN(field.integer, take_fixed(rest_, 8));
      return field;
    }
    case Wire::kFixed32: {
      ASSIGN_OR_RETURN(field.integer, take_fixed(rest_, 4));
      return field;
    }
    case Wire::kBytes: {
      ASSIGN_OR_RETURN(field.bytes, take_delimited(rest_));
      return field;
    }
    case Wire::kGroupStart: {
      ASSIGN_OR_RETURN(field.bytes, take_group(rest_));
      return field;
    }
    case Wire::kGroupEnd:
      break;
  }
  return Failure{DecodeError::kWireType};
}

}  // namespace buri::consensus::codec
