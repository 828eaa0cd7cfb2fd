#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include "base/json.hpp"
#include "base/result.hpp"

/// From which block each rule change of the Bor chain holds. The heights are data, one row per fork
/// and one column per network; a private chain brings its own in its genesis. What a fork changes
/// in the EVM is said in node/execution/evm/rules.hpp. Source: spec/bor.md 1.

namespace buri::protocol {

/// The forks in order of their mainnet activation. Those before Istanbul hold from block 0 on.
enum class BorFork : std::uint8_t {
  kIstanbul,
  kMuirGlacier,  ///< changes nothing in Bor; part of the fork identifier of the wire protocol
  kBerlin,
  kLondon,
  kJaipur,        ///< the base fee becomes part of the seal hash
  kDelhi,         ///< shorter sprints, slower base fee
  kIndore,        ///< state-sync window counted from the header's time
  kShanghai,      ///< "Agra"
  kCancun,        ///< "Napoli"
  kAhmedabad,     ///< larger code
  kPrague,        ///< with Bhilai
  kBhilai,        ///< slower base fee, later future rule
  kRio,           ///< one producer per span
  kMadhugiri,     ///< state sync as a transaction
  kMadhugiriPro,  ///< restores the P-256 precompile
  kDandeli,       ///< gas target 65 % of the limit
  kLisovo,        ///< base fee bounded instead of fixed
  kLisovoPro,     ///< removes the point-evaluation precompile
  kGiugliano,     ///< gas parameters in the header
  kChicago,       ///< repricing of storage and precompiles
  kValencia,      ///< byte cap on a block's state sync
  kAustin,        ///< gas cap on a block's state sync
};
inline constexpr std::size_t kBorForkCount = 22;

/// Which object of a genesis file's "config" holds a fork's block.
enum class GenesisSection : std::uint8_t { kTop, kBor };

/// One row of the table; a height is nothing where the fork is not scheduled.
struct BorForkRow {
  BorFork fork;
  std::string_view name;         ///< "madhugiri_pro"
  std::string_view genesis_key;  ///< "madhugiriProBlock"
  GenesisSection section;
  std::optional<std::uint64_t> mainnet;
  std::optional<std::uint64_t> amoy;
};

/// Every fork, in enumerator order.
const std::array<BorForkRow, kBorForkCount>& bor_fork_rows();

/// The activation blocks of one chain. Immutable after its making; cheap to copy.
class BorForks {
 public:
  /// No fork ever.
  BorForks() = default;
  /// The heights of chain 137 (mainnet) and 80002 (Amoy); nothing for another chain.
  static std::optional<BorForks> for_chain(std::uint64_t chain_id);
  /// Reads the "config" object of a genesis file. A fork without a key, or with null, never comes.
  /// Keys that are no forks are not looked at. Errors: a height that is no number below 2^64.
  static Result<BorForks, JsonError> from_genesis_config(const JsonValue& config);

  BorForks& set(BorFork fork, std::optional<std::uint64_t> block_number);
  /// The fork's first block, nothing if it never comes.
  [[nodiscard]] std::optional<std::uint64_t> block_of(BorFork fork) const {
    return blocks_[static_cast<std::size_t>(fork)];
  }
  [[nodiscard]] bool is_active(BorFork fork, std::uint64_t block_number) const {
    const auto from = block_of(fork);
    return from.has_value() && block_number >= *from;
  }

  friend bool operator==(const BorForks&, const BorForks&) = default;

 private:
  std::array<std::optional<std::uint64_t>, kBorForkCount> blocks_{};
};

}  // namespace buri::protocol
