#include "node/execution/chain/header.hpp"

#include "node/execution/evm/keccak.hpp"

namespace buri::execution::chain {
namespace {

Status<DecodeError> read_front(FieldReader& fields, Header& header) {
  ASSIGN_OR_RETURN(header.parent_hash, fields.fixed<32>("parent_hash"));
  ASSIGN_OR_RETURN(header.uncles_hash, fields.fixed<32>("uncles_hash"));
  ASSIGN_OR_RETURN(header.coinbase, fields.fixed<20>("coinbase"));
  ASSIGN_OR_RETURN(header.state_root, fields.fixed<32>("state_root"));
  ASSIGN_OR_RETURN(header.transactions_root, fields.fixed<32>("transactions_root"));
  ASSIGN_OR_RETURN(header.receipts_root, fields.fixed<32>("receipts_root"));
  ASSIGN_OR_RETURN(header.bloom, fields.fixed<256>("bloom"));
  ASSIGN_OR_RETURN(header.difficulty, fields.u256("difficulty"));
  ASSIGN_OR_RETURN(header.number, fields.uint64("number"));
  ASSIGN_OR_RETURN(header.gas_limit, fields.uint64("gas_limit"));
  ASSIGN_OR_RETURN(header.gas_used, fields.uint64("gas_used"));
  ASSIGN_OR_RETURN(header.time, fields.uint64("time"));
  ASSIGN_OR_RETURN(const ByteView extra, fields.bytes("extra"));
  header.extra.assign(extra.begin(), extra.end());
  ASSIGN_OR_RETURN(header.mix_digest, fields.fixed<32>("mix_digest"));
  ASSIGN_OR_RETURN(header.nonce, fields.fixed<8>("nonce"));
  return Unit{};
}

Status<DecodeError> read_fork_fields(FieldReader& fields, Header& header) {
  if (fields.at_end()) return Unit{};
  ASSIGN_OR_RETURN(header.base_fee, fields.u256("base_fee"));
  if (fields.at_end()) return Unit{};
  ASSIGN_OR_RETURN(header.withdrawals_root, fields.fixed<32>("withdrawals_root"));
  if (fields.at_end()) return Unit{};
  ASSIGN_OR_RETURN(header.blob_gas_used, fields.uint64("blob_gas_used"));
  if (fields.at_end()) return Unit{};
  ASSIGN_OR_RETURN(header.excess_blob_gas, fields.uint64("excess_blob_gas"));
  if (fields.at_end()) return Unit{};
  ASSIGN_OR_RETURN(header.parent_beacon_root, fields.fixed<32>("parent_beacon_root"));
  if (fields.at_end()) return Unit{};
  ASSIGN_OR_RETURN(header.requests_hash, fields.fixed<32>("requests_hash"));
  return fields.expect_end();
}

}  // namespace

Result<Header, DecodeError> decode_header(FieldReader fields) {
  Header header;
  RETURN_IF_ERROR(read_front(fields, header));
  RETURN_IF_ERROR(read_fork_fields(fields, header));
  return header;
}

Result<Header, DecodeError> decode_header(ByteView bytes) {
  ASSIGN_OR_RETURN(const FieldReader fields, FieldReader::of_list(bytes, "header"));
  return decode_header(fields);
}

Hash256 hash_of(const Header& header) { return evm::keccak256(encode_rlp(header)); }

std::optional<Bytes> seal_message(const Header& header, bool covers_base_fee) {
  if (header.extra.size() < kSealBytes) return std::nullopt;
  Header sealed = header;
  sealed.extra.resize(header.extra.size() - kSealBytes);
  if (!covers_base_fee) sealed.base_fee.reset();
  // The fields of later forks are not sealed.
  sealed.withdrawals_root.reset();
  sealed.blob_gas_used.reset();
  sealed.excess_blob_gas.reset();
  sealed.parent_beacon_root.reset();
  sealed.requests_hash.reset();
  return encode_rlp(sealed);
}

}  // namespace buri::execution::chain
