#include "base/check.hpp"
#include "node/consensus/app/genesis_document.hpp"

/// A genesis file is refused, or has a chain id's form, a time and a height from 1 on.

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto genesis =
      buri::consensus::app::parse_genesis(buri::as_text(buri::ByteView(data, size)));
  if (!genesis.ok()) return 0;
  CHECK(genesis->initial_height >= 1, "a chain begins at 1 or later");
  CHECK(genesis->params.block.has_value() && genesis->params.blob.has_value(),
        "every section of the parameters is there");
  return 0;
}
