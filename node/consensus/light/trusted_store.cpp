#include "node/consensus/light/trusted_store.hpp"

#include <fmt/format.h>

namespace buri::consensus::light {
namespace {

constexpr std::string_view kBlocksName = "light_blocks";

/// Big-endian, so that keys are in the order of heights.
FixedBytes<8> light_key(std::int64_t height) {
  FixedBytes<8> key;
  for (std::size_t i = 0; i < 8; ++i) {
    key.bytes[i] = static_cast<std::uint8_t>(static_cast<std::uint64_t>(height) >> (56 - 8 * i));
  }
  return key;
}

TrustedStore::Found decoded(ByteView value) {
  auto block = engine::decode_light_block(value);
  if (block.ok()) return std::optional(std::move(block).value());
  return Failure{fmt::format("a trusted block cannot be read: {}", codec::describe(block.error()))};
}

TrustedStore::Found at_position(const storage::Iterator& it) {
  if (it.valid()) return decoded(it.value());
  if (!it.status().ok()) return Failure{it.status().error().detail};
  return std::optional<engine::LightBlockRecord>{};
}

}  // namespace

std::vector<storage::FamilySpec> TrustedStore::families() {
  return {{.name = kBlocksName, .write_buffer_bytes = std::size_t{4} << 20}};
}

TrustedStore::TrustedStore(storage::Database& database)
    : database_(database), family_(storage::opened_family(database, kBlocksName)) {}

TrustedStore::Found TrustedStore::at(std::int64_t height) const {
  Bytes value;
  const auto found = database_.get(family_, light_key(height), value);
  if (!found.ok()) return Failure{found.error().detail};
  if (!*found) return std::optional<engine::LightBlockRecord>{};
  return decoded(value);
}

TrustedStore::Found TrustedStore::first() const {
  const auto it = database_.iterate(family_);
  it->seek({});
  return at_position(*it);
}

TrustedStore::Found TrustedStore::last() const { return before(INT64_MAX); }

TrustedStore::Found TrustedStore::before(std::int64_t height) const {
  const auto it = database_.iterate(family_);
  it->seek_for_previous(light_key(height - 1));
  return at_position(*it);
}

Status<std::string> TrustedStore::write(const storage::Batch& batch) {
  const auto written = database_.write(batch, storage::Durability::kSynced);
  if (written.ok()) return Unit{};
  return Failure{fmt::format("a trusted block cannot be stored: {}", written.error().detail)};
}

Status<std::string> TrustedStore::save(const engine::LightBlockRecord& block) {
  storage::Batch batch;
  batch.put(family_, light_key(block.height()), engine::encode_light_block(block));
  return write(batch);
}

Status<std::string> TrustedStore::prune(std::size_t size) {
  std::vector<Bytes> keys;
  const auto it = database_.iterate(family_);
  for (it->seek({}); it->valid(); it->next()) keys.emplace_back(it->key().begin(), it->key().end());
  if (!it->status().ok()) return Failure{it->status().error().detail};
  if (keys.size() <= size) return Unit{};
  storage::Batch batch;
  for (std::size_t i = 0; i < keys.size() - size; ++i) batch.remove(family_, keys[i]);
  return write(batch);
}

Status<std::string> TrustedStore::remove_above(std::int64_t height) {
  storage::Batch batch;
  batch.remove_range(family_, light_key(height + 1), light_key(INT64_MAX));
  return write(batch);
}

}  // namespace buri::consensus::light
