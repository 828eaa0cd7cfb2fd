#include "base/codec/protobuf_reader.hpp"
#include "base/codec/protobuf_writer.hpp"

/// Whatever the reader accepts without a default value or a 32-bit field (which the writer does not
/// write), the writer writes back byte for byte.

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const buri::ByteView input(data, size);
  buri::ProtobufReader reader(input);
  buri::ProtobufWriter writer;
  bool comparable = true;
  while (!reader.at_end()) {
    const auto field = reader.next();
    if (!field.ok()) return 0;
    const buri::ProtobufField& value = field.value();
    switch (value.type) {
      case buri::WireType::kVarint:
        writer.varint(value.number, value.integer);
        break;
      case buri::WireType::kFixed64:
        writer.sfixed64(value.number, static_cast<std::int64_t>(value.integer));
        break;
      case buri::WireType::kBytes:
        writer.bytes(value.number, value.bytes);
        break;
      case buri::WireType::kFixed32:
        comparable = false;
        break;
    }
    comparable = comparable && (value.integer != 0 || !value.bytes.empty());
  }
  if (comparable) CHECK(buri::equal(writer.encoded(), input), "accepted messages are canonical");
  return 0;
}
