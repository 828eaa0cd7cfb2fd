#include "node/execution/chain/block_windows.hpp"

namespace buri::execution::chain {

BlockWindows::BlockWindows(NextBlock next_block, const WindowSize& size, const ChainConfig& config,
                           accel::Engine& engine)
    : next_block_(std::move(next_block)), size_(size), config_(config), engine_(engine) {
  read_ahead();
}

BlockWindow BlockWindows::next() {
  BlockWindow window = ahead_.get();
  read_ahead();
  return window;
}

void BlockWindows::read_ahead() {
  ahead_ = thread_.run([this] { return read(); });
}

BlockWindow BlockWindows::read() {
  BlockWindow window;
  std::size_t transactions = 0;
  while (!is_over_ && window.blocks.size() < size_.blocks && transactions < size_.transactions) {
    auto block = next_block_();
    is_over_ = !block.ok() || !*block;
    if (!block.ok()) {
      window.error = std::move(block).error();
    } else if (*block) {
      transactions += (*block)->transactions.size();
      window.blocks.push_back(**std::move(block));
    }
  }
  window.signers = recover_signers(window.blocks, config_, engine_);
  return window;
}

}  // namespace buri::execution::chain
