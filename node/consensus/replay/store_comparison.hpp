#pragma once

#include <map>
#include <optional>

#include "node/consensus/records/chain.hpp"
#include "node/consensus/replay/difference.hpp"
#include "node/consensus/store/branch.hpp"

/// Which key makes two roots differ, found in the recorded writes of the height.

namespace buri::consensus::replay {

/// Recorded writes, read height by height as far as they are asked for. Without a file it knows
/// nothing.
class RecordedWrites {
 public:
  /// `path` may be empty.
  explicit RecordedWrites(std::string path) : path_(std::move(path)) {}
  /// What a height wrote into a store; nothing if no file says.
  [[nodiscard]] std::optional<records::WritesRecord> of(std::int64_t height,
                                                        std::string_view store) const;

 private:
  std::string path_;
};

/// Notes the first key of a store on which recorded and computed writes differ; nothing if there is
/// none. A deletion counts if the key was there before.
void compare_writes(const records::WritesRecord& recorded, store::Branch& branch,
                    std::size_t store_index, Comparison& comparison);

}  // namespace buri::consensus::replay
