#include "node/execution/chain/genesis.hpp"

/// Genesis files of Bor chains.

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace buri::execution::chain;
  const auto genesis = parse_genesis(buri::as_text({data, size}));
  if (!genesis.ok()) return 0;
  CHECK(decode_header(encode_rlp(genesis->header)).ok(), "the header of a genesis can be read");
  CHECK(genesis->config.sprint_at(0) > 0, "a sprint has blocks");
  return 0;
}
