#include "tests/unit/node/consensus/engine/recorded_blocks.hpp"

#include "base/check.hpp"
#include "node/consensus/codec/message.hpp"
#include "node/consensus/engine/hashes.hpp"
#include "tests/unit/node/golden.hpp"

namespace buri::consensus::engine {
namespace {

using codec::Field;

struct Key {
  Bytes secp256k1{};
  static constexpr std::string_view kName = "tendermint.crypto.PublicKey";
  static constexpr auto fields() { return fields_of(Field{3, "secp256k1", &Key::secp256k1}); }
};
struct Update {
  Key key{};
  std::int64_t power = 0;
  static constexpr std::string_view kName = "tendermint.abci.ValidatorUpdate";
  static constexpr auto fields() {
    return fields_of(Field{1, "pub_key", &Update::key}, Field{2, "power", &Update::power});
  }
};
/// Of the response to FinalizeBlock what the next validators follow from.
struct Response {
  std::vector<Update> updates{};
  static constexpr std::string_view kName = "tendermint.abci.ResponseFinalizeBlock";
  static constexpr auto fields() {
    return fields_of(Field{3, "validator_updates", &Response::updates});
  }
};

std::vector<Validator> changes_of(const records::BlockRecord& record) {
  std::vector<Validator> changes;
  const Response response = codec::decode<Response>(record.finalize_block_response).value();
  for (const Update& update : response.updates) {
    changes.push_back({{}, PublicKeyBytes::from(update.key.secp256k1), update.power, 0});
  }
  const auto addresses = key_addresses(testing::engine(), changes);
  for (std::size_t i = 0; i < changes.size(); ++i) changes[i].address = addresses[i];
  return changes;
}

}  // namespace

std::vector<records::BlockRecord> recorded_blocks() {
  std::vector<records::BlockRecord> blocks;
  const auto read =
      records::for_each_block("tests/golden/heimdall-devnet-b/blocks.jsonl.xz",
                              [&](records::BlockRecord&& record) -> Status<records::RecordError> {
                                blocks.push_back(std::move(record));
                                return Unit{};
                              });
  CHECK(read.ok(), "the bundled chain is readable");
  return blocks;
}

ChainState chain_before(const records::BlockRecord& first) {
  const Header header = decode_block(first.block)->header;
  const auto validators = decode_validators(first.validators).value();
  ChainState chain = ChainState::genesis(testing::engine(), header.chain_id, header.height,
                                         header.time, validators)
                         .value();
  chain.app_hash = header.app_hash;
  return chain;
}

ChainState chain_after(const ChainState& chain, const records::BlockRecord& record,
                       const records::BlockRecord& next) {
  const BlockOutcome outcome{
      .app_hash = {record.app_hash.bytes.begin(), record.app_hash.bytes.end()},
      .results_hash = decode_block(next.block)->header.last_results_hash.value(),
      .changes = changes_of(record),
      .params = {}};
  const BlockId id{record.block_hash, {record.part_count, record.parts_hash}};
  return chain.after(decode_block(record.block)->header, id, outcome).value();
}

}  // namespace buri::consensus::engine
