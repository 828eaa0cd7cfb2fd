#include "tests/unit/node/consensus/api/recorded_rpc_node.hpp"

#include "base/codec/base64.hpp"
#include "base/hex.hpp"
#include "node/consensus/records/chain.hpp"
#include "tests/unit/node/golden.hpp"

namespace buri::consensus::api {
namespace {

/// The answers of the stock application to the two transactions that the transcripts offer.
app::TxResult recorded_check(const Bytes& tx) {
  constexpr std::size_t kShort = 8;
  if (tx.size() < kShort) {
    return {.code = 2,
            .log =
                "failed to decode transaction: invalid length; proto: invalid field number: tx "
                "parse error"};
  }
  return {.code = 32,
          .codespace = "sdk",
          .log = "account sequence mismatch, expected 33, got 0: incorrect account sequence"};
}

}  // namespace

RecordedView::RecordedView(const std::string& path) {
  const auto read = records::for_each_block(
      path, [this](records::BlockRecord&& record) -> Status<records::RecordError> {
        Height& height = heights_[record.height];
        height.block = engine::decode_block(record.block).value();
        height.meta = {{record.block_hash, {record.part_count, record.parts_hash}},
                       record.block.size(),
                       height.block.header,
                       height.block.txs.size()};
        height.results = std::move(record.finalize_block_response);
        height.seen_commit = std::move(record.seen_commit);
        height.validators = engine::decode_validators(record.validators).value();
        return Unit{};
      });
  CHECK(read.ok(), "the recorded chain reads");
}

std::optional<blocks::BlockMeta> RecordedView::meta(std::int64_t height) const {
  const auto found = heights_.find(height);
  if (found == heights_.end()) return std::nullopt;
  return found->second.meta;
}
std::optional<std::int64_t> RecordedView::height_of(const Hash256& hash) const {
  for (const auto& [height, entry] : heights_) {
    if (entry.meta.block_id.hash == hash) return height;
  }
  return std::nullopt;
}
std::optional<engine::Block> RecordedView::block(std::int64_t height) const {
  const auto found = heights_.find(height);
  if (found == heights_.end()) return std::nullopt;
  return found->second.block;
}
std::optional<engine::Commit> RecordedView::seen_commit(std::int64_t height) const {
  return engine::decode_commit(heights_.at(height).seen_commit).value();
}
std::optional<engine::Commit> RecordedView::canonical_commit(std::int64_t height) const {
  const auto next = heights_.find(height + 1);
  if (next == heights_.end()) return std::nullopt;
  return next->second.block.last_commit;
}
std::optional<engine::ValidatorSet> RecordedView::validators(std::int64_t height) const {
  const auto found = heights_.find(height);
  if (found == heights_.end()) return std::nullopt;
  return engine::ValidatorSet::restore(found->second.validators).value();
}
std::optional<Bytes> RecordedView::results(std::int64_t height) const {
  const auto found = heights_.find(height);
  if (found == heights_.end()) return std::nullopt;
  return found->second.results;
}
modules::consensus::ConsensusParams RecordedView::genesis_params() const {
  constexpr std::int64_t kTwoDaysSeconds = 172'800;
  modules::consensus::ConsensusParams params;
  params.block = {2'097'152, 10'000'000};
  params.evidence = {100'000, {kTwoDaysSeconds, 0}, 10'240};
  params.validator = {{"secp256k1"}};
  params.abci = {1};
  return params;
}

NodeStatus RecordedRpcNode::status() const {
  NodeStatus status;
  status.info = {{8, 11, 0},
                 "c21b65d4295318b1136d3112b635daede0a8011c",
                 "tcp://127.0.0.1:31000",
                 "heimdall-gold-a",
                 "0.38.22",
                 *from_hex("40202122233038606100"),
                 "A0",
                 {"off", "tcp://127.0.0.1:31001"}};
  status.catches_up = true;
  status.validator_address = *fixed_from_hex<20>("8461775505C31CBC0099C732F5CE4247CE4C7A47");
  status.validator_key = engine::PublicKeyBytes::from(*from_base64(
      "BDt7xg8Jd/M7jrYXIsUkDfeSlCs7rg4HnM3Hjbd5MnccdZ5AiWUARHGlDlXUpdC8cfJ4YmOCWF859SYT"
      "+RgunyQ="));
  return status;
}

void RecordedRpcNode::read_round_state(std::function<void(const engine::RoundState&)> read) {
  engine::RoundState state;
  state.height = 329;
  read(state);
}
void RecordedRpcNode::add_tx(Bytes tx, std::function<void(TxVerdict)> done) {
  done(recorded_check(tx));
}
void RecordedRpcNode::check_tx(Bytes tx, std::function<void(TxVerdict)> done) {
  done(recorded_check(tx));
}
NodeView::AppInfo RecordedRpcNode::app_info() const {
  return {"heimdallapp", "", 328,
          *from_hex("41924e5fed30df8eeeda081b527e894555334c363a940f8047a2a4ff64397bd3")};
}

}  // namespace buri::consensus::api
