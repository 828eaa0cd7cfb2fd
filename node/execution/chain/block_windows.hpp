#pragma once

#include <functional>

#include "base/work_thread.hpp"
#include "node/execution/chain/signers.hpp"

/// Blocks of a long row, made ready for their import ahead of it.

namespace buri::execution::chain {

/// Some blocks and what their signatures say.
struct BlockWindow {
  std::vector<Block> blocks;
  std::vector<BlockSigners> signers;
  std::string error;  ///< why there is no block behind the last; empty without one
};

/// The next block of a row; nothing at its end. An error is one sentence and ends the row.
using NextBlock = std::function<Result<std::optional<Block>, std::string>()>;

/// How large a window may be: so many blocks, and no further one behind so many transactions.
struct WindowSize {
  std::size_t blocks = 64;
  std::size_t transactions = 4096;
};

/// Decodes blocks and recovers their signatures, a window in one batch, one window ahead in a
/// thread of its own. Used by one thread; `next_block` is called by one at a time.
class BlockWindows {
 public:
  /// `config` and `engine` must outlive it, as what `next_block` borrows.
  BlockWindows(NextBlock next_block, const WindowSize& size, const ChainConfig& config,
               accel::Engine& engine);

  /// The next window; without blocks at the end.
  BlockWindow next();

 private:
  void read_ahead();
  BlockWindow read();

  NextBlock next_block_;
  WindowSize size_;
  const ChainConfig& config_;
  accel::Engine& engine_;
  bool is_over_ = false;
  std::future<BlockWindow> ahead_;
  WorkThread thread_;  ///< the last member: it is waited for before the others go
};

}  // namespace buri::execution::chain
