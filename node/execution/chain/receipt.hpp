#pragma once

#include <vector>

#include "node/execution/chain/block.hpp"
#include "node/execution/evm/log.hpp"

namespace buri::execution::chain {

/// The filter of 2048 bits that tells which addresses and topics logs may hold (Ethereum yellow
/// paper, 4.4.3).
using Bloom = FixedBytes<256>;

/// What became of one transaction, as it is hashed. Receipts with a state root in place of the
/// status are older than Bor.
struct Receipt {
  EnvelopeType type = EnvelopeType::kLegacy;
  bool succeeded = false;
  std::uint64_t cumulative_gas = 0;  ///< of the block up to this one, included
  Bloom bloom{};
  std::vector<evm::Log> logs;

  friend bool operator==(const Receipt&, const Receipt&) = default;
};

/// Sets the bits of each receipt's logs in its bloom. What occurs in many of them is hashed once,
/// so all receipts of a block belong in one call.
void fill_blooms(std::span<Receipt> receipts);

/// Logs as receipts hold them: a list of [address, topics, data] each. Strict.
void write_logs(std::span<const evm::Log> logs, RlpWriter& writer);
Result<std::vector<evm::Log>, DecodeError> read_logs(FieldReader logs);
/// Whether a receipt may have that type byte: 1 to 4 or 127.
bool is_receipt_type(std::uint64_t type);

/// The canonical form of EIP-2718: a list, or a type byte and a list.
Bytes encode_receipt(const Receipt& receipt);
/// Strict: encoding the result gives the same bytes. Whether the bloom is that of the logs is not
/// looked at.
Result<Receipt, DecodeError> decode_receipt(ByteView bytes);

/// The root that the header names for them.
Hash256 receipts_root(std::span<const Receipt> receipts);
/// The bloom of all: what the header holds.
Bloom bloom_of(std::span<const Receipt> receipts);

}  // namespace buri::execution::chain
