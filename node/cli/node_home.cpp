#include "node/cli/node_home.hpp"

#include <fcntl.h>
#include <sys/file.h>

#include <filesystem>

#include "node/cli/home_error.hpp"
#include "node/consensus/evidence/evidence_pool.hpp"
#include "node/storage/rocks_database.hpp"

namespace buri::cli {
namespace {

using consensus::iavl::Multistore;

// As node/app lays a home out.
constexpr std::string_view kState = "application";
constexpr std::string_view kBlocks = "blocks";
constexpr std::string_view kLock = "burid.lock";
constexpr std::size_t kTreeBytes = std::size_t{128} << 20;

Result<std::unique_ptr<storage::Database>, std::string> open_database(
    const std::string& folder, std::span<const storage::FamilySpec> families) {
  storage::RocksOptions options;
  options.folder = folder;
  auto database = storage::open_rocks_database(options, families);
  if (database.ok()) return std::move(database).value();
  return Failure{home_sentence(folder, database.error())};
}

}  // namespace

Result<std::unique_ptr<NodeHome>, std::string> NodeHome::lock(const std::string& folder,
                                                              bool may_create) {
  std::unique_ptr<NodeHome> home(new NodeHome(folder));
  std::error_code failed;
  if (may_create) std::filesystem::create_directories(home->data(), failed);
  if (!std::filesystem::is_directory(home->data(), failed)) {
    return Failure{home->data() + ": there is no such folder; expected the home of a node"};
  }
  const std::string path = home->data(kLock);
  home->lock_ = Descriptor(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  if (!home->lock_.is_open()) return Failure{path + ": cannot be written"};
  if (::flock(home->lock_.get(), LOCK_EX | LOCK_NB) == 0) return home;
  return Failure{path + ": a node or another command runs on this home; stop it first"};
}

std::string NodeHome::data(std::string_view name) const {
  std::string path = folder_ + "/data";
  if (!name.empty()) path.append("/").append(name);
  return path;
}

bool NodeHome::holds_stores() const {
  std::error_code ignored;
  return std::filesystem::exists(data(kState), ignored) ||
         std::filesystem::exists(data(kBlocks), ignored);
}

Status<std::string> NodeHome::remove_stores() {
  chain_ = nullptr;
  blocks_ = nullptr;
  state_ = nullptr;
  block_database_ = nullptr;
  state_database_ = nullptr;
  for (const std::string_view name : {kState, kBlocks}) {
    std::error_code failed;
    std::filesystem::remove_all(data(name), failed);
    if (failed) return Failure{data(name) + ": cannot be removed: " + failed.message()};
  }
  return Unit{};
}

Status<std::string> NodeHome::open_stores(accel::Engine& crypto) {
  ASSIGN_OR_RETURN(state_database_, open_database(data(kState), Multistore::families()));
  std::vector<storage::FamilySpec> families;
  for (const auto& some :
       {consensus::blocks::BlockStore::families(), consensus::blocks::StateStore::families(),
        consensus::evidence::EvidencePool::families()}) {
    families.insert(families.end(), some.begin(), some.end());
  }
  ASSIGN_OR_RETURN(block_database_, open_database(data(kBlocks), families));
  consensus::iavl::MultistoreOptions options;
  options.background = false;
  options.tree_cache_bytes = kTreeBytes;
  auto state = Multistore::open(*state_database_, crypto, options);
  if (!state.ok()) return Failure{home_sentence(data(kState), state.error())};
  state_ = std::move(state).value();
  ASSIGN_OR_RETURN(blocks_, consensus::blocks::BlockStore::open(*block_database_));
  ASSIGN_OR_RETURN(chain_, consensus::blocks::StateStore::open(*block_database_));
  return Unit{};
}

}  // namespace buri::cli
