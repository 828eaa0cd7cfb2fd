#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/bytes.hpp"
#include "node/consensus/iavl/forest.hpp"

/// Keys and values of the store's column families (docs/formats/iavl-store.md). Every reader
/// accepts exactly what the writer writes. Private to node/consensus/iavl.

namespace buri::consensus::iavl {

/// Pages and heights: big-endian, so that they are in order.
FixedBytes<8> page_key(PageId page);
FixedBytes<8> height_key(std::int64_t height);
/// The height that a key begins with. REQUIRES: at least eight bytes.
std::int64_t height_of(ByteView key);

// The state: every key of every store in order, each with its versions, newest first.

inline constexpr std::size_t kStateVersionBytes = 8;

/// Appends what all versions of a key begin with: the store, the key with 0x00 as 0x00 0xff, and
/// 0x00 0x00, which keeps the order of keys.
void append_state_prefix(Bytes& target, TreeIndex store, ByteView key);
/// The same without the end mark: where the keys that begin with `key` begin.
void append_state_begin(Bytes& target, TreeIndex store, ByteView key);
void append_state_version(Bytes& target, std::int64_t version);
std::int64_t state_version_of(ByteView state_key);
/// The key that a state key's version is of; false if the form is wrong.
bool take_state_key(ByteView state_key, Bytes& key);

/// A version's value: present or removed.
inline constexpr std::uint8_t kRemovedMark = 0;
inline constexpr std::uint8_t kPresentMark = 1;

// Per height.

/// A key that a height wrote or removed.
struct ChangedKey {
  TreeIndex store = 0;
  bool removed = false;
  Bytes key;

  friend bool operator==(const ChangedKey&, const ChangedKey&) = default;
};
void append_changed_key(Bytes& target, TreeIndex store, bool removed, ByteView key);
/// All keys of a height's record, or nothing if its form is wrong.
std::optional<std::vector<ChangedKey>> decode_changed_keys(ByteView record,
                                                           std::size_t store_count);

Bytes encode_anchor(const Anchor& anchor);
std::optional<Anchor> decode_anchor(std::int64_t height, ByteView record, std::size_t store_count);

/// Page numbers, ascending or not.
Bytes encode_pages(std::span<const PageId> pages);
std::optional<std::vector<PageId>> decode_pages(ByteView record);

/// The roots of a height, 32 bytes each.
Bytes encode_roots(std::span<const Hash256> roots);
std::optional<std::vector<Hash256>> decode_roots(ByteView record, std::size_t store_count);

}  // namespace buri::consensus::iavl
