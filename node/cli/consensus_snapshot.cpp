#include "node/cli/consensus_snapshot.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>

#include "base/hex.hpp"
#include "node/cli/consensus_home.hpp"
#include "node/cli/durable_writes.hpp"
#include "node/cli/node_home.hpp"
#include "node/cli/output_file.hpp"
#include "node/cli/progress_line.hpp"
#include "node/cli/replay_run.hpp"
#include "node/cli/transfer_progress.hpp"
#include "node/consensus/snapshot/home_mark.hpp"
#include "node/consensus/snapshot/transfer.hpp"

namespace buri::cli {
namespace {

namespace snapshot = consensus::snapshot;

/// A file that is read from its beginning to its end.
class InputFile {
 public:
  static Result<InputFile, std::string> open(const std::string& path) {
    InputFile file;
    file.path_ = path;
    file.file_ = Descriptor(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    struct stat facts{};
    if (!file.file_.is_open() || ::fstat(file.file_.get(), &facts) != 0) {
      return system_failure(path, "cannot be opened");
    }
    file.size_ = static_cast<std::uint64_t>(facts.st_size);
    return file;
  }
  Result<std::size_t, std::string> read(std::span<std::uint8_t> into) {
    std::size_t count = 0;
    while (count < into.size()) {
      const ::ssize_t got = ::read(file_.get(), into.data() + count, into.size() - count);
      if (got < 0 && errno == EINTR) continue;
      if (got < 0) return system_failure(path_, "cannot be read");
      if (got == 0) break;
      count += static_cast<std::size_t>(got);
    }
    done_ += count;
    return count;
  }
  [[nodiscard]] std::uint64_t size() const { return size_; }
  [[nodiscard]] std::uint64_t done() const { return done_; }

 private:
  std::string path_;
  Descriptor file_;
  std::uint64_t size_ = 0;
  std::uint64_t done_ = 0;
};

/// The file whose presence says that the stores are unfinished.
class ImportMark {
 public:
  explicit ImportMark(const NodeHome& home)
      : folder_(home.data()), path_(home.data(snapshot::kImportMark)) {}

  [[nodiscard]] bool stands() const {
    std::error_code ignored;
    return std::filesystem::exists(path_, ignored);
  }
  Status<std::string> set() {
    const Descriptor file(::open(path_.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0644));
    if (!file.is_open() || ::fsync(file.get()) != 0) {
      return system_failure(path_, "cannot be written");
    }
    return sync_folder(folder_);
  }
  Status<std::string> clear() {
    if (::unlink(path_.c_str()) != 0) return system_failure(path_, "cannot be removed");
    return sync_folder(folder_);
  }

 private:
  std::string folder_;
  std::string path_;
};

/// Refuses a home with a chain or a log in it; takes away what a broken-off import left.
Status<std::string> clear_home(NodeHome& home, const ImportMark& mark) {
  if (mark.stands()) RETURN_IF_ERROR(home.remove_stores());
  if (home.holds_stores()) {
    return Failure{home.data() +
                   ": this home holds a chain; a snapshot is imported into one that holds none"};
  }
  std::error_code ignored;
  const std::string log = home.data("cs.wal");
  if (std::filesystem::exists(log, ignored) && !std::filesystem::is_empty(log, ignored)) {
    return Failure{log + ": the log of another chain is there; move it away first"};
  }
  return Unit{};
}

snapshot::NodeStores stores_of(NodeHome& home, accel::Engine& crypto) {
  return {&crypto, &home.state(), &home.blocks(), &home.chain()};
}

boost::json::object facts_of(const snapshot::Transferred& done, const RunMeter& meter,
                             std::uint64_t file_bytes) {
  const RunCost cost = meter.cost();
  return {{"chain_id", done.chain_id},
          {"height", done.height},
          {"app_hash", to_upper_hex(done.app_hash)},
          {"next_header_hash", to_upper_hex(done.next_hash)},
          {"keys", done.keys},
          {"bytes", done.bytes},
          {"file_bytes", file_bytes},
          {"seconds", cost.seconds},
          {"cpu_seconds", cost.cpu_seconds}};
}

/// What the operator knows of the chain.
struct Trust {
  std::optional<Hash256> hash;         ///< of the header above the snapshot's height
  std::optional<std::string> refusal;  ///< that header has another one

  Status<std::string> read(const std::string& text) {
    if (text.empty()) return Unit{};
    hash = fixed_from_hex<32>(text);
    if (hash) return Unit{};
    return Failure{std::string("--trusted-hash: expected 64 hex digits")};
  }
  Status<std::string> judge(std::int64_t height, const Hash256& found) {
    if (!hash || *hash == found) return Unit{};
    refusal = fmt::format("the header of height {} has the hash {}, expected the trusted {}",
                          height + 1, to_upper_hex(found), to_upper_hex(*hash));
    return Failure{*refusal};
  }
};

Result<snapshot::Transferred, std::string> import_into(NodeHome& home, accel::Engine& crypto,
                                                       InputFile& file, Trust& trust) {
  RETURN_IF_ERROR(home.open_stores(crypto));
  snapshot::ChunkReader reader(crypto,
                               [&file](std::span<std::uint8_t> into) { return file.read(into); });
  TransferProgress progress("imported");
  auto done = snapshot::import_snapshot(
      stores_of(home, crypto), reader,
      [&trust](const snapshot::ChainPart& part, const snapshot::ChainProof& proof) {
        return trust.judge(part.height(), proof.next_hash);
      },
      [&](const snapshot::Progress&) { progress.show(file.done(), file.size()); });
  progress.end();
  return done;
}

/// "exported 12000 of 50000 keys, 3 MB, 20 MB/s, 4 s left".
std::string export_line(const snapshot::Progress& progress, double seconds) {
  const double share =
      static_cast<double>(progress.keys) / std::max(static_cast<double>(progress.all_keys), 1.0);
  const double megabytes = static_cast<double>(progress.bytes) / 1e6;
  const double left = share > 0 ? std::max(seconds / share - seconds, 0.0) : 0.0;
  return fmt::format("exported {} of {} keys, {:.0f} MB, {:.0f} MB/s, {:.0f} s left  ",
                     progress.keys, progress.all_keys, megabytes,
                     megabytes / std::max(seconds, 1e-3), left);
}

Result<std::int64_t, std::string> choose_height(const snapshot::NodeStores& stores,
                                                std::int64_t asked) {
  const auto [first, last] = snapshot::exportable(stores);
  if (first > 0 && (asked == 0 || (asked >= first && asked <= last))) {
    return asked == 0 ? last : asked;
  }
  if (first == 0) {
    return Failure{
        std::string("there is no height to export: the home has to hold its state, its "
                    "block and the block above")};
  }
  return Failure{
      fmt::format("height {} cannot be exported: heights {} to {} have their state, "
                  "their block and the block above",
                  asked, first, last)};
}

}  // namespace

AnswerResult run_snapshot_export(const SnapshotExportArguments& arguments) {
  const RunMeter meter;
  ASSIGN_OR_RETURN(const auto crypto, small_engine());
  ASSIGN_OR_RETURN(const auto home, NodeHome::lock(arguments.home, false));
  const ImportMark mark(*home);
  if (mark.stands() || !home->holds_stores()) {
    return Failure{home->data() + ": there is no whole chain here to export"};
  }
  RETURN_IF_ERROR(home->open_stores(*crypto));
  const snapshot::NodeStores stores = stores_of(*home, *crypto);
  ASSIGN_OR_RETURN(const std::int64_t height, choose_height(stores, arguments.height));
  OutputFile file(arguments.output);
  RETURN_IF_ERROR(file.open());
  snapshot::ChunkWriter writer(*crypto,
                               [&file](ByteView bytes) { return file.write(as_text(bytes)); });
  ProgressLine line;
  auto done =
      snapshot::export_snapshot(stores, height, writer, [&](const snapshot::Progress& progress) {
        line.show([&] { return export_line(progress, meter.cost().seconds); });
      });
  line.end();
  if (!done.ok()) return Failure{std::move(done).error()};
  RETURN_IF_ERROR(file.finish());
  return Answer{facts_of(*done, meter, file.bytes())};
}

AnswerResult run_snapshot_import(const SnapshotImportArguments& arguments) {
  const RunMeter meter;
  Trust trust;
  RETURN_IF_ERROR(trust.read(arguments.trusted_hash));
  ASSIGN_OR_RETURN(InputFile file, InputFile::open(arguments.file));
  ASSIGN_OR_RETURN(const auto crypto, small_engine());
  ASSIGN_OR_RETURN(const auto home, NodeHome::lock(arguments.home, true));
  ImportMark mark(*home);
  RETURN_IF_ERROR(clear_home(*home, mark));
  RETURN_IF_ERROR(mark.set());
  const auto done = import_into(*home, *crypto, file, trust);
  // What was not finished goes; where that fails the mark stays, too.
  if (!done.ok()) RETURN_IF_ERROR(home->remove_stores());
  RETURN_IF_ERROR(mark.clear());
  if (trust.refusal) return Answer{{{"imported", false}, {"reason", *trust.refusal}}, false};
  if (!done.ok()) return Failure{arguments.file + ": " + done.error()};
  Answer answer{facts_of(*done, meter, file.size())};
  answer.facts["imported"] = true;
  answer.facts["trusted"] = trust.hash.has_value();
  return answer;
}

}  // namespace buri::cli
