#pragma once

#include <cstdint>

#include "node/protocol/root_chain.hpp"

/// What queries, and they alone, read from contracts of the root chain.

namespace buri::protocol {

/// Implementations are called from the threads that answer queries and may block up to their own
/// deadline.
class RootChainState {
 public:
  virtual ~RootChainState() = default;
  /// counter() of the contract StateSender: the newest state sync event's id.
  virtual Result<std::uint64_t, FactError> state_counter(const Address& state_sender) = 0;
  /// The account root that the contract StakingInfo holds.
  virtual Result<Hash256, FactError> account_root(const Address& staking_info) = 0;
};

}  // namespace buri::protocol
