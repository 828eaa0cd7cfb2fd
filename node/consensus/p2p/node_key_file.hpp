#pragma once

#include <string>
#include <string_view>

#include "base/json.hpp"
#include "node/consensus/p2p/node_key.hpp"

/// The text of a stock node's config/node_key.json, so that a node keeps its id when it changes
/// hands: {"priv_key":{"type":"tendermint/PrivKeyEd25519","value":BASE64}}, 64 bytes of seed and
/// public key. Reading and writing the file is the caller's.

namespace buri::consensus::p2p {

/// Errors name the field: another key type, no base64, a public half that is not the seed's.
Result<NodeKey, JsonError> parse_node_key(std::string_view text);

/// The text for `key`. It holds the secret: the caller writes it with mode 0600 and wipes it.
std::string node_key_text(const NodeKey& key);

}  // namespace buri::consensus::p2p
