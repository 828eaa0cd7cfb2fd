#pragma once

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
