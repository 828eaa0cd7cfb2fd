#pragma once

#include <cstdint>
#include <string>

#include "node/consensus/codec/schema.hpp"
#include "node/consensus/runtime/event.hpp"
#include "node/consensus/runtime/metered_store.hpp"
#include "node/consensus/store/branch.hpp"
#include "node/protocol/heimdall_forks.hpp"

/// What a handler runs in: the block's facts, the stores as far as it may see them, a gas meter and
/// an event log.

namespace buri::consensus::runtime {

/// The block that is being executed, checked or built on. Lives for the block.
struct BlockFacts {
  std::string chain_id;
  std::int64_t height = 0;
  codec::Timestamp time;
  Address proposer;             ///< of the block
  std::int64_t max_gas = -1;    ///< consensus parameter block.max_gas; -1 is unlimited
  std::int64_t max_bytes = -1;  ///< consensus parameter block.max_bytes
  protocol::HeimdallForks forks;
};

/// Borrows everything; cheap to copy. The `with_` functions give a context that differs in one
/// part, which must outlive it.
class Context {
 public:
  Context(const BlockFacts& block, store::Branch& branch, GasMeter& meter, EventLog& events)
      : block_(&block), branch_(&branch), meter_(&meter), events_(&events) {}

  [[nodiscard]] const BlockFacts& block() const { return *block_; }
  [[nodiscard]] std::int64_t height() const { return block_->height; }
  [[nodiscard]] const protocol::HeimdallForks& forks() const { return block_->forks; }

  /// The twelve stores by StoreId; `store::Branch inner(context.branch())` holds back what a
  /// handler that may fail writes.
  [[nodiscard]] store::Branch& branch() const { return *branch_; }
  /// One store, charged to this context's meter.
  [[nodiscard]] MeteredStore store(StoreId id) const {
    return {id, branch_->store(static_cast<std::size_t>(id)), *meter_, trace_};
  }
  [[nodiscard]] GasMeter& gas() const { return *meter_; }
  [[nodiscard]] EventLog& events() const { return *events_; }
  void emit(Event event) const { events_->push_back(std::move(event)); }

  /// Hash of the transaction that runs, in a message or post handler; zero elsewhere.
  [[nodiscard]] const Hash256& tx_hash() const { return tx_hash_; }

  [[nodiscard]] Context with_block(const BlockFacts& block) const {
    Context copy = *this;
    copy.block_ = &block;
    return copy;
  }
  [[nodiscard]] Context with_branch(store::Branch& branch) const {
    Context copy = *this;
    copy.branch_ = &branch;
    return copy;
  }
  [[nodiscard]] Context with_gas(GasMeter& meter) const {
    Context copy = *this;
    copy.meter_ = &meter;
    return copy;
  }
  [[nodiscard]] Context with_events(EventLog& events) const {
    Context copy = *this;
    copy.events_ = &events;
    return copy;
  }
  [[nodiscard]] Context with_tx_hash(const Hash256& hash) const {
    Context copy = *this;
    copy.tx_hash_ = hash;
    return copy;
  }
  /// `trace` sees every metered access; null for none.
  [[nodiscard]] Context with_trace(GasTrace* trace) const {
    Context copy = *this;
    copy.trace_ = trace;
    return copy;
  }

 private:
  const BlockFacts* block_;
  store::Branch* branch_;
  GasMeter* meter_;
  EventLog* events_;
  GasTrace* trace_ = nullptr;
  Hash256 tx_hash_{};
};

}  // namespace buri::consensus::runtime
