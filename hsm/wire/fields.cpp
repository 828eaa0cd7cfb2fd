#include "hsm/wire/fields.hpp"

#include <algorithm>

namespace buri::hsm::wire {

void FieldEncoder::always(std::uint32_t field, ByteView value) {
  if (!value.empty()) {
    writer_.bytes(field, value);
  } else {
    writer_.message(field, ProtobufWriter());
  }
}

void FieldDecoder::advance() {
  current_.reset();
  if (failed() || reader_.at_end()) return;
  const auto field = reader_.next();
  if (field.ok()) {
    current_ = field.value();
  } else {
    fail("", "protobuf fields in ascending order and shortest form",
         std::string(buri::describe(field.error())));
  }
}

bool FieldDecoder::take(std::uint32_t field, const char* name, WireType type) {
  if (failed() || !current_ || current_->number != field) return false;
  if (current_->type == type) return true;
  fail(name, "wire type " + std::to_string(static_cast<unsigned>(type)),
       "wire type " + std::to_string(static_cast<unsigned>(current_->type)));
  return false;
}

void FieldDecoder::optional_number(std::uint32_t field, const char* name,
                                   std::optional<std::uint64_t>& value) {
  value.reset();
  if (!take(field, name, WireType::kBytes)) return;
  ByteView rest = current_->bytes;
  const auto raw = take_varint(rest);
  if (!raw.ok() || !rest.empty()) return fail(name, "one varint", "something else");
  value = raw.value();
  advance();
}

void FieldDecoder::bytes(std::uint32_t field, const char* name, Bytes& value, std::size_t max) {
  std::optional<Bytes> read;
  optional_bytes(field, name, read, max);
  if (read && read->empty()) fail(name, "no field for an empty value", "an empty field");
  value = read.value_or(Bytes());
}

void FieldDecoder::optional_bytes(std::uint32_t field, const char* name,
                                  std::optional<Bytes>& value, std::size_t max) {
  value.reset();
  if (!take(field, name, WireType::kBytes)) return;
  if (current_->bytes.size() > max) {
    return fail_size(name, "at most " + std::to_string(max) + " bytes");
  }
  value.emplace(current_->bytes.begin(), current_->bytes.end());
  advance();
}

void FieldDecoder::text(std::uint32_t field, const char* name, std::string& value,
                        std::size_t max) {
  Bytes raw;
  bytes(field, name, raw, max);
  const bool printable =
      std::all_of(raw.begin(), raw.end(), [](std::uint8_t c) { return c >= 0x20 && c < 0x7f; });
  if (!printable) return fail(name, "printable ASCII", "other bytes");
  value.assign(raw.begin(), raw.end());
}

void FieldDecoder::big(std::uint32_t field, const char* name, U256& value) {
  std::optional<U256> read;
  optional_big(field, name, read);
  if (read && *read == U256{}) fail(name, "no field for zero", "an empty field");
  value = read.value_or(U256{});
}

void FieldDecoder::optional_big(std::uint32_t field, const char* name, std::optional<U256>& value) {
  std::optional<Bytes> raw;
  optional_bytes(field, name, raw, 32);
  value.reset();
  if (!raw) return;
  if (!raw->empty() && raw->front() == 0) return fail(name, "no leading zero byte", "one");
  value = U256::from_big_endian(*raw);
}

void FieldDecoder::byte_strings(std::uint32_t field, const char* name, std::vector<Bytes>& values,
                                std::size_t max_count, std::size_t max_bytes) {
  values.clear();
  while (take(field, name, WireType::kBytes)) {
    if (values.size() == max_count) return fail_count(name, max_count);
    if (current_->bytes.empty() || current_->bytes.size() > max_bytes) {
      return fail_size(name, "1 to " + std::to_string(max_bytes) + " bytes");
    }
    values.emplace_back(current_->bytes.begin(), current_->bytes.end());
    advance();
  }
}

void FieldDecoder::finish() {
  if (failed() || !current_) return;
  fail("field " + std::to_string(current_->number), "known fields, each once, in ascending order",
       "this one");
}

void FieldDecoder::fail(std::string_view name, std::string expected, std::string found) {
  if (!failed()) failure_ = Refusal{rule_, path(name), std::move(expected), std::move(found)};
}

void FieldDecoder::fail_size(const char* name, std::string expected) {
  fail(name, std::move(expected), std::to_string(current_->bytes.size()) + " bytes");
}

void FieldDecoder::fail_count(const char* name, std::size_t max_count) {
  fail(name, "at most " + std::to_string(max_count) + " entries", "more");
}

std::string FieldDecoder::path(std::string_view name) const {
  std::string result = parent_ ? parent_->path(name_) : std::string();
  if (!result.empty() && !name.empty()) result += '.';
  return result += name;
}

}  // namespace buri::hsm::wire
