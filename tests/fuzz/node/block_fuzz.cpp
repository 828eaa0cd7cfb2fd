#include "base/check.hpp"
#include "node/consensus/app/finalize_response.hpp"
#include "node/consensus/engine/block.hpp"

/// What a recorded height consists of: block, commits, validators, the answer to FinalizeBlock.

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace buri::consensus;
  const buri::ByteView bytes(data, size);
  const auto block = engine::decode_block(bytes);
  if (block.ok()) {
    CHECK(block->txs.size() <= size, "every transaction takes a byte at least");
  }
  const auto commit = engine::decode_commit(bytes);
  const auto extended = engine::decode_extended_commit(bytes);
  if (commit.ok() && extended.ok()) {
    CHECK(extended->commit().signatures.size() == extended->signatures.size(),
          "extensions are all that a commit lacks");
  }
  static_cast<void>(engine::decode_validators(bytes));
  static_cast<void>(app::decode_finalize_response(bytes));
  return 0;
}
