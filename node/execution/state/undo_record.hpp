#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "node/execution/state/account_record.hpp"

/// The reverse diff of a block: what the keys that it changed held before it. It takes the head
/// back by one block, and lets older blocks be read.

namespace buri::execution::state {

/// A state that was made durable.
struct StateHead {
  std::uint64_t number = 0;
  Hash256 block_hash;
  Hash256 root = kEmptyRoot;

  friend bool operator==(const StateHead&, const StateHead&) = default;
};

/// Where a slot stands in the flat table.
struct SlotPlace {
  Hash256 account;
  Hash256 slot;

  friend auto operator<=>(const SlotPlace&, const SlotPlace&) = default;
};

struct UndoRecord {
  struct Account {
    Hash256 hash;
    std::optional<AccountRecord> before;  ///< nothing: it did not exist
    friend bool operator==(const Account&, const Account&) = default;
  };
  struct Slot {
    SlotPlace place;
    U256 before;  ///< zero: it was not set
    friend bool operator==(const Slot&, const Slot&) = default;
  };

  StateHead parent;               ///< the state that the record leads back to
  std::vector<Account> accounts;  ///< hashes ascend
  std::vector<Slot> slots;        ///< places ascend

  friend bool operator==(const UndoRecord&, const UndoRecord&) = default;
};

Bytes encode_undo(const UndoRecord& record);
/// Accepts what encode_undo() writes and nothing else; the error says what was expected.
Result<UndoRecord, std::string_view> decode_undo(ByteView bytes);

Bytes encode_head(const StateHead& head);
Result<StateHead, std::string_view> decode_head(ByteView bytes);

}  // namespace buri::execution::state
