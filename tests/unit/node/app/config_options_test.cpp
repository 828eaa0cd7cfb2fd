#include "node/app/config_options.hpp"

#include <gtest/gtest.h>

namespace buri::app {
namespace {

/// What a default configuration tells the rooms is what they do by themselves.
TEST(ConfigOptions, OfDefaultsAreTheRoomsOwn) {
  const auto machine = machine_options({});
  const consensus::engine::MachineOptions own;
  EXPECT_EQ(machine.propose.in(3), own.propose.in(3));
  EXPECT_EQ(machine.commit_ns, own.commit_ns);
  EXPECT_EQ(machine.block_time_tolerance_ns, own.block_time_tolerance_ns);
  EXPECT_EQ(log_options({}).max_file_bytes, consensus::engine::WalOptions().max_file_bytes);
  const auto network = network_options({});
  const consensus::p2p::NetworkOptions own_network;
  EXPECT_EQ(network.listen_port, own_network.listen_port);
  EXPECT_EQ(network.peers.persistent_max_dial_period, own_network.peers.persistent_max_dial_period);
  EXPECT_EQ(network.max_held_bytes, own_network.max_held_bytes);
  EXPECT_EQ(network.connections.multiplexer.send_bytes_per_s,
            own_network.connections.multiplexer.send_bytes_per_s);
  EXPECT_EQ(database_options({}, "x").write_buffer_bytes,
            storage::RocksOptions().write_buffer_bytes);
  EXPECT_EQ(engine_options({}).worker_threads, 0U);
}

TEST(ConfigOptions, EndpointsAreThoseThatHeimdalldsKeysGive) {
  const auto ours = endpoint_settings({});
  const auto theirs = protocol::endpoints::read_settings("");
  ASSERT_TRUE(ours.ok() && theirs.ok());
  EXPECT_EQ(ours->eth_rpc, theirs->eth_rpc);
  EXPECT_EQ(ours->bor_rpc, theirs->bor_rpc);
  EXPECT_EQ(ours->eth_rpc_timeout, theirs->eth_rpc_timeout);
  EXPECT_EQ(ours->bor_rpc_timeout, theirs->bor_rpc_timeout);
  EXPECT_EQ(ours->transport, theirs->transport);
  EXPECT_EQ(ours->eth_chain_id, theirs->eth_chain_id);
}

TEST(ConfigOptions, ATokenNeverLeavesTheMachineInPlain) {
  EndpointsConfig config;
  config.bor_grpc = true;
  config.bor_grpc_urls = {"http://bor.example:3131"};
  EXPECT_TRUE(endpoint_settings(config).ok());
  config.bor_grpc_token = "secret";
  const auto settings = endpoint_settings(config);
  ASSERT_FALSE(settings.ok());
  EXPECT_EQ(settings.error().find("secret"), std::string::npos);
}

}  // namespace
}  // namespace buri::app
