#include "node/consensus/store/gas.hpp"

#include <algorithm>

namespace buri::consensus::store {
namespace {

class GasIterator final : public Iterator {
 public:
  GasIterator(std::unique_ptr<Iterator> inner, GasMeter& meter, const GasCosts& costs)
      : inner_(std::move(inner)), meter_(meter), costs_(costs) {}

  [[nodiscard]] bool valid() const override { return inner_->valid(); }
  [[nodiscard]] ByteView key() const override { return inner_->key(); }
  [[nodiscard]] ByteView value() const override { return inner_->value(); }
  Status<AccessError> next() override {
    RETURN_IF_ERROR(charge_step());
    return inner_->next();
  }

  Status<AccessError> charge_step() {
    if (inner_->valid()) {
      RETURN_IF_ERROR(meter_.charge(costs_.read_byte * inner_->key().size()));
      RETURN_IF_ERROR(meter_.charge(costs_.read_byte * inner_->value().size()));
    }
    return meter_.charge(costs_.iterator_step);
  }

 private:
  std::unique_ptr<Iterator> inner_;
  GasMeter& meter_;
  GasCosts costs_;
};

}  // namespace

Status<AccessError> GasMeter::charge(std::uint64_t gas) {
  const bool overflow = gas > UINT64_MAX - used_;
  used_ = overflow ? UINT64_MAX : used_ + gas;
  if (overflow || past_limit()) return Failure{AccessError::kOutOfGas};
  return Unit{};
}

std::uint64_t GasMeter::used_up_to_limit() const {
  return limit_ ? std::min(used_, *limit_) : used_;
}

Result<std::optional<Bytes>, AccessError> GasStore::get(ByteView key) {
  RETURN_IF_ERROR(meter_.charge(costs_.read));
  ASSIGN_OR_RETURN(auto value, inner_.get(key));
  RETURN_IF_ERROR(meter_.charge(costs_.read_byte * key.size()));
  RETURN_IF_ERROR(meter_.charge(costs_.read_byte * (value ? value->size() : 0)));
  return value;
}

Result<bool, AccessError> GasStore::has(ByteView key) {
  RETURN_IF_ERROR(meter_.charge(costs_.has));
  return inner_.has(key);
}

Result<std::unique_ptr<Iterator>, AccessError> GasStore::iterate(const KeyRange& range,
                                                                 Direction direction) {
  ASSIGN_OR_RETURN(auto inner, inner_.iterate(range, direction));
  auto iterator = std::make_unique<GasIterator>(std::move(inner), meter_, costs_);
  RETURN_IF_ERROR(iterator->charge_step());
  return std::unique_ptr<Iterator>(std::move(iterator));
}

Status<AccessError> GasStore::set(ByteView key, ByteView value) {
  RETURN_IF_ERROR(meter_.charge(costs_.write));
  RETURN_IF_ERROR(meter_.charge(costs_.write_byte * key.size()));
  RETURN_IF_ERROR(meter_.charge(costs_.write_byte * value.size()));
  return inner_.set(key, value);
}

Status<AccessError> GasStore::remove(ByteView key) {
  RETURN_IF_ERROR(meter_.charge(costs_.remove));
  return inner_.remove(key);
}

}  // namespace buri::consensus::store
