#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/json.hpp"
#include "node/protocol/bor_forks.hpp"
#include "tests/support/execution/memory_state.hpp"

/// A recorded chain: its genesis and what its Heimdall answered.

namespace buri::testing {

/// A map of the genesis whose values hold from their key on.
template <class T>
class Steps {
 public:
  void set(std::uint64_t from, T value) { steps_[from] = std::move(value); }
  /// The value of the greatest key that is not above; nothing before the first.
  [[nodiscard]] std::optional<T> at(std::uint64_t block_number) const {
    const auto above = steps_.upper_bound(block_number);
    if (above == steps_.begin()) return std::nullopt;
    return std::prev(above)->second;
  }

 private:
  std::map<std::uint64_t, T> steps_;
};

struct RecordedSpan {
  std::uint64_t id = 0;
  std::uint64_t start_block = 0;
  std::uint64_t end_block = 0;
  Bytes validators;  ///< RLP of [id, power, signer] each, as commitSpan takes them
  Bytes producers;
};

struct RecordedEvent {
  std::uint64_t id = 0;
  Address contract;
  Bytes data;
  Hash256 transaction_hash;
  std::uint64_t log_index = 0;
  std::string chain_id;
  std::uint64_t time = 0;     ///< whole seconds since 1970
  bool has_fraction = false;  ///< whether the record is later than that by less than a second
};

struct RecordedChain {
  std::uint64_t chain_id = 0;
  protocol::BorForks forks;
  MemoryState genesis;
  Steps<std::uint64_t> sprint;
  Steps<std::uint64_t> confirmation_delay_s;
  Steps<Address> burn_contract;
  Steps<Address> fee_receiver;
  /// By block: accounts whose code is replaced.
  std::map<std::uint64_t, std::map<Address, Bytes>> new_codes;
  /// How many records a block may take, where the genesis says so.
  std::map<std::uint64_t, std::size_t> record_limits;
  std::vector<RecordedSpan> spans;
  std::vector<RecordedEvent> events;
};

/// Reads genesis.json.xz and heimdall.json.xz of a folder. Aborts on files of another form.
RecordedChain read_chain(const std::string& folder);

}  // namespace buri::testing
