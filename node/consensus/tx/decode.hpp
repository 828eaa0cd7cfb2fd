#pragma once

#include <cstdint>
#include <vector>

#include "node/consensus/runtime/message_registry.hpp"
#include "node/consensus/tx/types.hpp"

/// From raw bytes to a transaction, as strictly as the stock daemon: the raw fields ascend and
/// their lengths are minimal (ADR-027), unknown fields are refused except non-critical ones of the
/// body, every Any resolves. Source: the SDK's x/auth/tx/decoder.go.

namespace buri::consensus::tx {

/// A decoded transaction. Its messages point into the registry that decoded them.
struct Transaction {
  Hash256 hash{};  ///< sha256 of the raw bytes
  std::size_t raw_bytes = 0;
  TxRaw parts{};
  TxBody body{};
  AuthInfo auth_info{};
  std::vector<runtime::MessagePointer> messages{};
  /// The addresses that must sign: the messages' signers in order, each once, then the fee payer.
  /// An error if some address is none.
  runtime::Outcome<std::vector<Address>> signers = std::vector<Address>{};

  /// 0 without a fee.
  [[nodiscard]] std::uint64_t gas_limit() const {
    return auth_info.fee ? auth_info.fee->gas_limit : 0;
  }
  /// Messages that validators vote on.
  [[nodiscard]] std::size_t side_message_count() const;
};

/// Adds the public key types and the transaction itself, which any registry must know to decode.
void register_tx_types(runtime::MessageRegistry& registry);

/// Decodes `raw`. Every error means code 2 of "sdk".
Result<Transaction, codec::DecodeError> decode_transaction(
    ByteView raw, const runtime::MessageRegistry& registry);

/// The transaction's name: sha256 of its raw bytes.
Hash256 transaction_hash(ByteView raw);

}  // namespace buri::consensus::tx
