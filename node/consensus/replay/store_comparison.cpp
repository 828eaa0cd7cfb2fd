#include "node/consensus/replay/store_comparison.hpp"

#include "base/hex.hpp"

namespace buri::consensus::replay {
namespace {

using Writes = std::map<Bytes, std::optional<Bytes>>;

std::string text_of(const Writes& writes, const Bytes& key) {
  const auto found = writes.find(key);
  if (found == writes.end()) return "not written";
  if (!found->second) return "deleted";
  return found->second->empty() ? "empty" : to_hex(*found->second);
}

}  // namespace

std::optional<records::WritesRecord> RecordedWrites::of(std::int64_t height,
                                                        std::string_view store) const {
  std::optional<records::WritesRecord> found;
  if (path_.empty()) return found;
  bool has_height = false;
  const auto read = records::for_each_writes(
      path_, [&](const records::WritesRecord& record) -> Status<records::RecordError> {
        has_height = has_height || record.height == height;
        if (record.height == height && record.store == store) found = record;
        return Unit{};
      });
  if (!read.ok()) return std::nullopt;
  // A store that a recorded height did not touch has no line.
  if (!found && has_height) found = records::WritesRecord{height, std::string(store), {}, {}};
  return found;
}

void compare_writes(const records::WritesRecord& recorded, store::Branch& branch,
                    std::size_t store_index, Comparison& comparison) {
  Writes theirs;
  for (const auto& [key, value] : recorded.sets) theirs[key] = value;
  for (const Bytes& key : recorded.deletes) theirs[key] = std::nullopt;
  Writes ours;
  for (const auto& [key, value] : branch.store(store_index).writes()) {
    // Whether a removed key was there before is not asked: if the record has not it either, it was
    // not.
    if (value || theirs.contains(key)) ours[key] = value;
  }
  Writes all = theirs;
  all.insert(ours.begin(), ours.end());
  for (const auto& [key, ignored] : all) {
    const std::string expected = text_of(theirs, key);
    const std::string found = text_of(ours, key);
    if (expected == found) continue;
    comparison.note({.rule = "store key",
                     .store = recorded.store,
                     .key = to_hex(key),
                     .expected = expected,
                     .found = found});
    return;
  }
}

}  // namespace buri::consensus::replay
