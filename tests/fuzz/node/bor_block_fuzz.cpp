#include "node/execution/chain/block.hpp"
#include "node/execution/chain/receipt.hpp"

/// Blocks, headers and receipts of Bor: what is read can be written, and then it is
/// the same bytes.

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace buri::execution::chain;
  const buri::ByteView bytes(data, size);
  const auto is_same = [&](const buri::Bytes& written) { return buri::equal(written, bytes); };
  if (const auto block = decode_block(bytes); block.ok()) {
    CHECK(is_same(encode_block(*block)), "a block has one encoding");
    CHECK(transaction_hashes(block->transactions).size() == block->transactions.size(),
          "every transaction has a hash");
    static_cast<void>(seal_message(block->header, true));
  }
  if (const auto header = decode_header(bytes); header.ok()) {
    CHECK(is_same(encode_rlp(*header)), "a header has one encoding");
  }
  if (const auto receipt = decode_receipt(bytes); receipt.ok()) {
    CHECK(is_same(encode_receipt(*receipt)), "a receipt has one encoding");
  }
  return 0;
}
