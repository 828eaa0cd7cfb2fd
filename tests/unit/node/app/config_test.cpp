#include "node/app/config.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "node/app/config_fields.hpp"
#include "node/app/config_reader.hpp"
#include "node/app/config_values.hpp"
#include "node/app/config_writer.hpp"

namespace buri::app {
namespace {

using ::testing::HasSubstr;

constexpr std::string_view kPeer = "a0ef6f328949adc077c59ab1f6b03711ae8d32d2@sentry.example:26656";

std::string error_of(std::string_view toml) {
  const auto config = parse_config(toml, "config.toml");
  return config.ok() ? "" : config.error();
}

TEST(Config, OfAnEmptyTextIsTheDefaults) {
  const auto config = parse_config("", "config.toml");
  ASSERT_TRUE(config.ok()) << config.error();
  EXPECT_EQ(*config, Config());
  EXPECT_TRUE(config->signer.is_observer());
}

TEST(Config, DefaultsReadBackFromTheirOwnText) {
  const std::string toml = config_toml(Config());
  const auto config = parse_config(toml, "config.toml");
  ASSERT_TRUE(config.ok()) << config.error();
  EXPECT_EQ(*config, Config());
}

/// Changes every setting there is to another value that it takes.
class Changer final : public ConfigVisitor {
 public:
  void section(std::string_view /*name*/, std::string_view about) override {
    EXPECT_FALSE(about.empty());
  }
  void flag(const ConfigField& field, bool& value) override { counted(field), value = !value; }
  void integer(const ConfigField& field, const ConfigRange& range, std::int64_t& value) override {
    counted(field);
    EXPECT_LE(range.lowest, value) << field.key;
    EXPECT_GE(range.highest, value) << field.key;
    value += value < range.highest ? 1 : -1;
  }
  void text(const ConfigField& field, const ConfigTextRule& rule, std::string& value) override {
    counted(field);
    EXPECT_TRUE(rule.accepts(value)) << field.key;
    value = another(rule);
  }
  void texts(const ConfigField& field, const ConfigTextRule& rule,
             std::vector<std::string>& values) override {
    counted(field);
    for (const std::string& one : values) EXPECT_TRUE(rule.accepts(one)) << field.key;
    values = {another(rule), another(rule)};
  }
  int count = 0;

 private:
  void counted(const ConfigField& field) {
    ++count;
    EXPECT_FALSE(field.about.empty()) << field.key;
    EXPECT_EQ(field.about.back(), '.') << field.key;
  }
  static std::string another(const ConfigTextRule& rule) {
    for (const std::string& text :
         {std::string("a \"name\" with \\ and #"), std::string("127.0.0.2:999"), std::string(kPeer),
          std::string(kPeer.substr(0, 40)), "04" + std::string(128, 'a'),
          std::string("https://user:secret@host/path"), std::string("debug"),
          std::string("buri")}) {
      if (rule.accepts(text)) return text;
    }
    ADD_FAILURE() << "no text of this test is " << rule.expected;
    return "";
  }
};

TEST(Config, EverySettingIsReadBackFromItsText) {
  Config changed;
  Changer changer;
  visit_config(changed, changer);
  EXPECT_GT(changer.count, 90);
  changed.signer.insecure_development_key_file.clear();  // it excludes the socket
  const auto config = parse_config(config_toml(changed), "config.toml");
  ASSERT_TRUE(config.ok()) << config.error();
  EXPECT_EQ(*config, changed);
  EXPECT_NE(*config, Config());
}

TEST(Config, SaysWhereWhatWasExpectedAndTheFix) {
  EXPECT_EQ(
      error_of("[p2p]\nmax_inbound_peers = 20000\n"),
      "config.toml, line 2: p2p.max_inbound_peers: expected an integer from 0 to 10000, found "
      "20000; correct it, or remove the line for the default 100");
  EXPECT_EQ(
      error_of("[p2p]\n\nmax_inbound_pers = 2\n"),
      "config.toml, line 3: p2p.max_inbound_pers: expected a setting that `buri config show "
      "--defaults` lists, found an unknown one; write \"max_inbound_peers\" if that was meant, "
      "or remove it");
  EXPECT_EQ(error_of("[mempol]\n"),
            "config.toml, line 1: mempol: expected a section that `buri config show --defaults` "
            "lists, found an unknown one; write \"mempool\" if that was meant, or remove it");
  EXPECT_EQ(error_of("[p2p]\nseeds = [\"nobody@host:1\"]\n"),
            "config.toml, line 2: p2p.seeds: expected a list [\"...\"] of texts, each a peer as "
            "ID@HOST:PORT, the id 40 lower-case hex digits, found the text \"nobody@host:1\"; "
            "correct it, or remove the line for the default []");
  EXPECT_EQ(
      error_of("rpc = 3\n"),
      "config.toml, line 1: rpc: expected a section, found 3; write [rpc] on a line of its own "
      "and its settings below");
}

TEST(Config, RefusesOtherTypes) {
  for (const std::string_view toml :
       {"[p2p]\npeer_exchange = \"true\"\n", "[p2p]\npeer_exchange = 1\n",
        "[mempool]\nmax_bytes = 1e6\n", "[rpc]\nlisten = 26657\n", "[p2p]\nseeds = \"\"\n",
        "[p2p]\nseeds = [1]\n", "[log]\nlevel = 2026-11-26\n", "[chain]\ngenesis_file = {}\n",
        "[[chain]]\n", "[chain.inner]\n"}) {
    EXPECT_NE(error_of(toml), "") << toml;
  }
}

TEST(Config, RefusesWhatIsNoToml) {
  EXPECT_TRUE(error_of("[p2p\n").starts_with("config.toml, line 1, column 5"));
  EXPECT_TRUE(error_of("[p2p]\nlisten = \"\"\nlisten = \"\"\n").starts_with("config.toml, line 3"));
  EXPECT_EQ(error_of("[p2p]\n# caf\xc3\xa9\n"),
            "config.toml, line 2: expected ASCII, found another character; replace it");
}

TEST(Config, NeverQuotesASecret) {
  for (const std::string_view toml : {"[endpoints]\neth_rpc_urls = [\"ftp://user:secret@host\"]\n",
                                      "[endpoints]\nbor_rpc_urls = \"http://user:secret@host\"\n",
                                      "[endpoints]\nbor_grpc_token = \"secret\\u0007\"\n",
                                      "[endpoints]\nbor_grpc_token = secret\n"}) {
    const std::string error = error_of(toml);
    EXPECT_NE(error, "") << toml;
    EXPECT_EQ(error.find("secret"), std::string::npos) << error;
  }
  Config config;
  config.endpoints.eth_rpc_urls = {"https://user:secret@host"};
  const auto json = config_json(config);
  EXPECT_EQ(json.at("endpoints").at("eth_rpc_urls"), "(hidden)");
  EXPECT_EQ(json.at("endpoints").at("bor_rpc_urls").at(0), "http://localhost:8545");
}

TEST(Config, RefusesSettingsThatContradictEachOther) {
  const std::string both = "[signer]\nsocket = \"s\"\ninsecure_development_key_file = \"k\"\n";
  EXPECT_THAT(error_of("[signer]\nsocket = \"s\"\n"), HasSubstr("signer.public_key"));
  EXPECT_THAT(error_of(both), HasSubstr("one source of signatures"));
  EXPECT_THAT(error_of("[endpoints]\nbor_rpc_urls = []\n"), HasSubstr("at least one address"));
  EXPECT_THAT(error_of("[mempool]\nmax_bytes = 2000\n"), HasSubstr("mempool.max_bytes"));
}

TEST(Config, ReadsAddressesOfBothFamilies) {
  EXPECT_EQ(ListenAddress::from_text("[::1]:26657")->host, "::1");
  EXPECT_EQ(ListenAddress::from_text("tcp://0.0.0.0:26656")->port, 26656);
  EXPECT_EQ(ListenAddress::from_text("[::1]:26657")->to_text(), "[::1]:26657");
  for (const std::string_view text :
       {"", "localhost:1", "127.0.0.1", "127.0.0.1:", "127.0.0.1:65536", "::1:26657",
        "[127.0.0.1]:1", "127.0.0.1:1x"}) {
    EXPECT_FALSE(ListenAddress::from_text(text)) << text;
  }
}

TEST(Config, AnExternalAddressIsOfAMachineAndItsPort) {
  const ConfigTextRule rule = external_address_text();
  for (const char* good :
       {"", "validator-1.example.org:26656", "203.0.113.7:26656", "[2001:db8::7]:26656"}) {
    EXPECT_TRUE(rule.accepts(good)) << good;
  }
  for (const char* bad : {"validator.example.org", "validator.example.org:0", "a b:26656",
                          "[a:b]:26656", "2001:db8::7:26656"}) {
    EXPECT_FALSE(rule.accepts(bad)) << bad;
  }
  EXPECT_FALSE(rule.accepts(std::string(254, 'a') + ":26656"));
}

TEST(Config, FilesThatCannotBeReadAreASentence) {
  EXPECT_EQ(read_config("/nonexistent/config.toml").error(),
            "/nonexistent/config.toml cannot be read: No such file or directory");
}

}  // namespace
}  // namespace buri::app
