#include "node/consensus/modules/stake/indexed_set.hpp"

#include <algorithm>

#include "node/consensus/runtime/address.hpp"

namespace buri::consensus::modules::stake {

runtime::Outcome<IndexedSet> IndexedSet::create(ValidatorSet set) {
  IndexedSet result;
  result.index_.reserve(set.validators.size());
  for (std::size_t i = 0; i < set.validators.size(); ++i) {
    ASSIGN_OR_RETURN(const Address address, runtime::parse_address(set.validators[i].signer));
    result.index_.push_back({address, i});
  }
  std::ranges::sort(result.index_);
  result.set_ = std::move(set);
  return result;
}

std::size_t IndexedSet::place_of(const Address& address) const {
  const auto found = std::ranges::lower_bound(index_, address, {}, &Entry::address);
  return found != index_.end() && found->address == address ? found->place : size();
}

}  // namespace buri::consensus::modules::stake
