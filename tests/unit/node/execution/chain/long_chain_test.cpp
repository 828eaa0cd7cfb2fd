#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>

#include "accel/hasher.hpp"
#include "base/clock.hpp"
#include "base/hex.hpp"
#include "node/execution/chain/base_fee.hpp"
#include "node/execution/chain/chain.hpp"
#include "node/execution/chain/durable_states.hpp"
#include "node/execution/chain/executor.hpp"
#include "node/execution/chain/genesis_block.hpp"
#include "node/execution/evm/keccak.hpp"
#include "node/execution/transaction/encode.hpp"
#include "node/storage/rocks_database.hpp"
#include "tests/support/accel/signer.hpp"
#include "tests/support/long_run.hpp"
#include "tests/support/resident_memory.hpp"
#include "tests/support/sanitizers.hpp"

/// A chain of our own that goes on for long, only its newest blocks kept whole: 1,200 blocks in
/// every run, 40,000 under BURI_TEST_LONG=1.

namespace buri::execution::chain {
namespace {

constexpr std::size_t kMib = std::size_t{1} << 20;
constexpr std::uint64_t kChainId = 1337;
constexpr std::uint64_t kKeptBlocks = BlockHistory::kMinKeptBlocks;
constexpr std::uint64_t kUndoBlocks = 256;
constexpr std::size_t kSenders = 40;
constexpr std::size_t kPayments = 4;

/// Every fork up to Madhugiri Pro from the first block on; one validator, no contracts.
constexpr std::string_view kConfig = R"({"chainId": 1337, "homesteadBlock": 0, "eip150Block": 0,
  "eip155Block": 0, "eip158Block": 0, "byzantiumBlock": 0, "constantinopleBlock": 0,
  "petersburgBlock": 0, "istanbulBlock": 0, "muirGlacierBlock": 0, "berlinBlock": 0,
  "londonBlock": 0, "shanghaiBlock": 0, "cancunBlock": 0, "pragueBlock": 0,
  "bor": {"period": {"0": 1}, "producerDelay": {"0": 2}, "sprint": {"0": 16},
    "backupMultiplier": {"0": 1},
    "validatorContract": "0x0000000000000000000000000000000000001000",
    "stateReceiverContract": "0x0000000000000000000000000000000000001001",
    "stateSyncConfirmationDelay": {"0": 8}, "jaipurBlock": 0, "delhiBlock": 0, "indoreBlock": 0,
    "ahmedabadBlock": 0, "bhilaiBlock": 0, "rioBlock": 0, "madhugiriBlock": 0,
    "madhugiriProBlock": 0,
    "burntContract": {"0": "0x000000000000000000000000000000000000bb01"},
    "coinbase": {"0": "0x000000000000000000000000000000000000fee1"}}})";

Address address_of(const accel::Signer& signer) {
  const Hash256 digest = evm::keccak256(signer.key().view().subspan(1));
  return Address::from(ByteView(digest).subspan(12));
}

/// One span without end, nothing to take over.
class OneProducer final : public protocol::HeimdallFacts {
 public:
  explicit OneProducer(const Address& signer) {
    const protocol::SpanValidator validator{.id = 1, .power = 10, .signer = signer};
    span_ = {.start_block = 0,
             .end_block = ~std::uint64_t{0},
             .validators = {validator},
             .producers = {validator},
             .chain_id = std::to_string(kChainId)};
  }

  Result<protocol::Span, protocol::FactError> span(std::uint64_t /*id*/) override { return span_; }
  Result<protocol::Span, protocol::FactError> span_of_block(std::uint64_t /*number*/) override {
    return span_;
  }
  Result<std::vector<protocol::StateSyncRecord>, protocol::FactError> records(
      std::uint64_t /*from_id*/, std::uint64_t /*before_s*/) override {
    return std::vector<protocol::StateSyncRecord>();
  }

 private:
  protocol::Span span_;
};

class LongChain : public ::testing::Test {
 protected:
  LongChain() {
    std::filesystem::create_directories(folder_);
    storage::RocksOptions disk;
    disk.folder = folder_;
    disk.block_cache_bytes = 8 * kMib;
    disk.write_buffer_bytes = 4 * kMib;
    database_ = storage::open_rocks_database(disk, execution_families()).value();
    const state::StateOptions options{
        .caches = {.account_bytes = kMib, .slot_bytes = kMib, .node_bytes = kMib},
        .undo_blocks = kUndoBlocks};
    store_ =
        state::StateStore::open(*database_, accel::best_hasher().keccak256_batch, options).value();
    blocks_.emplace(*database_, 256);
    CHECK(begin_chain(genesis_, *store_, *blocks_).ok(), "empty stores take a genesis");
    CHECK(BlockHistory(*blocks_).keep(kKeptBlocks).ok(), "the disk works");
    states_.emplace(*store_);
    clock_.set_wall(WallTime(std::chrono::seconds(std::uint64_t{1} << 32)));
    chain_ =
        Chain::start(genesis_.config, {*engine_, heimdall_, *states_, *blocks_, codes_, clock_})
            .value();
  }
  ~LongChain() override {
    chain_.reset();
    states_.reset();
    blocks_.reset();
    store_.reset();
    database_.reset();
    std::filesystem::remove_all(folder_);
  }

  [[nodiscard]] Genesis make_genesis() const {
    std::string alloc;
    for (const accel::Signer& sender : senders_) {
      alloc += (alloc.empty() ? "\"" : ", \"") + to_hex(address_of(sender)) +
               R"(": {"balance": "0xffffffffffffffffffff"})";
    }
    return parse_genesis(R"({"config": )" + std::string(kConfig) +
                         R"(, "nonce": "0x0", "timestamp": "0x1", "extraData": "0x",
      "gasLimit": "0x1c9c380", "difficulty": "0x1", "alloc": {)" +
                         alloc + "}}")
        .value();
  }

  /// A payment to an account that the number tells.
  [[nodiscard]] SignedTransaction payment(const Header& header, std::uint64_t number) const {
    const std::uint64_t place = number % kSenders;
    SignedTransaction sent;
    sent.type = EnvelopeType::kDynamicFee;
    sent.chain_id = U256::from_uint64(kChainId);
    sent.nonce = number / kSenders;
    sent.max_tip = U256::from_uint64(1);
    sent.max_fee = *header.base_fee;
    sent.gas_limit = 21'000;
    sent.to = Address{{static_cast<std::uint8_t>(number * 7 % 251), 9}};
    sent.value = U256::from_uint64(1);
    const auto signature = senders_[place].sign(evm::keccak256(*transaction::signed_part(sent)));
    sent.v = U256::from_uint64(signature.recovery_id);
    sent.r = *U256::from_big_endian(signature.signature.r);
    sent.s = *U256::from_big_endian(signature.signature.s);
    return sent;
  }

  /// The next block: executed, its header filled with what came of it, and sealed.
  Block make_block() {
    const Header& parent = chain_->head().block.header;
    Block block;
    Header& header = block.header;
    header.parent_hash = chain_->head().hash;
    header.uncles_hash = kEmptyListHash;
    header.difficulty = U256::from_uint64(1);
    header.number = parent.number + 1;
    header.gas_limit = parent.gas_limit;
    header.time = parent.time + 1;
    header.base_fee = base_fee_after(genesis_.config, parent);
    header.extra.resize(kVanityBytes + kSealBytes);
    for (std::size_t i = 0; i < kPayments; ++i) {
      block.transactions.push_back(payment(header, (header.number - 1) * kPayments + i));
    }
    header.transactions_root = transactions_root(block.transactions);
    execute_for_header(block);
    seal(header);
    return block;
  }

  void execute_for_header(Block& block) {
    auto signers = recover_signers(std::span(&block, 1), genesis_.config, *engine_);
    signers.front().producer = address_of(validator_);
    const auto before = states_->head();
    const auto executed =
        execute_block({.config = genesis_.config, .heimdall = heimdall_, .codes = codes_}, block,
                      signers.front(), *before, [](std::uint64_t) { return nullptr; });
    CHECK(executed.ok(), "the block's transactions can be executed");
    block.header.gas_used = executed->total_gas;
    block.header.bloom = bloom_of(executed->receipts);
    block.header.receipts_root = receipts_root(executed->receipts);
    block.header.state_root = states_->stage(state::collect_change(*executed->state)).value();
  }

  void seal(Header& header) const {
    const auto signature = validator_.sign(evm::keccak256(*seal_message(header, true)));
    const std::span<std::uint8_t> place = std::span(header.extra).last(kSealBytes);
    std::ranges::copy(signature.signature.r.bytes, place.begin());
    std::ranges::copy(signature.signature.s.bytes, place.begin() + 32);
    place.back() = signature.recovery_id;
  }

  std::string folder_ = ::testing::TempDir() + "buri_long_chain_" + std::to_string(getpid());
  std::mt19937_64 random_{20261127};
  accel::Signer validator_{random_};
  std::vector<accel::Signer> senders_ = accel::make_signers(kSenders, random_);
  Genesis genesis_ = make_genesis();
  OneProducer heimdall_{address_of(validator_)};
  std::unique_ptr<accel::Engine> engine_ =
      accel::Engine::start(accel::best_cpu_backend_alone(1)).value();
  evm::CodeCache codes_;
  ManualClock clock_;
  std::unique_ptr<storage::Database> database_;
  std::unique_ptr<state::StateStore> store_;
  std::optional<BlockStore> blocks_;
  std::optional<DurableStates> states_;
  std::unique_ptr<Chain> chain_;
};

TEST_F(LongChain, KeepsItsSizeAndItsNewestBlocks) {
  const std::uint64_t last = is_long_run() ? 40'000 : 1'200;
  const std::uint64_t settled = last * 3 / 5;
  std::size_t resident = 0;
  Hash256 old_transaction;
  for (std::uint64_t number = 1; number <= last; ++number) {
    const Block block = make_block();
    const auto taken = chain_->import(block);
    ASSERT_TRUE(taken.ok()) << number << ": " << describe(taken.error());
    ASSERT_EQ(*taken, ImportResult::kHead) << number;
    if (number == last - kKeptBlocks) {
      old_transaction = transaction::hash(block.transactions.front());
    }
    if (number == settled) resident = resident_bytes();
  }

  // What is older than the kept blocks is a header alone.
  EXPECT_EQ(*chain_->at(last - kKeptBlocks), nullptr);
  EXPECT_FALSE((*blocks_->transaction(old_transaction)).has_value());
  EXPECT_NE(*blocks_->canonical(1), nullptr);
  const auto kept = *chain_->at(last - kKeptBlocks + 1);
  ASSERT_NE(kept, nullptr);
  EXPECT_EQ(kept->outcome.receipts.size(), kPayments);
  EXPECT_EQ(store_->oldest_block(), last - kUndoBlocks);
  EXPECT_TRUE(store_->verify().ok());

  const auto growth =
      static_cast<std::int64_t>(resident_bytes()) - static_cast<std::int64_t>(resident);
  std::printf("%llu blocks: %zu MiB resident, %lld KiB more than at block %llu\n",
              static_cast<unsigned long long>(last), resident_bytes() / kMib,
              static_cast<long long>(growth / 1024), static_cast<unsigned long long>(settled));
  if (kMemoryIsMeasurable) EXPECT_LE(growth, static_cast<std::int64_t>(16 * kMib));

  // The head can still be taken back as far as undo records are kept, and no further.
  EXPECT_FALSE(chain_->rewind(last - kUndoBlocks - 1).ok());
  ASSERT_TRUE(chain_->rewind(last - kUndoBlocks).ok());
  EXPECT_TRUE(store_->verify().ok());
}

}  // namespace
}  // namespace buri::execution::chain
