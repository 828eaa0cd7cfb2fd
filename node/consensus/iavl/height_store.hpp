#pragma once

#include "node/consensus/iavl/records.hpp"
#include "node/consensus/iavl/value_cache.hpp"
#include "node/consensus/store/store.hpp"
#include "node/storage/database.hpp"

/// One store at one height, read from the state family: every key with its versions, newest first.
/// Private to node/consensus/iavl.

namespace buri::consensus::iavl {

/// Where the state is read from. `cache` may be null.
struct StateSource {
  const storage::Database* database = nullptr;
  storage::Family state;
  ValueCache* cache = nullptr;
};

/// The newest version of a key up to `height`; version 0 and no value if there is none.
Result<VersionedValue, storage::StorageError> read_state(const StateSource& source, TreeIndex store,
                                                         ByteView key, std::int64_t height);

/// Thread-safe, as long as the height is kept.
class HeightStore final : public store::ReadStore {
 public:
  HeightStore(const StateSource& source, TreeIndex store, std::int64_t height)
      : source_(source), store_(store), height_(height) {}

  Result<std::optional<Bytes>, store::AccessError> get(ByteView key) override;
  Result<bool, store::AccessError> has(ByteView key) override;
  Result<std::unique_ptr<store::Iterator>, store::AccessError> iterate(
      const store::KeyRange& range, store::Direction direction) override;

 private:
  Result<std::unique_ptr<store::Iterator>, store::AccessError> walk(const store::KeyRange& range,
                                                                    store::Direction direction);
  Result<std::shared_ptr<const Shelf>, store::AccessError> shelf_at(std::uint8_t number);

  StateSource source_;
  TreeIndex store_;
  std::int64_t height_;
};

}  // namespace buri::consensus::iavl
