#include "node/cli/verify_input.hpp"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>

namespace buri::cli {
namespace {

constexpr std::size_t kMaxInputBytes = std::size_t{32} << 20;

struct CloseFile {
  void operator()(std::FILE* file) const {
    if (file != stdin) std::fclose(file);
  }
};

Failure<Unusable> unreadable(const std::string& path, std::string expected, std::string found) {
  return {Unusable{input_name(path),
                   {"file", std::move(expected), std::move(found)},
                   "give an existing, readable file, or - for standard input"}};
}

}  // namespace

std::string input_name(const std::string& path) { return path == "-" ? "standard input" : path; }

Result<std::string, Unusable> read_input(const std::string& path) {
  const std::unique_ptr<std::FILE, CloseFile> file(path == "-" ? stdin
                                                               : std::fopen(path.c_str(), "rb"));
  if (!file) return unreadable(path, "a readable file", std::strerror(errno));
  std::string text;
  char buffer[1 << 16];
  while (const std::size_t count = std::fread(buffer, 1, sizeof buffer, file.get())) {
    text.append(buffer, count);
    if (text.size() > kMaxInputBytes) return unreadable(path, "at most 32 MiB", "more");
  }
  if (std::ferror(file.get()) != 0)
    return unreadable(path, "a readable file", std::strerror(errno));
  return text;
}

}  // namespace buri::cli
