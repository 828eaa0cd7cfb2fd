#include "node/storage/batch.hpp"

namespace buri::storage {
namespace {

/// What stands before a write's key and value in the buffer.
struct Header {
  std::uint32_t kind;
  std::uint32_t family;
  std::uint32_t key_bytes;
  std::uint32_t value_bytes;
};

}  // namespace

void Batch::add(Kind kind, Family family, ByteView key, ByteView value) {
  CHECK(key.size() <= UINT32_MAX && value.size() <= UINT32_MAX, "a record is below 4 GiB");
  const Header header{static_cast<std::uint32_t>(kind), family.index,
                      static_cast<std::uint32_t>(key.size()),
                      static_cast<std::uint32_t>(value.size())};
  append(bytes_, {reinterpret_cast<const std::uint8_t*>(&header), sizeof header});
  append(bytes_, key);
  append(bytes_, value);
  ++count_;
}

Batch::Write Batch::read(std::size_t& at) const {
  Header header;
  std::memcpy(&header, bytes_.data() + at, sizeof header);
  at += sizeof header;
  const ByteView rest = ByteView(bytes_).subspan(at);
  at += header.key_bytes + header.value_bytes;
  return {static_cast<Kind>(header.kind), Family{header.family}, rest.first(header.key_bytes),
          rest.subspan(header.key_bytes, header.value_bytes)};
}

}  // namespace buri::storage
