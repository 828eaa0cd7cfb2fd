#include "base/check.hpp"
#include "node/consensus/engine/message.hpp"

/// One message of the consensus channels. What decodes has a canonical encoding that means the
/// same; what keeps the basic rules is bounded.

using namespace buri::consensus;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto message = engine::decode_message(buri::ByteView(data, size));
  if (!message.ok()) return 0;
  const buri::Bytes canonical = engine::encode_message(*message);
  const auto again = engine::decode_message(canonical);
  CHECK(again.ok() && *again == *message, "the canonical form means the same");
  CHECK(engine::encode_message(*again) == canonical, "the canonical form is its own");
  const auto checked = engine::check_basic(*message);
  if (!checked.ok()) {
    CHECK(!checked.error().expected.empty(), "a broken rule says what it wants");
    return 0;
  }
  if (const auto* pol = std::get_if<engine::ProposalPol>(&*message)) {
    CHECK(pol->prevotes.size() <= engine::kMaxVotes, "bit arrays are bounded");
  }
  if (const auto* part = std::get_if<engine::BlockPart>(&*message)) {
    CHECK(part->part.bytes.size() <= engine::kPartBytes, "parts are bounded");
  }
  return 0;
}
