#include "node/consensus/evidence/evidence_pool.hpp"

#include <fmt/format.h>

#include "base/hex.hpp"
#include "node/consensus/codec/message.hpp"
#include "node/consensus/engine/block_rules.hpp"
#include "node/consensus/evidence/evidence_message.hpp"

namespace buri::consensus::evidence {
namespace {

constexpr std::string_view kPendingName = "evidence_pending";
constexpr std::string_view kCommittedName = "evidence_committed";
constexpr std::size_t kHeightBytes = 8;

/// Height, big-endian, then the name. Heights of evidence are positive.
Bytes record_key(std::int64_t height, const Hash256& name) {
  Bytes key;
  for (int shift = 56; shift >= 0; shift -= 8) {
    key.push_back(static_cast<std::uint8_t>(static_cast<std::uint64_t>(height) >> shift));
  }
  append(key, name);
  return key;
}

struct TimeRecord {
  codec::Timestamp time{};
  static constexpr std::string_view kName = "buri.CommittedEvidence";
  static constexpr auto fields() { return fields_of(codec::Field{1, "time", &TimeRecord::time}); }
};

}  // namespace

std::vector<storage::FamilySpec> EvidencePool::families() {
  constexpr std::size_t kBuffer = std::size_t{1} << 20;
  return {{.name = kPendingName, .write_buffer_bytes = kBuffer},
          {.name = kCommittedName, .write_buffer_bytes = kBuffer}};
}

EvidencePool::EvidencePool(EvidenceServices services, const engine::ChainState& state,
                           Logger logger)
    : services_(services),
      logger_(std::move(logger)),
      pending_family_(storage::opened_family(*services.database, kPendingName)),
      committed_family_(storage::opened_family(*services.database, kCommittedName)),
      chain_id_(state.chain_id),
      age_(EvidenceAge::of(state)) {}

Result<std::unique_ptr<EvidencePool>, std::string> EvidencePool::open(
    EvidenceServices services, const engine::ChainState& state, Logger logger) {
  auto pool = std::unique_ptr<EvidencePool>(new EvidencePool(services, state, std::move(logger)));
  RETURN_IF_ERROR(pool->load());
  for (const std::int64_t height : {state.last_height - 1, state.last_height}) {
    pool->block_committed(state, services.chain->evidence(height));
  }
  return pool;
}

Status<std::string> EvidencePool::load() {
  const auto damaged = [](std::string_view what) {
    return Failure{fmt::format("the stored evidence cannot be read: {}", what)};
  };
  auto it = services_.database->iterate(pending_family_);
  for (it->seek({}); it->valid(); it->next()) {
    auto piece = decode_piece(it->value());
    if (!piece.ok()) return damaged(codec::describe(piece.error()));
    const auto evidence = read_evidence(*services_.crypto, *std::move(piece));
    if (!evidence.ok()) return damaged(evidence.error());
    const Key key{evidence->height, evidence->name};
    places_.emplace(++last_place_, key);
    pending_.emplace(key, Pending{evidence->piece, evidence->time, last_place_});
  }
  if (!it->status().ok()) return damaged(it->status().error().detail);
  it = services_.database->iterate(committed_family_);
  for (it->seek({}); it->valid(); it->next()) {
    const auto record = codec::decode<TimeRecord>(it->value());
    if (!record.ok() || it->key().size() != kHeightBytes + Hash256::kSize) {
      return damaged("a committed piece is not as it was written");
    }
    std::uint64_t height = 0;
    for (const std::uint8_t byte : it->key().first(kHeightBytes)) height = height << 8 | byte;
    const Key key{static_cast<std::int64_t>(height),
                  Hash256::from(it->key().subspan(kHeightBytes))};
    committed_[key] = {record->time.seconds, record->time.nanos};
  }
  if (!it->status().ok()) return damaged(it->status().error().detail);
  return Unit{};
}

EvidenceAge EvidencePool::age() const {
  const std::lock_guard lock(mutex_);
  return age_;
}

bool EvidencePool::insert(const Evidence& evidence, storage::Durability durability) {
  const std::lock_guard lock(mutex_);
  const Key key{evidence.height, evidence.name};
  if (committed_.contains(key) || pending_.contains(key)) return false;
  places_.emplace(++last_place_, key);
  pending_.emplace(key, Pending{evidence.piece, evidence.time, last_place_});
  storage::Batch batch;
  batch.put(pending_family_, record_key(key.first, key.second), encode_piece(evidence.piece));
  write(batch, durability);
  logger_.warning("Evidence against a validator waits for a block.",
                  {{"height", evidence.height}, {"name", to_upper_hex(evidence.name)}});
  return true;
}

Status<EvidenceFault> EvidencePool::add(engine::EvidencePiece piece) {
  auto evidence = read_evidence(*services_.crypto, std::move(piece));
  if (!evidence.ok()) return Failure{EvidenceFault{true, std::move(evidence).error()}};
  {
    const std::lock_guard lock(mutex_);
    const Key key{evidence->height, evidence->name};
    if (pending_.contains(key) || committed_.contains(key)) return Unit{};
  }
  const Evidence* const one = &*evidence;
  RETURN_IF_ERROR(
      verify_evidence(*services_.crypto, *services_.chain, chain_id_, age(), std::span(&one, 1))
          .front());
  if (insert(*evidence, storage::Durability::kOrdered) && listener_) listener_();
  return Unit{};
}

std::vector<engine::EvidencePiece> EvidencePool::pending(std::int64_t max_bytes) {
  const std::lock_guard lock(mutex_);
  std::vector<engine::EvidencePiece> pieces;
  for (const auto& [key, one] : pending_) {
    pieces.push_back(one.piece);
    if (max_bytes > -1 && engine::evidence_bytes(pieces) > max_bytes) pieces.pop_back();
  }
  return pieces;
}

Status<std::string> EvidencePool::check(std::span<const engine::EvidencePiece> evidence) {
  std::vector<Evidence> all;
  std::set<Hash256> names;
  for (const engine::EvidencePiece& piece : evidence) {
    ASSIGN_OR_RETURN(Evidence one, read_evidence(*services_.crypto, piece));
    if (!names.insert(one.name).second)
      return Failure{std::string("a piece of evidence is repeated")};
    all.push_back(std::move(one));
  }
  std::vector<const Evidence*> news;
  {
    const std::lock_guard lock(mutex_);
    for (const Evidence& one : all) {
      const Key key{one.height, one.name};
      // Attacks of one name can be of different signatures, so that they are looked at again.
      if (pending_.contains(key) && !one.piece.is_light_client_attack) continue;
      if (committed_.contains(key)) {
        return Failure{std::string("a piece of evidence was committed before")};
      }
      news.push_back(&one);
    }
  }
  for (const auto& verdict :
       verify_evidence(*services_.crypto, *services_.chain, chain_id_, age(), news)) {
    if (!verdict.ok()) return Failure{verdict.error().reason};
  }
  bool has_added = false;
  for (const Evidence* one : news) {
    has_added = insert(*one, storage::Durability::kOrdered) || has_added;
  }
  if (has_added && listener_) listener_();
  return Unit{};
}

void EvidencePool::report(engine::EvidencePiece piece) {
  const auto evidence = read_evidence(*services_.crypto, std::move(piece));
  if (!evidence.ok()) {
    logger_.error("A double vote that consensus saw makes no evidence.",
                  {{"reason", evidence.error()}});
    return;
  }
  if (insert(*evidence, storage::Durability::kSynced) && listener_) listener_();
}

void EvidencePool::remove_pending(const Key& key, storage::Batch& batch) {
  const auto found = pending_.find(key);
  if (found == pending_.end()) return;
  places_.erase(found->second.place);
  pending_.erase(found);
  batch.remove(pending_family_, record_key(key.first, key.second));
}

void EvidencePool::mark_committed(const Evidence& evidence, storage::Batch& batch) {
  const Key key{evidence.height, evidence.name};
  remove_pending(key, batch);
  if (!committed_.emplace(key, evidence.time).second) return;
  batch.put(committed_family_, record_key(key.first, key.second),
            codec::encode(TimeRecord{{evidence.time.seconds, evidence.time.nanos}}));
}

void EvidencePool::remove_expired(storage::Batch& batch) {
  // Older evidence is refused for its age alone, so that nothing has to be known of it.
  while (!pending_.empty()) {
    const auto& [key, one] = *pending_.begin();
    if (!age_.is_expired(key.first, one.time)) break;
    remove_pending(Key(key), batch);
  }
  while (!committed_.empty()) {
    const auto first = committed_.begin();
    if (!age_.is_expired(first->first.first, first->second)) break;
    batch.remove(committed_family_, record_key(first->first.first, first->first.second));
    committed_.erase(first);
  }
}

void EvidencePool::block_committed(const engine::ChainState& chain,
                                   std::span<const engine::EvidencePiece> evidence) {
  std::vector<Evidence> all;
  for (const engine::EvidencePiece& piece : evidence) {
    auto one = read_evidence(*services_.crypto, piece);
    // The validators decided it: what is in a block has been read before.
    if (one.ok()) all.push_back(*std::move(one));
  }
  const std::lock_guard lock(mutex_);
  age_ = EvidenceAge::of(chain);
  storage::Batch batch;
  for (const Evidence& one : all) mark_committed(one, batch);
  remove_expired(batch);
  if (!batch.empty()) write(batch, storage::Durability::kSynced);
}

void EvidencePool::write(const storage::Batch& batch, storage::Durability durability) {
  const auto written = services_.database->write(batch, durability);
  if (written.ok()) return;
  if (!failure_) failure_ = written.error();
  logger_.error("Evidence cannot be stored.", {{"reason", written.error().detail}});
}

std::optional<PendingEvidence> EvidencePool::next_after(std::uint64_t place) const {
  const std::lock_guard lock(mutex_);
  const auto next = places_.upper_bound(place);
  if (next == places_.end()) return std::nullopt;
  return PendingEvidence{next->first, pending_.at(next->second).piece, next->second.first};
}

std::size_t EvidencePool::size() const {
  const std::lock_guard lock(mutex_);
  return pending_.size();
}

std::int64_t EvidencePool::max_age_blocks() const { return age().max_blocks; }

std::optional<storage::StorageError> EvidencePool::failure() const {
  const std::lock_guard lock(mutex_);
  return failure_;
}

}  // namespace buri::consensus::evidence
