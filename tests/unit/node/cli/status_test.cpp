#include "node/cli/status_node.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "node/cli/status_lines.hpp"
#include "node/cli/status_machine.hpp"
#include "node/cli/status_signer.hpp"
#include "node/consensus/codec/json.hpp"

/// What `buri status` makes of the answers of node, signer and disk, and that what is missing says
/// so.

namespace buri::cli {
namespace {

namespace json = boost::json;

constexpr std::string_view kAnswers = R"([
{"jsonrpc":"2.0","id":2,"result":{"listening":true,"listeners":[],"n_peers":"3","peers":[]}},
{"jsonrpc":"2.0","id":1,"result":{
  "node_info":{"protocol_version":{"p2p":"8","block":"11","app":"0"},"id":"abcd","network":"devnet",
    "version":"0.38.22","moniker":"first"},
  "sync_info":{"latest_block_hash":"AB","latest_block_height":"120",
    "latest_block_time":"2026-11-27T05:00:10.5Z","earliest_block_height":"21",
    "earliest_block_time":"2026-11-27T03:00:10.5Z","catching_up":false},
  "validator_info":{"address":"6FAE7C35AC7A7A385353B8466ACD9C5DB21F06F0","voting_power":"1000"}}},
{"jsonrpc":"2.0","id":3,"result":{"round_state":{"height/round/step":"121/0/3"}}},
{"jsonrpc":"2.0","id":4,"result":{"n_txs":"2","total":"2"}},
{"jsonrpc":"2.0","id":5,"result":{"response":{"data":"heimdallapp","version":"0.10.0"}}}])";

WallTime at(std::string_view time) {
  const auto parsed = consensus::codec::timestamp_from_rfc3339(time).value();
  return WallTime(std::chrono::seconds(parsed.seconds) + std::chrono::nanoseconds(parsed.nanos));
}

json::object node() { return node_facts(kAnswers, at("2026-11-27T05:00:12Z")).value(); }

/// Answers with what it was given, or not at all.
class Rpc final : public protocol::json_rpc::Transport {
 public:
  explicit Rpc(std::optional<std::string> body) : body_(std::move(body)) {}
  Result<std::string, protocol::json_rpc::TransportError> post(std::size_t, std::string_view,
                                                               MonotonicTime) override {
    if (body_) return *body_;
    return Failure{protocol::json_rpc::TransportError::kConnect};
  }
  [[nodiscard]] std::size_t size() const override { return 1; }
  [[nodiscard]] std::string label(std::size_t) const override { return "http://127.0.0.1:1"; }

 private:
  std::optional<std::string> body_;
};

TEST(StatusOfANode, IsReadFromItsAnswers) {
  const json::object facts = node();
  EXPECT_EQ(facts.at("chain_id"), "devnet");
  EXPECT_EQ(facts.at("height"), 120);
  EXPECT_EQ(facts.at("oldest_height"), 21);
  EXPECT_NEAR(facts.at("last_block_age_s").as_double(), 1.5, 1e-6);
  EXPECT_EQ(facts.at("is_catching_up"), false);
  EXPECT_EQ(facts.at("peers"), 3);
  EXPECT_EQ(facts.at("height_round_step"), "121/0/3");
  EXPECT_EQ(facts.at("waiting_transactions"), 2);
  EXPECT_EQ(json::serialize(facts.at("validator")),
            R"({"address":"0x6FAE7C35AC7A7A385353B8466ACD9C5DB21F06F0","power":1000,)"
            R"("is_in_set":true})");
  EXPECT_EQ(facts.at("versions").at("consensus"), "0.38.22");
  EXPECT_EQ(facts.at("versions").at("application"), "heimdallapp 0.10.0");
}

TEST(StatusOfANode, SaysWhyThereIsNone) {
  Rpc silent(std::nullopt);
  const json::object nobody = ask_node(silent, system_clock());
  EXPECT_FALSE(is_available(nobody));
  EXPECT_NE(text_at(nobody, "/unavailable").find("http://127.0.0.1:1 does not answer ("),
            std::string::npos);
  for (const char* body : {"", "{}", "[]", "[1]", R"([{"id":1,"error":{"code":-32601}}])"}) {
    Rpc other(body);
    const json::object facts = ask_node(other, system_clock());
    EXPECT_NE(text_at(facts, "/unavailable").find("not as CometBFT's RPC does"), std::string::npos)
        << body;
  }
  Rpc answering{std::string(kAnswers)};
  EXPECT_TRUE(is_available(ask_node(answering, system_clock())));
}

TEST(StatusOfANode, GoesWithoutWhatItDidNotAnswer) {
  const auto facts = node_facts(
      R"([{"id":1,"result":{"node_info":{},"sync_info":{"latest_block_height":"0",)"
      R"("latest_block_time":"0001-01-01T00:00:00Z"},"validator_info":{"address":""}}}])",
      at("2026-11-27T05:00:12Z"));
  ASSERT_TRUE(facts);
  EXPECT_FALSE(facts->contains("last_block_age_s"));
  EXPECT_FALSE(facts->contains("peers"));
  EXPECT_FALSE(is_available(facts->at("validator").as_object()));
  EXPECT_FALSE(is_available(lag_of(*facts, nullptr)));
  for (const std::string& line : status_lines({{"node", *facts}})) EXPECT_FALSE(line.empty());
}

TEST(Lag, IsToldByTheLastBlockAndByAnotherNode) {
  EXPECT_EQ(lag_of(node(), nullptr).at("follows_the_network"), true);
  const json::object old = node_facts(kAnswers, at("2026-11-27T05:01:00Z")).value();
  EXPECT_EQ(lag_of(old, nullptr).at("follows_the_network"), false);
  json::object syncing = node();
  syncing["is_catching_up"] = true;
  EXPECT_EQ(lag_of(syncing, nullptr).at("follows_the_network"), false);

  json::object other = node();
  other["height"] = 130;
  EXPECT_EQ(lag_of(node(), &other).at("heights"), 10);
  other["height"] = 100;
  EXPECT_EQ(lag_of(node(), &other).at("heights"), 0);
  other["chain_id"] = "another";
  EXPECT_FALSE(is_available(lag_of(node(), &other).at("heights").as_object()));
  other = unavailable("gone");
  EXPECT_EQ(text_at(lag_of(node(), &other), "/heights/unavailable"), "gone");
  EXPECT_FALSE(is_available(lag_of(unavailable("gone"), nullptr)));
}

TEST(StatusOfTheSigner, IsReadFromItsAnswer) {
  const json::object facts = signer_facts(
      "state HALTED\nreason the clock went back\nepoch 4\naddress 0xab\npolicy cd\n"
      "height 77 round 1 step 2\nbor_number 0\nwaiting 0\naudit 9 ef\n"
      "device main ready\ndevice spare locked no PIN yet\n");
  EXPECT_EQ(facts.at("state"), "HALTED");
  EXPECT_EQ(facts.at("reason"), "the clock went back");
  EXPECT_EQ(facts.at("last_height"), 77);
  EXPECT_EQ(facts.at("epoch"), 4);
  EXPECT_EQ(json::serialize(facts.at("hsm")),
            R"([{"name":"main","state":"ready"},)"
            R"({"name":"spare","state":"locked","reason":"no PIN yet"}])");
}

TEST(StatusOfTheSigner, SaysWhyThereIsNone) {
  app::SignerConfig config;
  EXPECT_NE(text_at(ask_signer(config, "/nowhere"), "/unavailable").find("has no signer"),
            std::string::npos);
  config.socket = "/run/buri-signer/consensus.sock";
  const std::string silent = text_at(ask_signer(config, "/nowhere/admin.sock"), "/unavailable");
  EXPECT_TRUE(silent.starts_with("/nowhere/admin.sock: no signer answers there")) << silent;
  config = {};
  config.insecure_development_key_file = "key.json";
  EXPECT_NE(text_at(ask_signer(config, "/nowhere"), "/unavailable").find("DEVELOPMENT KEY"),
            std::string::npos);
}

TEST(Accelerators, HaveSharesOfWhatWasComputed) {
  const json::object shares = accelerator_shares(
      "# HELP buri_accel_items_total Items computed, by backend.\n"
      "buri_accel_items_total{backend=\"avx512\"} 300\n"
      "buri_accel_items_total{backend=\"scalar\"} 100\n"
      "cometbft_consensus_height 5\n");
  EXPECT_EQ(shares.at("avx512").at("items"), 300);
  EXPECT_DOUBLE_EQ(shares.at("avx512").at("share").as_double(), 0.75);
  EXPECT_DOUBLE_EQ(shares.at("scalar").at("share").as_double(), 0.25);
  EXPECT_FALSE(is_available(accelerator_shares("cometbft_consensus_height 5\n")));
  EXPECT_FALSE(is_available(ask_accelerators({.listen = std::nullopt})));
}

/// The history of node() is two hours.
TEST(DiskForecast, GoesByThePaceOfTheBlocksThatAreKept) {
  const DataBytes bytes{
      .blocks = 1'000, .application = 200, .log = 10, .other = 1, .free = 144'000};
  const json::object all = disk_forecast(bytes, {}, node());
  EXPECT_EQ(number_at(all, "/forecast/growth_bytes_per_day"), 14'400);
  EXPECT_DOUBLE_EQ(all.at("forecast").at("days_until_full").as_double(), 10);
  EXPECT_EQ(all.at("log_bytes"), 10);

  app::StorageConfig storage;
  storage.keep_blocks = 100;  // as many as there are: for each new one an old one goes
  EXPECT_EQ(number_at(disk_forecast(bytes, storage, node()), "/forecast/growth_bytes_per_day"),
            2'400);
  storage.keep_state_heights = 50;
  const json::object none = disk_forecast(bytes, storage, node());
  EXPECT_EQ(number_at(none, "/forecast/growth_bytes_per_day"), 0);
  EXPECT_FALSE(none.at("forecast").as_object().contains("days_until_full"));
  storage.keep_blocks = 101;
  EXPECT_EQ(number_at(disk_forecast(bytes, storage, node()), "/forecast/growth_bytes_per_day"),
            12'000);

  EXPECT_FALSE(
      is_available(disk_forecast(bytes, {}, unavailable("gone")).at("forecast").as_object()));
  json::object young = node();
  young["oldest_block_time"] = "2026-11-27T04:30:00Z";
  EXPECT_FALSE(is_available(disk_forecast(bytes, {}, young).at("forecast").as_object()));
}

TEST(DiskForecast, LooksAtTheFolders) {
  const std::filesystem::path folder =
      std::filesystem::temp_directory_path() / ("buri_status_" + std::to_string(::getpid()));
  for (const auto& [name, size] : {std::pair("blocks/1.sst", 100), std::pair("application/a", 20),
                                   std::pair("cs.wal/wal", 3), std::pair("burid.lock", 0)}) {
    std::filesystem::create_directories((folder / name).parent_path());
    std::ofstream(folder / name) << std::string(static_cast<std::size_t>(size), 'x');
  }
  const json::object disk = look_at_disk(folder.string(), {}, node());
  EXPECT_EQ(disk.at("blocks_bytes"), 100);
  EXPECT_EQ(disk.at("application_bytes"), 20);
  EXPECT_EQ(disk.at("log_bytes"), 3);
  EXPECT_GT(disk.at("free_bytes").as_int64(), 0);
  std::filesystem::remove_all(folder);
  EXPECT_FALSE(is_available(look_at_disk(folder.string(), {}, node())));
}

TEST(StatusLines, SayEveryPartForPeople) {
  json::object network = node();
  network["height"] = 122;
  json::object facts = node();
  facts["rpc"] = "http://127.0.0.1:26657";
  const json::object report{
      {"buri_version", "1.2.3"},
      {"lag", lag_of(node(), &network)},
      {"signer", signer_facts("state ACTIVE\nheight 120 round 0 step 3\ndevice main ready\n")},
      {"accelerators", accelerator_shares("buri_accel_items_total{backend=\"avx512\"} 3\n")},
      {"disk", disk_forecast({.blocks = 2'048, .free = 1'000'000}, {}, node())},
      {"node", facts}};
  std::string text;
  for (const std::string& line : status_lines(report)) text += line + "\n";
  EXPECT_EQ(text,
            R"(node          first on devnet, http://127.0.0.1:26657
              id abcd
height        120, deciding 121/0/3 (height/round/step)
              blocks from 21 on are kept
peers         3
mempool       2 transactions
lag           last block 1.5 s ago, follows the network
              2 heights behind
validator     0x6FAE7C35AC7A7A385353B8466ACD9C5DB21F06F0, in the set with power 1000
signer        ACTIVE, last signed height 120
hsm           main ready
accelerators  avx512 100.0 % (3 items)
disk          blocks 2.0 KiB, application 0 B, log 0 B, free 976.6 KiB
              24.0 KiB more per day: full in 41 days
versions      buri 1.2.3, consensus 0.38.22, peer_protocol 8, block_protocol 11, application heimdallapp 0.10.0
)");
}

TEST(StatusLines, SayWhatIsUnavailableInItsSentence) {
  const json::object report{{"buri_version", "1"},
                            {"node", unavailable("No node.")},
                            {"lag", unavailable("No lag.")},
                            {"signer", unavailable("No signer.")},
                            {"accelerators", unavailable("No accelerators.")},
                            {"disk", unavailable("No disk.")}};
  const std::vector<std::string> expected{
      "node          No node.",         "lag           No lag.",  "signer        No signer.",
      "accelerators  No accelerators.", "disk          No disk.", "versions      buri 1"};
  EXPECT_EQ(status_lines(report), expected);
}

}  // namespace
}  // namespace buri::cli
