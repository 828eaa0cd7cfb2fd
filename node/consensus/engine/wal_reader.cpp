#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "node/consensus/engine/wal.hpp"
#include "node/consensus/engine/wal_names.hpp"

namespace buri::consensus::engine {
namespace {

/// What searching one file for the end of a height told.
struct Search {
  std::optional<std::size_t> found;  ///< the offset behind the end of the height
  std::int64_t last_height = 0;      ///< the last that ends in the file; 0 for none
};

Search search(const Bytes& content, std::int64_t height) {
  Search result;
  ByteView rest(content);
  while (!rest.empty()) {
    const auto record = take_wal_record(rest);
    if (!record.ok()) break;
    const auto* ended = std::get_if<HeightEnded>(&record->entry);
    if (ended == nullptr) continue;
    result.last_height = ended->height;
    if (ended->height == height) result.found = content.size() - rest.size();
  }
  return result;
}

/// Visits the records of `content` from `offset`; false if damage stopped it.
bool visit_file(const std::string& name, const Bytes& content, std::size_t offset,
                const std::function<void(const WalRecord&)>& visit, WalReplay& replay) {
  ByteView rest = ByteView(content).subspan(offset);
  while (!rest.empty()) {
    const auto record = take_wal_record(rest);
    if (!record.ok()) {
      replay.damage = WalDamage{name, content.size() - rest.size(), record.error()};
      return false;
    }
    ++replay.record_count;
    visit(*record);
  }
  return true;
}

}  // namespace

std::string older_wal_name(std::uint64_t number) {
  return fmt::format("{}.{:03}", kWalHead, number);
}

std::optional<std::uint64_t> older_wal_number(std::string_view name) {
  if (!name.starts_with(kWalHead)) return std::nullopt;
  name.remove_prefix(kWalHead.size());
  if (name.size() < 4 || name.front() != '.') return std::nullopt;
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(name.data() + 1, name.data() + name.size(), number);
  if (error != std::errc() || end != name.data() + name.size()) return std::nullopt;
  return number;
}

std::vector<std::string> wal_order(const std::vector<std::string>& names) {
  std::vector<std::string> ordered;
  for (const std::string& name : names) {
    if (older_wal_number(name)) ordered.push_back(name);
  }
  std::ranges::sort(ordered, {}, [](const std::string& name) { return *older_wal_number(name); });
  if (std::ranges::find(names, kWalHead) != names.end()) ordered.emplace_back(kWalHead);
  return ordered;
}

Result<WalReplay, WalFileError> replay_wal(WalFiles& files, std::int64_t height,
                                           const std::function<void(const WalRecord&)>& visit) {
  ASSIGN_OR_RETURN(const std::vector<std::string> names, files.list());
  const std::vector<std::string> ordered = wal_order(names);
  WalReplay replay;
  std::size_t offset = 0;
  std::size_t file = ordered.size();
  while (file > 0 && !replay.is_found) {
    --file;
    ASSIGN_OR_RETURN(const Bytes content, files.read(ordered[file]));
    const Search result = search(content, height);
    replay.is_found = result.found.has_value();
    offset = result.found.value_or(0);
    // Heights ascend, but a stock node writes the end of height 0 into a head that it finds empty.
    if (!replay.is_found && result.last_height > 0 && result.last_height < height) return replay;
  }
  if (!replay.is_found) return replay;
  for (; file < ordered.size(); ++file, offset = 0) {
    ASSIGN_OR_RETURN(const Bytes content, files.read(ordered[file]));
    if (!visit_file(ordered[file], content, offset, visit, replay)) break;
  }
  return replay;
}

}  // namespace buri::consensus::engine
