#include "node/cli/consensus_maintain.hpp"

#include <algorithm>

#include "base/hex.hpp"
#include "node/cli/consensus_home.hpp"
#include "node/cli/progress_line.hpp"

namespace buri::cli {
namespace {

using consensus::iavl::Multistore;

/// Heights that one call takes away: between calls progress is shown, and each ends with the trees
/// made anew and their roots compared.
constexpr std::int64_t kHeightsPerStep = 2'048;

std::string damaged(const storage::StorageError& error) {
  return "the stores failed: " + error.detail;
}

boost::json::object heights_of(const Multistore& stores) {
  boost::json::object facts{{"oldest_height", stores.oldest_height()}, {"height", stores.height()}};
  const auto info = stores.commit_info(stores.height());
  if (info.ok() && *info) facts["app_hash"] = to_hex((*info)->app_hash);
  return facts;
}

}  // namespace

AnswerResult run_rollback(const RollbackArguments& arguments) {
  ASSIGN_OR_RETURN(const auto engine, small_engine());
  ASSIGN_OR_RETURN(const auto home, ConsensusHome::open({.folder = arguments.home}, *engine));
  Multistore& stores = home->stores();
  const std::int64_t before = stores.height();
  if (before == 0 || arguments.height > before || arguments.height < stores.oldest_height()) {
    return Failure{"height " + std::to_string(arguments.height) + " is not kept: the home holds " +
                   home->heights_text()};
  }
  ProgressLine progress;
  while (stores.height() > arguments.height) {
    const auto done =
        stores.roll_back(std::max(arguments.height, stores.height() - kHeightsPerStep));
    if (!done.ok()) return Failure{damaged(done.error())};
    progress.show([&] { return "height " + std::to_string(stores.height()); });
  }
  // The next start then applies nothing again.
  const auto anchored = stores.write_anchor();
  if (!anchored.ok()) return Failure{damaged(anchored.error())};
  Answer answer{heights_of(stores)};
  answer.facts["removed_heights"] = before - stores.height();
  return answer;
}

AnswerResult run_prune(const PruneArguments& arguments) {
  ASSIGN_OR_RETURN(const auto engine, small_engine());
  ASSIGN_OR_RETURN(const auto home, ConsensusHome::open({.folder = arguments.home}, *engine));
  Multistore& stores = home->stores();
  if (stores.height() == 0) return Failure{arguments.home + ": the home holds no height yet"};
  const std::int64_t below =
      arguments.kept_heights > 0 ? stores.height() - arguments.kept_heights + 1 : arguments.below;
  if (below > stores.height()) {
    return Failure{"the newest height, " + std::to_string(stores.height()) +
                   ", stays: nothing below " + std::to_string(below) + " can be removed"};
  }
  const std::int64_t oldest = stores.oldest_height();
  if (below == stores.height()) {
    const auto anchored = stores.write_anchor();
    if (!anchored.ok()) return Failure{damaged(anchored.error())};
  }
  auto done = stores.prune(below);
  if (!done.ok()) return Failure{damaged(done.error())};
  ProgressLine progress;
  for (std::uint64_t slices = 1;; ++slices) {
    const auto more = stores.maintain();
    if (!more.ok()) return Failure{damaged(more.error())};
    if (!*more) break;
    progress.show([&] { return std::to_string(slices) + " slices of old heights removed"; });
  }
  Answer answer{heights_of(stores)};
  answer.facts["removed_heights"] = stores.oldest_height() - oldest;
  return answer;
}

}  // namespace buri::cli
