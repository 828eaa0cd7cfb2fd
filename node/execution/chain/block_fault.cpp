#include "node/execution/chain/block_fault.hpp"

#include <array>

#include "base/hex.hpp"

namespace buri::execution::chain {
namespace {

using enum BlockRule;

struct Words {
  BlockRule rule;
  std::string_view text;
};

constexpr std::array kWords{
    Words{kFuture, "block in the future"},
    Words{kUnknownParent, "unknown ancestor"},
    Words{kNoFacts, "Heimdall does not tell"},
    Words{kNoState, "the state is not at hand"},
    Words{kVanity, "extra-data 32 byte vanity prefix missing"},
    Words{kSealMissing, "extra-data 65 byte signature suffix missing"},
    Words{kValidatorsOffEnd, "non-sprint-end block contains extra validator list"},
    Words{kValidatorsAtEnd, "invalid validator list on sprint end block"},
    Words{kGasParameters, "missing gas target or base fee change denominator in extra data"},
    Words{kMixDigest, "non-zero mix digest"},
    Words{kUnclesHash, "non empty uncle hash"},
    Words{kGasLimitMax, "invalid gasLimit"},
    Words{kForkField, "unexpected withdrawals"},
    Words{kNumber, "invalid block number"},
    Words{kGasUsedAboveLimit, "invalid gasUsed"},
    Words{kGasLimitChange, "invalid gas limit"},
    Words{kBaseFeeMissing, "header is missing baseFee"},
    Words{kBaseFee, "invalid baseFee"},
    Words{kBaseFeeChange, "baseFee change exceeds 5% limit"},
    Words{kTime, "invalid timestamp"},
    Words{kRecoveryId, "invalid signature recovery id"},
    Words{kSeal, "recovery failed"},
    Words{kValidatorsMismatch, "mismatching validators of the sprint"},
    Words{kNotProducer, "not a part of the producer set"},
    Words{kTooSoon, "was created too soon"},
    Words{kDifficulty, "Wrong difficulty"},
    Words{kUncles, "uncles not allowed"},
    Words{kTransactionsRoot, "transaction root hash mismatch"},
    Words{kWithdrawals, "withdrawals present in block body"},
    Words{kBlobs, "data blobs present in block body"},
    Words{kTransaction, "could not apply tx"},
    Words{kStateSync, "state-sync mismatch"},
    Words{kGasUsed, "invalid gas used"},
    Words{kBloom, "invalid bloom"},
    Words{kReceiptsRoot, "invalid receipt root hash"},
    Words{kStateRoot, "invalid merkle root"},
    Words{kWhitelist, "chain out of the whitelisted one"},
};
static_assert(
    [] {
      for (std::size_t i = 0; i < kWords.size(); ++i) {
        if (static_cast<std::size_t>(kWords[i].rule) != i) return false;
      }
      return kWords.size() == static_cast<std::size_t>(kWhitelist) + 1;
    }(),
    "the words stand in enumerator order");

}  // namespace

std::string_view describe(BlockRule rule) { return kWords[static_cast<std::size_t>(rule)].text; }

bool is_final(BlockRule rule) { return rule > kNoState; }

std::string describe(const BlockFault& fault) {
  return std::string(describe(fault.rule)) + ": expected " + fault.expected + ", found " +
         fault.found;
}

BlockFault number_fault(BlockRule rule, std::uint64_t expected, std::uint64_t found) {
  return {rule, std::to_string(expected), std::to_string(found)};
}
BlockFault number_fault(BlockRule rule, const U256& expected, const U256& found) {
  return {rule, expected.to_decimal(), found.to_decimal()};
}
BlockFault bytes_fault(BlockRule rule, ByteView expected, ByteView found) {
  return {rule, "0x" + to_hex(expected), "0x" + to_hex(found)};
}

}  // namespace buri::execution::chain
