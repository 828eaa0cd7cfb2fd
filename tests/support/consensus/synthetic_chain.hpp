#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "node/consensus/replay/replayer.hpp"

/// A chain with as many validators as one likes, made here: every block is executed by the state
/// machine, and every validator signs its vote and both extensions. For benchmarks of replay at the
/// size of mainnet's validator set, which no recording at hand has.

namespace buri::testing {

struct SyntheticChainOptions {
  std::size_t validators = 104;  ///< of equal power
  std::int64_t heights = 128;
  std::uint64_t seed = 1;
  /// Bor blocks that each height's extensions propose as a milestone.
  std::size_t milestone_blocks = 2;
  /// Instead of all forks but the compact extension form from the first block on.
  std::optional<protocol::HeimdallForks> forks = std::nullopt;
};

struct SyntheticChain {
  std::string genesis_text;  ///< the file that `genesis` was read from
  consensus::app::Genesis genesis;
  protocol::HeimdallForks forks;
  std::vector<consensus::records::BlockRecord> records;

  /// Hands out copies of the records.
  [[nodiscard]] consensus::replay::RecordSource source() const;
};

/// Takes everything but validators, spans' validators and the chain's id from `base_genesis`, the
/// text of a genesis file.
SyntheticChain make_synthetic_chain(std::string_view base_genesis, accel::Engine& crypto,
                                    const SyntheticChainOptions& options);

}  // namespace buri::testing
