#include "node/devnet/settings_text.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "hsm/rules/policy.hpp"
#include "hsm/signer/config.hpp"
#include "node/app/config_reader.hpp"
#include "node/consensus/app/genesis_import.hpp"
#include "node/devnet/genesis.hpp"
#include "node/devnet/ports.hpp"
#include "node/devnet/provision.hpp"
#include "node/protocol/heimdall_forks.hpp"

/// The daemons read what a devnet writes.

namespace buri::devnet {
namespace {

FixedBytes<65> some_key(std::uint8_t number) {
  FixedBytes<65> key;
  key.bytes.fill(number);
  key.bytes[0] = 4;
  return key;
}

Identity some_identity(std::size_t count, const std::string& uri = "pkcs11:token=validator") {
  Identity identity;
  identity.genesis_time_s = 1'700'000'000;
  for (std::size_t i = 1; i <= count; ++i) {
    const auto number = static_cast<std::uint8_t>(i);
    identity.validators.push_back({some_key(number), std::string(40, 'a'), uri});
  }
  return identity;
}

std::string written(const std::string& text) {
  const std::string path =
      std::filesystem::temp_directory_path() / ("buri_devnet_" + std::to_string(::getpid()));
  std::ofstream(path) << text;
  return path;
}

NodeSettings some_settings() {
  NodeSettings settings;
  settings.number = 2;
  settings.ports = {20'001, 20'002, 20'003, 20'004, 20'005};
  settings.peers = {std::string(40, 'b') + "@127.0.0.1:20010"};
  settings.eth_rpc_url = "http://127.0.0.1:20020/l1";
  settings.bor_rpc_url = "http://127.0.0.1:20020/bor";
  return settings;
}

TEST(DevnetTexts, ANodeReadsItsSettings) {
  const Layout layout("/tmp/a \"devnet\"");
  const auto config =
      app::read_config(written(node_config_text(layout, some_identity(4), some_settings())));
  ASSERT_TRUE(config.ok()) << config.error();
  EXPECT_EQ(config->signer.socket, layout.validator(2).signer_socket);
  EXPECT_EQ(config->p2p.persistent_peers.size(), 1U);
  EXPECT_FALSE(config->p2p.peer_exchange);
  ASSERT_TRUE(config->rpc.listen.has_value());
  EXPECT_EQ(config->rpc.listen->to_text(), "127.0.0.1:20002");
  ASSERT_TRUE(config->metrics.listen.has_value());
  EXPECT_EQ(config->metrics.listen->to_text(), "127.0.0.1:20005");
  EXPECT_EQ(config->chain.genesis_file, layout.genesis());
}

TEST(DevnetTexts, ADevelopmentKeyIsNamedAsOne) {
  const Layout layout("/tmp/devnet");
  const auto config =
      app::read_config(written(node_config_text(layout, some_identity(4, ""), some_settings())));
  ASSERT_TRUE(config.ok()) << config.error();
  EXPECT_EQ(config->signer.insecure_development_key_file, layout.validator(2).validator_key);
  EXPECT_TRUE(config->signer.socket.empty());
}

TEST(DevnetTexts, ASignerReadsItsSettingsAndPolicy) {
  const Layout layout("/tmp/devnet");
  const Identity identity = some_identity(1, "pkcs11:token=validator?module-path=/usr/lib/m.so");
  const auto config = hsm::signer::parse_config(
      signer_config_text(layout.validator(1), identity.validators[0], "/usr/bin/buri-hsm"));
  ASSERT_TRUE(config.ok()) << config.error();
  ASSERT_EQ(config->sockets.size(), 2U);
  EXPECT_EQ(config->sockets[1].socket.path, layout.validator(1).signer_transactions);
  EXPECT_TRUE(hsm::rules::parse_policy(signer_policy_text(identity)).ok());
}

TEST(DevnetTexts, AGenesisHasAllValidators) {
  for (const std::size_t count : {1U, 4U, 100U}) {
    auto genesis =
        consensus::app::open_genesis(consensus::app::in_memory(genesis_text(some_identity(count))));
    ASSERT_TRUE(genesis.ok()) << describe(genesis.error());
    const auto answer = consensus::app::genesis_answer(*genesis);
    ASSERT_TRUE(answer.ok());
    EXPECT_EQ(answer->validators.size(), count);
  }
  const auto forks = parse_json(forks_text());
  ASSERT_TRUE(forks.ok());
  EXPECT_TRUE(protocol::HeimdallForks::from_json(*forks).ok());
}

TEST(DevnetTexts, AnIdentityIsReadAsItWasWritten) {
  const Identity identity = some_identity(3);
  const auto read = parse_identity(identity_text(identity));
  ASSERT_TRUE(read.ok()) << read.error();
  EXPECT_EQ(*read, identity);
  EXPECT_FALSE(parse_identity("{}").ok());
  EXPECT_FALSE(parse_identity(R"({"chain_id":"a","genesis_time_s":1,"validators":[]})").ok());
}

TEST(DevnetTexts, PortsAreDifferent) {
  SeededRandom random(1);
  auto ports = free_ports(40, random);
  ASSERT_TRUE(ports.ok()) << ports.error();
  std::ranges::sort(*ports);
  EXPECT_EQ(std::ranges::adjacent_find(*ports), ports->end());
}

TEST(DevnetTexts, AFolderTooDeepForSocketsIsRefused) {
  const auto made = provision(Layout("/tmp/" + std::string(100, 'x')), {}, {});
  ASSERT_FALSE(made.ok());
  EXPECT_NE(made.error().find("--home"), std::string::npos) << made.error();
}

}  // namespace
}  // namespace buri::devnet
