#include "base/check.hpp"
#include "node/consensus/sync/block_message.hpp"

/// One message of the block sync channel. What decodes has a canonical encoding that decodes again
/// to the same kind and keeps or breaks the same rules.

using namespace buri::consensus;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto message = sync::decode_block_message(buri::ByteView(data, size));
  if (!message.ok()) return 0;
  const auto has_block = sync::holds_block(buri::ByteView(data, size));
  CHECK(has_block.ok(), "what decodes has readable fields");
  CHECK(*has_block || !std::holds_alternative<sync::BlockResponse>(*message), "a block is seen");
  const buri::Bytes canonical = sync::encode_block_message(*message);
  const auto again = sync::decode_block_message(canonical);
  CHECK(again.ok() && again->index() == message->index(), "the canonical form means the same");
  CHECK(sync::encode_block_message(*again) == canonical, "the canonical form is its own");
  CHECK(sync::check_basic(*again).ok() == sync::check_basic(*message).ok(),
        "the canonical form keeps the same rules");
  return 0;
}
