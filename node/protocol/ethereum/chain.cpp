#include "node/protocol/ethereum/chain.hpp"

#include <algorithm>

#include "node/protocol/ethereum/answers.hpp"
#include "node/protocol/json_rpc/values.hpp"

namespace buri::protocol::ethereum {
namespace {

using json_rpc::Answer;
using json_rpc::data_text;
using json_rpc::Request;

Request receipt_request(const Hash256& tx_hash) {
  return {"eth_getTransactionReceipt", "[" + data_text(tx_hash) + "]"};
}

std::optional<U256> one_integer(ByteView result) {
  const auto words = read_words(result, 1);
  return words ? U256::from_big_endian(words->front()) : std::nullopt;
}

std::optional<std::uint64_t> one_uint64(ByteView result) {
  const auto value = one_integer(result);
  return value ? value->to_uint64() : std::nullopt;
}

std::optional<Hash256> one_word(ByteView result) {
  const auto words = read_words(result, 1);
  return words ? std::optional(words->front()) : std::nullopt;
}

}  // namespace

void Chain::begin_round() {
  const std::lock_guard lock(mutex_);
  receipts_.clear();
  finalized_.reset();
}

void Chain::prefetch(std::span<const Hash256> tx_hashes) {
  tx_hashes = tx_hashes.first(std::min(tx_hashes.size(), kMaxPrefetch));
  if (tx_hashes.empty()) return;
  std::vector<Request> requests;
  for (const Hash256& hash : tx_hashes) requests.push_back(receipt_request(hash));
  std::map<Hash256, RootChainReceipt> found;
  const bool is_answered = client_->ask(requests, [&](const std::vector<Answer>& answers) {
    found.clear();
    for (std::size_t i = 0; i < answers.size(); ++i) {
      if (!answers[i].ok()) continue;
      auto receipt = read_receipt(JsonCursor(*answers[i]), tx_hashes[i]);
      if (!receipt.ok()) return false;
      if (*receipt) found.emplace(tx_hashes[i], **std::move(receipt));
    }
    return true;
  });
  if (!is_answered) return;
  const std::lock_guard lock(mutex_);
  receipts_.merge(found);
}

Result<RootChainReceipt, FactError> Chain::receipt(const Hash256& tx_hash) {
  {
    const std::lock_guard lock(mutex_);
    const auto kept = receipts_.find(tx_hash);
    if (kept != receipts_.end()) return kept->second;
  }
  std::optional<RootChainReceipt> found;
  const bool is_answered = client_->ask(receipt_request(tx_hash), [&](const Answer& answer) {
    if (!answer.ok()) return true;
    auto receipt = read_receipt(JsonCursor(*answer), tx_hash);
    if (!receipt.ok()) return false;
    found = std::move(receipt).value();
    return true;
  });
  if (!is_answered) return Failure{FactError::kUnavailable};
  if (!found) return Failure{FactError::kMissing};
  return *std::move(found);
}

Result<std::uint64_t, FactError> Chain::block_number(std::string_view tag) {
  std::optional<std::uint64_t> number;
  const Request request{"eth_getBlockByNumber", "[\"" + std::string(tag) + "\",false]"};
  const bool is_answered = client_->ask(request, [&](const Answer& answer) {
    if (!answer.ok()) return true;
    const auto read = read_block_number(JsonCursor(*answer));
    if (read.ok()) number = *read;
    return read.ok();
  });
  if (!is_answered) return Failure{FactError::kUnavailable};
  if (!number) return Failure{FactError::kMissing};
  return *number;
}

bool Chain::is_known_final(std::uint64_t block_number) const {
  const std::lock_guard lock(mutex_);
  return finalized_ && block_number <= *finalized_;
}

Result<RootChainReceipt, FactError> Chain::confirmed_receipt(const Hash256& tx_hash,
                                                             std::uint64_t confirmations) {
  ASSIGN_OR_RETURN(RootChainReceipt found, receipt(tx_hash));
  if (is_known_final(found.block_number)) return found;
  if (const auto finalized = block_number("finalized"); finalized.ok()) {
    {
      const std::lock_guard lock(mutex_);
      finalized_ = *finalized;
    }
    if (found.block_number > *finalized) return Failure{FactError::kMissing};
    return found;
  }
  ASSIGN_OR_RETURN(const std::uint64_t latest, block_number("latest"));
  const bool is_deep = latest >= found.block_number && latest - found.block_number >= confirmations;
  if (!is_deep) return Failure{FactError::kMissing};
  return found;
}

template <class T>
Result<T, FactError> Chain::call(const Address& contract, const Bytes& data,
                                 const std::function<std::optional<T>(ByteView)>& read) {
  const Request request{"eth_call", R"([{"to":)" + data_text(contract) + R"(,"data":)" +
                                        data_text(data) + R"(},"latest"])"};
  std::optional<T> value;
  const bool is_answered = client_->ask(request, [&](const Answer& answer) {
    if (!answer.ok()) return true;  // the contract refused
    const auto result = json_rpc::read_data(JsonCursor(*answer));
    if (!result.ok()) return false;
    if (result->empty()) return true;  // there is no contract
    value = read(*result);
    return value.has_value();
  });
  if (!is_answered) return Failure{FactError::kUnavailable};
  if (!value) return Failure{FactError::kMissing};
  return *std::move(value);
}

Result<RootChainHeaderBlock, FactError> Chain::header_block(const Address& root_chain,
                                                            const U256& number) {
  return call<RootChainHeaderBlock>(root_chain, call_data("headerBlocks(uint256)", {number}),
                                    read_header_block);
}

Result<std::uint64_t, FactError> Chain::last_child_block(const Address& root_chain) {
  return call<std::uint64_t>(root_chain, call_data("getLastChildBlock()", {}), one_uint64);
}

Result<U256, FactError> Chain::current_header_block(const Address& root_chain) {
  return call<U256>(root_chain, call_data("currentHeaderBlock()", {}), one_integer);
}

Result<StakerDetails, FactError> Chain::staker_details(const Address& staking_info,
                                                       const U256& validator_id) {
  return call<StakerDetails>(staking_info, call_data("getStakerDetails(uint256)", {validator_id}),
                             read_staker_details);
}

Result<std::uint64_t, FactError> Chain::validator_nonce(const Address& staking_info,
                                                        const U256& validator_id) {
  return call<std::uint64_t>(staking_info, call_data("validatorNonce(uint256)", {validator_id}),
                             one_uint64);
}

Result<U256, FactError> Chain::total_validator_stake(const Address& staking_info,
                                                     const U256& validator_id) {
  return call<U256>(staking_info, call_data("totalValidatorStake(uint256)", {validator_id}),
                    one_integer);
}

Result<Hash256, FactError> Chain::account_state_root(const Address& staking_info) {
  return call<Hash256>(staking_info, call_data("getAccountStateRoot()", {}), one_word);
}

Result<std::uint64_t, FactError> Chain::state_counter(const Address& state_sender) {
  return call<std::uint64_t>(state_sender, call_data("counter()", {}), one_uint64);
}

}  // namespace buri::protocol::ethereum
