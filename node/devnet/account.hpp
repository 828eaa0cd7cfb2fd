#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

#include "hsm/wire/heimdall_transaction.hpp"
#include "node/consensus/host/signer.hpp"

/// An account of a devnet's chain that sends transactions: a validator's, for its key is at hand.

namespace buri::devnet {

/// Where an account stands by the chain's word.
struct AccountPlace {
  std::uint64_t number = 0;
  std::uint64_t sequence = 0;
};

/// Used by one thread.
class Account {
 public:
  using Time = std::chrono::steady_clock::time_point;

  /// A key in a file like priv_validator_key.json. The error is a sentence.
  static Result<Account, std::string> open_file(const std::string& key_path);
  /// A key behind a socket of `buri-signer` that serves heimdall_transaction.
  static Result<Account, std::string> open_signer(const std::string& socket_path,
                                                  const FixedBytes<65>& public_key);

  [[nodiscard]] Address address() const { return signer_->address(); }
  /// "0x" and lower-case digits.
  [[nodiscard]] std::string text() const;

  /// Takes over what the chain says. What was sent and is not in a block after kPatience counts as
  /// lost, and its sequence is used again.
  void learn(const AccountPlace& place, Time now);
  /// Whether another transaction may be under way; false before the first learn().
  [[nodiscard]] bool may_send() const;
  /// A signed transaction with the next sequence, as bytes for broadcast_tx_sync. The error is a
  /// sentence. REQUIRES: may_send().
  Result<Bytes, std::string> sign(hsm::wire::HeimdallMessage message, const std::string& chain_id);
  /// The last one signed was accepted by a node, so that the next sequence follows on it.
  void was_accepted() { ++next_sequence_; }
  /// A node refused the sequence: the chain's word counts from the next learn() on.
  void lost_count() { is_known_ = false; }

  static constexpr std::uint64_t kMaxUnderWay = 8;
  static constexpr std::chrono::seconds kPatience{15};

 private:
  Account(std::unique_ptr<consensus::host::Signer> signer, const FixedBytes<65>& public_key)
      : signer_(std::move(signer)), public_key_(public_key) {}

  std::unique_ptr<consensus::host::Signer> signer_;
  FixedBytes<65> public_key_;
  AccountPlace place_;
  std::uint64_t next_sequence_ = 0;
  Time last_progress_{};
  bool is_known_ = false;
};

}  // namespace buri::devnet
