#include "node/consensus/p2p/node_info.hpp"

#include <gtest/gtest.h>

#include <functional>

#include "base/hex.hpp"
#include "node/consensus/p2p/node_key_file.hpp"
#include "tests/unit/node/consensus/p2p/wire_messages.hpp"

namespace buri::consensus::p2p {
namespace {

NodeInfo recorded() {
  Bytes buffer = from_hex(testing::kNodeInfo).value();
  return take_node_info(buffer).value().value();
}

TEST(NodeInfo, OfStockNodesIsReadAndWrittenByteForByte) {
  const NodeInfo info = recorded();
  EXPECT_EQ(to_hex(encode_delimited(info)), testing::kNodeInfo);
  EXPECT_EQ(info.protocol_version, (ProtocolVersion{8, 11, 0}));
  EXPECT_EQ(info.network, "wire-test-1");
  EXPECT_EQ(info.version, "0.38.22");
  EXPECT_EQ(to_hex(info.channels), "40202122233038606100");
  EXPECT_EQ(info.other.rpc_address, "tcp://127.0.0.1:26657");
}

TEST(NodeInfo, WaitsUntilItIsWholeAndLeavesWhatFollows) {
  const Bytes whole = from_hex(testing::kNodeInfo).value();
  for (std::size_t size = 0; size < whole.size(); ++size) {
    Bytes buffer(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size));
    const auto info = take_node_info(buffer);
    ASSERT_TRUE(info.ok());
    EXPECT_FALSE(info->has_value());
    EXPECT_EQ(buffer.size(), size);
  }
  Bytes buffer = whole;
  append(buffer, as_bytes("more"));
  ASSERT_TRUE(take_node_info(buffer).value().has_value());
  EXPECT_EQ(as_text(buffer), "more");
}

TEST(NodeInfo, RefusesALengthAboveItsLimit) {
  Bytes buffer = from_hex("8150").value();
  EXPECT_EQ(take_node_info(buffer).error().rule, NodeInfoRule::kLength);
}

TEST(NodeInfo, EveryRuleIsHeld) {
  const NodeInfo peer = recorded();
  const NodeId id = parse_node_id(peer.id).value();
  NodeInfo own = peer;
  own.id = std::string(40, '1');
  EXPECT_TRUE(check_compatible(own, peer, id).ok());
  EXPECT_EQ(check_compatible(peer, peer, id).error().rule, NodeInfoRule::kSelf);

  using Change = std::function<void(NodeInfo&)>;
  const std::vector<std::pair<NodeInfoRule, Change>> changes{
      {NodeInfoRule::kId, [](NodeInfo& i) { i.id[0] = 'f'; }},
      {NodeInfoRule::kListenAddress, [](NodeInfo& i) { i.listen_address = "tcp://0.0.0.0"; }},
      {NodeInfoRule::kListenAddress, [](NodeInfo& i) { i.listen_address = "a:65536"; }},
      {NodeInfoRule::kListenAddress, [](NodeInfo& i) { i.listen_address = ":1"; }},
      {NodeInfoRule::kVersion, [](NodeInfo& i) { i.version = "0.38\t"; }},
      {NodeInfoRule::kMoniker, [](NodeInfo& i) { i.moniker = "  "; }},
      {NodeInfoRule::kMoniker, [](NodeInfo& i) { i.moniker = "caf\xc3\xa9"; }},
      {NodeInfoRule::kChannels, [](NodeInfo& i) { i.channels.push_back(0x40); }},
      {NodeInfoRule::kOther, [](NodeInfo& i) { i.other.tx_index = "maybe"; }},
      {NodeInfoRule::kOther, [](NodeInfo& i) { i.other.rpc_address = "\n"; }},
      {NodeInfoRule::kBlockProtocol, [](NodeInfo& i) { i.protocol_version.block = 10; }},
      {NodeInfoRule::kNetwork, [](NodeInfo& i) { i.network = "wire-test-2"; }},
      {NodeInfoRule::kNoChannel, [](NodeInfo& i) { i.channels = {0x77}; }},
  };
  for (const auto& [rule, change] : changes) {
    NodeInfo changed = peer;
    change(changed);
    const auto status = check_compatible(own, changed, id);
    ASSERT_FALSE(status.ok());
    EXPECT_EQ(status.error().rule, rule) << describe(status.error());
  }
}

TEST(NodeInfo, ErrorsSayWhatWasExpectedAndShowNoControlCharacters) {
  const NodeInfo own = recorded();
  NodeInfo peer = own;
  peer.id = std::string(40, '2');
  peer.network = "x\n\x1b[2J" + std::string(500, 'y');
  const auto status = check_compatible(own, peer, parse_node_id(peer.id).value());
  EXPECT_EQ(describe(status.error()),
            "the peer's network: expected wire-test-1, found x??[2J" + std::string(58, 'y'));
}

/// The key of the recorded node (heimdall-devnet, wire/messages.json), as stock writes its file.
constexpr std::string_view kKeyFile =
    R"({"priv_key":{"type":"tendermint/PrivKeyEd25519","value":")"
    "YYsSBHOrrJjyv8eHAWwq9E4A4iXs8aqL+ZwGfH0L+/FLU3Nwx/YSDjOl4Ucaic+LWrIJUB7IQhyB3hruYPhxbw=="
    R"("}})";

TEST(NodeKeyFile, OfAStockNodeGivesItsIdAndIsWrittenTheSame) {
  const auto key = parse_node_key(kKeyFile);
  ASSERT_TRUE(key.ok()) << describe(key.error());
  EXPECT_EQ(to_hex(key->id()), recorded().id);
  EXPECT_EQ(node_key_text(*key), kKeyFile);
}

TEST(NodeKeyFile, RefusesOtherTypesAndHalvesThatDoNotMatchWithoutQuotingThem) {
  std::string text(kKeyFile);
  text.replace(text.find("PrivKeyEd25519"), 14, "PrivKeySecp256k1");
  EXPECT_EQ(parse_node_key(text).error().path, "priv_key.type");
  text = kKeyFile;
  text[text.find("\"value\":\"") + 12] ^= 1;
  const auto key = parse_node_key(text);
  ASSERT_FALSE(key.ok());
  EXPECT_EQ(key.error().path, "priv_key.value");
  EXPECT_EQ(key.error().found, "something else (not shown)");
  EXPECT_FALSE(parse_node_key("{}").ok());
}

}  // namespace
}  // namespace buri::consensus::p2p
