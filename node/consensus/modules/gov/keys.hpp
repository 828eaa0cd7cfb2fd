#pragma once

#include "node/consensus/codec/message.hpp"
#include "node/consensus/runtime/context.hpp"
#include "node/consensus/runtime/keys.hpp"

/// The keys of store gov (spec/heimdall.md 3). Private to the module.

namespace buri::consensus::modules::gov {

using runtime::Key;

inline Key proposal_key(std::uint64_t id) { return Key(0x00).number(id); }
inline Key active_key(const codec::Timestamp& end, std::uint64_t id) {
  return Key(0x01).time(end).number(id);
}
inline Key inactive_key(const codec::Timestamp& end, std::uint64_t id) {
  return Key(0x02).time(end).number(id);
}
inline Key next_id_key() { return Key(0x03); }
inline Key voting_marker_key(std::uint64_t id) { return Key(0x04).number(id); }
inline Key deposit_key(std::uint64_t id, const Address& depositor) {
  return Key(0x10).number(id).sized(depositor);
}
inline Key vote_key(std::uint64_t id, const Address& voter) {
  return Key(0x20).number(id).sized(voter);
}
inline Key params_key() { return Key(0x30); }
inline Key constitution_key() { return Key(0x31); }

inline runtime::MeteredStore store_of(const runtime::Context& context) {
  return context.store(runtime::StoreId::kGov);
}

/// The entries under a prefix, ascending, read to the end.
template <codec::Message T>
runtime::Outcome<std::vector<T>> read_all(const runtime::Context& context, const Key& prefix) {
  std::vector<T> all;
  ASSIGN_OR_RETURN(auto entries, store_of(context).iterate(store::prefix_range(prefix)));
  while (entries.valid()) {
    auto value = codec::decode<T>(entries.value());
    if (!value.ok()) return Failure{runtime::fatal("a stored value of gov does not decode")};
    all.push_back(std::move(value).value());
    RETURN_IF_ERROR(entries.next());
  }
  return all;
}

}  // namespace buri::consensus::modules::gov
