#pragma once

#include <memory>
#include <vector>

#include "accel/key_set.hpp"
#include "node/consensus/engine/validator_set.hpp"

/// Remembers the tables behind the validator sets seen last: building them costs as much as
/// checking thousands of signatures, and the keys of a set change far less often than its powers.

namespace buri::consensus::engine {

/// Not thread-safe. Holds the tables of the kCapacity key lists used last.
class KeySetCache {
 public:
  static constexpr std::size_t kCapacity = 4;

  /// The tables of the set's keys, built if they are not remembered.
  std::shared_ptr<const accel::KeySet> keys_of(const ValidatorSet& validators);

 private:
  struct Entry {
    std::vector<PublicKeyBytes> keys;
    std::shared_ptr<const accel::KeySet> tables;
  };
  std::vector<Entry> entries_;  ///< used last first
};

}  // namespace buri::consensus::engine
