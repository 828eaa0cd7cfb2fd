#include "node/consensus/blocks/state_store.hpp"

#include "base/check.hpp"
#include "node/consensus/blocks/reader.hpp"

namespace buri::consensus::blocks {
namespace {

using engine::ChainState;
using engine::ValidatorSet;

constexpr storage::FamilySpec kFamilies[] = {
    {.name = "chain_head"},
    {.name = "chain_members", .block_bytes = std::size_t{32} << 10},
    {.name = "chain_rotation"},
    {.name = "chain_params"},
    {.name = "chain_results", .block_bytes = std::size_t{32} << 10},
};

/// The head is the one record of its family.
constexpr std::uint8_t kHeadKey[] = {'h'};

bool has_members(const ValidatorSet& set, std::span<const engine::Validator> members) {
  return std::equal(set.validators().begin(), set.validators().end(), members.begin(),
                    members.end(), [](const engine::Validator& a, const engine::Validator& b) {
                      return a.public_key == b.public_key && a.voting_power == b.voting_power;
                    });
}

}  // namespace

struct StateStore::Impl {
  explicit Impl(storage::Database& opened)
      : database(&opened),
        reader(opened),
        heads(storage::opened_family(opened, "chain_head")),
        members(storage::opened_family(opened, "chain_members")),
        rotations(storage::opened_family(opened, "chain_rotation")),
        params(storage::opened_family(opened, "chain_params")),
        results(storage::opened_family(opened, "chain_results")) {}

  /// Members as they are stored; where they are, and who they are.
  struct Members {
    std::int64_t height = 0;
    std::vector<engine::Validator> validators;
  };
  [[nodiscard]] std::optional<Members> members_at(std::int64_t height) const;
  [[nodiscard]] std::optional<ValidatorSet> set_at(std::int64_t height) const;
  /// Adds the set of a height, its members only if they are not `known`, which become them.
  void put_set(storage::Batch& batch, std::int64_t height, const ValidatorSet& set,
               std::optional<Members>& known) const;
  void put_head(storage::Batch& batch, const ChainState& chain) const {
    batch.put(heads, kHeadKey, encode_head(chain));
    batch.put(params, height_key(chain.next_height()), encode_params(chain.params));
  }
  [[nodiscard]] Status<storage::StorageError> checked() const {
    if (const auto failure = reader.failure()) return Failure{*failure};
    return Unit{};
  }

  storage::Database* database;
  Reader reader;
  storage::Family heads;
  storage::Family members;
  storage::Family rotations;
  storage::Family params;
  storage::Family results;
};

std::optional<StateStore::Impl::Members> StateStore::Impl::members_at(std::int64_t height) const {
  auto validators = reader.get_as(members, height_key(height), engine::decode_validators);
  if (!validators) return std::nullopt;
  return Members{height, std::move(*validators)};
}

std::optional<ValidatorSet> StateStore::Impl::set_at(std::int64_t height) const {
  const auto key = height_key(height);
  const auto rotation = reader.get_as(rotations, key, decode_rotation);
  if (!rotation) return std::nullopt;
  auto stored = members_at(rotation->members_height);
  // Both records went between the two reads: the height was pruned.
  if (!stored && !reader.get(rotations, key)) return std::nullopt;
  using Made = Decoded<ValidatorSet>;
  const auto made = [&]() -> Made {
    if (!stored || stored->validators.size() != rotation->priorities.size()) {
      return Failure{codec::DecodeError::kValue};
    }
    for (std::size_t i = 0; i < rotation->priorities.size(); ++i) {
      stored->validators[i].proposer_priority = rotation->priorities[i];
    }
    auto set = ValidatorSet::restore(std::move(stored->validators), rotation->proposer);
    if (!set.ok()) return Failure{codec::DecodeError::kValue};
    return std::move(set).value();
  }();
  return reader.value_or_fail(rotations, key, Made(made));
}

void StateStore::Impl::put_set(storage::Batch& batch, std::int64_t height, const ValidatorSet& set,
                               std::optional<Members>& known) const {
  if (!known || !has_members(set, known->validators)) {
    known = Members{height, {set.validators().begin(), set.validators().end()}};
    batch.put(members, height_key(height), engine::encode_validators(set.validators()));
  }
  StoredRotation rotation{known->height, set.proposer().address, {}};
  for (const engine::Validator& member : set.validators()) {
    rotation.priorities.push_back(member.proposer_priority);
  }
  batch.put(rotations, height_key(height), encode_rotation(rotation));
}

std::vector<storage::FamilySpec> StateStore::families() {
  return {std::begin(kFamilies), std::end(kFamilies)};
}

StateStore::StateStore(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
StateStore::~StateStore() = default;

Result<std::unique_ptr<StateStore>, std::string> StateStore::open(storage::Database& database) {
  std::unique_ptr<StateStore> store(new StateStore(std::make_unique<Impl>(database)));
  // Also looks at the sets that the next block is decided and checked by.
  (void)store->load();
  if (const auto failure = store->failure()) {
    return Failure{"the state store cannot be read: " + failure->detail};
  }
  return store;
}

std::optional<ChainState> StateStore::load() const {
  auto head = impl_->reader.get_as(impl_->heads, kHeadKey, decode_head);
  if (!head) return std::nullopt;
  const std::int64_t next = head->last_height == 0 ? head->initial_height : head->last_height + 1;
  auto validators = impl_->set_at(next);
  auto next_validators = impl_->set_at(next + 1);
  auto last_validators = head->last_height == 0 ? validators : impl_->set_at(head->last_height);
  if (!validators || !next_validators || !last_validators) {
    using Missing = Decoded<ChainState>;
    return impl_->reader.value_or_fail(impl_->rotations, height_key(next),
                                       Missing(Failure{codec::DecodeError::kValue}));
  }
  return ChainState{.chain_id = std::move(head->chain_id),
                    .initial_height = head->initial_height,
                    .app_version = head->app_version,
                    .last_height = head->last_height,
                    .last_block_id = head->last_block_id,
                    .last_time = head->last_time,
                    .last_validators = std::move(*last_validators),
                    .validators = std::move(*validators),
                    .next_validators = std::move(*next_validators),
                    .params = head->params,
                    .app_hash = std::move(head->app_hash),
                    .last_results_hash = head->last_results_hash};
}

std::optional<ValidatorSet> StateStore::validators(std::int64_t height) const {
  return impl_->set_at(height);
}

std::optional<engine::ChainParams> StateStore::params(std::int64_t height) const {
  return impl_->reader.get_as(impl_->params, height_key(height), decode_params);
}

std::optional<Bytes> StateStore::results(std::int64_t height) const {
  return impl_->reader.get(impl_->results, height_key(height));
}

Status<storage::StorageError> StateStore::save_genesis(const ChainState& chain) {
  storage::Batch batch;
  std::optional<Impl::Members> known;
  if (!chain.is_first()) {
    impl_->put_set(batch, chain.last_height, chain.last_validators, known);
  }
  impl_->put_set(batch, chain.next_height(), chain.validators, known);
  impl_->put_set(batch, chain.next_height() + 1, chain.next_validators, known);
  impl_->put_head(batch, chain);
  return impl_->database->write(batch, storage::Durability::kSynced);
}

Status<storage::StorageError> StateStore::save_results(std::int64_t height, ByteView results) {
  storage::Batch batch;
  batch.put(impl_->results, height_key(height), results);
  return impl_->database->write(batch, storage::Durability::kSynced);
}

Status<storage::StorageError> StateStore::save(const ChainState& chain) {
  const std::int64_t newest = chain.next_height() + 1;
  std::optional<Impl::Members> known;
  if (const auto at = impl_->reader.at_or_below(impl_->members, newest - 1)) {
    known = impl_->members_at(*at);
  }
  RETURN_IF_ERROR(impl_->checked());
  storage::Batch batch;
  impl_->put_set(batch, newest, chain.next_validators, known);
  impl_->put_head(batch, chain);
  return impl_->database->write(batch, storage::Durability::kOrdered);
}

Status<storage::StorageError> StateStore::take_back(const ChainState& chain) {
  storage::Batch batch;
  const auto end = height_key(INT64_MAX);
  batch.remove_range(impl_->members, height_key(chain.next_height() + 2), end);
  batch.remove_range(impl_->rotations, height_key(chain.next_height() + 2), end);
  batch.remove_range(impl_->params, height_key(chain.next_height() + 1), end);
  batch.remove_range(impl_->results, height_key(chain.last_height + 1), end);
  impl_->put_head(batch, chain);
  return impl_->database->write(batch, storage::Durability::kSynced);
}

Status<storage::StorageError> StateStore::prune(std::int64_t retain_height) {
  const auto begin = height_key(0);
  const auto end = height_key(retain_height);
  const auto rotation = impl_->reader.get_as(impl_->rotations, end, decode_rotation);
  RETURN_IF_ERROR(impl_->checked());
  CHECK(rotation, "pruning would leave no validators");
  storage::Batch batch;
  batch.remove_range(impl_->members, begin, height_key(rotation->members_height));
  batch.remove_range(impl_->rotations, begin, end);
  batch.remove_range(impl_->params, begin, end);
  batch.remove_range(impl_->results, begin, end);
  return impl_->database->write(batch, storage::Durability::kOrdered);
}

std::optional<storage::StorageError> StateStore::failure() const { return impl_->reader.failure(); }

}  // namespace buri::consensus::blocks
