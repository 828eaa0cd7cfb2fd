#include "base/check.hpp"
#include "hsm/rules/record.hpp"

/// The first byte picks the ledger: what decodes encodes to the same bytes again (signer.md T31).

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const buri::ByteView payload(data + 1, size - 1);
  const auto ledger = static_cast<buri::hsm::rules::Ledger>(data[0] % 4 + 1);
  if (const auto record = buri::hsm::rules::decode_record(ledger, payload); record.ok()) {
    CHECK(buri::equal(encode_record(*record), payload), "a record has one encoding");
  }
  if (const auto made = buri::hsm::rules::decode_signatures(payload); made.ok()) {
    CHECK(buri::equal(encode_signatures(*made), payload), "stored signatures have one encoding");
  }
  return 0;
}
