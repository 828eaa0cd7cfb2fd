#include "base/check.hpp"
#include "hsm/ceremony/threshold.hpp"

/// A share as it was typed: what was read writes and reads back; two that were read may be joined.

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace buri::hsm::ceremony;
  const buri::ByteView text(data, size);
  const auto share = parse_share(text);
  if (!share.ok()) return 0;
  const auto back = parse_share(share_text(*share).bytes());
  CHECK(back.ok() && buri::equal(back->bytes(), share->bytes()), "a share reads back");
  buri::Bytes other(share->bytes().begin(), share->bytes().end());
  other[20] = static_cast<std::uint8_t>(other[20] == 255 ? 1 : other[20] + 1);
  (void)join_shares(std::vector{*share, Secret::take(other)});
  return 0;
}
