#include "node/cli/execution_home.hpp"

#include <algorithm>
#include <filesystem>
#include <thread>

#include "accel/hasher.hpp"
#include "node/cli/home_error.hpp"
#include "node/execution/state/state_migration.hpp"
#include "node/storage/schema.hpp"

namespace buri::cli {
namespace {

/// To 2: the nodes of tries may be older than the head, which a program of version 1 would not
/// notice. In a home of version 1 they are not, and nothing has to be moved.
Status<storage::StorageError> allow_older_tries(storage::Database& /*database*/,
                                                storage::Batch& /*batch*/) {
  return Unit{};
}
/// To 3: leaves are made of accounts and slots, and a stored one would soon be an old one.
constexpr storage::Migration kMigrations[] = {{allow_older_tries},
                                              {execution::state::remove_stored_leaves}};
constexpr storage::Schema kExecutionSchema{
    .kind = "execution", .version = 3, .migrations = kMigrations};

/// One a processor; few blocks change the storage of more accounts at once.
std::size_t storage_lane_count() {
  return std::clamp<std::size_t>(std::thread::hardware_concurrency(), 1, 8);
}

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
  // Half for the blocks of the database, half for accounts, slots and trie nodes.
  rocks_options.block_cache_bytes = options.cache_bytes / 2;
  rocks_options.write_buffer_bytes =
      std::min(rocks_options.write_buffer_bytes, rocks_options.block_cache_bytes * 3 / 8);
  return open_with(rocks_options, options.cache_bytes / 2);
}

Result<std::unique_ptr<ExecutionHome>, std::string> ExecutionHome::in_memory() {
  storage::RocksOptions options;
  options.folder = "/memory";
  options.in_memory = true;
  return open_with(options, std::size_t{320} << 20);
}

Result<std::unique_ptr<ExecutionHome>, std::string> ExecutionHome::open_with(
    const storage::RocksOptions& options, std::size_t state_cache_bytes) {
  std::unique_ptr<ExecutionHome> home(new ExecutionHome);
  home->folder_ = options.folder;
  auto database = storage::open_rocks_database(options, execution::chain::execution_families());
  if (!database.ok()) return Failure{home_sentence(options.folder, database.error())};
  home->database_ = std::move(database).value();
  const auto schema = storage::apply_schema(*home->database_, kExecutionSchema);
  if (!schema.ok()) return Failure{home_sentence(options.folder, schema.error())};
  execution::state::StateOptions state_options;
  state_options.caches = {.account_bytes = state_cache_bytes / 5,
                          .slot_bytes = state_cache_bytes / 5 * 2,
                          .node_bytes = state_cache_bytes / 5 * 2};
  // As much again may be on its way to the disk.
  state_options.trie_bytes = std::min(state_options.trie_bytes, state_cache_bytes / 8);
  state_options.trie_writer = &home->trie_writer_;
  state_options.lanes = &home->storage_lanes_.emplace(storage_lane_count());
  state_options.read_ahead_threads = execution::state::kReadAheadThreads;
  auto states = execution::state::StateStore::open(
      *home->database_, accel::best_hasher().keccak256_batch, state_options);
  if (!states.ok()) return Failure{options.folder + ": " + states.error().detail};
  home->states_ = std::move(states).value();
  home->blocks_ = std::make_unique<execution::chain::BlockStore>(*home->database_);
  return home;
}

Result<execution::chain::ChainConfig, std::string> ExecutionHome::config() const {
  auto config = execution::chain::stored_config(*blocks_);
  if (config.ok()) return std::move(config).value();
  return Failure{folder_ + ": " + config.error()};
}

Result<execution::state::StateHead, std::string> ExecutionHome::head() const {
  if (const auto head = states_->head()) return *head;
  return Failure{folder_ + ": no chain was begun here yet; `buri execution init --genesis FILE " +
                 "--home " + folder_ + "` begins one"};
}

}  // namespace buri::cli
