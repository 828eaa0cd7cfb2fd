#include "node/execution/evm/code_cache.hpp"

namespace buri::execution::evm {

std::shared_ptr<const AnalysedCode> CodeCache::get(const Hash256& code_hash, ByteView code,
                                                   const Rules& rules, Tracing tracing) {
  const Key key{code_hash, rules, tracing};
  if (auto known = find(key)) return known;
  // Outside the lock: two threads may analyse the same code, the second result is dropped.
  auto analysed = AnalysedCode::analyse(code, rules, tracing);
  insert(key, analysed);
  return analysed;
}

std::shared_ptr<const AnalysedCode> CodeCache::find(const Key& key) {
  const std::lock_guard lock(mutex_);
  const auto found = place_.find(key);
  if (found == place_.end()) return nullptr;
  entries_.splice(entries_.begin(), entries_, found->second);
  return found->second->code;
}

void CodeCache::insert(const Key& key, std::shared_ptr<const AnalysedCode> code) {
  const std::lock_guard lock(mutex_);
  if (place_.contains(key)) return;
  bytes_ += code->memory_bytes();
  entries_.push_front({key, std::move(code)});
  place_.emplace(key, entries_.begin());
  while (bytes_ > max_bytes_ && entries_.size() > 1) {
    bytes_ -= entries_.back().code->memory_bytes();
    place_.erase(entries_.back().key);
    entries_.pop_back();
  }
}

std::size_t CodeCache::memory_bytes() const {
  const std::lock_guard lock(mutex_);
  return bytes_;
}

}  // namespace buri::execution::evm
