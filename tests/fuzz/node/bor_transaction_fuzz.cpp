#include "base/check.hpp"
#include "node/execution/transaction/decode.hpp"
#include "node/execution/transaction/encode.hpp"
#include "node/execution/transaction/signing.hpp"
#include "node/execution/transaction/validity.hpp"

/// A transaction's envelope. What decodes encodes to the same bytes, also inside a body, and its
/// checks end.

using namespace buri::execution::transaction;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const buri::ByteView bytes(data, size);
  const auto transaction = decode(bytes);
  if (!transaction.ok()) {
    CHECK(!describe(transaction.error()).empty(), "a refusal has words");
    return 0;
  }
  CHECK(buri::equal(encode(*transaction), bytes), "a transaction has one encoding");
  buri::RlpWriter body;
  write(*transaction, body);
  buri::RlpReader reader{buri::ByteView(body.items())};
  const auto again = read(reader);
  CHECK(again.ok() && *again == *transaction, "a body holds the same transaction");
  const auto rules = *buri::execution::evm::ethereum_rules("Prague");
  (void)check_validity(*transaction, rules).ok();
  (void)sender_request(*transaction, 137).ok();
  for (const SignedAuthorization& entry : transaction->authorizations)
    (void)authority_request(entry);
  return 0;
}
