#include "node/consensus/app/offline_facts.hpp"

namespace buri::consensus::app {
namespace {

using protocol::FactError;

constexpr Failure<FactError> kUnavailable{FactError::kUnavailable};

}  // namespace

Result<protocol::RootChainReceipt, FactError> OfflineFacts::confirmed_receipt(
    const Hash256& /*tx_hash*/, std::uint64_t /*confirmations*/) {
  return kUnavailable;
}
Result<protocol::RootChainHeaderBlock, FactError> OfflineFacts::header_block(
    const Address& /*root_chain*/, const U256& /*number*/) {
  return kUnavailable;
}
Result<Hash256, FactError> OfflineFacts::root_hash(std::uint64_t /*first*/,
                                                   std::uint64_t /*last*/) {
  return kUnavailable;
}
Result<protocol::BorBlock, FactError> OfflineFacts::head() { return kUnavailable; }
Result<protocol::BorBlock, FactError> OfflineFacts::block(std::uint64_t /*number*/) {
  return kUnavailable;
}
Result<Address, FactError> OfflineFacts::author(std::uint64_t /*number*/) { return kUnavailable; }
Result<std::vector<protocol::BorBlockInfo>, FactError> OfflineFacts::blocks(
    std::uint64_t /*first*/, std::uint64_t /*last*/) {
  return kUnavailable;
}

}  // namespace buri::consensus::app
