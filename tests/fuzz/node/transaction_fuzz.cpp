#include "base/check.hpp"
#include "node/consensus/tx/nesting.hpp"
#include "node/consensus/tx/sign_bytes.hpp"
#include "tests/fuzz/node/registry.hpp"

/// A transaction is refused, or its parts encode to a raw form that is the same transaction: stock
/// takes raw forms that write out an empty part or name one twice, so that they may be longer.
/// Whatever it holds, its sign bytes can be asked for in every mode.

using namespace buri::consensus;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const buri::ByteView raw(data, size);
  const runtime::MessageRegistry& registry = buri::fuzz::EveryMessage::registry();
  const bool is_deep = tx::nests_too_deeply_by_type(raw, registry);
  static_cast<void>(tx::nests_too_deeply_by_bytes(raw));
  const auto transaction = tx::decode_transaction(raw, registry);
  if (!transaction.ok()) return 0;
  CHECK(!is_deep || size > 32, "sixteen levels take bytes");
  const buri::Bytes shortest = codec::encode(transaction->parts);
  const auto again = tx::decode_transaction(shortest, registry);
  CHECK(shortest.size() <= size && again.ok() && codec::encode(again->parts) == shortest,
        "what was read is written as the same transaction");
  const tx::SignerFacts facts{.chain_id = "fuzz"};
  for (const auto mode : {tx::SignMode::kDirect, tx::SignMode::kDirectAux,
                          tx::SignMode::kLegacyAminoJson, tx::SignMode::kTextual}) {
    static_cast<void>(tx::sign_bytes(*transaction, mode, facts, registry));
  }
  return 0;
}
