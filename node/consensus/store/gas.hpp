#pragma once

#include <cstdint>
#include <optional>

#include "node/consensus/store/store.hpp"

/// Gas: what a transaction's accesses cost, to the unit as the stock daemon counts it
/// (spec/heimdall.md 2, 2a; cosmos-sdk store/gaskv).

namespace buri::consensus::store {

/// Counts gas against a limit. Not thread-safe.
class GasMeter {
 public:
  /// Without limit: counts only.
  GasMeter() = default;
  explicit GasMeter(std::uint64_t limit) : limit_(limit) {}

  /// Adds `gas` to what is used, also when that passes the limit, which is refused. A sum beyond 64
  /// bits becomes the largest number and is refused even without limit.
  Status<AccessError> charge(std::uint64_t gas);

  /// May be above the limit: the refused charge counts.
  [[nodiscard]] std::uint64_t used() const { return used_; }
  [[nodiscard]] std::uint64_t used_up_to_limit() const;
  [[nodiscard]] std::optional<std::uint64_t> limit() const { return limit_; }
  [[nodiscard]] bool past_limit() const { return limit_ && used_ > *limit_; }

 private:
  std::optional<std::uint64_t> limit_;
  std::uint64_t used_ = 0;
};

/// What accesses cost.
struct GasCosts {
  std::uint64_t has = 1000;
  std::uint64_t remove = 1000;
  std::uint64_t read = 1000;
  std::uint64_t read_byte = 3;
  std::uint64_t write = 2000;
  std::uint64_t write_byte = 30;
  std::uint64_t iterator_step = 30;
};

/// A store whose accesses are charged. Charges of one access are separate, and any of them can be
/// the one that is refused: a write that is refused was not made, a read that is refused was. Store
/// and meter outlive it.
class GasStore final : public Store {
 public:
  GasStore(Store& inner, GasMeter& meter, const GasCosts& costs = {})
      : inner_(inner), meter_(meter), costs_(costs) {}

  Result<std::optional<Bytes>, AccessError> get(ByteView key) override;
  Result<bool, AccessError> has(ByteView key) override;
  /// Opening charges the first element, if there is one, and a step; each next() charges the
  /// element it leaves and a step, before it moves.
  Result<std::unique_ptr<Iterator>, AccessError> iterate(const KeyRange& range,
                                                         Direction direction) override;
  Status<AccessError> set(ByteView key, ByteView value) override;
  Status<AccessError> remove(ByteView key) override;

 private:
  Store& inner_;
  GasMeter& meter_;
  GasCosts costs_;
};

}  // namespace buri::consensus::store
