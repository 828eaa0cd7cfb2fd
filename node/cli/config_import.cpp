#include "node/cli/config_import.hpp"

#include <filesystem>
#include <fstream>

#include "node/app/config_reader.hpp"
#include "node/app/config_writer.hpp"
#include "node/app/stock_config.hpp"
#include "node/cli/new_file.hpp"
#include "node/consensus/p2p/address_book_file.hpp"
#include "node/consensus/p2p/node_key_file.hpp"
#include "node/protocol/heimdall_forks.hpp"

namespace buri::cli {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;
namespace p2p = consensus::p2p;

constexpr std::size_t kMaxConfigBytes = std::size_t{1} << 20;
constexpr std::size_t kMaxKeyBytes = std::size_t{16} << 10;
constexpr std::size_t kMaxBookBytes = std::size_t{64} << 20;
/// Where a genesis names its chain, in front of the state.
constexpr std::size_t kGenesisHeadBytes = std::size_t{16} << 10;

bool exists(const std::string& path) {
  std::error_code ignored;
  return fs::exists(path, ignored);
}

bool are_one_file(const std::string& a, const std::string& b) {
  std::error_code ignored;
  return fs::equivalent(a, b, ignored);
}

/// The chain that the head of a genesis names; nothing if it stands elsewhere.
std::optional<std::string> chain_of(const std::string& genesis) {
  std::ifstream file(genesis, std::ios::binary);
  std::string head(kGenesisHeadBytes, '\0');
  file.read(head.data(), static_cast<std::streamsize>(head.size()));
  head.resize(static_cast<std::size_t>(file.gcount()));
  head.resize(std::min(head.size(), head.find("\"app_state\"")));
  constexpr std::string_view kKey = "\"chain_id\"";
  std::size_t at = head.find(kKey);
  if (at == std::string::npos) return std::nullopt;
  at = head.find('"', at + kKey.size());
  const std::size_t end = at == std::string::npos ? at : head.find('"', at + 1);
  if (end == std::string::npos) return std::nullopt;
  return head.substr(at + 1, end - at - 1);
}

/// One run of the command.
class StockImport {
 public:
  explicit StockImport(const ConfigImportArguments& arguments) : arguments_(arguments) {}

  AnswerResult run() {
    RETURN_IF_ERROR(read_settings());
    RETURN_IF_ERROR(make_folders());
    if (exists(settings_path())) {
      return Failure{settings_path() +
                     ": expected no such file, found one; nothing is overwritten"};
    }
    RETURN_IF_ERROR(place_genesis());
    RETURN_IF_ERROR(place_node_key());
    RETURN_IF_ERROR(place_address_book());
    RETURN_IF_ERROR(place_settings());
    files_.keep();
    return answer();
  }

 private:
  [[nodiscard]] std::string stock(const std::string& path) const {
    return app::home_path(arguments_.stock_home, path);
  }
  [[nodiscard]] std::string own(const std::string& path) const {
    return app::home_path(arguments_.home, path);
  }
  [[nodiscard]] std::string settings_path() const { return own(std::string(app::kConfigFile)); }

  Status<std::string> read_settings() {
    ASSIGN_OR_RETURN(const std::string comet,
                     app::read_small_file(stock("config/config.toml"), kMaxConfigBytes));
    ASSIGN_OR_RETURN(const std::string app,
                     app::read_small_file(stock("config/app.toml"), kMaxConfigBytes));
    auto read = app::read_stock_config(comet, app);
    if (!read.ok()) return Failure{stock("config/") + read.error()};
    stock_ = std::move(read).value();
    return Unit{};
  }

  Status<std::string> make_folders() const {
    std::error_code failure;
    fs::create_directories(own("config"), failure);
    if (!failure) fs::create_directories(own(stock_.config.files.data_directory), failure);
    if (failure) return Failure{arguments_.home + " cannot be made: " + failure.message()};
    return Unit{};
  }

  /// Some gigabytes that nobody copies: another name for them, or their path.
  Status<std::string> place_genesis() {
    const std::string from = stock(stock_.files.genesis);
    const std::string to = own(stock_.config.chain.genesis_file);
    if (!exists(from)) {
      return Failure{from +
                     ": expected the chain's genesis, found no such file; correct "
                     "genesis_file in config.toml"};
    }
    chain_id_ = chain_of(from);
    if (are_one_file(from, to)) return Unit{};
    ASSIGN_OR_RETURN(const bool is_linked, files_.link(fs::canonical(from).string(), to));
    if (is_linked) return wrote(to);
    stock_.config.chain.genesis_file = fs::canonical(from).string();
    steps_.emplace_back("Keep " + stock_.config.chain.genesis_file +
                        ", which burid reads: it is on another file system.");
    return Unit{};
  }

  /// The node keeps its id.
  Status<std::string> place_node_key() {
    const std::string from = stock(stock_.files.node_key);
    if (!exists(from)) {
      steps_.emplace_back("burid makes a key of its own for its peers at the first start: " + from +
                          " is not there.");
      return Unit{};
    }
    ASSIGN_OR_RETURN(std::string text, app::read_small_file(from, kMaxKeyBytes));
    const auto key = p2p::parse_node_key(text);
    const auto placed = key.ok()
                            ? place(from, own(stock_.config.files.node_key_file), text)
                            : Status<std::string>(Failure{from + ": " + describe(key.error())});
    ::explicit_bzero(text.data(), text.size());
    return placed;
  }

  /// Addresses can be found again: a book that cannot be read is left out.
  Status<std::string> place_address_book() {
    const std::string from = stock(stock_.files.address_book);
    if (!exists(from)) return Unit{};
    const auto text = app::read_small_file(from, kMaxBookBytes);
    if (!text.ok() || !p2p::parse_address_book(*text).ok()) {
      steps_.emplace_back("The address book " + from +
                          " cannot be read and was left out: burid finds its peers by seeds and "
                          "persistent peers.");
      return Unit{};
    }
    return place(from, own(stock_.config.files.address_book_file), *text);
  }

  /// A file of the same content may be there, of a run that was broken off.
  Status<std::string> place(const std::string& from, const std::string& to,
                            const std::string& text) {
    if (are_one_file(from, to)) return Unit{};
    if (exists(to)) {
      const auto found = app::read_small_file(to, text.size());
      if (found.ok() && *found == text) return Unit{};
    }
    RETURN_IF_ERROR(files_.write(to, text, 0600));
    return wrote(to);
  }

  /// The last one: where it is, the import is whole. It is read back as burid reads it.
  Status<std::string> place_settings() {
    const std::string text = app::config_toml(stock_.config);
    const auto read = app::parse_config(text, "buri.toml as it would be written");
    if (!read.ok()) return Failure{"a setting of stock's is not one for burid: " + read.error()};
    RETURN_IF_ERROR(files_.write(settings_path(), text, 0640));
    return wrote(settings_path());
  }

  Status<std::string> wrote(const std::string& path) {
    written_.emplace_back(path);
    return Unit{};
  }

  /// What the operator has to do before burid may sign.
  void add_steps() {
    const std::string chain = chain_id_.value_or("CHAIN_ID");
    const std::string key = stock(stock_.files.validator_key);
    const std::string state = stock(stock_.files.sign_state);
    if (exists(key)) {
      steps_.emplace_back(
          "The validator's key in " + key +
          " was not opened: bring it into an HSM (docs/ceremony.md), then set signer.socket and "
          "signer.public_key in " +
          settings_path() + "; until then burid observes.");
    }
    if (exists(state)) {
      steps_.emplace_back(
          "Stop heimdalld for good, then give its last signature to the signer: "
          "buri signer import --format filepv --chain-id " +
          chain + " --address ADDRESS " + state + " (docs/stock-nodes.md).");
    }
    if (chain_id_ && !protocol::HeimdallForks::for_chain(*chain_id_)) {
      steps_.emplace_back("The fork heights of chain " + chain +
                          " are not built in: name a file with them as chain.forks_file.");
    }
    steps_.emplace_back(
        "Both daemons have the same ports and node id: do not run them at the same time.");
  }

  AnswerResult answer() {
    add_steps();
    json::array matters;
    json::array others;
    for (const app::StockRemark& one : stock_.remarks) {
      (one.matters ? matters : others).emplace_back(one.setting + ": " + one.sentence);
    }
    Answer answer;
    answer.facts["chain_id"] = chain_id_ ? json::value(*chain_id_) : json::value(nullptr);
    answer.facts["settings_taken_over"] = stock_.taken;
    answer.facts["written"] = std::move(written_);
    answer.facts["set_in_stock_and_not_in_burid"] = std::move(matters);
    answer.facts["without_counterpart"] = std::move(others);
    answer.facts["what_to_do"] = std::move(steps_);
    return answer;
  }

  const ConfigImportArguments& arguments_;
  app::StockConfig stock_;
  NewFiles files_;
  std::optional<std::string> chain_id_;
  json::array written_;
  json::array steps_;
};

}  // namespace

AnswerResult import_stock_config(const ConfigImportArguments& arguments) {
  return StockImport(arguments).run();
}

}  // namespace buri::cli
