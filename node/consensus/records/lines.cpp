#include "node/consensus/records/lines.hpp"

#include <lzma.h>

#include <filesystem>
#include <fstream>
#include <optional>

#include "base/bytes.hpp"

namespace buri::consensus::records {
namespace {

constexpr std::size_t kChunkBytes = std::size_t{256} << 10;
constexpr std::size_t kMaxLineBytes = std::size_t{64} << 20;
constexpr std::uint64_t kDecoderMemoryBytes = std::uint64_t{256} << 20;

/// Plain bytes of a file in chunks, decompressed on the way.
class ChunkReader {
 public:
  explicit ChunkReader(const std::string& path)
      : path_(path), file_(path, std::ios::binary), is_xz_(path.ends_with(".xz")) {
    if (is_xz_) {
      const auto code = lzma_stream_decoder(&stream_, kDecoderMemoryBytes, LZMA_CONCATENATED);
      CHECK(code == LZMA_OK, "the xz decoder has its memory");
    }
  }
  ChunkReader(const ChunkReader&) = delete;
  ChunkReader& operator=(const ChunkReader&) = delete;
  ~ChunkReader() { lzma_end(&stream_); }

  /// Appends the next bytes to `target`; false at the end.
  Result<bool, RecordError> next(std::string& target) {
    if (!file_.is_open()) return Failure{error("a readable file", "none")};
    return is_xz_ ? next_xz(target) : next_plain(target);
  }

 private:
  [[nodiscard]] RecordError error(std::string expected, std::string found) const {
    return {path_, 0, std::move(expected), std::move(found)};
  }

  std::size_t fill() {
    input_.resize(kChunkBytes);
    file_.read(input_.data(), static_cast<std::streamsize>(kChunkBytes));
    input_.resize(static_cast<std::size_t>(file_.gcount()));
    return input_.size();
  }

  Result<bool, RecordError> next_plain(std::string& target) {
    if (fill() == 0) return false;
    target += input_;
    return true;
  }

  Result<bool, RecordError> next_xz(std::string& target) {
    if (is_done_) return false;
    std::string output(kChunkBytes, '\0');
    stream_.next_out = reinterpret_cast<std::uint8_t*>(output.data());
    stream_.avail_out = output.size();
    while (stream_.avail_out > 0 && !is_done_) {
      if (stream_.avail_in == 0) {
        stream_.avail_in = fill();
        stream_.next_in = reinterpret_cast<const std::uint8_t*>(input_.data());
      }
      const auto code = lzma_code(&stream_, stream_.avail_in == 0 ? LZMA_FINISH : LZMA_RUN);
      is_done_ = code == LZMA_STREAM_END;
      if (code != LZMA_OK && !is_done_) {
        return Failure{error("an xz stream", "error " + std::to_string(code))};
      }
    }
    output.resize(output.size() - stream_.avail_out);
    target += output;
    return !output.empty();
  }

  std::string path_;
  std::ifstream file_;
  bool is_xz_;
  bool is_done_ = false;
  std::string input_;
  lzma_stream stream_ = LZMA_STREAM_INIT;
};

/// Hands the complete lines of `buffer` on and leaves the rest in it.
Status<RecordError> take_lines(const std::string& path, std::string& buffer, bool is_end,
                               std::uint64_t& number, const LineVisitor& visit) {
  std::size_t start = 0;
  while (start < buffer.size()) {
    std::size_t end = buffer.find('\n', start);
    if (end == std::string::npos && !is_end) break;
    end = std::min(end, buffer.size());
    ++number;
    const auto value = parse_json(std::string_view(buffer).substr(start, end - start),
                                  {.max_bytes = kMaxLineBytes, .max_values = 10'000'000});
    if (!value.ok()) {
      return Failure{RecordError{path, number, value.error().expected, value.error().found}};
    }
    RETURN_IF_ERROR(visit(number, *value));
    start = end + 1;
  }
  buffer.erase(0, std::min(start, buffer.size()));
  return Unit{};
}

}  // namespace

std::string describe(const RecordError& error) {
  const std::string place = error.line == 0 ? "" : ", line " + std::to_string(error.line);
  return error.path + place + ": expected " + error.expected + ", found " + error.found;
}

Result<std::string, RecordError> read_text(const std::string& path, std::size_t max_bytes) {
  ChunkReader reader(path);
  std::string text;
  while (true) {
    ASSIGN_OR_RETURN(const bool has_more, reader.next(text));
    if (!has_more) return text;
    if (text.size() > max_bytes) {
      return Failure{
          RecordError{path, 0, "at most " + std::to_string(max_bytes) + " bytes", "more"}};
    }
  }
}

Status<RecordError> for_each_line(const std::string& path, const LineVisitor& visit) {
  ChunkReader reader(path);
  std::string buffer;
  std::uint64_t number = 0;
  bool has_more = true;
  while (has_more) {
    ASSIGN_OR_RETURN(has_more, reader.next(buffer));
    RETURN_IF_ERROR(take_lines(path, buffer, !has_more, number, visit));
    if (buffer.size() > kMaxLineBytes) {
      return Failure{RecordError{path, number + 1, "a line of at most 64 MiB", "a longer one"}};
    }
  }
  return Unit{};
}

std::string existing_path(const std::string& plain_path) {
  std::error_code ignored;
  if (std::filesystem::exists(plain_path, ignored)) return plain_path;
  return plain_path + ".xz";
}

}  // namespace buri::consensus::records
