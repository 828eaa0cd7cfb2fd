#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "base/bytes.hpp"
#include "node/consensus/p2p/primitives.hpp"

/// Who a node is to its peers (spec/cometbft.md 1.1, 3). Node keys are Ed25519; the fork takes
/// secp256k1 ones too, uncompressed and with Ethereum's address.

namespace buri::consensus::p2p {

/// sha256(key)[0..20) of an Ed25519 key, the Ethereum address of a secp256k1 key. Written as 40
/// lower-case hex digits.
using NodeId = Address;

/// An uncompressed secp256k1 key: 0x04, X, Y.
using Secp256k1Public = FixedBytes<65>;

using PeerKey = std::variant<Ed25519Public, Secp256k1Public>;

NodeId node_id(const PeerKey& key);
/// 40 lower-case hex digits, and nothing else.
std::optional<NodeId> parse_node_id(std::string_view text);

/// Whether `signature` over `message` is by `key`: Ed25519, or R, S, V over keccak256(message) with
/// low S and any V.
bool verify(const PeerKey& key, ByteView message, ByteView signature);

}  // namespace buri::consensus::p2p
