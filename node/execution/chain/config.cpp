#include "node/execution/chain/config.hpp"

#include <algorithm>
#include <charconv>

namespace buri::execution::chain {
namespace {

using protocol::BorFork;

constexpr std::uint64_t kMaxUint64 = ~std::uint64_t{0};
constexpr std::size_t kMaxEntries = 100'000;

bool is_given(const JsonCursor& object, std::string_view key) {
  return object.has(key) && !object.member(key).value().is_null();
}

Result<std::uint64_t, JsonError> read_key(const JsonCursor& object, const std::string& key) {
  std::uint64_t number = 0;
  const auto [end, failed] = std::from_chars(key.data(), key.data() + key.size(), number);
  if (failed != std::errc{} || end != key.data() + key.size()) {
    return Failure{JsonError{object.path(), "block numbers as keys", "\"" + key + "\""}};
  }
  return number;
}

/// Calls visit(block number, value) for each member of the object under `key`, if there is one.
template <class Visit>
Status<JsonError> for_each_block(const JsonCursor& bor, std::string_view key, Visit visit) {
  if (!is_given(bor, key)) return Unit{};
  ASSIGN_OR_RETURN(const JsonCursor map, bor.member(key));
  if (map.value().kind != JsonValue::Kind::kObject) return Failure{map.error("an object")};
  for (const JsonValue& child : map.value().children) {
    ASSIGN_OR_RETURN(const std::uint64_t number, read_key(map, child.key));
    ASSIGN_OR_RETURN(const JsonCursor value, map.member(child.key));
    RETURN_IF_ERROR(visit(number, value));
  }
  return Unit{};
}

Status<JsonError> read_steps(const JsonCursor& bor, std::string_view key,
                             Steps<std::uint64_t>& steps) {
  return for_each_block(
      bor, key, [&](std::uint64_t from, const JsonCursor& value) -> Status<JsonError> {
        ASSIGN_OR_RETURN(const std::uint64_t number, value.unsigned_number(kMaxUint64));
        steps.set(from, number);
        return Unit{};
      });
}

Status<JsonError> read_steps(const JsonCursor& bor, std::string_view key, Steps<Address>& steps) {
  return for_each_block(bor, key,
                        [&](std::uint64_t from, const JsonCursor& value) -> Status<JsonError> {
                          ASSIGN_OR_RETURN(const Address address, read_address(value));
                          steps.set(from, address);
                          return Unit{};
                        });
}

Result<std::uint64_t, JsonError> member_number(const JsonCursor& object, std::string_view key) {
  ASSIGN_OR_RETURN(const JsonCursor value, object.member(key));
  return value.unsigned_number(kMaxUint64);
}

Result<BlockRange, JsonError> read_range(const JsonCursor& entry) {
  BlockRange range;
  ASSIGN_OR_RETURN(range.first, member_number(entry, "startBlock"));
  ASSIGN_OR_RETURN(range.last, member_number(entry, "endBlock"));
  if (range.last < range.first) return Failure{entry.error("an endBlock not below startBlock")};
  return range;
}

Result<std::vector<JsonCursor>, JsonError> elements_of(const JsonCursor& bor,
                                                       std::string_view key) {
  if (!is_given(bor, key)) return std::vector<JsonCursor>{};
  ASSIGN_OR_RETURN(const JsonCursor list, bor.member(key));
  return list.elements(kMaxEntries);
}

Status<JsonError> read_record_limits(const JsonCursor& bor, ChainConfig& config) {
  RETURN_IF_ERROR(for_each_block(
      bor, "overrideStateSyncRecords",
      [&](std::uint64_t block, const JsonCursor& value) -> Status<JsonError> {
        ASSIGN_OR_RETURN(config.record_limits[block], value.unsigned_number(kMaxUint64));
        return Unit{};
      }));
  ASSIGN_OR_RETURN(const auto ranges, elements_of(bor, "overrideStateSyncRecordsInRange"));
  for (const JsonCursor& entry : ranges) {
    ASSIGN_OR_RETURN(const BlockRange range, read_range(entry));
    ASSIGN_OR_RETURN(const std::uint64_t limit, member_number(entry, "value"));
    config.record_limit_ranges.emplace_back(range, limit);
  }
  return Unit{};
}

Status<JsonError> read_signer_exceptions(const JsonCursor& bor, ChainConfig& config) {
  ASSIGN_OR_RETURN(const auto ranges, elements_of(bor, "overrideValidatorSetInRange"));
  for (const JsonCursor& entry : ranges) {
    ASSIGN_OR_RETURN(const BlockRange range, read_range(entry));
    ASSIGN_OR_RETURN(const JsonCursor list, entry.member("validators"));
    ASSIGN_OR_RETURN(const auto members, list.elements(kMaxEntries));
    std::vector<Address> signers;
    for (const JsonCursor& member : members) {
      ASSIGN_OR_RETURN(const Address signer, read_address(member));
      signers.push_back(signer);
    }
    config.extra_signers.emplace_back(range, std::move(signers));
  }
  ASSIGN_OR_RETURN(const auto blocks, elements_of(bor, "skipValidatorByteCheck"));
  for (const JsonCursor& block : blocks) {
    ASSIGN_OR_RETURN(const std::uint64_t number, block.unsigned_number(kMaxUint64));
    config.unchecked_validator_bytes.insert(number);
  }
  return Unit{};
}

Status<JsonError> read_block_alloc(const JsonCursor& bor, ChainConfig& config) {
  return for_each_block(bor, "blockAlloc",
                        [&](std::uint64_t block, const JsonCursor& value) -> Status<JsonError> {
                          ASSIGN_OR_RETURN(config.block_alloc[block], read_alloc(value));
                          return Unit{};
                        });
}

Status<JsonError> need(bool is_there, std::string_view key) {
  if (is_there) return Unit{};
  return Failure{
      JsonError{"config.bor." + std::string(key), "a map with at least one block", "none"}};
}

Status<JsonError> check(const ChainConfig& config) {
  RETURN_IF_ERROR(need(!config.period_s.empty(), "period"));
  RETURN_IF_ERROR(need(!config.producer_delay_s.empty(), "producerDelay"));
  RETURN_IF_ERROR(need(!config.sprint_blocks.empty(), "sprint"));
  RETURN_IF_ERROR(need(!config.backup_multiplier_s.empty(), "backupMultiplier"));
  const auto has = [&](BorFork fork) { return config.forks.block_of(fork).has_value(); };
  RETURN_IF_ERROR(need(!has(BorFork::kLondon) || !config.burn_contract.empty(), "burntContract"));
  return Unit{};
}

Status<JsonError> read_parameters(const JsonCursor& bor, ChainConfig& config) {
  RETURN_IF_ERROR(read_steps(bor, "period", config.period_s));
  RETURN_IF_ERROR(read_steps(bor, "producerDelay", config.producer_delay_s));
  RETURN_IF_ERROR(for_each_block(
      bor, "sprint", [&](std::uint64_t from, const JsonCursor& value) -> Status<JsonError> {
        ASSIGN_OR_RETURN(const std::uint64_t blocks, value.unsigned_number(kMaxUint64));
        if (blocks == 0) return Failure{value.error("at least one block")};
        config.sprint_blocks.set(from, blocks);
        return Unit{};
      }));
  RETURN_IF_ERROR(read_steps(bor, "backupMultiplier", config.backup_multiplier_s));
  RETURN_IF_ERROR(read_steps(bor, "stateSyncConfirmationDelay", config.confirmation_delay_s));
  RETURN_IF_ERROR(read_steps(bor, "burntContract", config.burn_contract));
  RETURN_IF_ERROR(read_steps(bor, "coinbase", config.fee_receiver));
  ASSIGN_OR_RETURN(const JsonCursor validator, bor.member("validatorContract"));
  ASSIGN_OR_RETURN(config.validator_contract, read_address(validator));
  ASSIGN_OR_RETURN(const JsonCursor receiver, bor.member("stateReceiverContract"));
  ASSIGN_OR_RETURN(config.state_receiver_contract, read_address(receiver));
  return Unit{};
}

}  // namespace

std::optional<std::uint64_t> ChainConfig::record_limit_at(std::uint64_t block_number) const {
  for (const auto& [range, limit] : record_limit_ranges) {
    if (range.has(block_number)) return limit;
  }
  const auto exact = record_limits.find(block_number);
  return exact == record_limits.end() ? std::nullopt : std::optional(exact->second);
}

std::vector<Address> ChainConfig::extra_signers_at(std::uint64_t block_number) const {
  for (const auto& [range, signers] : extra_signers) {
    if (range.has(block_number)) return signers;
  }
  return {};
}

Result<ChainConfig, JsonError> read_config(const JsonCursor& config) {
  ChainConfig chain;
  ASSIGN_OR_RETURN(chain.chain_id, member_number(config, "chainId"));
  ASSIGN_OR_RETURN(chain.forks, protocol::BorForks::from_genesis_config(config.value()));
  ASSIGN_OR_RETURN(const JsonCursor bor, config.member("bor"));
  RETURN_IF_ERROR(read_parameters(bor, chain));
  RETURN_IF_ERROR(read_record_limits(bor, chain));
  RETURN_IF_ERROR(read_signer_exceptions(bor, chain));
  RETURN_IF_ERROR(read_block_alloc(bor, chain));
  RETURN_IF_ERROR(check(chain));
  return chain;
}

}  // namespace buri::execution::chain
