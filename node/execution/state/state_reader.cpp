#include "node/execution/state/state_reader.hpp"

#include "base/hex.hpp"
#include "node/execution/state/state_step.hpp"

namespace buri::execution::state {
namespace {

// What an entry takes with its share of the tables.
constexpr std::size_t kAccountEntryBytes = 200;
constexpr std::size_t kSlotEntryBytes = 150;
constexpr std::size_t kNodeEntryBytes = 500;
constexpr std::size_t kCodeEntryBytes = 12'000;  // contracts of today; none has more than 32 KiB

// More nodes than a block of a thousand payments changes.
constexpr std::size_t kThawedAtOnce = 8192;
constexpr std::size_t kAll = ~std::size_t{0};

/// Of both tables: a byte for which, then the table's key.
Bytes cache_key(const std::optional<Hash256>& account, const PathKey& path) {
  Bytes key;
  key.reserve(1 + (account ? Hash256::kSize : 0) + path.size());
  key.push_back(account ? 1 : 0);
  if (account) append(key, *account);
  append(key, as_bytes(path));
  return key;
}

StateError corrupt(std::string what, ByteView key) {
  return {StateError::Kind::kCorruption, std::move(what) + " " + to_hex(key)};
}

}  // namespace

StateError from_storage(const storage::StorageError& error) {
  return {StateError::Kind::kStorage, error.detail};
}

std::size_t StateReader::NodeKeyHash::operator()(const Bytes& key) const noexcept {
  // Keys are digests and paths in them: eight bytes at a time are mixed well enough by products.
  constexpr std::uint64_t kOdd = 0x9e3779b97f4a7c15;
  std::uint64_t hash = key.size() * kOdd;
  std::size_t at = 0;
  while (at < key.size()) {
    std::uint64_t word = 0;
    const std::size_t count = std::min<std::size_t>(8, key.size() - at);
    std::memcpy(&word, key.data() + at, count);
    const auto product = static_cast<unsigned __int128>(hash ^ word) * kOdd;
    hash = static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
    at += count;
  }
  return hash;
}

StateReader::StateReader(const storage::Database& database, const CacheSizes& sizes)
    : database_(database),
      tables_(open_tables(database)),
      accounts_(sizes.account_bytes / kAccountEntryBytes),
      slots_(sizes.slot_bytes / kSlotEntryBytes),
      nodes_(sizes.node_bytes / kNodeEntryBytes),
      codes_(sizes.code_bytes / kCodeEntryBytes) {}

Result<std::optional<AccountRecord>, StateError> StateReader::account(const Hash256& hash,
                                                                      std::uint64_t version) {
  for (;;) {
    const std::uint64_t published = history_.published();
    if (version < published) {
      if (const auto found = history_.account(hash, version)) return *found;
    }
    ASSIGN_OR_RETURN(const auto account, head_account(hash, published));
    // A step that began meanwhile may be what was read.
    if (history_.published() == published) return account;
  }
}

Result<std::optional<AccountRecord>, StateError> StateReader::head_account(
    const Hash256& hash, std::uint64_t published) {
  if (const auto cached = accounts_.get(hash)) return *cached;
  Bytes bytes;
  const auto found = database_.get(tables_.account, hash, bytes);
  if (!found.ok()) return Failure{from_storage(found.error())};
  std::optional<AccountRecord> account;
  if (found.value()) {
    const auto decoded = decode_account(bytes);
    if (!decoded.ok()) return Failure{malformed_account(hash)};
    account = decoded.value();
  }
  accounts_.fill(hash, account, [&] { return history_.published() == published; });
  return account;
}

Result<U256, StateError> StateReader::slot(const SlotPlace& place, std::uint64_t version) {
  for (;;) {
    const std::uint64_t published = history_.published();
    if (version < published) {
      if (const auto found = history_.slot(place, version)) return *found;
    }
    ASSIGN_OR_RETURN(const U256 value, head_slot(place, published));
    if (history_.published() == published) return value;
  }
}

Result<U256, StateError> StateReader::head_slot(const SlotPlace& place, std::uint64_t published) {
  if (const auto cached = slots_.get(place)) return *cached;
  Bytes bytes;
  const Bytes key = slot_key(place.account, place.slot);
  const auto found = database_.get(tables_.slot, key, bytes);
  if (!found.ok()) return Failure{from_storage(found.error())};
  U256 value;
  if (found.value()) {
    const auto decoded = decode_slot(bytes);
    if (!decoded) return Failure{malformed_slot(key)};
    value = *decoded;
  }
  slots_.fill(place, value, [&] { return history_.published() == published; });
  return value;
}

Result<std::shared_ptr<const Bytes>, StateError> StateReader::code(const Hash256& code_hash) {
  if (const auto cached = codes_.get(code_hash)) return *cached;
  Bytes bytes;
  const auto found = database_.get(tables_.code, code_hash, bytes);
  if (!found.ok()) return Failure{from_storage(found.error())};
  if (!found.value()) return Failure{corrupt("there is no code with the hash", code_hash)};
  auto code = std::make_shared<const Bytes>(std::move(bytes));
  codes_.put(code_hash, code);
  return code;
}

std::optional<bool> StateReader::node_at_hand(const std::optional<Hash256>& account, PathView path,
                                              Bytes& node) {
  const PathKey place = path_key(path);
  for (const PendingNodes* waiting : {&pending_, &frozen_}) {
    if (const Bytes* found = waiting->find(account, place)) {
      node = *found;
      return !node.empty();
    }
  }
  auto cached = nodes_.get(cache_key(account, place));
  if (!cached) return std::nullopt;
  node = std::move(*cached);
  return true;
}

Result<bool, StateError> StateReader::node(const std::optional<Hash256>& account, PathView path,
                                           Bytes& node) {
  if (const auto found = node_at_hand(account, path, node)) return *found;
  return stored_node(account, path, node);
}

Result<bool, StateError> StateReader::stored_node(const std::optional<Hash256>& account,
                                                  PathView path, Bytes& node) {
  const Bytes cached_at = cache_key(account, path_key(path));
  const storage::Family family = account ? tables_.slot_node : tables_.account_node;
  const auto found = database_.get(family, ByteView(cached_at).subspan(1), node);
  if (!found.ok()) return Failure{from_storage(found.error())};
  if (found.value()) nodes_.put(cached_at, node);
  return found.value();
}

void StateReader::take_over(StateStep step, bool with_nodes) {
  for (const auto& [hash, account] : step.accounts) accounts_.put(hash, account);
  for (const auto& [place, value] : step.slots) slots_.put(place, value);
  pending_.take(std::move(step.nodes));
  if (!with_nodes) return;
  cache(frozen_, kAll);  // older than the pending ones
  cache(pending_, kAll);
}

const PendingNodes& StateReader::freeze() {
  cache(frozen_, kAll);
  frozen_ = std::exchange(pending_, {});
  return frozen_;
}

void StateReader::thaw() { cache(frozen_, kThawedAtOnce); }

void StateReader::cache(PendingNodes& nodes, std::size_t count) {
  nodes.hand_over(count, [&](const std::optional<Hash256>& account, const PathKey& path,
                             Bytes& node) { put_node(account, path, std::move(node)); });
}

void StateReader::put_node(const std::optional<Hash256>& account, const PathKey& path,
                           Bytes&& node) {
  if (node.empty()) {
    nodes_.erase(cache_key(account, path));
  } else {
    nodes_.put(cache_key(account, path), std::move(node));
  }
}

}  // namespace buri::execution::state
