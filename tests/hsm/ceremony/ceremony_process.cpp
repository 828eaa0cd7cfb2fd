#include "tests/hsm/ceremony/ceremony_process.hpp"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "base/check.hpp"

extern char** environ;

namespace buri::hsm::test {
namespace {

/// Removes its folder with the program.
struct Workshop {
  std::filesystem::path path;
  Workshop() {
    std::string pattern = std::filesystem::temp_directory_path() / "buri-ceremony-XXXXXX";
    CHECK(mkdtemp(pattern.data()) != nullptr, "a temporary folder");
    path = pattern;
  }
  ~Workshop() {
    std::error_code ignored;
    std::filesystem::remove_all(path, ignored);
  }
  static Workshop& instance() {
    static Workshop workshop;
    return workshop;
  }
  std::string next(const std::string& what) {
    static std::atomic<unsigned> counter{0};
    return path / (what + std::to_string(counter.fetch_add(1)));
  }
};

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> list;
  for (std::string& text : texts) list.push_back(text.data());
  list.push_back(nullptr);
  return list;
}

}  // namespace

std::string fresh_folder() {
  const std::string path = Workshop::instance().next("folder-");
  std::filesystem::create_directory(path);
  return path;
}

std::string file_text(const std::string& path) {
  std::ostringstream text;
  text << std::ifstream(path, std::ios::binary).rdbuf();
  return text.str();
}

ProcessOutcome run_ceremony_program(const std::vector<std::string>& arguments,
                                    const std::vector<std::string>& environment,
                                    const std::vector<std::string>& inputs) {
  const std::string out = Workshop::instance().next("out-");
  const std::string err = Workshop::instance().next("err-");
  std::vector<std::string> words{BURI_CEREMONY_PROGRAM, "ceremony"};
  words.insert(words.end(), arguments.begin(), arguments.end());
  std::vector<std::string> variables(environment);
  for (char** entry = environ; *entry != nullptr; ++entry) variables.emplace_back(*entry);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_addopen(&actions, 1, out.c_str(), O_WRONLY | O_CREAT, 0600);
  posix_spawn_file_actions_addopen(&actions, 2, err.c_str(), O_WRONLY | O_CREAT, 0600);
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    const std::string path = Workshop::instance().next("input-");
    std::ofstream(path) << inputs[i];
    posix_spawn_file_actions_addopen(&actions, static_cast<int>(3 + i), path.c_str(), O_RDONLY, 0);
  }
  pid_t child = 0;
  const int started = posix_spawn(&child, BURI_CEREMONY_PROGRAM, &actions, nullptr,
                                  pointers(words).data(), pointers(variables).data());
  posix_spawn_file_actions_destroy(&actions);
  CHECK(started == 0, "the ceremony program starts");
  int status = 0;
  CHECK(waitpid(child, &status, 0) == child, "the ceremony program ends");
  return {WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status), file_text(out),
          file_text(err)};
}

}  // namespace buri::hsm::test
