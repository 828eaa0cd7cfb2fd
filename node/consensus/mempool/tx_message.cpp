#include "node/consensus/mempool/tx_message.hpp"

#include "node/consensus/codec/message.hpp"

namespace buri::consensus::mempool {
namespace {

/// Field of the list in the message and of a transaction in the list.
constexpr std::uint32_t kOnlyField = 1;

Result<std::vector<ByteView>, TxMessageError> decode_list(ByteView bytes) {
  std::vector<ByteView> txs;
  codec::WireReader reader(bytes);
  while (!reader.at_end()) {
    const auto raw = reader.next();
    if (!raw.ok()) return Failure{TxMessageError::kEncoding};
    if (raw->number != kOnlyField) continue;
    if (raw->wire != codec::Wire::kBytes) return Failure{TxMessageError::kEncoding};
    if (txs.size() == kMaxTxsOfMessage) return Failure{TxMessageError::kTooMany};
    txs.push_back(raw->bytes);
  }
  return txs;
}

}  // namespace

std::string_view describe(TxMessageError error) {
  switch (error) {
    case TxMessageError::kEncoding:
      return "the peer sent bytes that are no message of the mempool";
    case TxMessageError::kNoKind:
      return "the peer sent a message of the mempool without transactions in it";
    case TxMessageError::kTooMany:
      return "the peer sent more than 5000 transactions in one message";
  }
  return "unknown error of a mempool message";
}

Result<std::vector<ByteView>, TxMessageError> decode_tx_message(ByteView bytes) {
  std::optional<std::vector<ByteView>> txs;
  codec::WireReader reader(bytes);
  while (!reader.at_end()) {
    const auto raw = reader.next();
    if (!raw.ok()) return Failure{TxMessageError::kEncoding};
    if (raw->number != kOnlyField) continue;
    if (raw->wire != codec::Wire::kBytes) return Failure{TxMessageError::kEncoding};
    ASSIGN_OR_RETURN(txs, decode_list(raw->bytes));
  }
  if (!txs) return Failure{TxMessageError::kNoKind};
  return *std::move(txs);
}

Bytes encode_tx_message(ByteView tx) {
  Bytes list;
  codec::detail::append_delimited(list, kOnlyField, tx);
  Bytes message;
  codec::detail::append_delimited(message, kOnlyField, list);
  return message;
}

}  // namespace buri::consensus::mempool
