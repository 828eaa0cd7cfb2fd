#pragma once

#include <string>

#include "base/u256.hpp"

/// Why a block is not taken.

namespace buri::execution::chain {

/// The broken rule, in about the order of checking. Sources: spec/bor.md 2 to 4.
enum class BlockRule : std::uint8_t {
  // Cannot be told yet: the block may be right.
  kFuture,         ///< its time lies too far ahead of the clock
  kUnknownParent,  ///< its parent is not here
  kNoFacts,        ///< Heimdall did not tell a span or records
  kNoState,        ///< the state could not be read or written
  // The header by itself.
  kVanity,            ///< extra data shorter than its vanity
  kSealMissing,       ///< extra data without room for a seal
  kValidatorsOffEnd,  ///< validator bytes off a sprint's end
  kValidatorsAtEnd,   ///< validator bytes that are no list, or not the span's
  kGasParameters,     ///< gas target or denominator missing, from Giugliano on
  kMixDigest,
  kUnclesHash,
  kGasLimitMax,
  kForkField,  ///< a field of Ethereum's later forks
  // The header after its parent.
  kNumber,
  kGasUsedAboveLimit,
  kGasLimitChange,
  kBaseFeeMissing,
  kBaseFee,
  kBaseFeeChange,  ///< more than 5 % from Lisovo on
  kTime,
  // The seal.
  kRecoveryId,
  kSeal,  ///< no key made it
  kValidatorsMismatch,
  kNotProducer,
  kTooSoon,
  kDifficulty,
  // The body.
  kUncles,
  kTransactionsRoot,
  kWithdrawals,
  kBlobs,
  // Execution.
  kTransaction,
  kStateSync,
  kGasUsed,
  kBloom,
  kReceiptsRoot,
  kStateRoot,
  // The chain.
  kWhitelist,  ///< it leaves the chain that a milestone or checkpoint has fixed
};

/// "invalid gas used", ...: with the words of the stock client, which operators know.
std::string_view describe(BlockRule rule);
/// Whether the block is wrong for ever, rather than not yet to be judged.
bool is_final(BlockRule rule);

struct BlockFault {
  BlockRule rule;
  std::string expected;
  std::string found;

  friend bool operator==(const BlockFault&, const BlockFault&) = default;
};
/// "invalid gas used: expected 21000, found 21001".
std::string describe(const BlockFault& fault);

/// A fault about two numbers.
BlockFault number_fault(BlockRule rule, std::uint64_t expected, std::uint64_t found);
BlockFault number_fault(BlockRule rule, const U256& expected, const U256& found);
/// A fault about two byte strings, shown in hex.
BlockFault bytes_fault(BlockRule rule, ByteView expected, ByteView found);

}  // namespace buri::execution::chain
