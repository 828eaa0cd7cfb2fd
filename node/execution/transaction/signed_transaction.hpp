#pragma once

#include <optional>
#include <vector>

#include "base/u256.hpp"
#include "node/execution/evm/transition.hpp"

/// Transactions as they travel and stand in blocks: every field that their bytes hold, nothing that
/// follows from them. Their bytes are read by decode.hpp and written by encode.hpp; who signed them
/// is signing.hpp's, what makes them unusable in any state validity.hpp's. Source: EIP-2718, 155,
/// 2930, 1559, 4844, 7702; spec/bor.md 4 (type 0x7f).

namespace buri::execution::transaction {

/// The first byte of an envelope (EIP-2718); a legacy transaction has none.
enum class EnvelopeType : std::uint8_t {
  kLegacy = 0,
  kAccessList = 1,
  kDynamicFee = 2,
  kBlob = 3,  ///< can be read, so that its refusal can say why; no Bor block holds one
  kSetCode = 4,
  kStateSync = 0x7f,  ///< the records that a block takes over from Heimdall; nobody signs it
};
/// "legacy", "access list", ...
std::string_view describe(EnvelopeType type);

/// An entry of EIP-7702's list as it was signed.
struct SignedAuthorization {
  U256 chain_id;  ///< 0 for any chain
  Address target;
  std::uint64_t nonce = 0;
  std::uint8_t y_parity = 0;  ///< other values than 0 and 1 decode, and are passed over
  U256 r;
  U256 s;

  friend bool operator==(const SignedAuthorization&, const SignedAuthorization&) = default;
};

/// One record of a state-sync transaction.
struct StateSyncEvent {
  std::uint64_t id = 0;
  Address contract;
  Bytes data;
  Hash256 root_chain_transaction;

  friend bool operator==(const StateSyncEvent&, const StateSyncEvent&) = default;
};

/// One transaction of any type; fields that its type lacks are zero or empty. A value.
struct SignedTransaction {
  EnvelopeType type = EnvelopeType::kLegacy;
  U256 chain_id;  ///< of typed transactions; a legacy one names its chain in `v`
  std::uint64_t nonce = 0;
  U256 max_tip;  ///< wei per gas; types without EIP-1559 have one price, which stands in both
  U256 max_fee;  ///< wei per gas
  std::uint64_t gas_limit = 0;
  std::optional<Address> to;  ///< nothing: a contract is created
  U256 value;
  Bytes data;
  std::vector<evm::AccessEntry> access_list;
  U256 max_blob_fee;                                ///< kBlob
  std::vector<Hash256> blob_hashes;                 ///< kBlob
  std::vector<SignedAuthorization> authorizations;  ///< kSetCode
  /// The parity of y; of a legacy transaction 27 + parity or 35 + 2 * chain id + parity (EIP-155).
  U256 v;
  U256 r;
  U256 s;
  std::vector<StateSyncEvent> events;  ///< kStateSync

  friend bool operator==(const SignedTransaction&, const SignedTransaction&) = default;
};

}  // namespace buri::execution::transaction
