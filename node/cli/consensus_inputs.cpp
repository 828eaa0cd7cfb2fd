#include "node/cli/consensus_inputs.hpp"

#include "node/consensus/records/lines.hpp"

namespace buri::cli {
namespace {

namespace app = consensus::app;
namespace records = consensus::records;

/// What an unpacked genesis may take of memory; a larger one has to be unpacked to a file.
constexpr std::size_t kMaxUnpackedBytes = std::size_t{512} << 20;

class WatchedSource final : public app::ByteSource {
 public:
  WatchedSource(std::unique_ptr<app::ByteSource> source, ReadProgress on_read)
      : source_(std::move(source)), on_read_(std::move(on_read)) {}

  [[nodiscard]] std::uint64_t size() const override { return source_->size(); }
  Result<std::size_t, std::string> read(std::uint64_t offset, std::span<char> target) override {
    ASSIGN_OR_RETURN(const std::size_t count, source_->read(offset, target));
    bytes_read_ += count;
    on_read_(bytes_read_, size());
    return count;
  }

 private:
  std::unique_ptr<app::ByteSource> source_;
  ReadProgress on_read_;
  std::uint64_t bytes_read_ = 0;
};

Result<std::unique_ptr<app::ByteSource>, std::string> open_plain_or_packed(
    const std::string& path) {
  if (!path.ends_with(".xz")) return app::open_file(path);
  auto text = records::read_text(path, kMaxUnpackedBytes);
  if (!text.ok()) return Failure{records::describe(text.error())};
  return app::in_memory(std::move(text).value());
}

}  // namespace

Result<std::unique_ptr<app::ByteSource>, std::string> open_document(const std::string& path,
                                                                    ReadProgress on_read) {
  ASSIGN_OR_RETURN(auto source, open_plain_or_packed(path));
  if (!on_read) return source;
  return std::unique_ptr<app::ByteSource>(
      std::make_unique<WatchedSource>(std::move(source), std::move(on_read)));
}

Result<app::Genesis, std::string> open_genesis_file(const std::string& path, ReadProgress on_read) {
  ASSIGN_OR_RETURN(auto source, open_document(path, std::move(on_read)));
  auto genesis = app::open_genesis(std::move(source));
  if (!genesis.ok()) return Failure{path + ": " + describe(genesis.error())};
  return std::move(genesis).value();
}

Result<protocol::HeimdallForks, std::string> read_forks(const std::string& path) {
  const auto text = records::read_text(path);
  if (!text.ok()) return Failure{records::describe(text.error())};
  const auto object = parse_json(*text);
  if (!object.ok()) return Failure{path + ": " + describe(object.error())};
  const auto forks = protocol::HeimdallForks::from_json(*object);
  if (!forks.ok()) return Failure{path + ": " + describe(forks.error())};
  return *forks;
}

}  // namespace buri::cli
