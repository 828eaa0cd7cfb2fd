#include "node/consensus/store/gas.hpp"

#include <gtest/gtest.h>

#include <map>

#include "node/consensus/store/branch.hpp"

/// Expected sums are those of spec/heimdall.md 2 and 2a.

namespace buri::consensus::store {
namespace {

class VectorIterator final : public Iterator {
 public:
  explicit VectorIterator(std::vector<std::pair<Bytes, Bytes>> records)
      : records_(std::move(records)) {}
  [[nodiscard]] bool valid() const override { return at_ < records_.size(); }
  [[nodiscard]] ByteView key() const override { return records_[at_].first; }
  [[nodiscard]] ByteView value() const override { return records_[at_].second; }
  Status<AccessError> next() override {
    ++at_;
    return Unit{};
  }

 private:
  std::vector<std::pair<Bytes, Bytes>> records_;
  std::size_t at_ = 0;
};

/// A map that counts what reaches it.
class MapStore final : public Store {
 public:
  Result<std::optional<Bytes>, AccessError> get(ByteView key) override {
    ++reads;
    const auto found = records.find(Bytes(key.begin(), key.end()));
    if (found == records.end()) return std::optional<Bytes>{};
    return std::optional(found->second);
  }
  Result<bool, AccessError> has(ByteView key) override {
    return records.contains(Bytes(key.begin(), key.end()));
  }
  Result<std::unique_ptr<Iterator>, AccessError> iterate(const KeyRange& /*range*/,
                                                         Direction /*direction*/) override {
    std::vector<std::pair<Bytes, Bytes>> list(records.begin(), records.end());
    return std::unique_ptr<Iterator>(std::make_unique<VectorIterator>(std::move(list)));
  }
  Status<AccessError> set(ByteView key, ByteView value) override {
    records[Bytes(key.begin(), key.end())] = Bytes(value.begin(), value.end());
    return Unit{};
  }
  Status<AccessError> remove(ByteView key) override {
    records.erase(Bytes(key.begin(), key.end()));
    return Unit{};
  }

  std::map<Bytes, Bytes> records;
  int reads = 0;
};

struct Metered {
  explicit Metered(std::uint64_t limit) : meter(limit) { inner.records[Bytes(9)] = Bytes(48); }
  MapStore inner;
  GasMeter meter;
  GasStore store{inner, meter};
};

constexpr std::uint64_t kPlenty = 1'000'000;

TEST(GasStore, ChargesEachOperation) {
  Metered metered(kPlenty);
  // The stock daemon's first transaction: one read of 9 + 48 bytes.
  EXPECT_TRUE(metered.store.get(Bytes(9)).ok());
  EXPECT_EQ(metered.meter.used(), 1171U);
  EXPECT_TRUE(metered.store.get(Bytes(10)).ok());
  EXPECT_EQ(metered.meter.used(), 1171U + 1000 + 30);
  EXPECT_TRUE(metered.store.has(Bytes(9)).ok());
  EXPECT_EQ(metered.meter.used(), 2201U + 1000);
  EXPECT_TRUE(metered.store.set(Bytes(3), Bytes(5)).ok());
  EXPECT_EQ(metered.meter.used(), 3201U + 2000 + 30 * 8);
  EXPECT_TRUE(metered.store.remove(Bytes(3)).ok());
  EXPECT_EQ(metered.meter.used(), 5441U + 1000);
}

TEST(GasStore, IteratorChargesTheFirstElementTwiceAndAnEmptyPositionOneStep) {
  Metered metered(kPlenty);
  auto iterator = metered.store.iterate({}, Direction::kAscending).value();
  EXPECT_EQ(metered.meter.used(), 30U + 3 * 57);
  EXPECT_TRUE(iterator->next().ok());
  EXPECT_EQ(metered.meter.used(), 2 * (30U + 3 * 57));
  EXPECT_FALSE(iterator->valid());
  metered.inner.records.clear();
  const auto empty = metered.store.iterate({}, Direction::kAscending);
  EXPECT_TRUE(empty.ok());
  EXPECT_EQ(metered.meter.used(), 402U + 30);
}

TEST(GasStore, AReadThatIsRefusedForItsLengthWasMade) {
  Metered metered(1026);
  EXPECT_EQ(metered.store.get(Bytes(9)).error(), AccessError::kOutOfGas);
  EXPECT_EQ(metered.inner.reads, 1);
  EXPECT_EQ(metered.meter.used(), 1027U);  // the value was not charged any more
}

TEST(GasStore, AReadThatIsRefusedOutrightWasNotMade) {
  Metered metered(999);
  EXPECT_EQ(metered.store.get(Bytes(9)).error(), AccessError::kOutOfGas);
  EXPECT_EQ(metered.inner.reads, 0);
  EXPECT_EQ(metered.meter.used(), 1000U);
  EXPECT_EQ(metered.meter.used_up_to_limit(), 999U);
}

TEST(GasStore, AWriteThatIsRefusedWasNotMade) {
  Metered metered(2000 + 30 * 3 + 30 * 5 - 1);
  EXPECT_EQ(metered.store.set(Bytes(3), Bytes(5)).error(), AccessError::kOutOfGas);
  EXPECT_FALSE(metered.inner.records.contains(Bytes(3)));
}

TEST(GasMeter, AllowsExactlyItsLimit) {
  GasMeter meter(10);
  EXPECT_TRUE(meter.charge(10).ok());
  EXPECT_FALSE(meter.past_limit());
  EXPECT_EQ(meter.charge(1).error(), AccessError::kOutOfGas);
  EXPECT_TRUE(meter.past_limit());
}

TEST(GasMeter, RefusesASumBeyond64Bits) {
  GasMeter meter;
  EXPECT_TRUE(meter.charge(UINT64_MAX).ok());
  EXPECT_EQ(meter.charge(1).error(), AccessError::kOutOfGas);
  EXPECT_EQ(meter.used(), UINT64_MAX);
}

}  // namespace
}  // namespace buri::consensus::store
