#include "node/execution/state/state_view.hpp"

#include "node/execution/evm/keccak.hpp"
#include "node/execution/state/state_reader.hpp"

namespace buri::execution::state {

StateView::StateView(StateReader& reader, const StateHead& head, std::uint64_t version)
    : reader_(reader), head_(head), version_(version) {
  reader_.history().pin(version_);
}

StateView::~StateView() { reader_.history().unpin(version_); }

template <class Value>
Value StateView::value_or_note(Result<Value, StateError> result) const {
  if (result.ok()) return std::move(result).value();
  const std::lock_guard lock(mutex_);
  if (!failure_) failure_ = std::move(result).error();
  return {};
}

std::optional<AccountRecord> StateView::record(const Address& address) const {
  return value_or_note(reader_.account(evm::keccak256(address), version_));
}

std::optional<evm::StoredAccount> StateView::account(const Address& address) const {
  const auto found = record(address);
  if (!found) return std::nullopt;
  return to_stored(*found);
}

U256 StateView::storage(const Address& address, const U256& key) const {
  const SlotPlace place{.account = evm::keccak256(address), .slot = evm::keccak256(key.to_word())};
  return value_or_note(reader_.slot(place, version_));
}

std::shared_ptr<const Bytes> StateView::code(const Hash256& code_hash) const {
  auto code = value_or_note(reader_.code(code_hash));
  return code ? code : std::make_shared<const Bytes>();
}

Status<StateError> StateView::status() const {
  const std::lock_guard lock(mutex_);
  if (failure_) return Failure{*failure_};
  return Unit{};
}

}  // namespace buri::execution::state
