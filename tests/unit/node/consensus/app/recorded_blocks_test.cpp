#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "base/hex.hpp"
#include "node/consensus/modules/clerk/keeper.hpp"
#include "tests/unit/node/consensus/app/machine.hpp"
#include "tests/unit/node/consensus/app/recorded_chain.hpp"

/// What approved side transactions and transactions of recorded chains write into the stores of the
/// modules, and the events of the former, against the records. Which ones were approved is taken
/// from the records' events.

namespace buri::consensus::app {
namespace {

using runtime::StoreId;

/// The modules whose stores only transactions and their approval write, but for the keys below.
const std::set<std::string, std::less<>> kStores{"topup", "checkpoint", "clerk"};

/// Written when votes are counted, the signatures over a checkpoint and whose they are, or at the
/// block's end by governance, the parameters.
bool is_written_elsewhere(std::string_view store, ByteView key) {
  return store == "checkpoint" && key.size() == 1 &&
         (key[0] == 0x80 || key[0] == 0x85 || key[0] == 0x86);
}

/// The place of the event that an approved transaction left behind.
std::optional<std::size_t> approval_in(const std::vector<records::EventRecord>& events,
                                       const Hash256& tx_hash) {
  const auto found = std::ranges::find_if(events, [&tx_hash](const records::EventRecord& event) {
    return std::ranges::any_of(event.second, [&tx_hash](const auto& attribute) {
      return attribute.first == "txhash" && attribute.second == to_hex(tx_hash);
    });
  });
  if (found == events.end()) return std::nullopt;
  return static_cast<std::size_t>(found - events.begin());
}

class RecordedBlocks : public ::testing::TestWithParam<const char*> {
 protected:
  void SetUp() override {
    std::string why;
    chain_ = recorded_chain(GetParam(), why);
    if (chain_ == nullptr) GTEST_SKIP() << why;
  }

  /// Applies what the block before had approved; counts it in `applied_`.
  void apply_approved(std::int64_t height, const runtime::BlockFacts& facts,
                      store::Branch& branch) {
    const auto before = chain_->transactions.find(height - 1);
    if (before == chain_->transactions.end()) return;
    const auto& recorded = chain_->results.at(height).events;
    for (const Bytes& raw : before->second) {
      const auto decoded = machine_.runner.decode(raw);
      const auto approval = approval_in(recorded, tx::transaction_hash(raw));
      if (!decoded.ok() || !approval) continue;
      const auto message = std::ranges::find_if(
          decoded->messages,
          [](const runtime::MessagePointer& one) { return one->type().is_side_message(); });
      ASSERT_NE(message, decoded->messages.end());
      SCOPED_TRACE((*message)->type().type_url);
      runtime::EventLog events;
      const runtime::Context context =
          runtime::Context(facts, branch, meter_, events).with_tx_hash(decoded->hash);
      const auto applied = (*message)->type().post_handle(context, **message);
      ASSERT_TRUE(applied.ok()) << applied.error().log;
      const auto made = in_record_form(events);
      ASSERT_LE(made.size(), *approval + 1);
      const auto last = recorded.begin() + static_cast<std::ptrdiff_t>(*approval) + 1;
      const std::vector<records::EventRecord> expected(
          last - static_cast<std::ptrdiff_t>(made.size()), last);
      EXPECT_EQ(made, expected);
      ++applied_;
    }
  }

  void execute(std::int64_t height, const runtime::BlockFacts& facts, store::Branch& branch) {
    runtime::GasMeter block_gas = block_gas_meter(facts);
    runtime::EventLog events;
    for (const Bytes& raw : chain_->transactions.at(height)) {
      const auto decoded = machine_.runner.decode(raw);
      const auto result =
          machine_.runner.deliver({facts, branch, meter_, events}, block_gas, decoded);
      ASSERT_TRUE(result.ok());
    }
  }

  /// Compares what the branch holds for the stores of `kStores` with what the height wrote.
  void compare_writes(std::int64_t height, store::Branch& branch) {
    for (const std::string& name : kStores) {
      SCOPED_TRACE(name);
      const StoreId id = runtime::store_by_name(name).value();
      std::map<std::string, std::string> written;
      for (const auto& [key, value] : branch.store(static_cast<std::size_t>(id)).writes()) {
        const bool is_effective = value || stores_[id].entries().contains(key);
        if (is_effective) written[to_hex(key)] = value ? to_hex(*value) : "removed";
      }
      std::map<std::string, std::string> recorded;
      for (const records::WritesRecord& record : chain_->writes.at(height)) {
        if (record.store != name) continue;
        for (const auto& [key, value] : record.sets) {
          if (!is_written_elsewhere(name, key)) recorded[to_hex(key)] = to_hex(value);
        }
        for (const Bytes& key : record.deletes) recorded[to_hex(key)] = "removed";
      }
      EXPECT_EQ(written, recorded);
      compared_ += recorded.size();
    }
  }

  const RecordedChain* chain_ = nullptr;
  Machine machine_;
  runtime::MemoryStores stores_;
  runtime::GasMeter meter_ = runtime::GasMeter::infinite();
  std::size_t applied_ = 0;
  std::size_t compared_ = 0;
};

TEST_P(RecordedBlocks, WriteWhatWasRecordedIntoTheModulesStores) {
  app::apply(chain_->writes.at(1), stores_);
  for (auto it = chain_->transactions.upper_bound(1); it != chain_->transactions.end(); ++it) {
    const std::int64_t height = it->first;
    SCOPED_TRACE("height " + std::to_string(height));
    const runtime::BlockFacts facts = facts_of(*chain_, height);
    store::Branch branch(stores_.stores());
    runtime::EventLog events;
    const runtime::Context start(facts, branch, meter_, events);
    ASSERT_TRUE(modules::clerk::Keeper().advance_visibility(start).ok());
    apply_approved(height, facts, branch);
    execute(height, facts, branch);
    compare_writes(height, branch);
    if (HasFailure()) FAIL() << "the first difference stops the run";
    app::apply(chain_->writes.at(height), stores_);
  }
  std::cout << applied_ << " approved transactions, " << compared_ << " writes compared\n";
  EXPECT_GT(applied_, 10U);
  EXPECT_GT(compared_, 100U);
}

INSTANTIATE_TEST_SUITE_P(Chains, RecordedBlocks, ::testing::Values("A", "B"));

}  // namespace
}  // namespace buri::consensus::app
