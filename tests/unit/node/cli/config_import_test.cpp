#include "node/cli/config_import.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "base/random.hpp"
#include "node/app/config_reader.hpp"
#include "node/consensus/p2p/address_book_file.hpp"
#include "node/consensus/p2p/node_key_file.hpp"

/// A home of burid from that of a heimdalld: nothing is overwritten, nothing half done stays, and
/// the validator's key is left alone.

namespace buri::cli {
namespace {

namespace fs = std::filesystem;
namespace p2p = consensus::p2p;

void write(const fs::path& path, std::string_view text) {
  fs::create_directories(path.parent_path());
  std::ofstream(path, std::ios::binary) << text;
}
std::string read(const fs::path& path) {
  std::ostringstream text;
  text << std::ifstream(path, std::ios::binary).rdbuf();
  return text.str();
}
::mode_t mode_of(const fs::path& path) {
  struct stat facts{};
  ::stat(path.c_str(), &facts);
  return facts.st_mode & 0777;
}

class ConfigImport : public ::testing::Test {
 protected:
  ConfigImport() {
    write(stock_ / "config/config.toml", "moniker = \"old\"\n[rpc]\nladdr = \"tcp://127.0.0.1:7\"");
    write(stock_ / "config/app.toml", "halt-height = 3\n[custom]\nchain = \"mainnet\"");
    write(stock_ / "config/genesis.json",
          R"({"genesis_time":"2025-01-01T00:00:00Z","chain_id":"heimdallv2-137","app_state":{}})");
    write(stock_ / "config/node_key.json", node_key_);
    write(stock_ / "config/priv_validator_key.json", "the secret");
    write(stock_ / "data/priv_validator_state.json", R"({"height":"1","round":0,"step":3})");
    write(stock_ / "config/addrbook.json", p2p::address_book_text({}));
  }
  ~ConfigImport() override { fs::remove_all(folder_); }

  AnswerResult import(const fs::path& home) {
    return import_stock_config({stock_.string(), home.string()});
  }
  /// Every text of the answer in one.
  static std::string said(const AnswerResult& answer) {
    return answer.ok() ? boost::json::serialize(answer->facts) : answer.error();
  }

  const fs::path folder_ =
      fs::temp_directory_path() / ("buri_config_import_" + std::to_string(::getpid()));
  const fs::path stock_ = folder_ / "stock";
  const fs::path home_ = folder_ / "home";
  const std::string node_key_ = p2p::node_key_text(p2p::NodeKey::generate(system_random()));
};

TEST_F(ConfigImport, MakesAHome) {
  const auto answer = import(home_);
  ASSERT_TRUE(answer.ok()) << answer.error();
  const auto config = app::read_config(home_ / "config/buri.toml");
  ASSERT_TRUE(config.ok()) << config.error();
  EXPECT_EQ(config->p2p.moniker, "old");
  EXPECT_EQ(config->rpc.listen, (app::ListenAddress{"127.0.0.1", 7}));
  EXPECT_TRUE(config->signer.is_observer());
  EXPECT_EQ(read(home_ / "config/node_key.json"), node_key_);
  EXPECT_EQ(mode_of(home_ / "config/node_key.json"), 0600U);
  EXPECT_EQ(mode_of(home_ / "config/buri.toml"), 0640U);
  EXPECT_TRUE(fs::equivalent(stock_ / "config/genesis.json", home_ / "config/genesis.json"))
      << "the genesis is not copied";
  EXPECT_TRUE(fs::exists(home_ / "config/addrbook.json"));
  EXPECT_FALSE(fs::exists(home_ / "config/priv_validator_key.json"));
  EXPECT_FALSE(fs::exists(home_ / "data/priv_validator_state.json"));
  for (const fs::path& part : fs::directory_iterator(home_ / "config")) {
    EXPECT_NE(part.extension(), ".part");
  }
  const std::string text = said(answer);
  EXPECT_EQ(answer->facts.at("chain_id").as_string(), "heimdallv2-137");
  EXPECT_NE(text.find("app.toml: halt-height: burid goes on"), std::string::npos) << text;
  EXPECT_NE(text.find("buri signer import --format filepv --chain-id heimdallv2-137"),
            std::string::npos);
  EXPECT_NE(text.find("priv_validator_key.json was not opened"), std::string::npos);
  EXPECT_EQ(text.find("the secret"), std::string::npos);
  EXPECT_EQ(text.find("forks_file: "), std::string::npos) << "the chain's heights are built in";
}

TEST_F(ConfigImport, MayShareTheHomeOfStock) {
  const auto answer = import(stock_);
  ASSERT_TRUE(answer.ok()) << answer.error();
  EXPECT_EQ(answer->facts.at("written").as_array().size(), 1U) << said(answer);
  EXPECT_EQ(read(stock_ / "config/node_key.json"), node_key_);
  EXPECT_TRUE(app::read_config(stock_ / "config/buri.toml").ok());
}

TEST_F(ConfigImport, OverwritesNothing) {
  ASSERT_TRUE(import(home_).ok());
  const std::string before = read(home_ / "config/buri.toml");
  const auto again = import(home_);
  ASSERT_FALSE(again.ok());
  EXPECT_NE(again.error().find("buri.toml: expected no such file, found one"), std::string::npos);
  EXPECT_EQ(read(home_ / "config/buri.toml"), before);

  for (const char* name : {"config/node_key.json", "config/genesis.json", "config/addrbook.json"}) {
    const fs::path other = folder_ / "other";
    write(other / name, "somebody's");
    const auto answer = import(other);
    ASSERT_FALSE(answer.ok()) << name;
    EXPECT_NE(answer.error().find(std::string(name) + ": expected no such file"), std::string::npos)
        << answer.error();
    EXPECT_EQ(read(other / name), "somebody's");
    std::size_t files = 0;
    for (const auto& entry : fs::recursive_directory_iterator(other))
      files += entry.is_regular_file();
    EXPECT_EQ(files, 1U) << name << ": what was made is removed again";
    fs::remove_all(other);
  }
}

TEST_F(ConfigImport, GoesOnWhereARunWasBrokenOff) {
  ASSERT_TRUE(import(home_).ok());
  fs::remove(home_ / "config/buri.toml");
  write(home_ / "config/buri.toml.part", "half");
  const auto answer = import(home_);
  ASSERT_TRUE(answer.ok()) << answer.error();
  EXPECT_TRUE(app::read_config(home_ / "config/buri.toml").ok());
  EXPECT_FALSE(fs::exists(home_ / "config/buri.toml.part"));
}

TEST_F(ConfigImport, RefusesAHomeThatCannotBeUsed) {
  struct Case {
    const char* file;
    const char* text;  ///< null: the file is not there
    const char* refusal;
  };
  const Case cases[] = {
      {"config/config.toml", nullptr, "config/config.toml cannot be read"},
      {"config/app.toml", "[api", "config/app.toml, line 1: expected TOML"},
      {"config/genesis.json", nullptr, "expected the chain's genesis, found no such file"},
      {"config/node_key.json", "{}", "config/node_key.json: "},
      {"config/config.toml", "[mempool]\nsize = 0",
       "a setting of stock's is not one for burid: buri.toml as it would be written"},
  };
  for (const Case& one : cases) {
    const std::string before = read(stock_ / one.file);
    if (one.text == nullptr) {
      fs::remove(stock_ / one.file);
    } else {
      write(stock_ / one.file, one.text);
    }
    const auto answer = import(home_);
    ASSERT_FALSE(answer.ok()) << one.refusal;
    EXPECT_NE(answer.error().find(one.refusal), std::string::npos) << answer.error();
    EXPECT_FALSE(fs::exists(home_ / "config/buri.toml"));
    EXPECT_FALSE(fs::exists(home_ / "config/node_key.json"));
    write(stock_ / one.file, before);
  }
}

TEST_F(ConfigImport, SaysWhatAChainOfOnesOwnNeeds) {
  write(stock_ / "config/genesis.json", R"({"chain_id":"devnet","app_state":{}})");
  fs::remove(stock_ / "config/node_key.json");
  write(stock_ / "config/addrbook.json", "no book");
  const auto answer = import(home_);
  ASSERT_TRUE(answer.ok()) << answer.error();
  const std::string text = said(answer);
  EXPECT_NE(text.find("The fork heights of chain devnet are not built in"), std::string::npos);
  EXPECT_NE(text.find("burid makes a key of its own"), std::string::npos);
  EXPECT_NE(text.find("cannot be read and was left out"), std::string::npos);
}

}  // namespace
}  // namespace buri::cli
