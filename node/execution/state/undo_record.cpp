#include "node/execution/state/undo_record.hpp"

namespace buri::execution::state {
namespace {

void append_head(RlpWriter& writer, const StateHead& head) {
  writer.integer(head.number).bytes(head.block_hash).bytes(head.root);
}

Result<StateHead, RlpError> next_head(RlpReader& reader) {
  StateHead head;
  ASSIGN_OR_RETURN(head.number, reader.next_uint64());
  ASSIGN_OR_RETURN(head.block_hash, reader.next_fixed<32>());
  ASSIGN_OR_RETURN(head.root, reader.next_fixed<32>());
  return head;
}

Result<UndoRecord::Account, RlpError> next_account(RlpReader& reader) {
  UndoRecord::Account account;
  ASSIGN_OR_RETURN(account.hash, reader.next_fixed<32>());
  ASSIGN_OR_RETURN(const ByteView before, reader.next_bytes());
  if (before.empty()) return account;
  ASSIGN_OR_RETURN(account.before, decode_account(before));
  return account;
}

/// A list of one account: its hash, then slot hash and value in turns.
Status<RlpError> next_slots(RlpReader& reader, std::vector<UndoRecord::Slot>& slots) {
  ASSIGN_OR_RETURN(RlpReader list, reader.next_list());
  ASSIGN_OR_RETURN(const Hash256 account, list.next_fixed<32>());
  // An account of its own for each list, with a slot in it.
  if (!slots.empty() && slots.back().place.account >= account) {
    return Failure{RlpError::kTrailingBytes};
  }
  do {
    UndoRecord::Slot slot{.place = {.account = account, .slot = {}}, .before = {}};
    ASSIGN_OR_RETURN(slot.place.slot, list.next_fixed<32>());
    ASSIGN_OR_RETURN(slot.before, list.next_u256());
    slots.push_back(slot);
  } while (!list.at_end());
  return Unit{};
}

Result<UndoRecord, RlpError> read_undo(ByteView bytes) {
  UndoRecord record;
  ASSIGN_OR_RETURN(RlpReader reader, decode_rlp_list(bytes));
  ASSIGN_OR_RETURN(record.parent, next_head(reader));
  ASSIGN_OR_RETURN(RlpReader accounts, reader.next_list());
  while (!accounts.at_end()) {
    ASSIGN_OR_RETURN(UndoRecord::Account account, next_account(accounts));
    record.accounts.push_back(account);
  }
  ASSIGN_OR_RETURN(RlpReader slots, reader.next_list());
  while (!slots.at_end()) RETURN_IF_ERROR(next_slots(slots, record.slots));
  RETURN_IF_ERROR(reader.expect_end());
  return record;
}

bool ascends(const UndoRecord& record) {
  for (std::size_t i = 1; i < record.accounts.size(); ++i) {
    if (record.accounts[i - 1].hash >= record.accounts[i].hash) return false;
  }
  for (std::size_t i = 1; i < record.slots.size(); ++i) {
    if (record.slots[i - 1].place >= record.slots[i].place) return false;
  }
  return true;
}

/// A slot changes its account's storage root, so the account is listed as well.
bool lists_accounts_of_slots(const UndoRecord& record) {
  auto account = record.accounts.begin();
  for (const UndoRecord::Slot& slot : record.slots) {
    while (account != record.accounts.end() && account->hash < slot.place.account) ++account;
    if (account == record.accounts.end() || account->hash != slot.place.account) return false;
  }
  return true;
}

}  // namespace

Bytes encode_undo(const UndoRecord& record) {
  RlpWriter accounts;
  for (const UndoRecord::Account& account : record.accounts) {
    accounts.bytes(account.hash);
    accounts.bytes(account.before ? encode_account(*account.before) : Bytes());
  }
  RlpWriter slots;
  for (std::size_t at = 0; at < record.slots.size();) {
    const Hash256& account = record.slots[at].place.account;
    RlpWriter list;
    list.bytes(account);
    for (; at < record.slots.size() && record.slots[at].place.account == account; ++at) {
      list.bytes(record.slots[at].place.slot).integer(record.slots[at].before);
    }
    slots.list(list);
  }
  RlpWriter writer;
  append_head(writer, record.parent);
  return writer.list(accounts).list(slots).as_list();
}

Result<UndoRecord, std::string_view> decode_undo(ByteView bytes) {
  auto record = read_undo(bytes);
  if (!record.ok()) return Failure{describe(record.error())};
  if (!ascends(record.value())) return Failure{std::string_view("keys that do not ascend")};
  if (!lists_accounts_of_slots(record.value())) {
    return Failure{std::string_view("a slot whose account is not listed")};
  }
  return std::move(record).value();
}

Bytes encode_head(const StateHead& head) {
  RlpWriter writer;
  append_head(writer, head);
  return writer.as_list();
}

Result<StateHead, std::string_view> decode_head(ByteView bytes) {
  auto reader = decode_rlp_list(bytes);
  if (!reader.ok()) return Failure{describe(reader.error())};
  const auto head = next_head(reader.value());
  if (!head.ok()) return Failure{describe(head.error())};
  const auto end = reader->expect_end();
  if (!end.ok()) return Failure{describe(end.error())};
  return head.value();
}

}  // namespace buri::execution::state
