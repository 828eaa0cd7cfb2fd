#include "node/consensus/p2p/address_book.hpp"

#include <algorithm>
#include <cmath>

#include "accel/hasher.hpp"
#include "base/hex.hpp"

namespace buri::consensus::p2p {
namespace {

constexpr std::size_t kKeyBytes = 12;
constexpr std::uint64_t kNewBucketsPerGroup = 32;
constexpr std::uint64_t kOldBucketsPerGroup = 4;
constexpr std::size_t kMinSelection = 32;
constexpr std::size_t kMaxSelection = 250;
constexpr std::size_t kSelectionPercent = 23;

std::uint64_t keyed_hash(std::string_view key, ByteView first, ByteView second) {
  Bytes message(key.begin(), key.end());
  append(message, first);
  append(message, second);
  const ByteView view = message;
  Hash256 digest;
  accel::scalar_hasher().sha256_batch({&view, 1}, {&digest, 1});
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < sizeof value; ++i) value = value << 8 | digest.data()[i];
  return value;
}

/// A new address that is not worth its place: silent for a week, or called in vain too often.
bool is_worthless(const KnownAddress& known, WallTime now) {
  using std::chrono::days;
  constexpr std::uint32_t kTriesWithoutSuccess = 3;
  constexpr std::uint32_t kTriesSinceSuccess = 10;
  const auto last = known.last_attempt.value_or(WallTime::min());
  if (known.is_old || (known.last_attempt && last > now - std::chrono::minutes(1))) return false;
  if (!known.last_attempt || last < now - days(7)) return true;
  if (!known.last_success) return known.attempts >= kTriesWithoutSuccess;
  return *known.last_success < now - days(7) && known.attempts >= kTriesSinceSuccess;
}

}  // namespace

AddressBook::AddressBook(NodeId own_id, bool is_strict, Random& random)
    : own_id_(own_id), is_strict_(is_strict), random_(random) {
  std::array<std::uint8_t, kKeyBytes> key;
  random.fill(key);
  key_ = to_hex(key);
}

std::uint16_t AddressBook::new_bucket_of(const NetAddress& address,
                                         const NetAddress& source) const {
  const Bytes group = network_group(address.ip, is_strict_);
  const Bytes source_group = network_group(source.ip, is_strict_);
  const std::uint8_t place =
      static_cast<std::uint8_t>(keyed_hash(key_, group, source_group) % kNewBucketsPerGroup);
  return static_cast<std::uint16_t>(keyed_hash(key_, source_group, {&place, 1}) % kNewBuckets);
}

std::uint16_t AddressBook::old_bucket_of(const NetAddress& address) const {
  const Bytes group = network_group(address.ip, is_strict_);
  const std::uint8_t place = static_cast<std::uint8_t>(
      keyed_hash(key_, as_bytes(address.to_text()), {}) % kOldBucketsPerGroup);
  return static_cast<std::uint16_t>(keyed_hash(key_, group, {&place, 1}) % kOldBuckets);
}

BookVerdict AddressBook::judge(const NetAddress& address, const NetAddress& source,
                               WallTime now) const {
  if (!address.ip.is_valid() || address.port == 0) return BookVerdict::kInvalid;
  if (is_banned(address.id, now)) return BookVerdict::kBanned;
  if (private_ids_.contains(address.id)) return BookVerdict::kPrivate;
  if (private_ids_.contains(source.id)) return BookVerdict::kPrivateSource;
  if (address.id == own_id_ || own_addresses_.contains(address)) return BookVerdict::kOwn;
  if (is_strict_ && !address.ip.is_routable()) return BookVerdict::kUnroutable;
  return BookVerdict::kAdded;
}

BookVerdict AddressBook::add(const NetAddress& address, const NetAddress& source, WallTime now) {
  const BookVerdict verdict = judge(address, source, now);
  if (verdict != BookVerdict::kAdded) return verdict;
  const auto found = entries_.find(address.id);
  if (found != entries_.end()) {
    KnownAddress& known = found->second;
    // A good node keeps its address, whatever others say of it; and the more buckets hold an
    // address, the less likely it gets one more.
    if (known.is_old || known.buckets.size() >= kMaxBucketsOfNew ||
        random_.below(2 * known.buckets.size()) != 0) {
      return BookVerdict::kKnown;
    }
    put_into_new(known, new_bucket_of(address, source), now);
    return BookVerdict::kKnown;
  }
  KnownAddress& known = entries_[address.id];
  known.address = address;
  known.source = source;
  known.last_attempt = now;
  put_into_new(known, new_bucket_of(address, source), now);
  return BookVerdict::kAdded;
}

void AddressBook::put_into_new(KnownAddress& known, std::uint16_t index, WallTime now) {
  if (std::ranges::find(known.buckets, index) != known.buckets.end()) return;
  if (new_buckets_[index].size() >= kBucketAddresses) make_room_in_new(index, now);
  new_buckets_[index].push_back(known.address.id);
  known.buckets.push_back(index);
}

void AddressBook::make_room_in_new(std::uint16_t index, WallTime now) {
  Bucket& full = new_buckets_[index];
  const auto worthless = std::ranges::find_if(
      full, [&](const NodeId& id) { return is_worthless(entries_.at(id), now); });
  const NodeId leaving = worthless != full.end() ? *worthless : oldest_of(full);
  std::erase(full, leaving);
  KnownAddress& known = entries_.at(leaving);
  std::erase(known.buckets, index);
  if (known.buckets.empty()) entries_.erase(leaving);
}

NodeId AddressBook::oldest_of(const Bucket& bucket) const {
  return *std::ranges::min_element(bucket, {}, [&](const NodeId& id) {
    return entries_.at(id).last_attempt.value_or(WallTime::min());
  });
}

void AddressBook::take_from_buckets(KnownAddress& known) {
  for (const std::uint16_t index : known.buckets) {
    std::erase(bucket(known.is_old, index), known.address.id);
  }
  known.buckets.clear();
  if (known.is_old) --old_count_;
  known.is_old = false;
}

void AddressBook::move_to_old(KnownAddress& known, WallTime now) {
  take_from_buckets(known);
  const std::uint16_t index = old_bucket_of(known.address);
  Bucket& target = old_buckets_[index];
  if (target.size() >= kBucketAddresses) {
    KnownAddress& oldest = entries_.at(oldest_of(target));
    take_from_buckets(oldest);
    put_into_new(oldest, new_bucket_of(oldest.address, oldest.source), now);
  }
  target.push_back(known.address.id);
  known.buckets.push_back(index);
  known.is_old = true;
  ++old_count_;
}

void AddressBook::remove(const NodeId& id) {
  const auto found = entries_.find(id);
  if (found == entries_.end()) return;
  take_from_buckets(found->second);
  entries_.erase(found);
}

bool AddressBook::is_good(const NodeId& id) const {
  const auto found = entries_.find(id);
  return found != entries_.end() && found->second.is_old;
}

bool AddressBook::is_banned(const NodeId& id, WallTime now) const {
  const auto found = bans_.find(id);
  return found != bans_.end() && found->second.until > now;
}

void AddressBook::mark_good(const NodeId& id, WallTime now) {
  const auto found = entries_.find(id);
  if (found == entries_.end()) return;
  KnownAddress& known = found->second;
  known.last_attempt = now;
  known.last_success = now;
  known.attempts = 0;
  if (!known.is_old) move_to_old(known, now);
}

void AddressBook::mark_attempt(const NodeId& id, WallTime now) {
  const auto found = entries_.find(id);
  if (found == entries_.end()) return;
  found->second.last_attempt = now;
  ++found->second.attempts;
}

void AddressBook::ban(const NodeId& id, std::chrono::seconds duration, WallTime now) {
  Ban& ban = bans_.try_emplace(id, Ban{now, {}}).first->second;
  ban.until = std::max(ban.until, now + duration);
  if (const auto found = entries_.find(id); found != entries_.end()) {
    ban.address = found->second;
    remove(id);
  }
  if (ban.address) ban.address->banned_until = ban.until;
  forget_excess_bans();
}

void AddressBook::forget_excess_bans() {
  while (bans_.size() > kMaxBans) {
    bans_.erase(
        std::ranges::min_element(bans_, {}, [](const auto& entry) { return entry.second.until; }));
  }
}

void AddressBook::reinstate(WallTime now) {
  for (auto entry = bans_.begin(); entry != bans_.end();) {
    if (entry->second.until > now) {
      ++entry;
      continue;
    }
    const auto known = std::move(entry->second.address);
    entry = bans_.erase(entry);
    if (known) add(known->address, known->source, now);
  }
}

std::optional<NetAddress> AddressBook::pick(int bias_to_new) {
  const double bias = std::clamp(bias_to_new, 0, 100);
  const double old_weight = std::sqrt(static_cast<double>(old_count_)) * (100.0 - bias);
  const double new_weight = std::sqrt(static_cast<double>(size() - old_count_)) * bias;
  if (old_weight + new_weight == 0) return std::nullopt;
  const bool from_old = random_.chance(old_weight / (old_weight + new_weight));
  std::vector<const Bucket*> filled;
  const auto consider = [&](const Bucket& bucket) {
    if (!bucket.empty()) filled.push_back(&bucket);
  };
  if (from_old) std::ranges::for_each(old_buckets_, consider);
  if (!from_old) std::ranges::for_each(new_buckets_, consider);
  if (filled.empty()) return std::nullopt;
  const Bucket& chosen = *filled[random_.below(filled.size())];
  return entries_.at(chosen[random_.below(chosen.size())]).address;
}

std::size_t AddressBook::selection_size() const {
  return std::min(kMaxSelection,
                  std::max(std::min(kMinSelection, size()), size() * kSelectionPercent / 100));
}

std::vector<NetAddress> AddressBook::shuffled(bool with_new, bool with_old, std::size_t count) {
  std::vector<NetAddress> addresses;
  for (const auto& [id, known] : entries_) {
    if (known.is_old ? with_old : with_new) addresses.push_back(known.address);
  }
  count = std::min(count, addresses.size());
  for (std::size_t i = 0; i < count; ++i) {
    std::swap(addresses[i], addresses[i + random_.below(addresses.size() - i)]);
  }
  addresses.resize(count);
  return addresses;
}

std::vector<NetAddress> AddressBook::selection() { return shuffled(true, true, selection_size()); }

std::vector<NetAddress> AddressBook::selection(int bias_to_new) {
  const std::size_t count = selection_size();
  const auto bias = static_cast<std::size_t>(std::clamp(bias_to_new, 0, 100));
  const std::size_t wanted_new = (count * bias + 50) / 100;
  auto chosen = shuffled(true, false, std::max(wanted_new, count - std::min(count, old_count_)));
  const auto good = shuffled(false, true, count - chosen.size());
  chosen.insert(chosen.end(), good.begin(), good.end());
  return chosen;
}

AddressBookRecord AddressBook::record() const {
  AddressBookRecord record{key_, {}};
  for (const auto& [id, known] : entries_) record.addresses.push_back(known);
  // Stock reads a banned node back as an ordinary one, which needs a bucket then.
  for (const auto& [id, ban] : bans_) {
    if (!ban.address) continue;
    KnownAddress known = *ban.address;
    known.is_old = false;
    known.buckets = {new_bucket_of(known.address, known.source)};
    record.addresses.push_back(std::move(known));
  }
  return record;
}

void AddressBook::restore(const AddressBookRecord& record, WallTime now) {
  entries_.clear();
  bans_.clear();
  new_buckets_.fill({});
  old_buckets_.fill({});
  old_count_ = 0;
  if (!record.key.empty()) key_ = record.key;
  for (const KnownAddress& known : record.addresses) {
    const NodeId& id = known.address.id;
    if (bans_.contains(id) || entries_.contains(id) || id == own_id_) continue;
    if (known.banned_until && *known.banned_until > now) {
      bans_.emplace(id, Ban{*known.banned_until, known});
    } else {
      restore_entry(known);
    }
  }
  forget_excess_bans();
}

void AddressBook::restore_entry(const KnownAddress& read) {
  KnownAddress known = read;
  known.buckets.clear();
  const std::size_t most = known.is_old ? 1 : kMaxBucketsOfNew;
  const std::size_t bucket_count = known.is_old ? kOldBuckets : kNewBuckets;
  for (const std::uint16_t index : read.buckets) {
    if (index >= bucket_count || known.buckets.size() == most) break;
    Bucket& target = bucket(known.is_old, index);
    const bool is_in = std::ranges::find(known.buckets, index) != known.buckets.end();
    if (is_in || target.size() >= kBucketAddresses) continue;
    target.push_back(known.address.id);
    known.buckets.push_back(index);
  }
  if (known.buckets.empty()) return;
  if (known.is_old) ++old_count_;
  entries_.emplace(known.address.id, std::move(known));
}

}  // namespace buri::consensus::p2p
