#include "tests/support/iavl/random_heights.hpp"

namespace buri::testing {
namespace {

Bytes random_key(Random& random) {
  // Zeros and 0xff matter to the order of state keys.
  constexpr std::uint8_t kBytes[] = {0x00, 0x01, 0x7f, 0xff};
  Bytes key(1 + random.below(5));
  for (std::uint8_t& byte : key) byte = kBytes[random.below(4)];
  if (random.chance(0.05)) key.resize(60, 0x33);
  return key;
}

Bytes random_value(Random& random) {
  Bytes value(random.below(40));
  random.fill(value);
  return value;
}

const Bytes& random_present_key(Random& random, const NaiveStores::Content& content) {
  auto at = content.begin();
  std::advance(at, static_cast<std::ptrdiff_t>(random.below(content.size())));
  return at->first;
}

}  // namespace

std::vector<NaiveStores::Writes> random_writes(Random& random, const NaiveStores& model,
                                               std::int64_t newest, std::size_t store_count) {
  static const NaiveStores::Content kNothing;
  std::vector<NaiveStores::Writes> writes(store_count);
  for (std::size_t i = 0; i < store_count; ++i) {
    const auto& content = newest == 0 ? kNothing : model.content(newest, i);
    const std::size_t count = random.chance(0.3) ? 0 : random.below(30);
    // At times a store shrinks to nothing.
    const double removals = random.chance(0.2) ? 0.9 : 0.2;
    for (std::size_t n = 0; n < count; ++n) {
      const bool present = !content.empty() && random.chance(0.6);
      const Bytes key = present ? random_present_key(random, content) : random_key(random);
      if (random.chance(removals)) {
        writes[i][key].reset();
      } else if (present && random.chance(0.2)) {
        writes[i][key] = content.at(key);
      } else {
        writes[i][key] = random_value(random);
      }
    }
  }
  return writes;
}

Result<consensus::iavl::CommitInfo, storage::StorageError> commit_writes(
    consensus::iavl::Multistore& multistore, std::int64_t height,
    const std::vector<NaiveStores::Writes>& writes, storage::Durability durability) {
  const auto view = multistore.view(multistore.height());
  CHECK(view != nullptr, "the newest height can be viewed");
  consensus::store::Branch branch(view->stores());
  for (std::size_t i = 0; i < writes.size(); ++i) {
    for (const auto& [key, value] : writes[i]) {
      const auto written = value ? branch.store(i).set(key, *value) : branch.store(i).remove(key);
      CHECK(written.ok(), "a branch takes every write");
    }
  }
  return multistore.commit(height, branch, durability);
}

NaiveStores::Content content_of(consensus::store::ReadStore& store) {
  NaiveStores::Content content;
  auto iterator = store.iterate({}, consensus::store::Direction::kAscending).value();
  while (iterator->valid()) {
    const ByteView key = iterator->key();
    const ByteView value = iterator->value();
    content.emplace(Bytes(key.begin(), key.end()), Bytes(value.begin(), value.end()));
    CHECK(iterator->next().ok(), "the disk can be read");
  }
  return content;
}

}  // namespace buri::testing
