#include "accel/scalar/single.hpp"
#include "node/execution/evm/precompiles/contracts.hpp"
#include "node/execution/evm/precompiles/input.hpp"

/// 0x01: the address behind a secp256k1 signature; no answer where there is none.

namespace buri::execution::evm::precompiles {
namespace {

std::uint64_t gas(ByteView, const Rules&) { return 3000; }

bool run(ByteView input, const Rules&, Bytes& output) {
  const auto bytes = padded<128>(input, 0);
  const ByteView all(bytes);
  const ByteView v = all.subspan(32, 32);
  const bool has_small_v = std::all_of(v.begin(), v.end() - 1, [](auto byte) { return byte == 0; });
  if (!has_small_v || (v[31] != 27 && v[31] != 28)) return true;
  const accel::RecoverRequest request{.signature = {.digest = Hash256::from(all.first(32)),
                                                    .r = Hash256::from(all.subspan(64, 32)),
                                                    .s = Hash256::from(all.subspan(96, 32))},
                                      .recovery_id = static_cast<std::uint8_t>(v[31] - 27)};
  const accel::RecoverResult result = accel::scalar::recover_single(request, accel::LowS::kAny);
  if (result.status != accel::SignatureStatus::kOk) return true;
  output.resize(12);
  append(output, result.address);
  return true;
}

}  // namespace

const Precompile kRecover{gas, run};

}  // namespace buri::execution::evm::precompiles
