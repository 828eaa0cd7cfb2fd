#include "node/consensus/tx/frequent_keys.hpp"

#include "base/random.hpp"

namespace buri::consensus::tx {
namespace {

/// Both halves of a product, folded: each bit of the result hangs on all bits of both factors.
std::uint64_t fold(std::uint64_t a, std::uint64_t b) {
  const auto product = static_cast<unsigned __int128>(a) * b;
  return static_cast<std::uint64_t>(product >> 64) ^ static_cast<std::uint64_t>(product);
}

std::uint64_t word_at(ByteView bytes, std::size_t at) {
  std::uint64_t word = 0;
  std::memcpy(&word, bytes.data() + at, std::min(sizeof word, bytes.size() - at));
  return word;
}

}  // namespace

SecretHash::SecretHash() : first_(system_random().next()), second_(system_random().next()) {}

std::size_t SecretHash::operator()(ByteView bytes) const {
  std::uint64_t state = first_ ^ bytes.size();
  for (std::size_t at = 0; at < bytes.size(); at += 8) {
    state = fold(state ^ word_at(bytes, at), second_ + at);
  }
  return fold(state, second_);
}

void FrequentKeys::count(std::span<const KeyBytes* const> signers) {
  std::vector<KeyBytes> due;
  for (const KeyBytes* key : signers) {
    Entry& entry = entries_[*key];
    if (!entry.place && ++entry.signatures == kWorthTables) due.push_back(*key);
  }
  if (entries_.size() - listed_ > kMaxCounted) {
    std::erase_if(entries_, [](const auto& entry) { return !entry.second.place; });
  }
  if (due.empty()) return;
  if (listed_ + due.size() > kMaxKeys) {
    forget_all();
  } else {
    build(std::move(due));
    if (sets_.size() > kMaxSets) merge();
  }
}

std::optional<FrequentKeys::Place> FrequentKeys::find(const KeyBytes& key) const {
  const auto found = entries_.find(key);
  return found == entries_.end() ? std::nullopt : found->second.place;
}

/// A set of its own for these keys.
void FrequentKeys::build(std::vector<KeyBytes> keys) {
  std::vector<accel::PublicKey> encoded;
  for (std::uint32_t i = 0; i < keys.size(); ++i) {
    encoded.push_back({.bytes = keys[i].bytes, .length = KeyBytes::kSize});
    entries_[keys[i]].place = Place{sets_.size(), i};
  }
  sets_.push_back(accel::KeySet::build(encoded));
  listed_ += keys.size();
}

/// One set of all.
void FrequentKeys::merge() {
  std::vector<KeyBytes> keys;
  for (const auto& [key, entry] : entries_) {
    if (entry.place) keys.push_back(key);
  }
  sets_.clear();
  listed_ = 0;
  build(std::move(keys));
}

void FrequentKeys::forget_all() {
  entries_.clear();
  sets_.clear();
  listed_ = 0;
}

}  // namespace buri::consensus::tx
