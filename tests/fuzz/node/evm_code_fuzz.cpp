#include "base/hex.hpp"
#include "tests/unit/node/execution/evm/program.hpp"

/// Any bytes as code: the first two are the gas in units of eight, the rest runs joined and under
/// tracing. Both must end alike.

using buri::testing::Bench;
using buri::testing::Outcome;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  const std::int64_t gas = 8 * (data[0] << 8 | data[1]);
  const std::string code = buri::to_hex({data + 2, size - 2});
  Bench plain;
  Bench traced;
  buri::execution::evm::Tracer silent;
  traced.tracer = &silent;
  plain.block.hash_of_block =
      traced.block.hash_of_block = [](std::uint64_t) { return buri::Hash256{}; };
  const Outcome a = plain.run(code, gas);
  const Outcome b = traced.run(code, gas);
  CHECK(a.gas_left == b.gas_left, "joined code leaves another amount of gas");
  CHECK(a.output == b.output, "joined code answers otherwise");
  return 0;
}
