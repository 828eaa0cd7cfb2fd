#include "base/check.hpp"
#include "node/protocol/ethereum/answers.hpp"

/// Any document either is refused with the field at fault or is an answer of Ethereum, whose logs
/// then go through the decoders of our contracts' events.

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace buri::protocol;
  const auto document = buri::parse_json(buri::as_text({data, size}));
  if (!document.ok()) return 0;
  const buri::JsonCursor cursor(document.value());
  (void)ethereum::read_block_number(cursor);
  const auto receipt = ethereum::read_receipt(cursor, buri::Hash256{});
  if (!receipt.ok()) CHECK(!receipt.error().path.empty(), "an error names its field");
  if (!receipt.ok() || !*receipt) return 0;
  for (const RootChainLog& log : (*receipt)->logs) {
    const LogPlace place{log.address, log.index};
    (void)staked_event(**receipt, place);
    (void)stake_update_event(**receipt, place);
    (void)signer_change_event(**receipt, place);
    (void)unstake_init_event(**receipt, place);
    (void)top_up_fee_event(**receipt, place);
    (void)state_synced_event(**receipt, place);
  }
  return 0;
}
