#pragma once

#include <functional>

#include "node/consensus/iavl/multistore.hpp"
#include "node/consensus/snapshot/chain_part.hpp"
#include "node/consensus/snapshot/chunks.hpp"

/// A whole snapshot out of the stores of a node and into empty ones.

namespace buri::consensus::snapshot {

/// How far a transfer is. Of an export the keys at the newest height stand for those to come.
struct Progress {
  std::uint64_t keys = 0;
  std::uint64_t all_keys = 0;  ///< 0: not known
  std::uint64_t bytes = 0;     ///< of content, uncompressed
};
using OnProgress = std::function<void(const Progress& progress)>;

/// The stores of a node; nobody else writes meanwhile.
struct NodeStores {
  accel::Engine* crypto = nullptr;
  iavl::Multistore* state = nullptr;
  blocks::BlockStore* blocks = nullptr;
  blocks::StateStore* chain = nullptr;
};

/// What was written or read.
struct Transferred {
  std::string chain_id;
  std::int64_t height = 0;
  Hash256 app_hash{};
  Hash256 next_hash{};  ///< of the header above, which vouches for all
  std::uint64_t keys = 0;
  std::uint64_t bytes = 0;
};

/// The heights that can be exported: state and block are kept, and the block above is, too. Both 0
/// if there is none.
struct Heights {
  std::int64_t first = 0;
  std::int64_t last = 0;
};
Heights exportable(const NodeStores& stores);

/// Writes the snapshot of a height; what it writes it has checked as an import does. Memory does
/// not grow with the state. Errors are sentences. REQUIRES: the height is exportable.
Result<Transferred, std::string> export_snapshot(const NodeStores& stores, std::int64_t height,
                                                 ChunkWriter& writer, const OnProgress& tell);

/// Reads a snapshot into empty stores. `judge` is told what the file claims and proves before
/// anything is written, and may refuse with a sentence. The state counts with its last write; the
/// caller makes block and state one (docs/formats/consensus-snapshot.md). Errors are sentences;
/// the stores are then to be thrown away.
using Judge = std::function<Status<std::string>(const ChainPart& part, const ChainProof& proof)>;
Result<Transferred, std::string> import_snapshot(const NodeStores& stores, ChunkReader& reader,
                                                 const Judge& judge, const OnProgress& tell);

}  // namespace buri::consensus::snapshot
