#include "node/consensus/p2p/node_info.hpp"

#include <algorithm>
#include <array>
#include <bitset>
#include <charconv>

#include "base/codec/protobuf_reader.hpp"
#include "base/hex.hpp"
#include "node/consensus/codec/message.hpp"

namespace buri::consensus::p2p {
namespace {

constexpr std::size_t kMaxChannels = 16;

Failure<NodeInfoError> broken(NodeInfoRule rule, std::string expected, std::string_view found) {
  // What a peer wrote goes to logs: no control characters, and not much of it.
  std::string shown(found.substr(0, 64));
  std::ranges::replace_if(shown, [](char c) { return c < ' ' || c > '~'; }, '?');
  return Failure{NodeInfoError{rule, std::move(expected), std::move(shown)}};
}

bool is_printable(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return c >= ' ' && c <= '~'; });
}

/// Printable, and not of blanks alone.
bool is_visible(std::string_view text) {
  return is_printable(text) && text.find_first_not_of(' ') != std::string_view::npos;
}

/// "[protocol://]host:port".
bool is_address(std::string_view text) {
  if (const auto scheme = text.find("://"); scheme != std::string_view::npos) {
    text.remove_prefix(scheme + 3);
  }
  const auto colon = text.rfind(':');
  if (colon == std::string_view::npos || colon == 0) return false;
  const std::string_view port = text.substr(colon + 1);
  std::uint16_t number = 0;
  const auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), number);
  return error == std::errc() && end == port.data() + port.size() && is_visible(text);
}

/// The rules on a NodeInfo by itself.
Status<NodeInfoError> check_shape(const NodeInfo& info) {
  if (!is_address(info.listen_address)) {
    return broken(NodeInfoRule::kListenAddress, "HOST:PORT", info.listen_address);
  }
  if (!info.version.empty() && !is_visible(info.version)) {
    return broken(NodeInfoRule::kVersion, "printable text", info.version);
  }
  if (!is_visible(info.moniker)) {
    return broken(NodeInfoRule::kMoniker, "printable text", info.moniker);
  }
  std::bitset<256> seen;
  for (const std::uint8_t channel : info.channels) seen.set(channel);
  if (info.channels.size() > kMaxChannels || seen.count() != info.channels.size()) {
    return broken(NodeInfoRule::kChannels, "at most 16 distinct channels", to_hex(info.channels));
  }
  constexpr std::array<std::string_view, 3> kIndexes{"", "on", "off"};
  if (std::ranges::find(kIndexes, info.other.tx_index) == kIndexes.end()) {
    return broken(NodeInfoRule::kOther, "on or off", info.other.tx_index);
  }
  if (!info.other.rpc_address.empty() && !is_visible(info.other.rpc_address)) {
    return broken(NodeInfoRule::kOther, "printable text", info.other.rpc_address);
  }
  return Unit{};
}

std::string_view name_of(NodeInfoRule rule) {
  switch (rule) {
    case NodeInfoRule::kLength:
      return "length in bytes";
    case NodeInfoRule::kEncoding:
      return "encoding";
    case NodeInfoRule::kId:
    case NodeInfoRule::kSelf:
      return "id";
    case NodeInfoRule::kListenAddress:
      return "listening address";
    case NodeInfoRule::kVersion:
      return "software version";
    case NodeInfoRule::kMoniker:
      return "moniker";
    case NodeInfoRule::kChannels:
    case NodeInfoRule::kNoChannel:
      return "channels";
    case NodeInfoRule::kOther:
      return "further facts";
    case NodeInfoRule::kBlockProtocol:
      return "block protocol";
    case NodeInfoRule::kNetwork:
      return "network";
  }
  return "node info";
}

}  // namespace

std::string describe(const NodeInfoError& error) {
  return "the peer's " + std::string(name_of(error.rule)) + ": expected " + error.expected +
         ", found " + error.found;
}

Bytes encode_delimited(const NodeInfo& info) {
  const Bytes message = codec::encode(info);
  Bytes delimited;
  append_varint(delimited, message.size());
  append(delimited, message);
  return delimited;
}

Result<std::optional<NodeInfo>, NodeInfoError> take_node_info(Bytes& buffer) {
  ByteView rest = buffer;
  const auto length = buri::take_varint(rest);
  if (!length.ok()) {
    if (length.error() == ProtobufError::kTruncated) return std::optional<NodeInfo>();
    return broken(NodeInfoRule::kEncoding, "a length", "a varint without end");
  }
  if (length.value() > kMaxNodeInfoBytes) {
    return broken(NodeInfoRule::kLength, "at most 10240", std::to_string(length.value()));
  }
  if (rest.size() < length.value()) return std::optional<NodeInfo>();
  auto info = codec::decode<NodeInfo>(rest.first(length.value()));
  if (!info.ok()) {
    return broken(NodeInfoRule::kEncoding, "a DefaultNodeInfo", codec::describe(info.error()));
  }
  rest = rest.subspan(length.value());
  buffer = Bytes(rest.begin(), rest.end());
  return std::optional<NodeInfo>(std::move(info).value());
}

Status<NodeInfoError> check_compatible(const NodeInfo& own, const NodeInfo& peer,
                                       const NodeId& authenticated) {
  if (peer.id != to_hex(authenticated)) {
    return broken(NodeInfoRule::kId, to_hex(authenticated), peer.id);
  }
  if (peer.id == own.id) return broken(NodeInfoRule::kSelf, "another node", "this node");
  RETURN_IF_ERROR(check_shape(peer));
  if (peer.protocol_version.block != own.protocol_version.block) {
    return broken(NodeInfoRule::kBlockProtocol, std::to_string(own.protocol_version.block),
                  std::to_string(peer.protocol_version.block));
  }
  if (peer.network != own.network) {
    return broken(NodeInfoRule::kNetwork, own.network, peer.network);
  }
  const bool common = std::ranges::any_of(peer.channels, [&](std::uint8_t channel) {
    return std::ranges::find(own.channels, channel) != own.channels.end();
  });
  if (!common) {
    return broken(NodeInfoRule::kNoChannel, "one of " + to_hex(own.channels),
                  to_hex(peer.channels));
  }
  return Unit{};
}

}  // namespace buri::consensus::p2p
