#include "accel/key_set.hpp"

#include <atomic>

#include "accel/scalar/comb_table.hpp"
#include "accel/scalar/public_key.hpp"
#include "base/check.hpp"

namespace buri::accel {

std::shared_ptr<const KeySet> KeySet::build(std::span<const PublicKey> keys) {
  CHECK(keys.size() <= kMaxKeys, "a key set larger than KeySet::kMaxKeys");
  static std::atomic<std::uint64_t> next_id{1};
  std::shared_ptr<KeySet> set(new KeySet);
  set->id_ = next_id.fetch_add(1, std::memory_order_relaxed);
  set->rows_.resize(keys.size() * CombShape::kRows);
  for (std::size_t i = 0; i < keys.size(); ++i) {
    curve::AffinePoint<scalar::PortableField> point;
    set->status_.push_back(scalar::decode_key<scalar::PortableField>(keys[i], point));
    if (set->status_.back() != SignatureStatus::kOk) continue;
    scalar::build_comb<CombShape>(
        point, std::span(set->rows_).subspan(i * CombShape::kRows, CombShape::kRows));
  }
  return set;
}

}  // namespace buri::accel
