#pragma once

#include "base/hex.hpp"
#include "base/random.hpp"
#include "node/execution/evm/keccak.hpp"
#include "node/execution/evm/transition.hpp"
#include "tests/support/execution/memory_state.hpp"
#include "tests/support/execution/random_blocks.hpp"

/// Blocks whose transactions get into each other's way as often as possible.

namespace buri::testing {

inline constexpr std::uint64_t kFirstContract = 1000;
inline const Address kFeeReceiver = numbered_address(900);
inline const Address kBurnContract = numbered_address(901);

/// What the contracts do; numbered from kFirstContract on.
enum class Contract : std::uint8_t {
  kCounter,        ///< adds one to slot 0 and keeps the sum in the caller's slot
  kClearer,        ///< sets slot 0 of itself to 1 or back to 0
  kReceiverWatch,  ///< keeps the fee receiver's balance
  kReverter,       ///< writes and reverts
  kSpender,        ///< uses up all gas
  kForwarder,      ///< sends its value on to the address in its input
  kLogger,         ///< logs the caller's balance
  kFactory,        ///< CREATE2 with the input as salt, keeps the address
  kShortLived,     ///< the same, and has the contract destroy itself at once
  kMortal,         ///< destroys itself to the caller
  kMortalToFees,   ///< destroys itself to the fee receiver
  kCount,
};

inline Address address_of(Contract contract) {
  return numbered_address(kFirstContract + static_cast<std::uint64_t>(contract));
}

// Sets slot 7 to 9 and leaves CALLER SELFDESTRUCT as code.
inline constexpr std::string_view kChildInitcode = "60096007556133ff6000526002601ef3";

inline Bytes code_of(Contract contract) {
  const std::string create = "6f" + std::string(kChildInitcode) + "60005260003560106010" + "6000f5";
  switch (contract) {
    case Contract::kCounter:
      return *from_hex("60005460010180600055335500");
    case Contract::kClearer:
      return *from_hex("6000541560005500");
    case Contract::kReceiverWatch:
      return *from_hex("413160005500");
    case Contract::kReverter:
      return *from_hex("600160005560006000fd");
    case Contract::kSpender:
      return *from_hex("5b600056");
    case Contract::kForwarder:
      return *from_hex("6000600060006000346000355af100");
    case Contract::kLogger:
      return *from_hex("333160005260206000a000");
    case Contract::kFactory:
      return *from_hex(create + "60005500");
    case Contract::kShortLived:
      return *from_hex(create + "6000600060006000600085" + "5af15060005500");
    case Contract::kMortal:
      return *from_hex("33ff");
    case Contract::kMortalToFees:
      return *from_hex("41ff");
    case Contract::kCount:
      break;
  }
  return {};
}

inline Address child_of(Contract factory, std::uint64_t salt) {
  Bytes preimage{0xff};
  append(preimage, address_of(factory));
  append(preimage, U256::from_uint64(salt).to_word());
  append(preimage, execution::evm::keccak256(*from_hex(kChildInitcode)));
  return Address::from(ByteView(execution::evm::keccak256(preimage)).subspan(12));
}

/// Transactions with what they borrow.
struct ConflictBlock {
  MemoryState before;
  std::vector<execution::evm::Transaction> transactions;
  std::deque<Bytes> inputs;
  std::deque<std::vector<execution::evm::AccessEntry>> access_lists;
  std::deque<std::vector<execution::evm::Authorization>> authorizations;
};

class ConflictBlockMaker {
 public:
  /// Few senders send many transactions; some blocks hold one that may not stand there.
  ConflictBlockMaker(std::uint64_t seed, bool has_set_code)
      : random_(seed), has_set_code_(has_set_code), senders_(2 + random_.below(12)) {
    for (std::uint64_t i = 0; i < senders_; ++i) {
      const bool is_poor = random_.chance(0.2);
      block_.before.accounts[numbered_address(i + 1)].balance =
          U256::from_uint64(is_poor ? 60'000'000 : 1'000'000'000'000);
    }
    block_.before.accounts[kFeeReceiver].balance = U256::from_uint64(1'000'000'000);
    for (std::uint8_t i = 0; i < static_cast<std::uint8_t>(Contract::kCount); ++i) {
      MemoryAccount& account = block_.before.accounts[address_of(Contract{i})];
      account.nonce = 1;
      account.balance = U256::from_uint64(i);
      account.code = code_of(Contract{i});
      if (i % 3 == 0) account.storage[U256::from_uint64(0)] = U256::from_uint64(5);
    }
    mood_ = random_.below(5);
  }

  ConflictBlock make(std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) add();
    return std::move(block_);
  }

 private:
  void add() {
    using execution::evm::TransactionType;
    auto& transaction = block_.transactions.emplace_back();
    const bool is_receiver = random_.chance(0.03);
    transaction.sender = is_receiver ? kFeeReceiver : numbered_address(1 + random_.below(senders_));
    transaction.nonce = nonces_[transaction.sender]++;
    if (random_.chance(0.008)) ++transaction.nonce;
    transaction.gas_limit = 60'000 + random_.below(100'000);
    transaction.type = TransactionType::kDynamicFee;
    transaction.max_fee = U256::from_uint64(20);
    transaction.max_tip = U256::from_uint64(random_.chance(0.2) ? 0 : 1 + random_.below(9));
    if (random_.chance(0.7)) transaction.value = U256::from_uint64(random_.below(100'000));
    choose_target(transaction);
    if (random_.chance(0.2)) add_access_list(transaction);
    if (has_set_code_ && transaction.to && random_.chance(0.15)) add_authorization(transaction);
  }

  void choose_target(execution::evm::Transaction& transaction) {
    const auto contract = [&](Contract which, std::uint64_t input = 0) {
      transaction.to = address_of(which);
      transaction.data = keep(U256::from_uint64(input).to_word());
    };
    const std::uint64_t salt = random_.below(3);
    // Some blocks do mostly one thing.
    const std::uint64_t choice = random_.chance(0.4) ? mood_ : random_.below(16);
    switch (choice) {
      case 0:
        return contract(Contract::kCounter);
      case 1:
        transaction.to = numbered_address(500);
        return;
      case 2:
        return contract(Contract::kFactory, salt);
      case 3:
        transaction.to = child_of(Contract::kFactory, salt);
        return;
      case 4:
        transaction.to = numbered_address(1 + random_.below(senders_));
        return;
      case 5:
        return contract(Contract::kShortLived, random_.next());
      case 6:
        return contract(Contract::kForwarder, 1 + random_.below(senders_));
      case 7:
        return contract(Contract::kForwarder, 900 + random_.below(2));
      case 8:
        transaction.to = random_.chance(0.5) ? kFeeReceiver : kBurnContract;
        return;
      case 9:
        transaction.data = keep(*from_hex(kChildInitcode));
        return;
      default:
        return contract(Contract{static_cast<std::uint8_t>(choice - 10 + random_.below(6))},
                        random_.below(4));
    }
  }

  void add_access_list(execution::evm::Transaction& transaction) {
    auto& list = block_.access_lists.emplace_back();
    list.push_back({kFeeReceiver, {}});
    list.push_back({address_of(Contract::kCounter), {U256{}, U256::from_uint64(1)}});
    transaction.access_list = list;
  }

  void add_authorization(execution::evm::Transaction& transaction) {
    constexpr std::uint64_t kOtherNonce = 1000;  // passed over
    auto& list = block_.authorizations.emplace_back();
    const Address authority = numbered_address(1 + random_.below(senders_));
    list.push_back({.chain_id = {},
                    .target = address_of(Contract::kCounter),
                    .nonce = random_.chance(0.7) ? nonces_[authority]++ : kOtherNonce,
                    .authority = authority});
    transaction.type = execution::evm::TransactionType::kSetCode;
    transaction.authorizations = list;
    transaction.gas_limit += 25'000;
  }

  ByteView keep(ByteView bytes) { return block_.inputs.emplace_back(bytes.begin(), bytes.end()); }

  SeededRandom random_;
  bool has_set_code_;
  std::uint64_t senders_;
  std::uint64_t mood_ = 0;
  ConflictBlock block_;
  std::map<Address, std::uint64_t> nonces_;
};

}  // namespace buri::testing
