#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "node/protocol/bor_forks.hpp"

/// Which proposals hold in a block. The interpreter asks for proposals, never for forks; which fork
/// brings which proposal is one table per chain family. Everything up to Constantinople with
/// Petersburg always holds, as it does on Bor from block 0 on. Source: spec/bor.md 1 and 5.

namespace buri::execution::evm {

/// One change of the EVM's rules, named after the proposal that brings it.
enum class Proposal : std::uint8_t {
  // Istanbul
  kEip152,   ///< BLAKE2F precompile
  kEip1108,  ///< cheaper BN254 precompiles
  kEip1344,  ///< CHAINID
  kEip1884,  ///< SELFBALANCE; dearer SLOAD, BALANCE, EXTCODEHASH
  kEip2028,  ///< cheaper calldata
  kEip2200,  ///< net gas metering of SSTORE
  // Berlin
  kEip2565,  ///< price of MODEXP
  kEip2929,  ///< cold and warm access
  kEip2930,  ///< transactions with access lists
  // London
  kEip1559,  ///< transactions with fee caps
  kEip3198,  ///< BASEFEE
  kEip3529,  ///< smaller refunds
  kEip3541,  ///< no new code that starts with 0xef
  // Paris, on Ethereum only
  kEip4399,  ///< PREVRANDAO in place of DIFFICULTY
  // Shanghai
  kEip3651,  ///< warm COINBASE
  kEip3855,  ///< PUSH0
  kEip3860,  ///< limit and price of initcode
  // Cancun
  kEip1153,          ///< TLOAD and TSTORE
  kEip4844,          ///< BLOBHASH and transactions with blobs; Ethereum only
  kEip5656,          ///< MCOPY
  kEip6780,          ///< SELFDESTRUCT deletes only what its own transaction created
  kEip7516,          ///< BLOBBASEFEE; Ethereum only
  kPointEvaluation,  ///< the precompile of EIP-4844; Bor brings and removes it on its own
  kPip27,            ///< P256VERIFY precompile
  // Ahmedabad
  kPip30,  ///< code of 32 KiB
  // Prague
  kEip2537,  ///< BLS12-381 precompiles
  kEip2935,  ///< block hashes in a contract
  kEip7623,  ///< floor price of calldata
  kEip7702,  ///< transactions that set an account's code
  // Madhugiri
  kEip7823,            ///< limit of MODEXP operands
  kEip7883,            ///< dearer MODEXP
  kTransactionGasCap,  ///< at most 2^25 gas in a transaction
  // Lisovo
  kEip7939,  ///< CLZ
  kEip7951,  ///< P256VERIFY at 6900 gas
  // Chicago
  kPip88,  ///< repricing of cold storage and precompiles
};

/// A set of proposals. A value; compares by content.
class Rules {
 public:
  constexpr Rules() = default;

  [[nodiscard]] constexpr bool has(Proposal proposal) const {
    return (bits_ >> static_cast<unsigned>(proposal) & 1) != 0;
  }
  [[nodiscard]] constexpr Rules with(Proposal proposal) const {
    return Rules(bits_ | std::uint64_t{1} << static_cast<unsigned>(proposal));
  }
  [[nodiscard]] constexpr Rules without(Proposal proposal) const {
    return without(Rules().with(proposal));
  }
  /// Those of either set.
  [[nodiscard]] constexpr Rules united(const Rules& other) const {
    return Rules(bits_ | other.bits_);
  }
  /// Those of this set that are not in the other.
  [[nodiscard]] constexpr Rules without(const Rules& other) const {
    return Rules(bits_ & ~other.bits_);
  }
  friend constexpr bool operator==(const Rules&, const Rules&) = default;

 private:
  explicit constexpr Rules(std::uint64_t bits) : bits_(bits) {}

  std::uint64_t bits_ = 0;
};

/// The rules of a Bor block.
Rules bor_rules(const protocol::BorForks& forks, std::uint64_t block_number);

/// The rules of an Ethereum fork by the name that the public state tests use ("Istanbul", "Berlin",
/// "London", "Paris", "Shanghai", "Cancun", "Prague"; "ConstantinopleFix" is the base). Nothing for
/// an older, a later or an unknown fork.
std::optional<Rules> ethereum_rules(std::string_view fork);

}  // namespace buri::execution::evm
