#pragma once

#include <map>
#include <set>
#include <vector>

#include "node/execution/evm/tracers/transaction_tracer.hpp"

namespace buri::execution::evm::tracers {

class JsonText;

struct PrestateOptions {
  bool diff_mode = false;        ///< diffMode: what was before and after, of what changed
  bool disable_code = false;     ///< disableCode
  bool disable_storage = false;  ///< disableStorage
  bool include_empty = false;    ///< includeEmpty: also accounts that did not exist
};

/// prestateTracer: the accounts that a transaction touched, as they were before it.
class PrestateTracer final : public TransactionTracer {
 public:
  /// `state` is the one that the transaction changes.
  PrestateTracer(JournaledState& state, const PrestateOptions& options)
      : state_(state), options_(options) {}

  void begin(const Transaction& transaction, const Address& fee_receiver) override;
  std::string finish(const TransactionOutcome& outcome) override;

  void on_step(const StepEvent& event) override;
  void on_enter(const EnterEvent& event) override;
  void on_exit(const ExitEvent& event) override;

 private:
  struct Image {
    std::uint64_t nonce = 0;
    U256 balance;
    Bytes code;
    Hash256 code_hash;
    std::map<U256, U256> storage;
  };
  /// What an instruction will show if it is not refused for want of gas or words.
  struct Sighting {
    Address address;
    std::optional<Image> account;
    std::optional<std::pair<U256, U256>> slot;
  };
  /// What changed of an account.
  struct Change {
    std::optional<U256> balance;
    std::optional<std::uint64_t> nonce;
    std::optional<Bytes> code;
    std::map<U256, U256> storage;
  };

  [[nodiscard]] Image read(const Address& address);
  void see(const Address& address);
  void sight_account(const Address& address);
  void sight_slot(Account& account, const U256& key);
  void sight_instruction(const StepEvent& event);
  void take_sightings();

  void prune();
  [[nodiscard]] std::optional<Change> change_of(const Address& address, Image& before);
  void write(const Image& image, JsonText& json) const;
  void write(const Change& change, JsonText& json) const;
  static void write_storage(const std::map<U256, U256>& storage, JsonText& json);
  std::string write_diff();

  JournaledState& state_;
  PrestateOptions options_;
  std::map<Address, Image> before_;
  std::set<Address> absent_;  ///< of those before_ has: not there before
  std::set<Address> created_;
  std::set<Address> deleted_;
  std::vector<Sighting> sightings_;
};

}  // namespace buri::execution::evm::tracers
