#pragma once

#include <optional>
#include <string>

#include "node/consensus/runtime/message_registry.hpp"
#include "node/consensus/runtime/store_id.hpp"

/// What the keys and values of the twelve stores mean (spec/heimdall.md 3), for people who look at
/// them.

namespace buri::cli {

/// A value in words: which table of its store it stands in, and its content as JSON text.
struct StoredValue {
  std::string table;
  std::string type;  ///< a protobuf name, or "number", "text", "address", "marker"
  std::string json;
};

/// Nothing if the store has no table for such a key, or the value does not have the table's form.
std::optional<StoredValue> describe_value(consensus::runtime::StoreId store, ByteView key,
                                          ByteView value,
                                          const consensus::runtime::MessageRegistry& registry);

}  // namespace buri::cli
