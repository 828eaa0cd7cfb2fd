#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <span>

#include "node/protocol/ethereum/contracts.hpp"
#include "node/protocol/json_rpc/client.hpp"
#include "node/protocol/root_chain.hpp"

/// The root chain over Ethereum's JSON-RPC, as heimdalld asks it (helper/call.go).

namespace buri::protocol::ethereum {

/// kMissing: the chain has no such thing, or not final yet. kUnavailable: no endpoint gave a sound
/// answer in time. Contracts are read in the newest block. Thread-safe.
class Chain final : public RootChain {
 public:
  explicit Chain(std::unique_ptr<json_rpc::Client> client) : client_(std::move(client)) {}

  /// Forgets the receipts that were fetched ahead and the finalized block: done before and after
  /// every vote extension, so that an endpoint's answer has no effect beyond one.
  void begin_round();
  /// Fetches receipts in one request and keeps them for the round; what is not there is left out.
  /// At most kMaxPrefetch, further ones are ignored.
  void prefetch(std::span<const Hash256> tx_hashes);
  static constexpr std::size_t kMaxPrefetch = 100;

  /// Final is what lies in or before the block with the tag `finalized`. Only where no such block
  /// can be had, a transaction is final when `confirmations` blocks follow its own.
  Result<RootChainReceipt, FactError> confirmed_receipt(const Hash256& tx_hash,
                                                        std::uint64_t confirmations) override;
  Result<RootChainHeaderBlock, FactError> header_block(const Address& root_chain,
                                                       const U256& number) override;

  /// The last Bor block that a checkpoint covers (getLastChildBlock).
  Result<std::uint64_t, FactError> last_child_block(const Address& root_chain);
  /// The number of the newest checkpoint times the interval (currentHeaderBlock).
  Result<U256, FactError> current_header_block(const Address& root_chain);
  Result<StakerDetails, FactError> staker_details(const Address& staking_info,
                                                  const U256& validator_id);
  /// How many events of a validator StakingInfo has logged (validatorNonce).
  Result<std::uint64_t, FactError> validator_nonce(const Address& staking_info,
                                                   const U256& validator_id);
  /// Own and delegated stake in wei (totalValidatorStake).
  Result<U256, FactError> total_validator_stake(const Address& staking_info,
                                                const U256& validator_id);
  /// The account root of the newest checkpoint (getAccountStateRoot).
  Result<Hash256, FactError> account_state_root(const Address& staking_info);
  /// How many messages StateSender has sent (counter).
  Result<std::uint64_t, FactError> state_counter(const Address& state_sender);

 private:
  Result<RootChainReceipt, FactError> receipt(const Hash256& tx_hash);
  Result<std::uint64_t, FactError> block_number(std::string_view tag);
  bool is_known_final(std::uint64_t block_number) const;
  template <class T>
  Result<T, FactError> call(const Address& contract, const Bytes& data,
                            const std::function<std::optional<T>(ByteView)>& read);

  std::unique_ptr<json_rpc::Client> client_;
  mutable std::mutex mutex_;
  std::map<Hash256, RootChainReceipt> receipts_;
  std::optional<std::uint64_t> finalized_;
};

}  // namespace buri::protocol::ethereum
