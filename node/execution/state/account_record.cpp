#include "node/execution/state/account_record.hpp"

#include "base/hex.hpp"

namespace buri::execution::state {
namespace {

ByteView unless(const Hash256& hash, const Hash256& usual) {
  return hash == usual ? ByteView() : ByteView(hash);
}

/// Empty for the usual hash, which must not be written out.
Result<Hash256, RlpError> next_hash(RlpReader& reader, const Hash256& usual) {
  ASSIGN_OR_RETURN(const ByteView bytes, reader.next_bytes());
  if (bytes.empty()) return usual;
  if (bytes.size() != Hash256::kSize || equal(bytes, usual)) return Failure{RlpError::kWrongLength};
  return Hash256::from(bytes);
}

}  // namespace

Bytes encode_account(const AccountRecord& account) {
  return RlpWriter()
      .integer(account.nonce)
      .integer(account.balance)
      .bytes(unless(account.storage_root, kEmptyRoot))
      .bytes(unless(account.code_hash, evm::kEmptyCodeHash))
      .as_list();
}

Result<AccountRecord, RlpError> decode_account(ByteView record) {
  ASSIGN_OR_RETURN(RlpReader reader, decode_rlp_list(record));
  AccountRecord account;
  ASSIGN_OR_RETURN(account.nonce, reader.next_uint64());
  ASSIGN_OR_RETURN(account.balance, reader.next_u256());
  ASSIGN_OR_RETURN(account.storage_root, next_hash(reader, kEmptyRoot));
  ASSIGN_OR_RETURN(account.code_hash, next_hash(reader, evm::kEmptyCodeHash));
  RETURN_IF_ERROR(reader.expect_end());
  return account;
}

std::optional<U256> decode_slot(ByteView record) {
  if (record.empty() || record[0] == 0) return std::nullopt;
  return U256::from_big_endian(record);
}

StateError malformed_account(ByteView key) {
  return {StateError::Kind::kCorruption, "the account record is malformed: " + to_hex(key)};
}

StateError malformed_slot(ByteView key) {
  return {StateError::Kind::kCorruption, "the slot record is malformed: " + to_hex(key)};
}

Bytes account_leaf(const std::optional<AccountRecord>& account) {
  if (!account) return {};
  return RlpWriter()
      .integer(account->nonce)
      .integer(account->balance)
      .bytes(account->storage_root)
      .bytes(account->code_hash)
      .as_list();
}

Bytes slot_leaf(const U256& value) {
  return value == U256{} ? Bytes() : RlpWriter().integer(value).items();
}

evm::StoredAccount to_stored(const AccountRecord& account) {
  return {.nonce = account.nonce,
          .balance = account.balance,
          .code_hash = account.code_hash,
          .has_storage = account.storage_root != kEmptyRoot};
}

}  // namespace buri::execution::state
