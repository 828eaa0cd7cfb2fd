#include "node/consensus/p2p/node_key_file.hpp"

#include "base/codec/base64.hpp"
#include "base/json_cursor.hpp"

namespace buri::consensus::p2p {
namespace {

constexpr std::string_view kType = "tendermint/PrivKeyEd25519";
constexpr std::size_t kSeedBytes = 32;

}  // namespace

Result<NodeKey, JsonError> parse_node_key(std::string_view text) {
  constexpr JsonLimits kLimits{.max_bytes = 4096, .max_depth = 4, .max_values = 16};
  ASSIGN_OR_RETURN(const JsonValue document, parse_json(text, kLimits));
  ASSIGN_OR_RETURN(const JsonCursor key, JsonCursor(document).member("priv_key"));
  ASSIGN_OR_RETURN(const JsonCursor type, key.member("type"));
  ASSIGN_OR_RETURN(const std::string_view type_name, type.string());
  if (type_name != kType) return Failure{type.error("\"" + std::string(kType) + "\"")};
  ASSIGN_OR_RETURN(const JsonCursor value, key.member("value"));
  // Never the cursor's own error here: it would quote the secret.
  const auto refused = [&] {
    return Failure{JsonError{value.path(), "base64 of an Ed25519 seed and its public key",
                             "something else (not shown)"}};
  };
  auto bytes = value.base64();
  if (!bytes.ok() || bytes->size() != kSeedBytes + Ed25519Public::kSize) return refused();
  NodeKey parsed(Secret<kSeedBytes>::from(ByteView(*bytes).first(kSeedBytes)));
  const bool matches = equal(parsed.public_key(), ByteView(*bytes).subspan(kSeedBytes));
  explicit_bzero(bytes->data(), bytes->size());
  if (!matches) return refused();
  return parsed;
}

std::string node_key_text(const NodeKey& key) {
  Secret<64> both;
  std::memcpy(both.writable().data(), key.seed().view().data(), kSeedBytes);
  std::memcpy(both.writable().data() + kSeedBytes, key.public_key().data(), Ed25519Public::kSize);
  return "{\"priv_key\":{\"type\":\"" + std::string(kType) + "\",\"value\":\"" +
         to_base64(both.view()) + "\"}}";
}

}  // namespace buri::consensus::p2p
