#include <gtest/gtest.h>

#include <array>
#include <fstream>
#include <sstream>

#include "base/hex.hpp"
#include "node/execution/chain/block.hpp"
#include "node/execution/chain/genesis.hpp"
#include "node/execution/chain/receipt.hpp"
#include "tests/conformance/execution/archive.hpp"

/// Blocks, receipts and genesis files of the recorded chains, as bytes: read, written again,
/// hashed.

namespace buri::testing {
namespace {

using namespace execution::chain;

struct Row {
  std::uint64_t number = 0;
  Hash256 hash;
};

std::vector<Row> read_rows(const std::string& path) {
  std::istringstream lines(read_xz(path));
  std::string line;
  std::getline(lines, line);
  std::vector<Row> rows;
  while (std::getline(lines, line)) {
    std::istringstream fields(line);
    std::string number;
    std::string hash;
    fields >> number >> hash;
    rows.push_back({std::stoull(number), *fixed_from_hex<32>(hash)});
  }
  return rows;
}

class RecordedBytes : public ::testing::TestWithParam<std::string_view> {
 protected:
  void SetUp() override {
    folder_ = fixture_path("../golden/bor-devnet/" + std::string(GetParam())).value_or("");
    if (folder_.empty()) GTEST_SKIP() << GetParam() << " is absent: set BURI_FIXTURES";
  }
  [[nodiscard]] std::string blocks_path() const {
    return folder_ + (GetParam() == "chain-h" ? "/blocks-heavy.rlp.xz" : "/blocks.rlp.xz");
  }
  std::string folder_;
};

TEST_P(RecordedBytes, GenesisHasTheRecordedHash) {
  const auto genesis = parse_genesis(read_xz(folder_ + "/genesis.json.xz"));
  ASSERT_TRUE(genesis.ok()) << describe(genesis.error());
  EXPECT_EQ(hash_of(genesis->header), read_rows(folder_ + "/headers.tsv.xz").front().hash);
}

TEST_P(RecordedBytes, BlocksAreWrittenAsTheyWereReadAndHaveTheirHashesAndRoots) {
  const std::string packed = read_xz(blocks_path());
  const std::vector<Row> rows = read_rows(folder_ + "/headers.tsv.xz");
  RlpReader blocks(as_bytes(packed));
  Bytes written;
  for (std::size_t i = 1; !blocks.at_end(); ++i) {
    const auto block = next_block(blocks);
    ASSERT_TRUE(block.ok()) << i << ": " << describe(block.error());
    ASSERT_LT(i, rows.size());
    EXPECT_EQ(hash_of(block->header), rows[i].hash) << "block " << i;
    EXPECT_EQ(transactions_root(block->transactions), block->header.transactions_root)
        << "block " << i;
    EXPECT_EQ(uncles_hash(block->uncles), block->header.uncles_hash);
    append(written, encode_block(*block));
  }
  EXPECT_TRUE(equal(written, as_bytes(packed)));
}

TEST_P(RecordedBytes, ReceiptsAreWrittenAsTheyWereReadAndHaveTheirRoots) {
  if (GetParam() == "chain-h") GTEST_SKIP() << "chain-h holds no receipts";
  const std::string packed = read_xz(blocks_path());
  RlpReader blocks(as_bytes(packed));
  std::istringstream lines(read_xz(folder_ + "/receipts-raw.jsonl.xz"));
  std::string line;
  std::getline(lines, line);
  while (std::getline(lines, line)) {
    const auto json = parse_json(line, {.max_values = 100'000});
    const auto list = JsonCursor(*json).member("receipts")->elements(100'000);
    std::vector<Receipt> receipts;
    for (const JsonCursor& entry : *list) {
      const Bytes raw = *from_hex(entry.value().text);
      const auto receipt = decode_receipt(raw);
      ASSERT_TRUE(receipt.ok()) << describe(receipt.error());
      ASSERT_EQ(encode_receipt(*receipt), raw);
      receipts.push_back(*receipt);
    }
    std::vector<Receipt> filled = receipts;
    for (Receipt& receipt : filled) receipt.bloom = {};
    fill_blooms(filled);
    ASSERT_EQ(filled, receipts);
    const auto block = next_block(blocks);
    ASSERT_TRUE(block.ok());
    ASSERT_EQ(receipts_root(receipts), block->header.receipts_root) << block->header.number;
    ASSERT_EQ(bloom_of(receipts), block->header.bloom) << block->header.number;
  }
}

INSTANTIATE_TEST_SUITE_P(Devnet, RecordedBytes,
                         ::testing::Values("chain-a", "chain-b", "chain-h", "chain-z"),
                         [](const auto& info) { return std::string(info.param.substr(6)); });

struct PublicGenesis {
  std::string_view file;
  std::string_view hash;
  std::string_view state_root;
};

std::string read_plain(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

TEST(PublicNetworks, HaveTheirGenesisHashes) {
  const std::array networks{
      PublicGenesis{"genesis/bor-mainnet.json",
                    "a9c28ce2141b56c474f1dc504bee9b01eb1bd7d1a507580d5519d4437a97de1b",
                    "654f28d19b44239d1012f27038f1f71b3d4465dc415a382fb2b7009cba1527c8"},
      PublicGenesis{"genesis/bor-amoy.json",
                    "7202b2b53c5a0836e773e319d18922cc756dd67432f9a1f65352b61f4406c697",
                    "3cfe247720ff1d26dfc97de26f6be0047b93d6fe47f77f4f36beff9fabe68cce"}};
  for (const PublicGenesis& network : networks) {
    const auto path = fixture_path(network.file);
    if (!path) GTEST_SKIP() << network.file << " is absent: set BURI_FIXTURES";
    const auto genesis = parse_genesis(read_plain(*path));
    ASSERT_TRUE(genesis.ok()) << network.file << ": " << describe(genesis.error());
    EXPECT_EQ(to_hex(genesis->header.state_root), network.state_root);
    EXPECT_EQ(to_hex(hash_of(genesis->header)), network.hash);
  }
}

/// The files end at Bhilai; the forks that came later are not in them.
TEST(PublicNetworks, HaveTheForksThatTheirFilesLack) {
  const auto path = fixture_path("genesis/bor-mainnet.json");
  if (!path) GTEST_SKIP() << "bor-mainnet.json is absent: set BURI_FIXTURES";
  const auto genesis = parse_genesis(read_plain(*path));
  ASSERT_TRUE(genesis.ok()) << describe(genesis.error());
  const ChainConfig& config = genesis->config;
  EXPECT_EQ(config.forks, *protocol::BorForks::for_chain(137));
  EXPECT_EQ(config.period_s.at(80'084'799), 2U);
  EXPECT_EQ(config.period_s.at(80'084'800), 1U);
  EXPECT_EQ(config.sprint_at(38'189'055), 64U);
  EXPECT_EQ(config.sprint_at(38'189'056), 16U);
  EXPECT_EQ(to_hex(*config.burn_contract.at(83'756'499)),
            "7a8ed27f4c30512326878652d20fc85727401854");
  EXPECT_EQ(to_hex(*config.burn_contract.at(83'756'500)),
            "3ef57def668054dd750bd260526105c4eeef104f");
  EXPECT_EQ(config.record_limit_at(81'557'000), 0U);
  EXPECT_EQ(config.extra_signers_at(80'440'834).size(), 1U);
  // The configuration is the same when it is read from a home.
  const auto stored = parse_config(genesis->config_text, hash_of(genesis->header));
  ASSERT_TRUE(stored.ok()) << describe(stored.error());
  EXPECT_EQ(stored->forks, config.forks);
  EXPECT_EQ(stored->block_alloc, config.block_alloc);
  EXPECT_EQ(stored->fee_receiver, config.fee_receiver);
  // Another chain of that id, such as a private one, is left alone.
  const auto other = parse_config(genesis->config_text, Hash256{});
  ASSERT_TRUE(other.ok()) << describe(other.error());
  EXPECT_FALSE(other->forks.block_of(protocol::BorFork::kRio).has_value());
}

TEST(StockDevnets, GenesisFilesOfTheStockTestsAreRead) {
  for (const char* file : {"genesis.json", "genesis_2val.json", "genesis_7val.json",
                           "genesis_21val.json", "genesis_sprint_length_change.json"}) {
    const auto path = fixture_path(std::string("bor-devnet-genesis/") + file);
    if (!path) GTEST_SKIP() << file << " is absent: set BURI_FIXTURES";
    const auto genesis = parse_genesis(read_plain(*path));
    EXPECT_TRUE(genesis.ok()) << file << ": " << describe(genesis.error());
  }
}

}  // namespace
}  // namespace buri::testing
