#include "node/consensus/mempool/seen_hashes.hpp"

namespace buri::consensus::mempool {

bool SeenHashes::add(const Hash256& hash) {
  if (capacity_ == 0) return true;
  const auto found = places_.find(hash);
  if (found != places_.end()) {
    by_age_.splice(by_age_.end(), by_age_, found->second);
    return false;
  }
  if (by_age_.size() == capacity_) {
    places_.erase(by_age_.front());
    by_age_.pop_front();
  }
  places_.emplace(hash, by_age_.insert(by_age_.end(), hash));
  return true;
}

void SeenHashes::remove(const Hash256& hash) {
  const auto found = places_.find(hash);
  if (found == places_.end()) return;
  by_age_.erase(found->second);
  places_.erase(found);
}

void SeenHashes::clear() {
  places_.clear();
  by_age_.clear();
}

}  // namespace buri::consensus::mempool
