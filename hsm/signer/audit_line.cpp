#include "hsm/signer/audit_line.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <vector>

#include "accel/hasher.hpp"
#include "base/hex.hpp"

namespace buri::hsm::signer {
namespace {

constexpr std::size_t kFieldCount = 9;
constexpr std::size_t kHashHexBytes = 2 * Hash256::kSize;

std::string printable(std::string_view text) {
  std::string result(text.empty() ? std::string_view("-") : text);
  std::replace_if(result.begin(), result.end(), [](char c) { return c < ' ' || c > '~'; }, '?');
  return result;
}

std::string hex_or_dash(ByteView bytes) { return bytes.empty() ? "-" : to_hex(bytes); }

/// Everything before the hash, with the tab that precedes it.
std::string body_of(const AuditLine& line) {
  const AuditEvent& event = line.event;
  std::string body = std::to_string(line.sequence) + '\t' + std::to_string(line.time_ms);
  for (const std::string* text : {&event.event, &event.purpose, &event.peer}) {
    body += '\t' + printable(*text);
  }
  body += '\t' + hex_or_dash(event.digest) + '\t' + hex_or_dash(event.signature);
  return body + '\t' + printable(event.detail) + '\t';
}

Hash256 chained(const Hash256& previous, std::string_view body) {
  Bytes bytes;
  append(bytes, previous);
  append(bytes, as_bytes(body));
  const ByteView view = bytes;
  Hash256 hash;
  accel::scalar_hasher().sha256_batch({&view, 1}, {&hash, 1});
  return hash;
}

std::vector<std::string_view> split(std::string_view text) {
  std::vector<std::string_view> fields;
  for (std::size_t tab; (tab = text.find('\t')) != std::string_view::npos;) {
    fields.push_back(text.substr(0, tab));
    text.remove_prefix(tab + 1);
  }
  fields.push_back(text);
  return fields;
}

template <class Integer>
bool parse_number(std::string_view text, Integer& number) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc{} && end == text.data() + text.size();
}

bool parse_bytes(std::string_view text, Bytes& bytes) {
  if (text == "-") return true;
  auto decoded = from_hex(text);
  if (decoded) bytes = std::move(*decoded);
  return decoded.has_value();
}

std::string text_of(std::string_view field) { return field == "-" ? "" : std::string(field); }

}  // namespace

std::string encode_line(AuditLine& line, const Hash256& previous) {
  std::string text = body_of(line);
  line.hash = chained(previous, text);
  return text + to_hex(line.hash) + '\n';
}

std::optional<AuditLine> parse_line(std::string_view text) {
  const auto fields = split(text);
  if (fields.size() != kFieldCount) return std::nullopt;
  AuditLine line;
  line.event = {text_of(fields[2]), text_of(fields[3]), text_of(fields[4]), {}, {},
                text_of(fields[7])};
  const auto hash = fixed_from_hex<Hash256::kSize>(fields[8]);
  if (!parse_number(fields[0], line.sequence) || !parse_number(fields[1], line.time_ms) ||
      !parse_bytes(fields[5], line.event.digest) || !parse_bytes(fields[6], line.event.signature) ||
      !hash) {
    return std::nullopt;
  }
  line.hash = *hash;
  if (body_of(line) + to_hex(line.hash) != text) return std::nullopt;
  return line;
}

bool hash_holds(std::string_view text, const AuditLine& line, const Hash256& previous) {
  return text.size() > kHashHexBytes &&
         chained(previous, text.substr(0, text.size() - kHashHexBytes)) == line.hash;
}

}  // namespace buri::hsm::signer
