#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "hsm/signer/state_block.hpp"

/// The fence: a small store that several signers of one key share and that answers every one of
/// them the same, whatever fails (signer.md 6.6). It keeps who is active, under which epoch, and
/// the highest record of every purpose. etcd_fence.hpp is the real one.

namespace buri::hsm::signer {

/// Why a call to the fence failed.
enum class FenceError : std::uint8_t {
  kUnreachable,  ///< no majority or deadline passed: a write may or may not have happened
  kLost,         ///< another signer holds the fence now
  kHeld,         ///< taking it: the holder is alive and force was not asked for
  kConflict,     ///< the record in the fence is not the one this write was to follow
  kMalformed,    ///< what stands there is not what signers write
  kWentBack,     ///< the store answers from an earlier time than before, or is another store
};

/// What the error means, for people.
std::string_view describe(FenceError error);

/// A record as the fence has it. `revision` grows with every write to it.
struct FencedRecord {
  std::uint64_t revision = 0;
  StateRecord record;
};

/// Who holds the fence.
struct FenceHolder {
  std::uint64_t epoch = 0;  ///< of the last take; 0: never taken
  std::string name;
  bool alive = false;  ///< it renewed its lease in time
};

/// A write under way. Destroying it gives up waiting, not the write.
class FenceWrite {
 public:
  virtual ~FenceWrite() = default;
  /// Blocks until the store answered or the write's deadline passed. The record's new revision, or
  /// kUnreachable, kLost, kConflict, kWentBack. Called once.
  virtual Result<std::uint64_t, FenceError> wait() = 0;
};

/// A signer's connection to the fence. Every call blocks until its deadline at most. Thread-safe.
class Fence {
 public:
  virtual ~Fence() = default;

  virtual Result<FenceHolder, FenceError> holder(MonotonicTime deadline) = 0;

  /// Becomes the holder under the next epoch, which is the result. Without `force` only if nobody
  /// holds it or the holder is not alive. After kUnreachable nobody knows; take again.
  virtual Result<std::uint64_t, FenceError> take(bool force, MonotonicTime deadline) = 0;
  /// Tells the others that the holder is alive; call well within lease().
  virtual Status<FenceError> renew(MonotonicTime deadline) = 0;
  /// Stops being the holder, so that another may take it at once. The epoch stays used.
  virtual Status<FenceError> release(MonotonicTime deadline) = 0;
  /// How long the holder counts as alive after take() or renew().
  [[nodiscard]] virtual std::chrono::milliseconds lease() const = 0;

  /// The highest record of that purpose, by a linearizable read; nothing if there is none.
  virtual Result<std::optional<FencedRecord>, FenceError> read(const StateIdentity& identity,
                                                               MonotonicTime deadline) = 0;
  /// Begins writing `record`, which happens only if this signer is the holder under the epoch it
  /// took and the present record has revision `follows` (0: there is none).
  virtual std::unique_ptr<FenceWrite> write(const StateIdentity& identity,
                                            const StateRecord& record, std::uint64_t follows,
                                            MonotonicTime deadline) = 0;
};

}  // namespace buri::hsm::signer
