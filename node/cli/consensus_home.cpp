#include "node/cli/consensus_home.hpp"

#include <filesystem>

#include "node/cli/home_error.hpp"

namespace buri::cli {
namespace {

using consensus::iavl::Multistore;

}  // namespace

Result<std::unique_ptr<ConsensusHome>, std::string> ConsensusHome::open(const HomeOptions& options,
                                                                        accel::Engine& crypto) {
  // CURRENT is the file without which a folder is no RocksDB database.
  std::error_code ignored;
  const auto current = std::filesystem::path(options.folder) / "CURRENT";
  if (!options.may_create && !std::filesystem::exists(current, ignored)) {
    return Failure{options.folder +
                   ": there is no home here; `buri consensus init` makes one, or `replay --home`"};
  }
  storage::RocksOptions rocks_options;
  rocks_options.folder = options.folder;
  rocks_options.create_if_missing = options.may_create;
  return open_with(rocks_options, options.works_in_background, crypto);
}

Result<std::unique_ptr<ConsensusHome>, std::string> ConsensusHome::in_memory(
    accel::Engine& crypto) {
  storage::RocksOptions options;
  options.folder = "/memory";
  options.in_memory = true;
  return open_with(options, false, crypto);
}

Result<std::unique_ptr<ConsensusHome>, std::string> ConsensusHome::open_with(
    const storage::RocksOptions& options, bool works_in_background, accel::Engine& crypto) {
  std::unique_ptr<ConsensusHome> home(new ConsensusHome);
  auto database = storage::open_rocks_database(options, Multistore::families());
  if (!database.ok()) return Failure{home_sentence(options.folder, database.error())};
  home->database_ = std::move(database).value();
  consensus::iavl::MultistoreOptions store_options;
  store_options.background = works_in_background;
  auto stores = Multistore::open(*home->database_, crypto, store_options);
  if (!stores.ok()) return Failure{home_sentence(options.folder, stores.error())};
  home->stores_ = std::move(stores).value();
  return home;
}

std::string ConsensusHome::heights_text() const {
  if (stores_->imported_height() > 0) {
    return "the genesis of first height " + std::to_string(stores_->imported_height()) +
           " and no block";
  }
  if (stores_->height() == 0) return "no height yet";
  return "heights " + std::to_string(stores_->oldest_height()) + " to " +
         std::to_string(stores_->height());
}

Result<std::unique_ptr<accel::Engine>, std::string> small_engine() {
  accel::EngineOptions options;
  options.worker_threads = 1;
  options.allowed_backends = {"scalar"};
  auto engine = accel::Engine::start(options);
  if (engine.ok()) return std::move(engine).value();
  return Failure{"the crypto engine does not start: " + engine.error().expected};
}

}  // namespace buri::cli
