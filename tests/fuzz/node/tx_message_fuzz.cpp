#include "base/check.hpp"
#include "node/consensus/mempool/tx_message.hpp"

/// One message of the mempool's channel: every transaction lies inside, and sent on it is one
/// message of one transaction.

using namespace buri::consensus;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto txs = mempool::decode_tx_message(buri::ByteView(data, size));
  if (!txs.ok()) return 0;
  CHECK(txs->size() <= mempool::kMaxTxsOfMessage, "a message is bounded");
  for (const buri::ByteView tx : *txs) {
    CHECK(tx.data() >= data && tx.data() + tx.size() <= data + size, "the transaction lies inside");
    const buri::Bytes sent = mempool::encode_tx_message(tx);
    const auto again = mempool::decode_tx_message(sent);
    CHECK(again.ok() && again->size() == 1, "a message that is sent decodes");
    CHECK(buri::equal(again->front(), tx), "to what was sent");
  }
  return 0;
}
