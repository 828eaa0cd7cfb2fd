#pragma once

#include <string_view>
#include <vector>

#include "node/consensus/codec/message.hpp"
#include "node/consensus/runtime/context.hpp"
#include "node/consensus/runtime/keys.hpp"

/// Reading and writing whole messages, each one metered access.

namespace buri::consensus::runtime {

/// The message at `key`, nothing if absent. Errors: the meter's; kFatal if it does not decode.
template <codec::Message T>
Outcome<std::optional<T>> read_message(const MeteredStore& store, ByteView key) {
  ASSIGN_OR_RETURN(const std::optional<Bytes> bytes, store.get(key));
  if (!bytes) return std::optional<T>{};
  auto value = codec::decode<T>(*bytes);
  if (!value.ok()) return Failure{fatal("a stored value does not decode")};
  return std::optional<T>(std::move(value).value());
}

template <codec::Message T>
Status<Error> write_message(const MeteredStore& store, ByteView key, const T& value) {
  return store.set(key, codec::encode(value));
}

/// Walks the messages with keys in `range`, ascending. `what` names one of them in the error.
/// Errors: the meter's and the visitor's; kFatal if one does not decode.
template <codec::Message T, class Visit>
Status<Error> for_each_message(const MeteredStore& store, const store::KeyRange& range,
                               std::string_view what, const Visit& visit) {
  ASSIGN_OR_RETURN(auto entries, store.iterate(range));
  while (entries.valid()) {
    auto value = codec::decode<T>(entries.value());
    if (!value.ok()) {
      return Failure{fatal("a stored " + std::string(what) + " does not decode")};
    }
    RETURN_IF_ERROR(visit(std::move(value).value()));
    RETURN_IF_ERROR(entries.next());
  }
  return Unit{};
}

/// All of them at once.
template <codec::Message T>
Outcome<std::vector<T>> read_messages(const MeteredStore& store, const store::KeyRange& range,
                                      std::string_view what) {
  std::vector<T> all;
  RETURN_IF_ERROR(for_each_message<T>(store, range, what, [&all](T value) -> Status<Error> {
    all.push_back(std::move(value));
    return Unit{};
  }));
  return all;
}

/// The number at `key`, nothing if absent.
inline Outcome<std::optional<std::uint64_t>> read_counter(const MeteredStore& store, ByteView key) {
  ASSIGN_OR_RETURN(const std::optional<Bytes> bytes, store.get(key));
  if (!bytes) return std::optional<std::uint64_t>{};
  ASSIGN_OR_RETURN(const std::uint64_t value, read_number(*bytes));
  return std::optional<std::uint64_t>(value);
}

inline Status<Error> write_counter(const MeteredStore& store, ByteView key, std::uint64_t value) {
  return store.set(key, number_value(value));
}

}  // namespace buri::consensus::runtime
