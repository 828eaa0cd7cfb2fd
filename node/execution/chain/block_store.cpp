#include "node/execution/chain/block_store.hpp"

#include <array>

#include "base/hex.hpp"
#include "node/execution/chain/executor.hpp"
#include "node/execution/state/tables.hpp"

namespace buri::execution::chain {
namespace {

using state::number_key;
using storage::Batch;
using storage::StorageError;

std::string_view key_of(MetaRecord which) {
  constexpr std::array<std::string_view, 5> kKeys{"config", "milestone", "checkpoint",
                                                  "reorganisation", "history"};
  return kKeys[static_cast<std::size_t>(which)];
}

StorageError corrupt(std::string detail) {
  return {StorageError::Kind::kCorruption, std::move(detail)};
}

std::optional<std::uint64_t> number_of(ByteView key) {
  if (key.size() < 8) return std::nullopt;
  std::uint64_t number = 0;
  for (const std::uint8_t byte : key.first(8)) number = number << 8 | byte;
  return number;
}

}  // namespace

BlockStore::BlockStore(storage::Database& database, std::size_t cached_entries)
    : database_(database), tables_(open_block_tables(database)), entries_(cached_entries) {}

StorageError BlockStore::malformed(const DecodeError& error) {
  return corrupt("a record of a block is malformed: " + describe(error));
}

StoredResult<std::optional<Bytes>> BlockStore::get(storage::Family family, ByteView key) const {
  Bytes value;
  ASSIGN_OR_RETURN(const bool found, database_.get(family, key, value));
  if (!found) return std::optional<Bytes>();
  return std::optional(std::move(value));
}

StoredResult<EntryPtr> BlockStore::read_entry(std::uint64_t number, const Hash256& hash) const {
  ASSIGN_OR_RETURN(const auto record, get(tables_.entry, block_key(number, hash)));
  if (!record) return EntryPtr();
  auto decoded = decode_entry(*record);
  if (!decoded.ok()) return Failure{malformed(decoded.error())};
  auto entry = std::make_shared<const BlockEntry>(std::move(decoded).value());
  if (entry->hash != hash || entry->header.number != number) {
    return Failure{corrupt("another block stands under the hash " + to_hex(hash))};
  }
  return EntryPtr(std::move(entry));
}

StoredResult<EntryPtr> BlockStore::entry(const Hash256& hash) const {
  if (auto cached = entries_.get(hash)) return *std::move(cached);
  ASSIGN_OR_RETURN(const auto key, get(tables_.number, hash));
  if (!key) return EntryPtr();
  const auto number = number_of(*key);
  if (!number) return Failure{corrupt("the number of block " + to_hex(hash) + " is malformed")};
  ASSIGN_OR_RETURN(EntryPtr found, read_entry(*number, hash));
  if (found != nullptr) entries_.put(hash, found);
  return found;
}

StoredResult<std::optional<Hash256>> BlockStore::canonical_hash(std::uint64_t number) const {
  ASSIGN_OR_RETURN(const auto hash, get(tables_.canonical, number_key(number)));
  if (!hash) return std::optional<Hash256>();
  if (hash->size() != Hash256::kSize) {
    return Failure{corrupt("the hash of block " + std::to_string(number) + " is malformed")};
  }
  return std::optional(Hash256::from(*hash));
}

StoredResult<EntryPtr> BlockStore::canonical(std::uint64_t number) const {
  ASSIGN_OR_RETURN(const auto hash, canonical_hash(number));
  if (!hash) return EntryPtr();
  ASSIGN_OR_RETURN(EntryPtr found, entry(*hash));
  if (found == nullptr) {
    return Failure{corrupt("the canonical block " + std::to_string(number) + " is missing")};
  }
  return found;
}

Status<StorageError> BlockStore::for_each_from(
    std::uint64_t first, const std::function<bool(const BlockEntry&)>& visit) const {
  const auto entries = database_.iterate(tables_.entry);
  for (entries->seek(number_key(first)); entries->valid(); entries->next()) {
    const auto entry = decode_entry(entries->value());
    if (!entry.ok()) return Failure{malformed(entry.error())};
    if (!visit(*entry)) break;
  }
  return entries->status();
}

StoredResult<std::optional<Block>> BlockStore::block(const BlockEntry& entry) const {
  ASSIGN_OR_RETURN(const auto body, get(tables_.body, block_key(entry.header.number, entry.hash)));
  if (!body) return std::optional<Block>();
  auto block = decode_body(*body, entry.header);
  if (!block.ok()) return Failure{malformed(block.error())};
  return std::optional(std::move(block).value());
}

StoredResult<std::optional<BlockOutcome>> BlockStore::outcome(const BlockEntry& entry) const {
  ASSIGN_OR_RETURN(const auto record,
                   get(tables_.outcome, block_key(entry.header.number, entry.hash)));
  if (!record) return std::optional<BlockOutcome>();
  auto outcome = decode_outcome(*record);
  if (!outcome.ok()) return Failure{malformed(outcome.error())};
  return std::optional(std::move(outcome).value());
}

StoredResult<std::optional<TransactionPlace>> BlockStore::transaction(const Hash256& hash) const {
  ASSIGN_OR_RETURN(const auto record, get(tables_.transaction, hash));
  if (!record) return std::optional<TransactionPlace>();
  auto place = decode_place(*record);
  if (!place.ok()) return Failure{malformed(place.error())};
  return std::optional(*place);
}

StoredResult<ProducerSet> BlockStore::producers(const BlockEntry& entry) const {
  ASSIGN_OR_RETURN(const auto record,
                   get(tables_.producers, block_key(entry.header.number, entry.hash)));
  if (!record) return ProducerSet();
  auto set = decode_producers(*record);
  if (!set.ok()) return Failure{malformed(set.error())};
  return ProducerSet(std::make_shared<const ValidatorSet>(std::move(set).value()));
}

StoredResult<std::optional<Bytes>> BlockStore::meta(MetaRecord which) const {
  return get(tables_.meta, as_bytes(key_of(which)));
}

void BlockStore::put_meta(Batch& batch, MetaRecord which, ByteView record) const {
  batch.put(tables_.meta, as_bytes(key_of(which)), record);
}

void BlockStore::remove_meta(Batch& batch, MetaRecord which) const {
  batch.remove(tables_.meta, as_bytes(key_of(which)));
}

void BlockStore::put_block(Batch& batch, const BlockEntry& entry, const Block& block) const {
  const Bytes key = block_key(entry.header.number, entry.hash);
  batch.put(tables_.entry, key, encode_entry(entry));
  batch.put(tables_.body, key, encode_body(block));
  batch.put(tables_.number, entry.hash, number_key(entry.header.number));
}

void BlockStore::put_producers(Batch& batch, const BlockEntry& entry,
                               const ValidatorSet& set) const {
  batch.put(tables_.producers, block_key(entry.header.number, entry.hash), encode_producers(set));
}

void BlockStore::put_canonical(Batch& batch, const BlockEntry& entry, const BlockOutcome& outcome,
                               std::span<const Hash256> hashes) const {
  const std::uint64_t number = entry.header.number;
  batch.put(tables_.canonical, number_key(number), entry.hash);
  batch.put(tables_.outcome, block_key(number, entry.hash), encode_outcome(outcome));
  std::uint32_t index = 0;
  for (const Hash256& hash : hashes) {
    batch.put(tables_.transaction, hash, encode_place({number, index++}));
  }
  if (!outcome.state_sync_receipt) return;
  batch.put(tables_.transaction, state_sync_transaction_hash(number, entry.hash),
            encode_place({number, index}));
}

Status<StorageError> BlockStore::remove_places(Batch& batch, const BlockEntry& entry) const {
  ASSIGN_OR_RETURN(const auto whole, block(entry));
  if (!whole) return Unit{};
  for (const Hash256& hash : transaction_hashes(whole->transactions)) {
    batch.remove(tables_.transaction, hash);
  }
  const std::uint64_t number = entry.header.number;
  batch.remove(tables_.transaction, state_sync_transaction_hash(number, entry.hash));
  return Unit{};
}

Status<StorageError> BlockStore::drop_canonical(Batch& batch, std::uint64_t number) const {
  ASSIGN_OR_RETURN(const EntryPtr entry, canonical(number));
  if (entry == nullptr) return Unit{};
  batch.remove(tables_.canonical, number_key(number));
  batch.remove(tables_.outcome, block_key(number, entry->hash));
  return remove_places(batch, *entry);
}

Status<StorageError> BlockStore::prune(Batch& batch, std::uint64_t number) const {
  ASSIGN_OR_RETURN(const EntryPtr entry, canonical(number));
  if (entry == nullptr) return Unit{};
  RETURN_IF_ERROR(remove_places(batch, *entry));
  const Bytes key = block_key(number, entry->hash);
  batch.remove(tables_.body, key);
  batch.remove(tables_.outcome, key);
  return Unit{};
}

void BlockStore::forget(Batch& batch, const BlockEntry& entry) {
  const Bytes key = block_key(entry.header.number, entry.hash);
  batch.remove(tables_.entry, key);
  batch.remove(tables_.body, key);
  batch.remove(tables_.producers, key);
  batch.remove(tables_.number, entry.hash);
  entries_.erase(entry.hash);
}

Status<StorageError> BlockStore::forget_sides(Batch& batch, std::uint64_t number) {
  ASSIGN_OR_RETURN(const auto kept, canonical_hash(number));
  return for_each_from(number, [&](const BlockEntry& entry) {
    if (entry.header.number != number) return false;
    if (entry.hash != kept) forget(batch, entry);
    return true;
  });
}

Status<StorageError> BlockStore::write(const Batch& batch, storage::Durability durability) {
  return database_.write(batch, durability);
}

void BlockStore::remember(EntryPtr entry) {
  const Hash256 hash = entry->hash;
  entries_.put(hash, std::move(entry));
}

}  // namespace buri::execution::chain
