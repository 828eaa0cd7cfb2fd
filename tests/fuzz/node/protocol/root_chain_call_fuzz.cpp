#include "base/check.hpp"
#include "node/protocol/ethereum/contracts.hpp"

/// Any bytes either are refused or are the words of a contract's result.

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace buri::protocol::ethereum;
  const buri::ByteView result(data, size);
  if (read_header_block(result)) CHECK(size == 5 * 32, "five words");
  if (read_staker_details(result)) CHECK(size == 6 * 32, "six words");
  (void)read_words(result, 1);
  return 0;
}
