#include "node/execution/chain/genesis_block.hpp"

#include "base/hex.hpp"
#include "node/execution/chain/durable_states.hpp"

namespace buri::execution::chain {
namespace {

Status<std::string> replace_config(const Genesis& genesis, const Hash256& hash,
                                   BlockStore& blocks) {
  const auto first = blocks.canonical_hash(0);
  if (!first.ok()) return Failure{first.error().detail};
  if (*first != hash) {
    return Failure{"expected the chain of genesis 0x" + to_hex(hash) + ", found " +
                   (*first ? "that of genesis 0x" + to_hex(**first) : "a state without blocks")};
  }
  storage::Batch batch;
  blocks.put_meta(batch, MetaRecord::kConfig, as_bytes(genesis.config_text));
  const auto written = blocks.write(batch, storage::Durability::kSynced);
  if (!written.ok()) return Failure{written.error().detail};
  return Unit{};
}

}  // namespace

Status<std::string> begin_chain(const Genesis& genesis, state::StateStore& states,
                                BlockStore& blocks) {
  const Hash256 hash = hash_of(genesis.header);
  if (states.head()) return replace_config(genesis, hash, blocks);
  const BlockEntry entry{.header = genesis.header,
                         .hash = hash,
                         .total_difficulty = genesis.header.difficulty,
                         .producer = {}};
  storage::Batch batch;
  Block block;
  block.header = genesis.header;
  blocks.put_block(batch, entry, block);
  blocks.put_canonical(batch, entry, {}, {});
  blocks.put_meta(batch, MetaRecord::kConfig, as_bytes(genesis.config_text));
  const auto begun = DurableStates::begin(
      states, genesis.alloc, {.number = 0, .block_hash = hash, .root = genesis.header.state_root},
      batch);
  if (!begun.ok()) return Failure{begun.error().detail};
  return Unit{};
}

Result<ChainConfig, std::string> stored_config(const BlockStore& blocks) {
  const auto text = blocks.meta(MetaRecord::kConfig);
  if (!text.ok()) return Failure{text.error().detail};
  const auto first = blocks.canonical_hash(0);
  if (!first.ok()) return Failure{first.error().detail};
  if (!*text || !*first) return Failure{std::string("no chain was begun here yet")};
  auto config = parse_config(as_text(**text), **first);
  if (config.ok()) return std::move(config).value();
  return Failure{"the stored configuration is malformed: " + describe(config.error())};
}

}  // namespace buri::execution::chain
