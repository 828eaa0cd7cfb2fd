#pragma once

#include <functional>

#include "node/consensus/iavl/tree_stream.hpp"

/// Nodes of trees as bytes: what the chunks of trees hold (docs/formats/consensus-snapshot.md).

namespace buri::consensus::snapshot {

/// Gathers records into chunks; a record is never cut. Not thread-safe.
class TreeRecordWriter final : public iavl::TreeSink {
 public:
  using Write = std::function<Taken(ByteView chunk)>;
  explicit TreeRecordWriter(Write write) : write_(std::move(write)) {}

  Taken begin_store(std::size_t store, std::uint64_t leaf_count) override;
  Taken leaf(ByteView key, ByteView value, std::int64_t version) override;
  Taken inner(std::int64_t version) override;
  /// Writes what is gathered.
  Taken flush();

 private:
  Taken write_if_full();

  Write write_;
  Bytes gathered_;
};

/// Reads all records of a chunk. Errors: the sink's; kCorruption for a record of another form.
iavl::TreeSink::Taken read_tree_records(ByteView chunk, iavl::TreeSink& sink);

}  // namespace buri::consensus::snapshot
