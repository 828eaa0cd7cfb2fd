#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>

#include "base/free_with.hpp"
#include "node/cli/execution_home.hpp"
#include "node/cli/execution_upkeep.hpp"
#include "node/cli/home_error.hpp"
#include "node/cli/progress_line.hpp"

namespace buri::cli {
namespace {

using namespace execution::chain;

/// A new file; what is written is on disk after finish().
class BlockSink {
 public:
  static Result<BlockSink, std::string> open(const std::string& path) {
    BlockSink sink;
    sink.path_ = path;
    // "x": a file that is there is somebody's.
    sink.file_.reset(std::fopen(path.c_str(), "wbx"));
    if (sink.file_ != nullptr) return sink;
    const std::string found = errno == EEXIST ? "a file that is there" : std::strerror(errno);
    return Failure{path + ": expected the name of a new file, found " + found};
  }

  Status<std::string> write(ByteView bytes) {
    if (std::fwrite(bytes.data(), 1, bytes.size(), file_.get()) == bytes.size()) return Unit{};
    return failure();
  }
  Status<std::string> finish() {
    const bool is_flushed = std::fflush(file_.get()) == 0;
    if (!is_flushed || fsync(fileno(file_.get())) != 0) return failure();
    return Unit{};
  }

 private:
  [[nodiscard]] Failure<std::string> failure() const {
    return Failure{path_ + ": expected to write, found " + std::strerror(errno)};
  }

  std::string path_;
  std::unique_ptr<std::FILE, FreeWith<std::fclose>> file_;
};

}  // namespace

AnswerResult run_execution_export(const ExecutionExportArguments& arguments) {
  ASSIGN_OR_RETURN(const auto home, ExecutionHome::open({.folder = arguments.home}));
  ASSIGN_OR_RETURN(const auto head, home->head());
  const std::uint64_t to = arguments.to == 0 ? head.number : arguments.to;
  if (to > head.number || arguments.from > to) {
    return Failure{"expected blocks from 1 to the head " + std::to_string(head.number) +
                   ", found " + std::to_string(arguments.from) + " to " + std::to_string(to)};
  }
  const auto history = home->blocks().read_meta(MetaRecord::kHistory, decode_history);
  if (!history.ok()) return Failure{home_sentence(arguments.home, history.error())};
  const std::uint64_t first = history->value_or(HistoryPolicy{}).first_whole;
  if (arguments.from < first) {
    return Failure{"expected blocks from " + std::to_string(first) + " on, found " +
                   std::to_string(arguments.from) + ": it is pruned"};
  }
  ASSIGN_OR_RETURN(BlockSink sink, BlockSink::open(arguments.file));
  ProgressLine progress;
  std::uint64_t bytes = 0;
  for (std::uint64_t number = arguments.from; number <= to; ++number) {
    const auto entry = home->blocks().canonical(number);
    if (!entry.ok()) return Failure{home_sentence(arguments.home, entry.error())};
    const auto block = home->blocks().block(**entry);
    if (!block.ok()) return Failure{home_sentence(arguments.home, block.error())};
    if (!*block) return Failure{"block " + std::to_string(number) + " is pruned"};
    const Bytes encoded = encode_block(**block);
    RETURN_IF_ERROR(sink.write(encoded));
    bytes += encoded.size();
    progress.show([&] { return "block " + std::to_string(number); });
  }
  progress.end();
  RETURN_IF_ERROR(sink.finish());
  Answer answer{{{"from", arguments.from},
                 {"to", to},
                 {"blocks", to - arguments.from + 1},
                 {"bytes", bytes},
                 {"file", arguments.file}}};
  return answer;
}

}  // namespace buri::cli
