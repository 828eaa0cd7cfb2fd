#pragma once

#include <optional>
#include <string>

#include "base/result.hpp"
#include "node/consensus/codec/schema.hpp"
#include "node/consensus/p2p/peer_key.hpp"

/// What two nodes tell each other first (spec/cometbft.md 3.2), behind its length and inside the
/// encrypted connection. Unknown fields are skipped as stock does, so that later versions may add
/// some.

namespace buri::consensus::p2p {

struct ProtocolVersion {
  std::uint64_t p2p = 0;
  std::uint64_t block = 0;
  std::uint64_t app = 0;

  static constexpr std::string_view kName = "tendermint.p2p.ProtocolVersion";
  static constexpr auto fields() {
    return fields_of(codec::Field{1, "p2p", &ProtocolVersion::p2p},
                     codec::Field{2, "block", &ProtocolVersion::block},
                     codec::Field{3, "app", &ProtocolVersion::app});
  }
  friend bool operator==(const ProtocolVersion&, const ProtocolVersion&) = default;
};

struct NodeInfoOther {
  std::string tx_index;     ///< "on", "off" or nothing
  std::string rpc_address;  ///< "tcp://127.0.0.1:26657"

  static constexpr std::string_view kName = "tendermint.p2p.DefaultNodeInfoOther";
  static constexpr auto fields() {
    return fields_of(codec::Field{1, "tx_index", &NodeInfoOther::tx_index},
                     codec::Field{2, "rpc_address", &NodeInfoOther::rpc_address});
  }
  friend bool operator==(const NodeInfoOther&, const NodeInfoOther&) = default;
};

struct NodeInfo {
  ProtocolVersion protocol_version;
  std::string id;              ///< 40 lower-case hex digits
  std::string listen_address;  ///< "tcp://0.0.0.0:26656"
  std::string network;         ///< the chain id
  std::string version;         ///< of the software, "0.38.22"
  Bytes channels;              ///< ids, one byte each
  std::string moniker;
  NodeInfoOther other;

  static constexpr std::string_view kName = "tendermint.p2p.DefaultNodeInfo";
  static constexpr auto fields() {
    return fields_of(codec::Field{1, "protocol_version", &NodeInfo::protocol_version},
                     codec::Field{2, "default_node_id", &NodeInfo::id},
                     codec::Field{3, "listen_addr", &NodeInfo::listen_address},
                     codec::Field{4, "network", &NodeInfo::network},
                     codec::Field{5, "version", &NodeInfo::version},
                     codec::Field{6, "channels", &NodeInfo::channels},
                     codec::Field{7, "moniker", &NodeInfo::moniker},
                     codec::Field{8, "other", &NodeInfo::other});
  }
  friend bool operator==(const NodeInfo&, const NodeInfo&) = default;
};

/// Why a peer's NodeInfo is refused.
enum class NodeInfoRule : std::uint8_t {
  kLength,         ///< above 10,240 bytes
  kEncoding,       ///< no DefaultNodeInfo
  kId,             ///< not the id of the authenticated key
  kSelf,           ///< this very node
  kListenAddress,  ///< not host and port
  kVersion,        ///< not printable
  kMoniker,        ///< not printable, or blank
  kChannels,       ///< more than 16, or one twice
  kOther,          ///< tx_index or rpc_address misshapen
  kBlockProtocol,  ///< another version of the block protocol
  kNetwork,        ///< another chain
  kNoChannel,      ///< no channel in common
};

/// The broken rule, and what stood where.
struct NodeInfoError {
  NodeInfoRule rule{};
  std::string expected;
  std::string found;
};

/// "the peer's network: expected heimdallv2-137, found amoy".
std::string describe(const NodeInfoError& error);

/// Most bytes of a NodeInfo without its length.
inline constexpr std::size_t kMaxNodeInfoBytes = 10'240;

/// The bytes that go to the peer.
Bytes encode_delimited(const NodeInfo& info);

/// Takes a NodeInfo and its length from the front of `buffer`; nothing while it is not whole.
/// Errors: kLength, kEncoding.
Result<std::optional<NodeInfo>, NodeInfoError> take_node_info(Bytes& buffer);

/// Whether `peer`, whose key was proved to have the id `authenticated`, may talk to `own`.
Status<NodeInfoError> check_compatible(const NodeInfo& own, const NodeInfo& peer,
                                       const NodeId& authenticated);

}  // namespace buri::consensus::p2p
