#include "node/cli/consensus_genesis.hpp"

#include <sys/resource.h>

#include "node/cli/consensus_home.hpp"
#include "node/cli/consensus_inputs.hpp"
#include "node/cli/output_file.hpp"
#include "node/cli/progress_line.hpp"
#include "node/cli/replay_run.hpp"
#include "node/cli/transfer_progress.hpp"
#include "node/consensus/app/genesis_export.hpp"
#include "node/consensus/app/genesis_import.hpp"
#include "node/consensus/app/offline_facts.hpp"
#include "node/consensus/migration/genesis_migration.hpp"

namespace buri::cli {
namespace {

namespace app = consensus::app;
using consensus::runtime::Error;
using consensus::runtime::GenesisSink;

/// The most memory that this process held at any time.
std::uint64_t peak_memory_bytes() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<std::uint64_t>(usage.ru_maxrss) * 1024;
}

Result<protocol::HeimdallForks, std::string> forks_of(const std::string& chain_id,
                                                      const std::string& path) {
  if (!path.empty()) return read_forks(path);
  if (const auto known = protocol::HeimdallForks::for_chain(chain_id)) return *known;
  return Failure{"the forks of " + chain_id + " are not known to this program; give --forks FILE"};
}

/// Refuses a home that a genesis was imported into before.
Status<std::string> check_empty(const std::string& folder, ConsensusHome& home) {
  const consensus::iavl::Multistore& stores = home.stores();
  if (stores.height() == 0 && stores.imported_height() == 0) return Unit{};
  return Failure{folder + ": this home holds " + home.heights_text() +
                 "; a genesis is imported into an empty one"};
}

void add_cost(boost::json::object& facts, const RunMeter& meter, std::uint64_t bytes) {
  const RunCost cost = meter.cost();
  facts["bytes"] = bytes;
  facts["seconds"] = cost.seconds;
  facts["cpu_seconds"] = cost.cpu_seconds;
  facts["peak_memory_bytes"] = peak_memory_bytes();
}

/// The height to export: the one that was asked for, the newest, or 0 for an import.
Result<std::int64_t, std::string> export_height(ConsensusHome& home,
                                                const ExportArguments& arguments) {
  consensus::iavl::Multistore& stores = home.stores();
  const std::int64_t height = arguments.height == 0 ? stores.height() : arguments.height;
  const bool is_there = height == 0 ? stores.imported_height() > 0 : stores.view(height) != nullptr;
  if (is_there) return height;
  return Failure{arguments.home + ": there is no height " + std::to_string(height) +
                 " to export: the home holds " + home.heights_text()};
}

Result<consensus::codec::Timestamp, std::string> read_time(const std::string& text) {
  const auto time = consensus::codec::timestamp_from_rfc3339(text);
  if (time) return *time;
  return Failure{"--genesis-time: expected a time like 2026-11-25T17:14:57Z, found \"" + text +
                 "\""};
}

/// What a sink does with the pieces of a file.
GenesisSink::Take into(OutputFile& file, std::function<void(std::uint64_t)> on_written) {
  return [&file, on_written = std::move(on_written)](std::string_view piece) -> Status<Error> {
    const auto written = file.write(piece);
    if (!written.ok()) return Failure{consensus::runtime::plain_error(written.error())};
    on_written(file.bytes());
    return Unit{};
  };
}

}  // namespace

AnswerResult run_init(const InitArguments& arguments) {
  const RunMeter meter;
  TransferProgress progress("imported");
  ASSIGN_OR_RETURN(
      const app::Genesis genesis,
      open_genesis_file(arguments.genesis, [&progress](std::uint64_t bytes, std::uint64_t total) {
        progress.show(bytes, 2 * total);  // it is read twice
      }));
  ASSIGN_OR_RETURN(const auto forks, forks_of(genesis.head.chain_id, arguments.forks));
  const auto answer = app::genesis_answer(genesis);
  if (!answer.ok()) return Failure{arguments.genesis + ": " + answer.error().log};
  ASSIGN_OR_RETURN(const auto engine, small_engine());
  ASSIGN_OR_RETURN(const auto home,
                   ConsensusHome::open({.folder = arguments.home, .may_create = true}, *engine));
  RETURN_IF_ERROR(check_empty(arguments.home, *home));
  app::OfflineFacts nobody;
  const app::ChainOptions chain = app::chain_options(genesis.head, forks);
  const app::ModuleSet modules(nobody.facts(), chain.genesis_rules);
  const auto imported = app::import_genesis(chain, modules, genesis, home->stores());
  progress.end();
  if (!imported.ok()) return Failure{arguments.genesis + ": " + imported.error().log};
  Answer result{{{"chain_id", genesis.head.chain_id},
                 {"first_height", genesis.head.initial_height},
                 {"validators", answer->validators.size()}}};
  add_cost(result.facts, meter, genesis.file->size());
  return result;
}

AnswerResult run_export(const ExportArguments& arguments) {
  const RunMeter meter;
  ASSIGN_OR_RETURN(const auto time, read_time(arguments.genesis_time));
  ASSIGN_OR_RETURN(const auto engine, small_engine());
  ASSIGN_OR_RETURN(const auto home, ConsensusHome::open({.folder = arguments.home}, *engine));
  ASSIGN_OR_RETURN(const std::int64_t height, export_height(*home, arguments));
  app::OfflineFacts nobody;
  const app::ModuleSet modules(nobody.facts(), {});
  OutputFile file(arguments.output);
  RETURN_IF_ERROR(file.open());
  TransferProgress progress("exported");
  GenesisSink sink(
      into(file, [&](std::uint64_t written_bytes) { progress.show(written_bytes, 0); }));
  const auto exported = app::export_genesis(modules, home->stores(), height, time, sink);
  progress.end();
  if (!exported.ok()) return Failure{exported.error().log};
  RETURN_IF_ERROR(file.finish());
  Answer result{{{"chain_id", exported->chain_id},
                 {"height", height},
                 {"initial_height", exported->initial_height}}};
  add_cost(result.facts, meter, file.bytes());
  return result;
}

AnswerResult run_migrate(const MigrateArguments& arguments) {
  const RunMeter meter;
  RETURN_IF_ERROR(read_time(arguments.genesis_time));
  TransferProgress progress("read");
  ASSIGN_OR_RETURN(auto source, open_document(arguments.genesis, [&progress](std::uint64_t bytes,
                                                                             std::uint64_t total) {
                     progress.show(bytes, 2 * total);  // it is read twice
                   }));
  const auto old = app::GenesisFile::open(std::move(source));
  if (!old.ok()) return Failure{arguments.genesis + ": " + describe(old.error())};
  OutputFile file(arguments.output);
  RETURN_IF_ERROR(file.open());
  GenesisSink sink(into(file, [](std::uint64_t) {}));
  const auto migrated = consensus::migration::migrate_genesis(
      **old, {arguments.chain_id, arguments.genesis_time, arguments.initial_height}, sink);
  progress.end();
  if (!migrated.ok()) return Failure{arguments.genesis + ": " + migrated.error().log};
  RETURN_IF_ERROR(file.finish());
  Answer result{{{"chain_id", arguments.chain_id}, {"initial_height", arguments.initial_height}}};
  add_cost(result.facts, meter, file.bytes());
  return result;
}

}  // namespace buri::cli
