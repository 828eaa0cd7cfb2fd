#include "node/devnet/identity.hpp"

#include <boost/json.hpp>

#include "base/hex.hpp"
#include "base/json_cursor.hpp"
#include "node/consensus/runtime/address.hpp"

namespace buri::devnet {
namespace {

Result<ValidatorIdentity, JsonError> read_validator(const JsonCursor& object) {
  ValidatorIdentity validator;
  ASSIGN_OR_RETURN(const JsonCursor key, object.member("public_key"));
  ASSIGN_OR_RETURN(const std::string_view hex, key.string());
  const auto point = fixed_from_hex<65>(hex);
  if (!point) return Failure{key.error("130 hex digits")};
  validator.public_key = *point;
  ASSIGN_OR_RETURN(const JsonCursor node, object.member("node_id"));
  ASSIGN_OR_RETURN(validator.node_id, node.string());
  ASSIGN_OR_RETURN(const JsonCursor uri, object.member("key_uri"));
  ASSIGN_OR_RETURN(validator.key_uri, uri.string());
  return validator;
}

Result<Identity, JsonError> read_identity(std::string_view text) {
  ASSIGN_OR_RETURN(const JsonValue document, parse_json(text));
  const JsonCursor root(document);
  Identity identity;
  ASSIGN_OR_RETURN(const JsonCursor chain, root.member("chain_id"));
  ASSIGN_OR_RETURN(identity.chain_id, chain.string());
  ASSIGN_OR_RETURN(const JsonCursor time, root.member("genesis_time_s"));
  ASSIGN_OR_RETURN(const std::uint64_t seconds, time.unsigned_number(INT64_MAX));
  identity.genesis_time_s = static_cast<std::int64_t>(seconds);
  ASSIGN_OR_RETURN(const JsonCursor list, root.member("validators"));
  ASSIGN_OR_RETURN(const auto elements, list.elements(kMaxValidators));
  for (const JsonCursor& element : elements) {
    ASSIGN_OR_RETURN(ValidatorIdentity validator, read_validator(element));
    identity.validators.push_back(std::move(validator));
  }
  if (identity.validators.empty()) return Failure{list.error("at least one validator")};
  return identity;
}

}  // namespace

Address ValidatorIdentity::address() const {
  return consensus::runtime::address_of_key(public_key);
}

std::string identity_text(const Identity& identity) {
  boost::json::array validators;
  for (const ValidatorIdentity& validator : identity.validators) {
    validators.push_back({{"public_key", to_hex(validator.public_key)},
                          {"node_id", validator.node_id},
                          {"key_uri", validator.key_uri}});
  }
  return boost::json::serialize(boost::json::object{{"chain_id", identity.chain_id},
                                                    {"genesis_time_s", identity.genesis_time_s},
                                                    {"validators", validators}}) +
         "\n";
}

Result<Identity, std::string> parse_identity(std::string_view text) {
  auto identity = read_identity(text);
  if (!identity.ok()) return Failure{describe(identity.error())};
  return std::move(identity).value();
}

}  // namespace buri::devnet
