#include "node/execution/state/state_store.hpp"

#include <algorithm>

#include "base/hex.hpp"

namespace buri::execution::state {
namespace {

constexpr std::string_view kHeadKey = "head";
/// How many old undo records a block's batch removes at most: more than come.
constexpr std::uint64_t kPrunedPerBlock = 16;

StateError corrupt(std::string detail) {
  return {StateError::Kind::kCorruption, std::move(detail)};
}
StateError unknown_block(std::string detail) {
  return {StateError::Kind::kUnknownBlock, std::move(detail)};
}

StateError wrong_root(const std::string& what, const Hash256& expected, const Hash256& found) {
  return {StateError::Kind::kWrongRoot,
          what + ": expected root " + to_hex(expected) + ", found " + to_hex(found)};
}

}  // namespace

StateStore::StateStore(storage::Database& database, HashBatch hash, const StateOptions& options)
    : database_(database),
      hash_(std::move(hash)),
      options_(options),
      reader_(database, options.caches),
      read_ahead_(reader_, options.read_ahead_threads) {
  options_.readable_blocks = std::min(options_.readable_blocks, options_.undo_blocks);
  options_.trie_blocks = std::min(options_.trie_blocks, options_.undo_blocks);
}

Result<std::unique_ptr<StateStore>, StateError> StateStore::open(storage::Database& database,
                                                                 HashBatch hash,
                                                                 const StateOptions& options) {
  std::unique_ptr<StateStore> store(new StateStore(database, std::move(hash), options));
  RETURN_IF_ERROR(store->load());
  return store;
}

Status<StateError> StateStore::load() {
  Bytes bytes;
  const auto found = database_.get(reader_.tables().meta, as_bytes(kHeadKey), bytes);
  if (!found.ok()) return Failure{from_storage(found.error())};
  if (!found.value()) return Unit{};
  const auto head = decode_head(bytes);
  if (!head.ok()) {
    return Failure{corrupt("the state's head record is malformed: " + std::string(head.error()))};
  }
  head_ = head.value();
  oldest_block_ = head_->number;
  const auto records = database_.iterate(reader_.tables().undo);
  records->seek({});
  if (records->valid()) {
    std::uint64_t first = 0;
    for (const std::uint8_t byte : records->key()) first = first << 8 | byte;
    if (first > head_->number || first == 0) {
      return Failure{corrupt("an undo record is of block " + std::to_string(first) +
                             ", the head is " + std::to_string(head_->number))};
    }
    oldest_block_ = first - 1;
  }
  const auto status = records->status();
  if (!status.ok()) return Failure{from_storage(status.error())};
  RETURN_IF_ERROR(load_history());
  return load_tries();
}

/// The changes of the blocks that are readable, and which those are.
Status<StateError> StateStore::load_history() {
  History& history = reader_.history();
  const std::uint64_t depth = std::min(options_.readable_blocks, head_->number - oldest_block_);
  for (std::uint64_t number = head_->number - depth; number < head_->number; ++number) {
    ASSIGN_OR_RETURN(const UndoRecord record, read_undo(number + 1));
    blocks_[number] = {record.parent, history.published()};
    history.publish(record);
  }
  blocks_[head_->number] = {*head_, history.published()};
  return Unit{};
}

Result<UndoRecord, StateError> StateStore::read_undo(std::uint64_t block_number) const {
  Bytes bytes;
  const auto found = database_.get(reader_.tables().undo, number_key(block_number), bytes);
  if (!found.ok()) return Failure{from_storage(found.error())};
  const std::string name = "the undo record of block " + std::to_string(block_number);
  if (!found.value()) return Failure{corrupt(name + " is missing")};
  auto record = decode_undo(bytes);
  if (!record.ok()) {
    return Failure{corrupt(name + " is malformed: " + std::string(record.error()))};
  }
  if (record->parent.number + 1 != block_number) {
    return Failure{corrupt(name + " leads to block " + std::to_string(record->parent.number))};
  }
  return std::move(record).value();
}

std::optional<StateHead> StateStore::head() const {
  const std::lock_guard lock(blocks_mutex_);
  return head_;
}

StateHead StateStore::must_have_head() const {
  const auto present = head();
  CHECK(present.has_value(), "a state without blocks was asked for its head");
  return *present;
}

std::uint64_t StateStore::oldest_block() const {
  const std::lock_guard lock(blocks_mutex_);
  CHECK(head_.has_value(), "a state without blocks was asked for its oldest");
  return oldest_block_;
}

std::shared_ptr<const StateView> StateStore::view(std::uint64_t block_number) const {
  // The mutex keeps commits from forgetting the version before it is pinned.
  const std::lock_guard lock(blocks_mutex_);
  const auto found = blocks_.find(block_number);
  if (found == blocks_.end()) return nullptr;
  return std::make_shared<StateView>(reader_, found->second.head, found->second.version);
}

void StateStore::read_ahead(std::span<const Address> addresses) {
  if (options_.read_ahead_threads == 0 || addresses.empty()) return;
  const std::vector<ByteView> messages(addresses.begin(), addresses.end());
  std::vector<Hash256> hashes(messages.size());
  hash_(messages, hashes);
  read_ahead_.begin(std::move(hashes));
}

Result<StateStep, StateError> StateStore::prepare(const StateChange& change) {
  const StateHead start = head().value_or(StateHead{});
  return reckon_step(reader_, start, hash_change(change, hash_), {hash_, options_.lanes});
}

Status<StateError> StateStore::commit(StateStep step, std::uint64_t block_number,
                                      const Hash256& block_hash) {
  const auto present = head();
  if (present && block_number != present->number + 1) {
    return Failure{unknown_block("expected block " + std::to_string(present->number + 1) +
                                 " after the head, found block " + std::to_string(block_number))};
  }
  CHECK(step.before.parent == present.value_or(StateHead{}), "a step was taken from another head");
  if (present) {
    step.batch.put(reader_.tables().undo, number_key(block_number), encode_undo(step.before));
    prune_undo(step.batch, block_number);
  } else {
    oldest_block_ = block_number;
  }
  const Hash256 root = step.root;
  return take(std::move(step), {.number = block_number, .block_hash = block_hash, .root = root});
}

/// What the tries on disk lack follows from the undo records above them, so those stay.
void StateStore::prune_undo(storage::Batch& batch, std::uint64_t block_number) {
  for (std::uint64_t i = 0; i < kPrunedPerBlock; ++i) {
    const std::lock_guard lock(blocks_mutex_);
    if (block_number - oldest_block_ <= options_.undo_blocks) return;
    if (tries_ && oldest_block_ >= tries_->number) return;
    batch.remove(reader_.tables().undo, number_key(++oldest_block_));
  }
}

/// Undo records lead from any older block to the head as long as no step goes back.
bool StateStore::must_write_tries(const StateHead& to) {
  if (!tries_ || to.number <= must_have_head().number) return true;
  return to.number >= next_tries_.value_or(*tries_).number + options_.trie_blocks ||
         reader_.pending().size_bytes() >= options_.trie_bytes;
}

StateError StateStore::fail(const storage::StorageError& error) {
  const std::lock_guard lock(blocks_mutex_);
  has_failed_ = true;
  return from_storage(error);
}

void StateStore::begin_tries(const StateHead& head) {
  next_tries_ = head;
  options_.trie_writer->begin([this, head, &nodes = reader_.freeze()] {
    storage::Batch batch;
    nodes.add_to(batch, reader_.tables());
    batch.put(reader_.tables().meta, as_bytes(kTriesKey), encode_head(head));
    written_ = database_.write_sorted(batch);
  });
}

Status<StateError> StateStore::finish_tries() {
  options_.trie_writer->finish();
  const StateHead head = *std::exchange(next_tries_, std::nullopt);
  if (!written_.ok()) return Failure{fail(written_.error())};
  tries_ = head;
  return Unit{};
}

StateStore::~StateStore() {
  if (next_tries_) options_.trie_writer->finish();
}

/// Makes a step durable and visible.
Status<StateError> StateStore::take(StateStep step, const StateHead& to) {
  step.batch.put(reader_.tables().meta, as_bytes(kHeadKey), encode_head(to));
  {
    const std::lock_guard lock(blocks_mutex_);
    if (has_failed_) {
      return Failure{StateError{StateError::Kind::kStorage,
                                "an earlier write failed: the state must be opened again"}};
    }
  }
  reader_.history().publish(step.before);
  const std::unique_lock nodes_lock(nodes_mutex_);
  const bool is_due = must_write_tries(to);
  if (next_tries_ && (is_due || options_.trie_writer->is_idle())) RETURN_IF_ERROR(finish_tries());
  const bool goes_on = tries_ && to.number > must_have_head().number;
  const bool with_tries = is_due && (!goes_on || options_.trie_writer == nullptr);
  if (with_tries) {
    reader_.pending().add_to(step.batch, reader_.tables());
    add_writes(step.batch, reader_.tables(), step.nodes);
    step.batch.put(reader_.tables().meta, as_bytes(kTriesKey), encode_head(to));
  }
  const auto written = database_.write(step.batch, storage::Durability::kSynced);
  if (!written.ok()) return Failure{fail(written.error())};
  const ReadAhead::Pause pause(read_ahead_);
  reader_.take_over(std::move(step), with_tries);
  if (with_tries) tries_ = to;
  if (!next_tries_) reader_.thaw();
  show(to);
  if (is_due && !with_tries) begin_tries(to);
  return Unit{};
}

/// Makes the durable block the head.
void StateStore::show(const StateHead& to) {
  const std::lock_guard lock(blocks_mutex_);
  head_ = to;
  blocks_.erase(blocks_.upper_bound(to.number), blocks_.end());
  blocks_[to.number] = {to, reader_.history().published()};
  while (to.number - blocks_.begin()->first > options_.readable_blocks) {
    blocks_.erase(blocks_.begin());
  }
  reader_.history().trim(blocks_.begin()->second.version);
}

Result<Hash256, StateError> StateStore::apply(std::uint64_t block_number, const Hash256& block_hash,
                                              const StateChange& change,
                                              const std::optional<Hash256>& expected_root) {
  ASSIGN_OR_RETURN(StateStep step, prepare(change));
  const Hash256 root = step.root;
  if (expected_root && root != *expected_root) {
    return Failure{wrong_root("block " + std::to_string(block_number), *expected_root, root)};
  }
  RETURN_IF_ERROR(commit(std::move(step), block_number, block_hash));
  return root;
}

Status<StateError> StateStore::roll_back(std::uint64_t block_number, const StepBackWriter& along) {
  const StateHead start = must_have_head();
  if (block_number > start.number || block_number < oldest_block()) {
    return Failure{unknown_block("expected a block from " + std::to_string(oldest_block()) +
                                 " to the head " + std::to_string(start.number) + ", found block " +
                                 std::to_string(block_number))};
  }
  for (std::uint64_t number = start.number; number > block_number; --number) {
    RETURN_IF_ERROR(step_back(along));
  }
  return Unit{};
}

Status<StateError> StateStore::step_back(const StepBackWriter& along) {
  const StateHead from = must_have_head();
  ASSIGN_OR_RETURN(const UndoRecord record, read_undo(from.number));
  ASSIGN_OR_RETURN(StateStep step,
                   reckon_step(reader_, from, undo_change(record), {hash_, options_.lanes}));
  if (step.root != record.parent.root) {
    return Failure{wrong_root("back to block " + std::to_string(record.parent.number),
                              record.parent.root, step.root)};
  }
  step.batch.remove(reader_.tables().undo, number_key(from.number));
  if (along) RETURN_IF_ERROR(along(from.number, step.batch));
  return take(std::move(step), record.parent);
}

}  // namespace buri::execution::state
