#include "tests/support/consensus/synthetic_chain.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <random>

#include "node/consensus/app/extension_rules.hpp"
#include "node/consensus/app/finalize_response.hpp"
#include "node/consensus/app/results_hash.hpp"
#include "node/consensus/codec/message.hpp"
#include "node/consensus/engine/block_rules.hpp"
#include "node/consensus/engine/canonical.hpp"
#include "node/consensus/engine/hashes.hpp"
#include "node/consensus/engine/times.hpp"
#include "node/storage/rocks_database.hpp"
#include "tests/support/consensus/many_validators.hpp"

namespace buri::testing {
namespace {

using namespace buri::consensus;
using engine::BlockIdFlag;
using records::BlockRecord;

constexpr std::int64_t kPower = 1000;
constexpr std::int64_t kNanosPerHeight = 2'000'000'000;
constexpr std::string_view kChainId = "heimdall-synthetic";
constexpr std::uint64_t kBlockVersion = 11;

protocol::HeimdallForks all_forks() {
  protocol::HeimdallForks forks;
  for (const protocol::HeimdallForkRow& row : protocol::heimdall_fork_rows()) {
    using enum protocol::HeimdallFork;
    const bool is_passing = row.fork == kDisableVpCheck || row.fork == kDisableValSetCheck ||
                            row.fork == kMilestoneDeletion || row.fork == kCompactVoteExtension;
    if (!is_passing) forks.set(row.fork, 0);
  }
  return forks;
}

/// Stores in memory.
struct Home {
  explicit Home(accel::Engine& crypto) {
    storage::RocksOptions rocks;
    rocks.folder = "/synthetic";
    rocks.in_memory = true;
    database = storage::open_rocks_database(rocks, iavl::Multistore::families()).value();
    iavl::MultistoreOptions options;
    options.background = false;
    multistore = iavl::Multistore::open(*database, crypto, options).value();
  }
  std::unique_ptr<storage::Database> database;
  std::unique_ptr<iavl::Multistore> multistore;
};

/// Proposes, executes and signs height after height.
class Maker {
 public:
  Maker(SyntheticChain& chain, accel::Engine& crypto, std::span<const accel::Signer> signers,
        const SyntheticChainOptions& options)
      : chain_(chain),
        crypto_(crypto),
        options_(options),
        random_(options.seed),
        home_(crypto),
        app_({chain.genesis.head.chain_id, chain.forks,
              modules::stake::GenesisRules::kWithPenultimate},
             {home_.database.get(), home_.multistore.get(), &crypto, facts_.facts()}) {
    const auto begun = app_.init_chain(chain.genesis);
    CHECK(begun.ok(), "the genesis imports");
    std::vector<engine::Validator> members;
    for (const accel::Signer& signer : signers) {
      const Address address = address_of(signer);
      members.push_back({address, engine::PublicKeyBytes::from(signer.key().view()), kPower, 0});
      signers_.emplace(address, &signer);
    }
    set_ = engine::ValidatorSet::create(members).value();
    validators_.assign(set_->validators().begin(), set_->validators().end());
    append(app_hash_, begun->app_hash);
    results_hash_ = app::results_hash(crypto, {});
  }

  void step() {
    engine::Block block = propose();
    BlockRecord record;
    record.height = height_;
    record.block = engine::encode_block(block);
    record.block_hash = engine::header_hash(crypto_, block.header);
    const engine::PartSetHeader parts = engine::part_set_header(crypto_, record.block);
    record.part_count = parts.total;
    record.parts_hash = *parts.hash;
    last_id_ = {record.block_hash, parts};
    execute(block, record);
    sign(block);
    record.extended_commit = engine::encode_extended_commit(extended_);
    record.seen_commit = engine::encode_commit(extended_.commit());
    record.validators = engine::encode_validators(validators_);
    chain_.records.push_back(std::move(record));
    ++height_;
  }

 private:
  engine::Block propose() {
    engine::Block block;
    app::ExtendedCommit carried;
    if (height_ > 1) {
      block.last_commit = extended_.commit();
      for (std::size_t i = 0; i < validators_.size(); ++i) {
        const engine::ExtendedCommitSig& entry = extended_.signatures[i];
        const ByteView address(validators_[i].address);
        carried.votes.push_back({{{address.begin(), address.end()}, kPower},
                                 entry.extension,
                                 entry.extension_signature,
                                 app::kFlagCommit,
                                 entry.non_rp_extension,
                                 entry.non_rp_signature});
      }
    }
    block.txs.push_back(codec::encode(carried));
    fill_header(block);
    return block;
  }

  void fill_header(engine::Block& block) {
    engine::Header& header = block.header;
    const auto& limits = *chain_.genesis.head.params.block;
    header.block_version = kBlockVersion;
    header.chain_id = chain_.genesis.head.chain_id;
    header.height = height_;
    header.time = height_ == 1 ? genesis_time() : engine::median_time(block.last_commit, *set_);
    header.last_block_id = last_id_;
    header.last_commit_hash = engine::commit_hash(crypto_, block.last_commit);
    header.data_hash = engine::data_hash(crypto_, block.txs);
    header.validators_hash = engine::validators_hash(crypto_, validators_);
    header.next_validators_hash = header.validators_hash;
    header.consensus_hash = engine::consensus_hash(crypto_, limits.max_bytes, limits.max_gas);
    header.app_hash = app_hash_;
    header.last_results_hash = results_hash_;
    header.evidence_hash = engine::evidence_hash(crypto_, {});
    header.proposer_address =
        validators_[static_cast<std::size_t>(height_) % validators_.size()].address;
  }

  [[nodiscard]] engine::Timestamp genesis_time() const {
    const auto& time = chain_.genesis.head.time;
    return {time.seconds, time.nanos};
  }

  void execute(const engine::Block& block, BlockRecord& record) {
    const engine::Header& header = block.header;
    const auto result = app_.finalize_block({.height = height_,
                                             .time = {header.time.seconds, header.time.nanos},
                                             .proposer = header.proposer_address,
                                             .txs = block.txs});
    CHECK(result.ok(), "the block executes");
    CHECK(result->validator_updates.empty(), "nothing changes the validators");
    CHECK(app_.commit(storage::Durability::kOrdered).ok(), "memory does not fail");
    const bool is_added = std::ranges::any_of(
        result->events, [](const runtime::Event& event) { return event.type == "milestone"; });
    if (is_added) milestone_ = proposed_;
    record.app_hash = result->app_hash;
    record.finalize_block_response = app::encode_finalize_response(*result);
    for (std::size_t i = 0; i < runtime::kStoreCount; ++i) {
      record.store_roots.emplace_back(std::string(runtime::kStoreNames[i]), result->store_roots[i]);
    }
    app_hash_.assign(result->app_hash.bytes.begin(), result->app_hash.bytes.end());
    results_hash_ = app::results_hash(crypto_, result->txs);
  }

  /// Every validator votes for the block, two to three seconds after its time.
  void sign(const engine::Block& block) {
    const Bytes extension = make_extension();
    const Bytes non_rp = app::dummy_extension(chain_.forks, chain_.genesis.head.chain_id, height_);
    const Bytes extension_bytes =
        app::extension_sign_bytes(chain_.genesis.head.chain_id, height_, 0, extension);
    extended_ = {height_, 0, last_id_, {}};
    engine::Commit commit{height_, 0, last_id_, {}};
    for (std::size_t i = 0; i < validators_.size(); ++i) {
      engine::CommitSig& vote = commit.signatures.emplace_back();
      vote.flag = BlockIdFlag::kCommit;
      vote.validator_address = validators_[i].address;
      const auto delay = static_cast<std::int64_t>(random_() % 900'000'000);
      vote.timestamp = engine::plus_nanos(block.header.time, kNanosPerHeight + delay);
      const accel::Signer& signer = *signers_.at(validators_[i].address);
      vote.signature = signature_of(
          signer, engine::precommit_sign_bytes(chain_.genesis.head.chain_id, commit, i));
      extended_.signatures.push_back({vote, extension, signature_of(signer, extension_bytes),
                                      non_rp, signature_of(signer, non_rp)});
    }
  }

  /// The Bor blocks after those of the last milestone.
  Bytes make_extension() {
    app::VoteExtension extension;
    append(extension.block_hash, *last_id_.hash);
    extension.height = height_;
    auto& proposition = extension.milestone_proposition.emplace();
    proposition.start_block_number = milestone_.next_block;
    proposition.parent_hash = milestone_.hash;
    proposed_ = milestone_;
    for (std::size_t i = 0; i < options_.milestone_blocks; ++i) {
      const Hash256 hash = accel::random_hash(random_);
      proposed_.hash.assign(hash.bytes.begin(), hash.bytes.end());
      proposition.block_hashes.push_back(proposed_.hash);
      proposition.block_tds.push_back(++proposed_.next_block);
    }
    proposition.latest_block_number = proposed_.next_block - 1;
    proposition.latest_block_hash = proposed_.hash;
    return codec::encode(extension);
  }

  /// Where a milestone ends.
  struct BorPlace {
    std::uint64_t next_block = 0;
    Bytes hash;
  };

  SyntheticChain& chain_;
  accel::Engine& crypto_;
  const SyntheticChainOptions& options_;
  std::mt19937_64 random_;
  Home home_;
  app::OfflineFacts facts_;
  app::Application app_;
  std::optional<engine::ValidatorSet> set_;
  std::vector<engine::Validator> validators_;  ///< its members
  std::map<Address, const accel::Signer*> signers_;

  std::int64_t height_ = 1;
  engine::BlockId last_id_;
  engine::ExtendedCommitRecord extended_;
  Bytes app_hash_;
  Hash256 results_hash_{};
  BorPlace milestone_;  ///< the last that was added
  BorPlace proposed_;   ///< by the last height's extensions
};

}  // namespace

consensus::replay::RecordSource SyntheticChain::source() const {
  return [this](const consensus::records::RecordVisitor<BlockRecord>& visit)
             -> Status<consensus::records::RecordError> {
    for (const BlockRecord& record : records) RETURN_IF_ERROR(visit(BlockRecord(record)));
    return Unit{};
  };
}

SyntheticChain make_synthetic_chain(std::string_view base_genesis, accel::Engine& crypto,
                                    const SyntheticChainOptions& options) {
  std::mt19937_64 random(options.seed);
  const std::vector<accel::Signer> signers = accel::make_signers(options.validators, random);
  std::vector<GenesisValidator> validators;
  for (const accel::Signer& signer : signers) validators.push_back({&signer, kPower});
  std::string genesis = genesis_of(base_genesis, kChainId, validators);
  app::Genesis opened = app::open_genesis(app::in_memory(genesis)).value();
  SyntheticChain chain{
      std::move(genesis), std::move(opened), options.forks.value_or(all_forks()), {}};
  Maker maker(chain, crypto, signers, options);
  for (std::int64_t i = 0; i < options.heights; ++i) maker.step();
  return chain;
}

}  // namespace buri::testing
