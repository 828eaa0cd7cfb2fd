#pragma once

#include <compare>
#include <cstdint>

#include "base/bytes.hpp"

namespace buri::hsm::wire {

/// What validators promise to Ethereum: the root over a range of Bor headers (spec/rootchain.md 2).
/// Six 32-byte words in this order are what RootChain takes as data.
struct Checkpoint {
  Address proposer;
  std::uint64_t start_block = 0;
  std::uint64_t end_block = 0;  ///< inclusive
  Hash256 root_hash;
  Hash256 account_root_hash;
  std::uint64_t bor_chain_id = 0;

  friend auto operator<=>(const Checkpoint&, const Checkpoint&) = default;
};

}  // namespace buri::hsm::wire
