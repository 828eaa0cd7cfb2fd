#include "node/consensus/modules/checkpoint/ack_count.hpp"

#include "node/consensus/runtime/typed_store.hpp"

namespace buri::consensus::modules::checkpoint {

runtime::Outcome<std::uint64_t> ack_count(const runtime::Context& context) {
  const runtime::MeteredStore store = context.store(runtime::StoreId::kCheckpoint);
  const runtime::Key key(0x83);
  ASSIGN_OR_RETURN(const bool is_set, store.has(key));
  if (!is_set) return std::uint64_t{0};
  ASSIGN_OR_RETURN(const auto count, runtime::read_counter(store, key));
  return count.value_or(0);
}

}  // namespace buri::consensus::modules::checkpoint
