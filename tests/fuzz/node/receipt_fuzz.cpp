#include "base/check.hpp"
#include "node/bridge/exit_proof.hpp"

/// The first byte picks a log; the rest is a receipt. It has that log or is refused.

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const auto log = buri::bridge::decode_receipt_log({data + 1, size - 1}, data[0]);
  if (log.ok()) CHECK(log.value().log_count > data[0], "the log is one of the receipt's");
  return 0;
}
