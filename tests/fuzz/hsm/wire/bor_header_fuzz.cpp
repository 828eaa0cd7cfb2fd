#include "base/check.hpp"
#include "hsm/wire/sign_bytes.hpp"

/// The first byte picks the era, the rest is a header: what is read is built again byte for byte
/// but for the seal, which a header does not keep (signer.md T31).

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const auto shape = static_cast<buri::hsm::wire::BorExtraShape>(data[0] % 4 + 1);
  const auto header = buri::hsm::wire::decode_bor_header({data + 1, size - 1}, shape);
  if (!header.ok()) return 0;
  const buri::Bytes rlp = buri::hsm::wire::bor_header_rlp(*header, {});
  CHECK(rlp.size() == size - 1, "a header has one encoding");
  const auto again = buri::hsm::wire::decode_bor_header(rlp, shape);
  CHECK(again.ok() && again.value() == header.value(), "a header survives its encoding");
  return 0;
}
