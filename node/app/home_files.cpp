#include "node/app/home_files.hpp"

#include <filesystem>

#include "node/app/node_options.hpp"
#include "node/consensus/host/durable_file.hpp"
#include "node/consensus/p2p/address_book_file.hpp"
#include "node/consensus/p2p/node_key_file.hpp"

namespace buri::app {

using namespace consensus;

HomePaths::HomePaths(const std::string& home)
    : genesis(home + "/config/genesis.json"),
      node_key(home + "/config/node_key.json"),
      address_book(home + "/config/addrbook.json"),
      validator_key(home + "/config/priv_validator_key.json"),
      sign_state(home + "/data/priv_validator_state.json"),
      log(home + "/data/cs.wal"),
      application(home + "/data/application"),
      blocks(home + "/data/blocks"),
      lock(home + "/data/burid.lock") {}

Result<p2p::NodeKey, std::string> node_key(const std::string& path) {
  std::error_code ignored;
  if (!std::filesystem::exists(path, ignored)) {
    p2p::NodeKey key = p2p::NodeKey::generate(system_random());
    std::string text = p2p::node_key_text(key);
    const auto written = host::replace_file(path, text, 0600);
    explicit_bzero(text.data(), text.size());
    if (!written.ok()) return Failure{written.error()};
    return key;
  }
  ASSIGN_OR_RETURN(std::string text, host::read_file(path));
  auto key = p2p::parse_node_key(text);
  explicit_bzero(text.data(), text.size());
  if (!key.ok()) return Failure{path + ": " + describe(key.error())};
  return std::move(key).value();
}

p2p::AddressBookRecord read_book(const std::string& path, const Logger& logger) {
  std::error_code ignored;
  if (!std::filesystem::exists(path, ignored)) return {};
  const auto text = host::read_file(path);
  if (!text.ok()) {
    logger.warning("address book not read", {{"reason", text.error()}});
    return {};
  }
  auto book = p2p::parse_address_book(*text);
  if (book.ok()) return std::move(book).value();
  logger.warning("address book not read", {{"file", path}, {"reason", describe(book.error())}});
  return {};
}

}  // namespace buri::app
