#include "tests/unit/node/consensus/api/recorded_node.hpp"

#include "node/consensus/engine/block.hpp"
#include "node/consensus/records/lines.hpp"
#include "node/consensus/runtime/store_id.hpp"
#include "tests/unit/node/golden.hpp"

namespace buri::consensus::api {
namespace {

void commit(iavl::Multistore& stores, std::int64_t height,
            const std::vector<records::WritesRecord>& writes) {
  const auto view = stores.view(stores.height());
  store::Branch branch(view->stores());
  for (const auto& record : writes) {
    auto& target =
        branch.store(static_cast<std::size_t>(runtime::store_by_name(record.store).value()));
    for (const auto& [key, value] : record.sets) CHECK(target.set(key, value).ok(), "memory");
    for (const Bytes& key : record.deletes) CHECK(target.remove(key).ok(), "memory");
  }
  CHECK(stores.commit(height, branch, storage::Durability::kOrdered).ok(), "memory");
  CHECK(stores.maintain().ok(), "memory");
}

}  // namespace

RecordedNode* RecordedNode::get(std::string& why) {
  static const std::unique_ptr<RecordedNode> kNode = fresh(why);
  if (kNode == nullptr) why = "no recorded chain A";
  return kNode.get();
}

std::unique_ptr<RecordedNode> RecordedNode::fresh(std::string& why) {
  const app::RecordedChain* chain = app::recorded_chain("A", why);
  if (chain == nullptr) return nullptr;
  return std::unique_ptr<RecordedNode>(new RecordedNode(*chain));
}

RecordedNode::RecordedNode(const app::RecordedChain& chain)
    : chain_(&chain),
      database_(disk_.open(iavl::Multistore::families())),
      modules_({&root_chain_, &bor_chain_}, modules::stake::GenesisRules::kWithoutPenultimate),
      options_{.chain_id = chain.chain_id, .forks = chain.forks},
      signatures_(testing::engine()),
      ante_(modules_.registry(), signatures_),
      runner_(modules_.registry(), ante_) {
  app::ModuleSet::extend(ante_);
  iavl::MultistoreOptions options;
  options.background = false;
  options.anchor_interval_heights = 32;  // so that there is something to prune to
  stores_ = iavl::Multistore::open(*database_, testing::engine(), options).value();
  for (const auto& [height, writes] : chain.writes) commit(*stores_, height, writes);
  const auto text =
      records::read_text(records::existing_path(app::recorded_chains_folder() + "/api/rest.json"));
  answers_ = parse_json(text.value()).value();
  const auto read = records::for_each_block(
      records::existing_path(app::recorded_chains_folder() + "/A/blocks.jsonl"),
      [this](const records::BlockRecord& block) -> Status<records::RecordError> {
        blocks_[block.height] = block;
        return Unit{};
      });
  CHECK(read.ok(), "the recorded chain reads");
  const auto next = JsonCursor(recorded("/checkpoints/prepare-next")).member("checkpoint");
  bor_chain_.roots.roots[{301, 429}] = Hash256::from(next->member("root_hash")->base64().value());
  ServiceNames names;
  names.toolchain = "go version go1.26.8 linux/amd64";
  names.sdk_version = "v0.2.12-polygon";
  api_ = std::make_unique<HeimdallApi>(HeimdallApiParts{.modules = &modules_,
                                                        .chain = &options_,
                                                        .stores = stores_.get(),
                                                        .runner = &runner_,
                                                        .node = this,
                                                        .names = names});
}

const JsonValue& RecordedNode::recorded(std::string_view path) const {
  for (const JsonValue& one : answers_.children) {
    const JsonCursor cursor(one);
    if (cursor.member("path")->string().value() == path) return cursor.member("json")->value();
  }
  CHECK(false, "the path was recorded");
  return answers_;
}

std::optional<ServiceBlock> RecordedNode::block(std::int64_t height) const {
  const auto found = blocks_.find(height);
  if (found == blocks_.end()) return std::nullopt;
  const records::BlockRecord& record = found->second;
  ServiceBlock made;
  made.id.hash = record.block_hash;
  made.id.parts.total = record.part_count;
  made.id.parts.hash = record.parts_hash;
  made.header = engine::decode_block(record.block)->header;
  made.encoded = record.block;
  return made;
}

std::optional<engine::Header> RecordedNode::header(std::int64_t height) const {
  if (!tells_headers_) return std::nullopt;
  const auto found = block(height);
  if (!found) return std::nullopt;
  return found->header;
}

std::optional<std::vector<engine::Validator>> RecordedNode::validators(std::int64_t height) const {
  const auto found = blocks_.find(height);
  if (found == blocks_.end()) return std::nullopt;
  return engine::decode_validators(found->second.validators).value();
}

p2p::NodeInfo RecordedNode::node_info() const {
  const JsonCursor info = JsonCursor(recorded("/cosmos/base/tendermint/v1beta1/node_info"))
                              .member("default_node_info")
                              .value();
  return codec::from_json<p2p::NodeInfo>(info).value();
}

OwnValidator RecordedNode::own_validator() const {
  const JsonCursor info = JsonCursor(recorded("/health")).member("node_info").value();
  return {info.member("validator_address")->fixed_hex<20>(HexStyle::kUpper).value(), 0};
}

Result<app::TxResult, std::string> RecordedNode::broadcast(ByteView tx) {
  if (tx.size() > 1000) return Failure{std::string("Tx too large. Max size is 1000, but got more")};
  sent_.emplace_back(tx.begin(), tx.end());
  return app::TxResult{.code = 5, .codespace = "sdk", .log = "spendable balance is smaller"};
}

}  // namespace buri::consensus::api
