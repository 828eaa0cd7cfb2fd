#include "node/consensus/blocks/reader.hpp"

#include "base/hex.hpp"

namespace buri::consensus::blocks {

std::optional<Bytes> Reader::get(storage::Family family, ByteView key) const {
  Bytes record;
  const auto found = database_->get(family, key, record);
  if (!found.ok()) {
    fail(found.error());
    return std::nullopt;
  }
  if (!*found) return std::nullopt;
  return record;
}

std::optional<Reader::Heights> Reader::heights(storage::Family family) const {
  const auto iterator = database_->iterate(family);
  iterator->seek({});
  if (!iterator->valid()) {
    if (const auto status = iterator->status(); !status.ok()) fail(status.error());
    return std::nullopt;
  }
  const auto first = height_of_key(iterator->key());
  const auto last = at_or_below(family, INT64_MAX);
  if (!first || !last) {
    fail_to_decode(family, iterator->key(), "a key that is no height");
    return std::nullopt;
  }
  return Heights{*first, *last};
}

std::optional<std::int64_t> Reader::at_or_below(storage::Family family, std::int64_t height) const {
  const auto iterator = database_->iterate(family);
  iterator->seek_for_previous(height_key(height));
  if (iterator->valid()) return height_of_key(iterator->key());
  if (const auto status = iterator->status(); !status.ok()) fail(status.error());
  return std::nullopt;
}

std::optional<storage::StorageError> Reader::failure() const {
  const std::scoped_lock lock(mutex_);
  return failure_;
}

void Reader::fail(storage::StorageError error) const {
  const std::scoped_lock lock(mutex_);
  if (!failure_) failure_ = std::move(error);
}

void Reader::fail_to_decode(storage::Family family, ByteView key, std::string_view why) const {
  fail({storage::StorageError::Kind::kCorruption,
        "the record at key " + to_hex(key) + " of column family " + std::to_string(family.index) +
            " does not decode: " + std::string(why)});
}

}  // namespace buri::consensus::blocks
