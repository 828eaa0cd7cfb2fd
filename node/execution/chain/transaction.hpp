#pragma once

#include <optional>
#include <vector>

#include "node/execution/chain/field_reader.hpp"
#include "node/execution/evm/transition.hpp"

/// Transactions as blocks carry them: all types of Ethereum up to EIP-7702, and Bor's own type
/// 0x7f, which stands for the state-sync records of a sprint (spec/bor.md 4). What they do is
/// evm/transition.hpp's; who sent them is sender.hpp's.

namespace buri::execution::chain {

/// The type bytes of EIP-2718 that can be read.
enum class TxType : std::uint8_t {
  kLegacy = 0,
  kAccessList = 1,
  kDynamicFee = 2,
  kBlob = 3,  ///< readable, but valid in no Bor block
  kSetCode = 4,
  kStateSync = 0x7f,  ///< from Madhugiri on
};

/// An entry of EIP-7702's list as it stands.
struct SignedAuthorization {
  U256 chain_id;
  Address target;
  std::uint64_t nonce = 0;
  std::uint8_t y_parity = 0;
  U256 r;
  U256 s;

  friend bool operator==(const SignedAuthorization&, const SignedAuthorization&) = default;
};

/// What type 0x7f tells of one record.
struct StateSyncEntry {
  std::uint64_t id = 0;
  Address contract;
  Bytes data;
  Hash256 l1_transaction;

  friend bool operator==(const StateSyncEntry&, const StateSyncEntry&) = default;
};

/// All fields of all types; those that a type does not have are empty.
struct Transaction {
  TxType type = TxType::kLegacy;
  U256 chain_id;  ///< typed ones; a legacy one has it in v
  std::uint64_t nonce = 0;
  U256 max_tip;  ///< wei per gas; the gas price of types 0 and 1
  U256 max_fee;  ///< wei per gas; the gas price, too
  std::uint64_t gas_limit = 0;
  std::optional<Address> to;
  U256 value;
  Bytes data;
  std::vector<evm::AccessEntry> access_list;
  U256 max_blob_fee;
  std::vector<Hash256> blob_hashes;
  std::vector<SignedAuthorization> authorizations;
  U256 v;  ///< as it stands: legacy 27, 28 or with the chain id (EIP-155), typed the parity
  U256 r;
  U256 s;
  std::vector<StateSyncEntry> records;  ///< of kStateSync
};

/// From the canonical form of EIP-2718: a list, or a type byte and a list. Strict: encoding the
/// result gives the same bytes. Errors: another form, an unknown type.
Result<Transaction, DecodeError> decode_transaction(ByteView bytes, std::string scope);

/// The canonical form; its keccak256 is the transaction's hash.
Bytes encode_transaction(const Transaction& transaction);
/// What the sender signed the hash of: for a legacy transaction with its chain id if v tells one.
Bytes signing_message(const Transaction& transaction);
/// What the authority signed the hash of (EIP-7702).
Bytes signing_message(const SignedAuthorization& authorization);

}  // namespace buri::execution::chain
