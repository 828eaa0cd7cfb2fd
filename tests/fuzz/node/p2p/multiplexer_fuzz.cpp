#include <algorithm>

#include "base/check.hpp"
#include "node/consensus/p2p/multiplexer.hpp"

/// What a peer sends, whole and in pieces of seven bytes: the same messages and the same verdict,
/// none above its channel's limit, and no more memory than the peer's share.

namespace {

using namespace buri::consensus::p2p;

constexpr std::size_t kShareBytes = 4000;

struct Outcome {
  std::vector<ReceivedMessage> messages;
  bool ok = true;
};

Outcome run(buri::ByteView bytes, std::size_t piece_bytes) {
  Multiplexer receiver(stock_channels(), {.max_pending_bytes = kShareBytes}, {});
  Outcome outcome;
  while (outcome.ok && !bytes.empty()) {
    const auto piece = bytes.first(std::min(piece_bytes, bytes.size()));
    auto result = receiver.receive(piece);
    outcome.ok = result.ok();
    if (result.ok()) {
      for (ReceivedMessage& message : *result) outcome.messages.push_back(std::move(message));
    } else {
      CHECK(!describe(result.error()).empty(), "every error has words");
    }
    CHECK(receiver.pending_bytes() <= kShareBytes, "memory is bounded");
    bytes = bytes.subspan(piece.size());
  }
  return outcome;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const Outcome whole = run({data, size}, std::max<std::size_t>(size, 1));
  const Outcome pieces = run({data, size}, 7);
  CHECK(whole.ok == pieces.ok, "the verdict does not depend on where the stream is cut");
  CHECK(!whole.ok || whole.messages == pieces.messages, "nor do the messages");
  return 0;
}
