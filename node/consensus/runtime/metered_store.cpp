#include "node/consensus/runtime/metered_store.hpp"

namespace buri::consensus::runtime {
namespace {

constexpr std::uint64_t kHasCost = 1000;
constexpr std::uint64_t kDeleteCost = 1000;
constexpr std::uint64_t kReadCost = 1000;
constexpr std::uint64_t kReadCostPerByte = 3;
constexpr std::uint64_t kWriteCost = 2000;
constexpr std::uint64_t kWriteCostPerByte = 30;
constexpr std::uint64_t kIterateCost = 30;

using Operation = GasTrace::Operation;

/// A failed access of the store below as the state machine's error.
template <class T>
Outcome<T> from_store(Result<T, store::AccessError> result) {
  if (!result.ok()) return Failure{fatal("the store below failed")};
  return std::move(result).value();
}

}  // namespace

Outcome<std::optional<Bytes>> MeteredStore::get(ByteView key) const {
  RETURN_IF_ERROR(meter_->consume(kReadCost, "ReadFlat"));
  ASSIGN_OR_RETURN(auto value, from_store(store_->get(key)));
  const std::size_t value_bytes = value ? value->size() : 0;
  RETURN_IF_ERROR(meter_->consume(kReadCostPerByte * key.size(), "ReadPerByte"));
  RETURN_IF_ERROR(meter_->consume(kReadCostPerByte * value_bytes, "ReadPerByte"));
  traced(Operation::kGet, key, value_bytes);
  return value;
}

Outcome<bool> MeteredStore::has(ByteView key) const {
  RETURN_IF_ERROR(meter_->consume(kHasCost, "Has"));
  ASSIGN_OR_RETURN(const bool present, from_store(store_->has(key)));
  traced(Operation::kHas, key, 0);
  return present;
}

Status<Error> MeteredStore::set(ByteView key, ByteView value) const {
  RETURN_IF_ERROR(meter_->consume(kWriteCost, "WriteFlat"));
  RETURN_IF_ERROR(meter_->consume(kWriteCostPerByte * key.size(), "WritePerByte"));
  RETURN_IF_ERROR(meter_->consume(kWriteCostPerByte * value.size(), "WritePerByte"));
  RETURN_IF_ERROR(from_store(store_->set(key, value)));
  traced(Operation::kSet, key, value.size());
  return Unit{};
}

Status<Error> MeteredStore::remove(ByteView key) const {
  RETURN_IF_ERROR(meter_->consume(kDeleteCost, "Delete"));
  RETURN_IF_ERROR(from_store(store_->remove(key)));
  traced(Operation::kDelete, key, 0);
  return Unit{};
}

Outcome<MeteredIterator> MeteredStore::iterate(const store::KeyRange& range,
                                               store::Direction direction) const {
  ASSIGN_OR_RETURN(auto parent, from_store(store_->iterate(range, direction)));
  MeteredIterator iterator(std::move(parent), *meter_, trace_, id_);
  RETURN_IF_ERROR(iterator.charge(Operation::kIterate));
  return iterator;
}

Status<Error> MeteredIterator::charge(Operation operation) {
  std::size_t key_bytes = 0;
  std::size_t value_bytes = 0;
  if (valid()) {
    key_bytes = key().size();
    value_bytes = value().size();
    RETURN_IF_ERROR(meter_->consume(kReadCostPerByte * key_bytes, "ValuePerByte"));
    RETURN_IF_ERROR(meter_->consume(kReadCostPerByte * value_bytes, "ValuePerByte"));
  }
  RETURN_IF_ERROR(meter_->consume(kIterateCost, "IterNextFlat"));
  if (trace_ != nullptr) {
    trace_->record(id_, operation, valid() ? key() : ByteView{}, value_bytes, meter_->consumed());
  }
  return Unit{};
}

Status<Error> MeteredIterator::next() {
  RETURN_IF_ERROR(charge(Operation::kNext));
  return from_store(parent_->next());
}

}  // namespace buri::consensus::runtime
