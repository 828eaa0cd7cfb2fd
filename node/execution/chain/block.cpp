#include "node/execution/chain/block.hpp"

#include "accel/hasher.hpp"
#include "node/execution/chain/trie_root.hpp"
#include "node/execution/evm/keccak.hpp"
#include "node/execution/transaction/decode.hpp"
#include "node/execution/transaction/encode.hpp"

namespace buri::execution::chain {
namespace {

Result<std::vector<SignedTransaction>, DecodeError> read_transactions(ByteView items) {
  std::vector<SignedTransaction> transactions;
  RlpReader body(items);
  while (!body.at_end()) {
    auto transaction = transaction::read(body);
    if (!transaction.ok()) {
      return Failure{DecodeError{"block.transactions[" + std::to_string(transactions.size()) + "]",
                                 "a transaction", transaction::describe(transaction.error())}};
    }
    transactions.push_back(std::move(transaction).value());
  }
  return transactions;
}

Result<std::vector<Header>, DecodeError> read_uncles(FieldReader fields) {
  std::vector<Header> uncles;
  while (!fields.at_end()) {
    ASSIGN_OR_RETURN(const FieldReader uncle, fields.list("uncle"));
    ASSIGN_OR_RETURN(Header header, decode_header(uncle));
    uncles.push_back(std::move(header));
  }
  return uncles;
}

Result<std::vector<Withdrawal>, DecodeError> read_withdrawals(FieldReader fields) {
  std::vector<Withdrawal> withdrawals;
  while (!fields.at_end()) {
    ASSIGN_OR_RETURN(FieldReader entry, fields.list("withdrawal"));
    Withdrawal withdrawal;
    ASSIGN_OR_RETURN(withdrawal.index, entry.uint64("index"));
    ASSIGN_OR_RETURN(withdrawal.validator, entry.uint64("validator"));
    ASSIGN_OR_RETURN(withdrawal.address, entry.fixed<20>("address"));
    ASSIGN_OR_RETURN(withdrawal.amount, entry.uint64("amount"));
    RETURN_IF_ERROR(entry.expect_end());
    withdrawals.push_back(withdrawal);
  }
  return withdrawals;
}

/// Everything behind the header.
Status<DecodeError> read_body(FieldReader& fields, Block& block) {
  ASSIGN_OR_RETURN(const RlpItem transactions, fields.item("transactions"));
  if (!transactions.is_list) return Failure{fields.error("transactions", "a list", "bytes")};
  ASSIGN_OR_RETURN(block.transactions, read_transactions(transactions.payload));
  ASSIGN_OR_RETURN(const FieldReader uncles, fields.list("uncles"));
  ASSIGN_OR_RETURN(block.uncles, read_uncles(uncles));
  if (!fields.at_end()) {
    ASSIGN_OR_RETURN(const FieldReader withdrawals, fields.list("withdrawals"));
    ASSIGN_OR_RETURN(block.withdrawals, read_withdrawals(withdrawals));
  }
  return fields.expect_end();
}

Result<Block, DecodeError> read_block(FieldReader fields) {
  Block block;
  ASSIGN_OR_RETURN(const FieldReader header, fields.list("header"));
  ASSIGN_OR_RETURN(block.header, decode_header(header));
  RETURN_IF_ERROR(read_body(fields, block));
  return block;
}

std::vector<Bytes> encode_all(std::span<const SignedTransaction> transactions) {
  std::vector<Bytes> encoded;
  encoded.reserve(transactions.size());
  for (const SignedTransaction& transaction : transactions) {
    encoded.push_back(transaction::encode(transaction));
  }
  return encoded;
}

RlpWriter write_uncles(std::span<const Header> uncles) {
  RlpWriter writer;
  for (const Header& uncle : uncles) writer.encoded(encode_rlp(uncle));
  return writer;
}

void write_body(const Block& block, RlpWriter& writer) {
  RlpWriter transactions;
  for (const SignedTransaction& transaction : block.transactions) {
    transaction::write(transaction, transactions);
  }
  writer.list(transactions).list(write_uncles(block.uncles));
  if (!block.withdrawals) return;
  RlpWriter list;
  for (const Withdrawal& withdrawal : *block.withdrawals) {
    list.list(RlpWriter()
                  .integer(withdrawal.index)
                  .integer(withdrawal.validator)
                  .bytes(withdrawal.address)
                  .integer(withdrawal.amount));
  }
  writer.list(list);
}

}  // namespace

Result<Block, DecodeError> decode_block(ByteView bytes) {
  ASSIGN_OR_RETURN(const FieldReader fields, FieldReader::of_list(bytes, "block"));
  return read_block(fields);
}

Result<Block, DecodeError> next_block(RlpReader& blocks) {
  const auto list = blocks.next_list();
  if (!list.ok()) {
    return Failure{DecodeError{"block", "a list", std::string(describe(list.error()))}};
  }
  return read_block(FieldReader(*list, "block"));
}

Result<Block, DecodeError> decode_body(ByteView bytes, Header header) {
  ASSIGN_OR_RETURN(FieldReader fields, FieldReader::of_list(bytes, "body"));
  Block block;
  block.header = std::move(header);
  RETURN_IF_ERROR(read_body(fields, block));
  return block;
}

Bytes encode_block(const Block& block) {
  RlpWriter writer;
  writer.encoded(encode_rlp(block.header));
  write_body(block, writer);
  return writer.as_list();
}

Bytes encode_body(const Block& block) {
  RlpWriter writer;
  write_body(block, writer);
  return writer.as_list();
}
std::vector<Hash256> transaction_hashes(std::span<const SignedTransaction> transactions) {
  const std::vector<Bytes> encoded = encode_all(transactions);
  const std::vector<ByteView> messages(encoded.begin(), encoded.end());
  std::vector<Hash256> hashes(messages.size());
  accel::best_hasher().keccak256_batch(messages, hashes);
  return hashes;
}

Hash256 transactions_root(std::span<const SignedTransaction> transactions) {
  return list_root(encode_all(transactions));
}

Hash256 uncles_hash(std::span<const Header> uncles) {
  return evm::keccak256(write_uncles(uncles).as_list());
}

}  // namespace buri::execution::chain
