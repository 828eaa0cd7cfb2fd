#include "node/consensus/tx/nesting.hpp"

#include <optional>

#include "node/consensus/tx/types.hpp"

namespace buri::consensus::tx {
namespace {

/// What an Any-like message holds: it parses as fields to its end, and the last field 1 is bytes
/// that start with a slash. Nothing if it is not Any-like.
std::optional<ByteView> any_like_value(ByteView bytes) {
  codec::WireReader reader(bytes);
  bool has_url = false;
  ByteView value;
  while (!reader.at_end()) {
    const auto field = reader.next();
    if (!field.ok()) return std::nullopt;
    const bool is_bytes = field->wire == codec::Wire::kBytes;
    if (field->number == 1) has_url = is_bytes && !field->bytes.empty() && field->bytes[0] == '/';
    if (field->number == 2 && is_bytes) value = field->bytes;
  }
  if (!has_url) return std::nullopt;
  return value;
}

bool is_too_deep(ByteView bytes, int depth) {
  if (depth > kNestingLimit) return true;
  codec::WireReader reader(bytes);
  while (!reader.at_end()) {
    const auto field = reader.next();
    if (!field.ok()) return false;
    if (field->wire != codec::Wire::kBytes) continue;
    const auto held = any_like_value(field->bytes);
    if (held && is_too_deep(*held, depth + 1)) return true;
  }
  return false;
}

}  // namespace

bool nests_too_deeply_by_bytes(ByteView raw) {
  codec::WireReader reader(raw);
  while (!reader.at_end()) {
    const auto field = reader.next();
    if (!field.ok()) return false;
    const bool is_part = field->number == 1 || field->number == 2;
    if (is_part && field->wire == codec::Wire::kBytes && is_too_deep(field->bytes, 0)) return true;
  }
  return false;
}

bool nests_too_deeply_by_type(ByteView raw, const runtime::MessageRegistry& registry) {
  const auto parts = codec::decode<TxRaw>(raw);
  if (!parts.ok()) return false;
  const auto is_deep = [&](ByteView bytes, const codec::Descriptor& type, bool lenient) {
    const auto walk =
        codec::find_unknown_fields(bytes, type, registry.resolver(),
                                   {.allow_non_critical = lenient, .depth_limit = kNestingLimit});
    return !walk.ok() && walk.error() == codec::DecodeError::kNesting;
  };
  return is_deep(parts->body_bytes, codec::descriptor<TxBody>(), true) ||
         is_deep(parts->auth_info_bytes, codec::descriptor<AuthInfo>(), false);
}

bool nests_too_deeply(ByteView raw, const runtime::MessageRegistry& registry,
                      const protocol::HeimdallForks& forks, std::int64_t height) {
  if (forks.is_lugano(height)) return nests_too_deeply_by_type(raw, registry);
  return forks.is_kyoto(height) && nests_too_deeply_by_bytes(raw);
}

}  // namespace buri::consensus::tx
