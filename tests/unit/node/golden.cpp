#include "tests/unit/node/golden.hpp"

#include <cstdlib>
#include <fstream>
#include <sstream>

#include "node/cli/verify_commit.hpp"

namespace buri::testing {
namespace {

void append_commits(std::string_view path, std::vector<GoldenCommit>& commits) {
  const JsonValue document = parse_json(golden_text(path)).value();
  const auto inputs = cli::decode_commits(std::string(path), JsonCursor(document));
  for (const cli::CommitInput& input : inputs.value()) {
    commits.push_back(
        {input.signed_header,
         consensus::engine::ValidatorSet::restore(input.validators->validators).value()});
  }
}

}  // namespace

accel::Engine& engine() {
  static const auto started = [] {
    accel::EngineOptions options;
    options.worker_threads = 1;
    return accel::Engine::start(options).value();
  }();
  return *started;
}

std::string golden_text(std::string_view path) {
  std::ifstream file("tests/golden/" + std::string(path), std::ios::binary);
  CHECK(file.good(), "a golden file is where the tests run");
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

const std::vector<GoldenCommit>& golden_commits() {
  static const auto commits = [] {
    std::vector<GoldenCommit> all;
    append_commits("cometbft/mainnet-54587912.json", all);
    append_commits("cometbft/mainnet-rotation.json", all);
    return all;
  }();
  return commits;
}

std::string fixtures_folder() {
  const char* folder = std::getenv("BURI_FIXTURES");
  return folder != nullptr ? folder : "../shared/fixtures";
}

}  // namespace buri::testing
