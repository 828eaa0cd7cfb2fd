#include "node/cli/execution_home.hpp"
#include "node/cli/execution_upkeep.hpp"
#include "node/cli/home_error.hpp"
#include "node/cli/output_file.hpp"
#include "node/cli/progress_line.hpp"

namespace buri::cli {

using namespace execution::chain;

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
  OutputFile file(arguments.file);
  RETURN_IF_ERROR(file.open());
  ProgressLine progress;
  for (std::uint64_t number = arguments.from; number <= to; ++number) {
    const auto entry = home->blocks().canonical(number);
    if (!entry.ok()) return Failure{home_sentence(arguments.home, entry.error())};
    const auto block = home->blocks().block(**entry);
    if (!block.ok()) return Failure{home_sentence(arguments.home, block.error())};
    if (!*block) return Failure{"block " + std::to_string(number) + " is pruned"};
    const Bytes encoded = encode_block(**block);
    RETURN_IF_ERROR(file.write(as_text(encoded)));
    progress.show([&] { return "block " + std::to_string(number); });
  }
  progress.end();
  RETURN_IF_ERROR(file.finish());
  Answer answer{{{"from", arguments.from},
                 {"to", to},
                 {"blocks", to - arguments.from + 1},
                 {"bytes", file.bytes()},
                 {"file", arguments.file}}};
  return answer;
}

}  // namespace buri::cli
