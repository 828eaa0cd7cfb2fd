#include "node/consensus/iavl/records.hpp"

#include "base/codec/protobuf_reader.hpp"
#include "base/codec/protobuf_writer.hpp"

namespace buri::consensus::iavl {
namespace {

constexpr std::uint8_t kZero = 0x00;
constexpr std::uint8_t kEscapedZero = 0xff;

void store_big_endian(std::uint8_t* target, std::uint64_t value) {
  for (int i = 0; i < 8; ++i) target[i] = static_cast<std::uint8_t>(value >> (56 - 8 * i));
}

std::uint64_t load_big_endian(ByteView bytes) {
  std::uint64_t value = 0;
  for (int i = 0; i < 8; ++i) value = value << 8 | bytes[i];
  return value;
}

}  // namespace

FixedBytes<8> page_key(PageId page) {
  FixedBytes<8> key;
  store_big_endian(key.data(), page);
  return key;
}

FixedBytes<8> height_key(std::int64_t height) {
  return page_key(static_cast<std::uint64_t>(height));
}

std::int64_t height_of(ByteView key) { return static_cast<std::int64_t>(load_big_endian(key)); }

void append_state_begin(Bytes& target, TreeIndex store, ByteView key) {
  target.push_back(static_cast<std::uint8_t>(store));
  for (const std::uint8_t byte : key) {
    target.push_back(byte);
    if (byte == kZero) target.push_back(kEscapedZero);
  }
}

void append_state_prefix(Bytes& target, TreeIndex store, ByteView key) {
  append_state_begin(target, store, key);
  target.push_back(kZero);
  target.push_back(kZero);
}

void append_state_version(Bytes& target, std::int64_t version) {
  append(target, page_key(~static_cast<std::uint64_t>(version)));
}

std::int64_t state_version_of(ByteView state_key) {
  return static_cast<std::int64_t>(~load_big_endian(state_key.last(kStateVersionBytes)));
}

bool take_state_key(ByteView state_key, Bytes& key) {
  key.clear();
  if (state_key.size() < 3 + kStateVersionBytes) return false;
  const ByteView escaped = state_key.subspan(1, state_key.size() - 3 - kStateVersionBytes);
  for (std::size_t i = 0; i < escaped.size(); ++i) {
    key.push_back(escaped[i]);
    if (escaped[i] != kZero) continue;
    ++i;
    if (i == escaped.size() || escaped[i] != kEscapedZero) return false;
  }
  const ByteView end = state_key.subspan(1 + escaped.size(), 2);
  return end[0] == kZero && end[1] == kZero;
}

void append_changed_key(Bytes& target, TreeIndex store, bool removed, ByteView key) {
  target.push_back(static_cast<std::uint8_t>(store));
  target.push_back(removed ? kRemovedMark : kPresentMark);
  append_varint(target, key.size());
  append(target, key);
}

std::optional<std::vector<ChangedKey>> decode_changed_keys(ByteView record,
                                                           std::size_t store_count) {
  std::vector<ChangedKey> result;
  while (!record.empty()) {
    if (record.size() < 2 || record[0] >= store_count || record[1] > kPresentMark) {
      return std::nullopt;
    }
    ChangedKey changed{.store = record[0], .removed = record[1] == kRemovedMark, .key = {}};
    record = record.subspan(2);
    const auto size = take_varint(record);
    if (!size.ok() || size.value() > record.size() || size.value() > kMaxKeyBytes) {
      return std::nullopt;
    }
    const ByteView key = record.first(size.value());
    changed.key.assign(key.begin(), key.end());
    record = record.subspan(size.value());
    result.push_back(std::move(changed));
  }
  return result;
}

Bytes encode_anchor(const Anchor& anchor) {
  Bytes record;
  append_varint(record, anchor.next_page);
  for (const PageReference& root : anchor.roots) append_reference(record, root);
  return record;
}

std::optional<Anchor> decode_anchor(std::int64_t height, ByteView record, std::size_t store_count) {
  Anchor anchor{.height = height, .next_page = 1, .roots = {}};
  const auto next_page = take_varint(record);
  if (!next_page.ok() || next_page.value() == kNoPage) return std::nullopt;
  anchor.next_page = next_page.value();
  for (std::size_t i = 0; i < store_count; ++i) {
    PageReference root;
    if (!take_reference(record, root) || root.page >= anchor.next_page) return std::nullopt;
    anchor.roots.push_back(root);
  }
  if (!record.empty()) return std::nullopt;
  return anchor;
}

Bytes encode_pages(std::span<const PageId> pages) {
  Bytes record;
  for (const PageId page : pages) append_varint(record, page);
  return record;
}

std::optional<std::vector<PageId>> decode_pages(ByteView record) {
  std::vector<PageId> pages;
  while (!record.empty()) {
    const auto page = take_varint(record);
    if (!page.ok() || page.value() == kNoPage) return std::nullopt;
    pages.push_back(page.value());
  }
  return pages;
}

Bytes encode_roots(std::span<const Hash256> roots) {
  Bytes record;
  for (const Hash256& root : roots) append(record, root);
  return record;
}

std::optional<std::vector<Hash256>> decode_roots(ByteView record, std::size_t store_count) {
  if (record.size() != store_count * Hash256::kSize) return std::nullopt;
  std::vector<Hash256> roots;
  for (std::size_t i = 0; i < store_count; ++i) {
    roots.push_back(Hash256::from(record.subspan(i * Hash256::kSize, Hash256::kSize)));
  }
  return roots;
}

}  // namespace buri::consensus::iavl
