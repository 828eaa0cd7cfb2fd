#include "base/check.hpp"
#include "node/consensus/tx/nesting.hpp"
#include "node/consensus/tx/sign_bytes.hpp"
#include "tests/fuzz/node/registry.hpp"

/// A transaction is refused, or its raw form encodes to the same bytes; whatever it holds, its sign
/// bytes can be asked for in every mode.

using namespace buri::consensus;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const buri::ByteView raw(data, size);
  const runtime::MessageRegistry& registry = buri::fuzz::EveryMessage::registry();
  const bool is_deep = tx::nests_too_deeply_by_type(raw, registry);
  static_cast<void>(tx::nests_too_deeply_by_bytes(raw));
  const auto transaction = tx::decode_transaction(raw, registry);
  if (!transaction.ok()) return 0;
  CHECK(!is_deep || size > 32, "sixteen levels take bytes");
  CHECK(codec::encode(transaction->parts) == buri::Bytes(raw.begin(), raw.end()),
        "a strict transaction has one form");
  const tx::SignerFacts facts{.chain_id = "fuzz"};
  for (const auto mode : {tx::SignMode::kDirect, tx::SignMode::kDirectAux,
                          tx::SignMode::kLegacyAminoJson, tx::SignMode::kTextual}) {
    static_cast<void>(tx::sign_bytes(*transaction, mode, facts, registry));
  }
  return 0;
}
