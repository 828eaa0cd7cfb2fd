#include "node/consensus/modules/stake/indexed_set.hpp"

#include "base/codec/protobuf_writer.hpp"
#include "node/consensus/modules/checkpoint/ack_count.hpp"
#include "node/consensus/runtime/address.hpp"
#include "node/consensus/runtime/decode_memo.hpp"
#include "node/consensus/runtime/typed_store.hpp"

namespace buri::consensus::modules::stake {
namespace {

using runtime::Context;
using runtime::Error;
using runtime::Key;
using runtime::Outcome;

constexpr std::uint8_t kRecordPrefix = 0x21;
constexpr std::uint8_t kSequencePrefix = 0x24;

Key record_key(std::string_view signer) {
  return Key(kRecordPrefix).text(runtime::format_address(signer));
}
Key set_key(SetKind kind) { return Key(0x22).byte(static_cast<std::uint8_t>(kind)); }
Key sequence_key(std::string_view sequence) { return Key(kSequencePrefix).text(sequence); }
Key signer_key(std::uint64_t id) { return Key(0x25).number(id); }
Key last_block_txs_key() { return Key(0x26); }

runtime::MeteredStore store_of(const Context& context) {
  return context.store(runtime::StoreId::kStake);
}

Error not_found() { return runtime::plain_error("collections: not found"); }

Outcome<Bytes> set_bytes(const Context& context, SetKind kind) {
  ASSIGN_OR_RETURN(auto bytes, store_of(context).get(set_key(kind)));
  if (!bytes) return Failure{not_found()};
  return *std::move(bytes);
}

Outcome<ValidatorSet> decode_set(ByteView bytes) {
  auto set = codec::decode<ValidatorSet>(bytes);
  if (!set.ok()) return Failure{runtime::fatal("a stored value does not decode")};
  return std::move(set).value();
}

/// Keepers have no state; this is none either, because what bytes decode to never changes.
runtime::DecodeMemo& memo() {
  thread_local runtime::DecodeMemo of_this_thread;
  return of_this_thread;
}

using SharedSet = std::shared_ptr<const ValidatorSet>;

/// Every record as a member of a set, ascending by signer: one message, so that equal records are
/// decoded once.
Outcome<SharedSet> all_records(const Context& context) {
  constexpr std::uint8_t kMemberTag = 0x0A;
  Bytes set;
  ASSIGN_OR_RETURN(auto entries,
                   store_of(context).iterate(store::prefix_range(Key(kRecordPrefix))));
  while (entries.valid()) {
    set.push_back(kMemberTag);
    append_varint(set, entries.value().size());
    append(set, entries.value());
    RETURN_IF_ERROR(entries.next());
  }
  return memo().get<ValidatorSet>(set, decode_set);
}

}  // namespace

Status<Error> Keeper::add(const Context& context, const Validator& validator) const {
  const auto store = store_of(context);
  RETURN_IF_ERROR(runtime::write_message(store, record_key(validator.signer), validator));
  return store.set(signer_key(validator.val_id),
                   as_bytes(runtime::format_address(validator.signer)));
}

Outcome<std::optional<Validator>> Keeper::by_signer(const Context& context,
                                                    std::string_view signer) const {
  return runtime::read_message<Validator>(store_of(context), record_key(signer));
}

Outcome<std::optional<std::string>> Keeper::signer_of(const Context& context,
                                                      std::uint64_t id) const {
  ASSIGN_OR_RETURN(const auto bytes, store_of(context).get(signer_key(id)));
  if (!bytes) return std::optional<std::string>{};
  return std::optional<std::string>(as_text(*bytes));
}

Outcome<bool> Keeper::has_id(const Context& context, std::uint64_t id) const {
  return store_of(context).has(signer_key(id));
}

Outcome<std::optional<Validator>> Keeper::by_id(const Context& context, std::uint64_t id) const {
  ASSIGN_OR_RETURN(const auto signer, signer_of(context, id));
  if (!signer) return std::optional<Validator>{};
  return by_signer(context, *signer);
}

Outcome<std::optional<bool>> Keeper::is_current_validator(const Context& context,
                                                          std::string_view signer) const {
  ASSIGN_OR_RETURN(const std::uint64_t acks, checkpoint::ack_count(context));
  ASSIGN_OR_RETURN(const auto validator, by_signer(context, signer));
  if (!validator) return std::optional<bool>{};
  return std::optional<bool>(is_current(*validator, acks));
}

Outcome<std::vector<Validator>> Keeper::all(const Context& context) const {
  return runtime::read_messages<Validator>(store_of(context),
                                           store::prefix_range(Key(kRecordPrefix)), "validator");
}

Outcome<std::vector<Validator>> Keeper::current(const Context& context, bool only_staying) const {
  ASSIGN_OR_RETURN(const std::uint64_t acks, checkpoint::ack_count(context));
  ASSIGN_OR_RETURN(std::vector<Validator> validators, all(context));
  std::erase_if(validators, [acks, only_staying](const Validator& validator) {
    return !is_current(validator, acks) || (only_staying && validator.end_epoch != 0);
  });
  return validators;
}

Outcome<ValidatorSet> Keeper::set(const Context& context, SetKind kind) const {
  ASSIGN_OR_RETURN(const Bytes bytes, set_bytes(context, kind));
  return decode_set(bytes);
}

Outcome<std::shared_ptr<const IndexedSet>> load_indexed_set(const Context& context, SetKind kind) {
  ASSIGN_OR_RETURN(const Bytes bytes, set_bytes(context, kind));
  return memo().get<IndexedSet>(bytes, [](ByteView stored) -> Outcome<IndexedSet> {
    ASSIGN_OR_RETURN(ValidatorSet set, decode_set(stored));
    return IndexedSet::create(std::move(set));
  });
}

Status<Error> Keeper::write_set(const Context& context, SetKind kind,
                                const ValidatorSet& set) const {
  return runtime::write_message(store_of(context), set_key(kind), set);
}

Status<Error> Keeper::increment_accum(const Context& context, std::uint64_t times) const {
  ASSIGN_OR_RETURN(ValidatorSet current, set(context, SetKind::kCurrent));
  RETURN_IF_ERROR(increment_priority(current, times));
  return write_set(context, SetKind::kCurrent, current);
}

Outcome<bool> Keeper::has_sequence(const Context& context, std::string_view sequence) const {
  return store_of(context).has(sequence_key(sequence));
}

Status<Error> Keeper::add_sequence(const Context& context, std::string_view sequence) const {
  return store_of(context).set(sequence_key(sequence), Bytes{1});
}

Outcome<std::vector<std::string>> Keeper::sequences(const Context& context) const {
  std::vector<std::string> all;
  ASSIGN_OR_RETURN(auto entries,
                   store_of(context).iterate(store::prefix_range(Key(kSequencePrefix))));
  while (entries.valid()) {
    all.emplace_back(as_text(entries.key().subspan(1)));
    RETURN_IF_ERROR(entries.next());
  }
  return all;
}

Outcome<std::vector<Bytes>> Keeper::last_block_txs(const Context& context) const {
  ASSIGN_OR_RETURN(auto txs,
                   runtime::read_message<LastBlockTxs>(store_of(context), last_block_txs_key()));
  if (!txs) return Failure{not_found()};
  return std::move(txs->txs);
}

Status<Error> Keeper::set_last_block_txs(const Context& context, std::vector<Bytes> txs) const {
  return runtime::write_message(store_of(context), last_block_txs_key(),
                                LastBlockTxs{std::move(txs)});
}

Outcome<std::vector<Validator>> Keeper::end_block(const Context& context) const {
  // Sets move on as the bytes they are: what decodes from them encodes to them.
  const auto store = store_of(context);
  ASSIGN_OR_RETURN(const Bytes current_bytes, set_bytes(context, SetKind::kCurrent));
  if (context.forks().keeps_penultimate_set(context.height())) {
    ASSIGN_OR_RETURN(const Bytes previous_bytes, set_bytes(context, SetKind::kPrevious));
    RETURN_IF_ERROR(store.set(set_key(SetKind::kPenultimate), previous_bytes));
  }
  RETURN_IF_ERROR(store.set(set_key(SetKind::kPrevious), current_bytes));
  ASSIGN_OR_RETURN(const SharedSet before, memo().get<ValidatorSet>(current_bytes, decode_set));
  ASSIGN_OR_RETURN(const SharedSet records, all_records(context));
  ASSIGN_OR_RETURN(const std::uint64_t acks, checkpoint::ack_count(context));
  std::vector<Validator> changes = changes_for(*before, records->validators, acks);
  if (changes.empty()) return changes;
  ValidatorSet current = *before;
  RETURN_IF_ERROR(update_with_changes(current, changes));
  RETURN_IF_ERROR(write_set(context, SetKind::kCurrent, current));
  return changes;
}

Outcome<std::vector<gov::Elector>> electors(const Context& context) {
  ASSIGN_OR_RETURN(const ValidatorSet current, Keeper().set(context, SetKind::kCurrent));
  std::vector<gov::Elector> electors;
  for (const Validator& member : current.validators) {
    ASSIGN_OR_RETURN(const Address address, runtime::parse_address(member.signer));
    electors.push_back({address, member.voting_power});
  }
  return electors;
}

}  // namespace buri::consensus::modules::stake
