#include "node/consensus/app/tx_cache.hpp"

namespace buri::consensus::app {

std::shared_ptr<const DecodedTransaction> TxCache::decode(ByteView raw) {
  const Hash256 hash = tx::transaction_hash(raw);
  auto& slot = young_[hash];
  if (slot) return slot;
  const auto remembered = old_.find(hash);
  slot = remembered != old_.end()
             ? remembered->second
             : std::make_shared<const DecodedTransaction>(runner_->decode(raw));
  return slot;
}

void TxCache::forget_oldest() {
  if (young_.size() < kFew) return;
  old_ = std::move(young_);
  young_.clear();
}

}  // namespace buri::consensus::app
