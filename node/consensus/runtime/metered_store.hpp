#pragma once

#include "node/consensus/runtime/gas_meter.hpp"
#include "node/consensus/runtime/store_id.hpp"
#include "node/consensus/store/store.hpp"

/// A store whose every access is charged, in the stock daemon's order (spec/heimdall.md 2a): the
/// flat charge, the access, the charge per byte of key, the charge per byte of value; for a write
/// the bytes come before the access.

namespace buri::consensus::runtime {

/// Sees every metered access after it was charged: the record of gas traces.
class GasTrace {
 public:
  enum class Operation : std::uint8_t { kGet, kSet, kHas, kDelete, kIterate, kNext };
  virtual ~GasTrace() = default;
  /// `gas_after` is the meter after the access; key and value as far as the operation has them.
  virtual void record(StoreId store, Operation operation, ByteView key, std::size_t value_bytes,
                      std::uint64_t gas_after) = 0;
};

/// An iterator that charges. Each step charges the entry it leaves, before moving, and a last one
/// is charged again when the walk opens (spec/heimdall.md 2).
class MeteredIterator {
 public:
  [[nodiscard]] bool valid() const { return parent_->valid(); }
  [[nodiscard]] ByteView key() const { return parent_->key(); }
  [[nodiscard]] ByteView value() const { return parent_->value(); }
  Status<Error> next();

 private:
  friend class MeteredStore;
  MeteredIterator(std::unique_ptr<store::Iterator> parent, GasMeter& meter, GasTrace* trace,
                  StoreId id)
      : parent_(std::move(parent)), meter_(&meter), trace_(trace), id_(id) {}
  Status<Error> charge(GasTrace::Operation operation);

  std::unique_ptr<store::Iterator> parent_;
  GasMeter* meter_;
  GasTrace* trace_;
  StoreId id_;
};

/// A view of one store through one meter. Borrows all three; cheap to make.
class MeteredStore {
 public:
  MeteredStore(StoreId id, store::Store& store, GasMeter& meter, GasTrace* trace)
      : id_(id), store_(&store), meter_(&meter), trace_(trace) {}

  [[nodiscard]] Outcome<std::optional<Bytes>> get(ByteView key) const;
  [[nodiscard]] Outcome<bool> has(ByteView key) const;
  Status<Error> set(ByteView key, ByteView value) const;
  Status<Error> remove(ByteView key) const;
  [[nodiscard]] Outcome<MeteredIterator> iterate(
      const store::KeyRange& range,
      store::Direction direction = store::Direction::kAscending) const;

 private:
  void traced(GasTrace::Operation operation, ByteView key, std::size_t value_bytes) const {
    if (trace_ != nullptr) {
      trace_->record(id_, operation, key, value_bytes, meter_->consumed());
    }
  }

  StoreId id_;
  store::Store* store_;
  GasMeter* meter_;
  GasTrace* trace_;
};

}  // namespace buri::consensus::runtime
