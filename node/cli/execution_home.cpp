#include "node/cli/execution_home.hpp"

#include <filesystem>

#include "accel/hasher.hpp"
#include "node/cli/home_error.hpp"
#include "node/storage/schema.hpp"

namespace buri::cli {
namespace {

constexpr storage::Schema kExecutionSchema{.kind = "execution", .version = 1};

}  // namespace

Result<std::unique_ptr<ExecutionHome>, std::string> ExecutionHome::open(
    const ExecutionHomeOptions& options) {
  // CURRENT is the file without which a folder is no RocksDB database.
  std::error_code ignored;
  const auto current = std::filesystem::path(options.folder) / "CURRENT";
  if (!options.may_create && !std::filesystem::exists(current, ignored)) {
    return Failure{options.folder +
                   ": there is no home here; `buri execution init --genesis FILE --home " +
                   options.folder + "` makes one"};
  }
  storage::RocksOptions rocks_options;
  rocks_options.folder = options.folder;
  rocks_options.create_if_missing = options.may_create;
  return open_with(rocks_options);
}

Result<std::unique_ptr<ExecutionHome>, std::string> ExecutionHome::in_memory() {
  storage::RocksOptions options;
  options.folder = "/memory";
  options.in_memory = true;
  return open_with(options);
}

Result<std::unique_ptr<ExecutionHome>, std::string> ExecutionHome::open_with(
    const storage::RocksOptions& options) {
  std::unique_ptr<ExecutionHome> home(new ExecutionHome);
  auto database = storage::open_rocks_database(options, execution::chain::execution_families());
  if (!database.ok()) return Failure{home_sentence(options.folder, database.error())};
  home->database_ = std::move(database).value();
  const auto schema = storage::apply_schema(*home->database_, kExecutionSchema);
  if (!schema.ok()) return Failure{home_sentence(options.folder, schema.error())};
  auto states =
      execution::state::StateStore::open(*home->database_, accel::best_hasher().keccak256_batch);
  if (!states.ok()) return Failure{options.folder + ": " + states.error().detail};
  home->states_ = std::move(states).value();
  home->blocks_ = std::make_unique<execution::chain::BlockStore>(*home->database_);
  return home;
}

}  // namespace buri::cli
