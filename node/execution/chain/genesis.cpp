#include "node/execution/chain/genesis.hpp"

#include "base/json_text.hpp"
#include "node/execution/chain/public_networks.hpp"
#include "node/execution/chain/trie_root.hpp"
#include "node/execution/evm/keccak.hpp"
#include "node/execution/state/trie_node.hpp"

namespace buri::execution::chain {
namespace {

using protocol::BorFork;

constexpr std::uint64_t kInitialBaseFeeWei = 1'000'000'000;  // EIP-1559

Bytes hashed(ByteView key) {
  const Hash256 digest = evm::keccak256(key);
  return {digest.bytes.begin(), digest.bytes.end()};
}

Hash256 storage_root(const AllocAccount& account) {
  std::vector<TrieEntry> slots;
  for (const auto& [key, value] : account.storage) {
    slots.push_back({hashed(key.to_word()), RlpWriter().integer(value).items()});
  }
  return trie_root(slots);
}

/// The member under `key` read by `read`; untouched if it is absent or null.
template <class T, class Read>
Status<JsonError> read_optional(const JsonCursor& object, std::string_view key, T& target,
                                Read read) {
  if (!object.has(key)) return Unit{};
  ASSIGN_OR_RETURN(const JsonCursor value, object.member(key));
  if (value.is_null()) return Unit{};
  ASSIGN_OR_RETURN(target, read(value));
  return Unit{};
}

Result<Hash256, JsonError> read_hash(const JsonCursor& value) {
  ASSIGN_OR_RETURN(const Bytes bytes, read_data(value));
  if (bytes.size() != 32) return Failure{value.error("32 bytes in hex with 0x")};
  return Hash256::from(bytes);
}

Status<JsonError> read_numbers(const JsonCursor& object, Header& header) {
  std::uint64_t nonce = 0;
  RETURN_IF_ERROR(read_optional(object, "nonce", nonce, read_uint64));
  for (std::size_t i = 0; i < 8; ++i) {
    header.nonce.bytes[i] = static_cast<std::uint8_t>(nonce >> (8 * (7 - i)));
  }
  RETURN_IF_ERROR(read_optional(object, "timestamp", header.time, read_uint64));
  RETURN_IF_ERROR(read_optional(object, "number", header.number, read_uint64));
  RETURN_IF_ERROR(read_optional(object, "gasUsed", header.gas_used, read_uint64));
  ASSIGN_OR_RETURN(const JsonCursor gas_limit, object.member("gasLimit"));
  ASSIGN_OR_RETURN(header.gas_limit, read_uint64(gas_limit));
  ASSIGN_OR_RETURN(const JsonCursor difficulty, object.member("difficulty"));
  ASSIGN_OR_RETURN(header.difficulty, read_number(difficulty));
  if (header.number != 0) return Failure{object.error("a genesis of number 0")};
  return Unit{};
}

/// Only block 0 has these fields, where the forks that brought them to Ethereum hold from it on: so
/// the recorded chains H and Z show. Prague adds none.
void add_fork_fields(Header& header, const ChainConfig& config) {
  if (config.is_active(BorFork::kShanghai, 0)) header.withdrawals_root = state::kEmptyRoot;
  if (!config.is_active(BorFork::kCancun, 0)) return;
  header.blob_gas_used = header.excess_blob_gas = 0;
  header.parent_beacon_root = Hash256{};
}

Result<Header, JsonError> read_header(const JsonCursor& object, const ChainConfig& config) {
  Header header;
  header.uncles_hash = kEmptyListHash;
  header.transactions_root = header.receipts_root = state::kEmptyRoot;
  RETURN_IF_ERROR(read_numbers(object, header));
  RETURN_IF_ERROR(read_optional(object, "extraData", header.extra, read_data));
  RETURN_IF_ERROR(read_optional(object, "mixHash", header.mix_digest, read_hash));
  RETURN_IF_ERROR(read_optional(object, "parentHash", header.parent_hash, read_hash));
  RETURN_IF_ERROR(read_optional(object, "coinbase", header.coinbase, read_address));
  if (config.is_active(BorFork::kLondon, 0)) {
    header.base_fee = U256::from_uint64(kInitialBaseFeeWei);
    RETURN_IF_ERROR(read_optional(object, "baseFeePerGas", header.base_fee, read_number));
  }
  add_fork_fields(header, config);
  return header;
}

/// Without the accounts and the header that Amoy's file has there.
std::string config_text_of(const JsonValue& config) {
  JsonValue kept = config;
  std::erase_if(kept.children, [](const JsonValue& child) { return child.key == "alloc"; });
  return to_json(kept);
}

/// Genesis files hold large maps.
constexpr JsonLimits kGenesisLimits{.max_bytes = std::size_t{1} << 28,
                                    .max_depth = 32,
                                    .max_values = 10'000'000,
                                    .max_members = 2'000'000};

}  // namespace

Hash256 state_root_of(const Alloc& alloc) {
  std::vector<TrieEntry> accounts;
  for (const auto& [address, account] : alloc) {
    accounts.push_back({hashed(address), RlpWriter()
                                             .integer(account.nonce)
                                             .integer(account.balance)
                                             .bytes(storage_root(account))
                                             .bytes(evm::keccak256(account.code))
                                             .as_list()});
  }
  return trie_root(accounts);
}

Result<Genesis, JsonError> read_genesis(const JsonValue& document) {
  const JsonCursor top(document);
  ASSIGN_OR_RETURN(const JsonCursor config, top.member("config"));
  const JsonCursor& object = !top.has("alloc") && config.has("alloc") ? config : top;
  Genesis genesis;
  ASSIGN_OR_RETURN(genesis.config, read_config(config));
  genesis.config_text = config_text_of(config.value());
  ASSIGN_OR_RETURN(genesis.header, read_header(object, genesis.config));
  ASSIGN_OR_RETURN(const JsonCursor alloc, object.member("alloc"));
  ASSIGN_OR_RETURN(genesis.alloc, read_alloc(alloc));
  genesis.header.state_root = state_root_of(genesis.alloc);
  complete_public_config(genesis.config, hash_of(genesis.header));
  return genesis;
}

Result<Genesis, JsonError> parse_genesis(std::string_view text) {
  ASSIGN_OR_RETURN(const JsonValue document, parse_json(text, kGenesisLimits));
  return read_genesis(document);
}

Result<ChainConfig, JsonError> parse_config(std::string_view text, const Hash256& genesis_hash) {
  ASSIGN_OR_RETURN(const JsonValue document, parse_json(text, kGenesisLimits));
  ASSIGN_OR_RETURN(ChainConfig config, read_config(JsonCursor(document)));
  complete_public_config(config, genesis_hash);
  return config;
}

}  // namespace buri::execution::chain
