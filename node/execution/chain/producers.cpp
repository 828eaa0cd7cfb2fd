#include "node/execution/chain/producers.hpp"

#include "node/execution/chain/extra_data.hpp"

namespace buri::execution::chain {
namespace {

using protocol::BorFork;
using protocol::FactError;

constexpr std::uint64_t kZerothSpanEnd = 255;

BlockFault no_producers(std::uint64_t number) {
  return {BlockRule::kUnknownParent, "the producers after block " + std::to_string(number), "none"};
}

BlockFault no_span(std::uint64_t block_number, FactError error) {
  return {BlockRule::kNoFacts, "the span of block " + std::to_string(block_number),
          error == FactError::kMissing ? "no such span" : "no answer"};
}

Result<ProducerSet, BlockFault> make(std::span<const protocol::SpanValidator> validators,
                                     std::uint64_t block_number) {
  auto set = ValidatorSet::make(to_validators(validators));
  if (set.ok()) return ProducerSet(std::make_shared<ValidatorSet>(std::move(set).value()));
  return Failure{BlockFault{BlockRule::kNoFacts,
                            "the span of block " + std::to_string(block_number),
                            "one whose validators are no set"}};
}

/// The validators of a span as headers hold them.
Bytes header_bytes(std::span<const protocol::SpanValidator> validators) {
  auto set = ValidatorSet::make(to_validators(validators));
  return set.ok() ? set->to_header_bytes() : Bytes{};
}

}  // namespace

BlockFault store_fault(const storage::StorageError& error) {
  return {BlockRule::kNoState, "blocks to be read", error.detail};
}

Producers::Producers(const ChainConfig& config, protocol::HeimdallFacts& heimdall,
                     const BlockStore& blocks)
    : config_(config), heimdall_(heimdall), blocks_(blocks), after_block_(kMaxHeld) {}

Result<ProducerSet, BlockFault> Producers::of_span(std::uint64_t block_number) {
  const auto span = heimdall_.span_of_block(block_number);
  if (!span.ok()) return Failure{no_span(block_number, span.error())};
  return make(span->producers, block_number);
}

Result<ProducerSet, BlockFault> Producers::of_genesis() {
  const auto span = heimdall_.span(0);
  if (!span.ok()) return Failure{no_span(0, span.error())};
  return make(span->validators, 0);
}

Result<ProducerSet, BlockFault> Producers::after(const BlockEntry& entry) {
  EntryPtr ancestor = std::make_shared<const BlockEntry>(entry);
  ProducerSet set;
  while (set == nullptr) {
    const std::uint64_t number = ancestor->header.number;
    if (const auto held = after_block_.get(ancestor->hash)) {
      set = *held;
    } else if (number == 0) {
      ASSIGN_OR_RETURN(set, of_genesis());
    } else if (config_.is_sprint_end(number)) {
      auto stored = blocks_.producers(*ancestor);
      if (!stored.ok()) return Failure{store_fault(stored.error())};
      set = std::move(stored).value();
      if (set == nullptr) return Failure{no_producers(number)};
    } else {
      auto parent = blocks_.entry(ancestor->header.parent_hash);
      if (!parent.ok()) return Failure{store_fault(parent.error())};
      ancestor = std::move(parent).value();
      if (ancestor == nullptr) return Failure{no_producers(number - 1)};
    }
  }
  after_block_.put(entry.hash, set);
  return set;
}

Result<ProducerSet, BlockFault> Producers::of_child(const Header& header,
                                                    const BlockEntry& parent) {
  if (config_.is_active(BorFork::kRio, header.number)) return of_span(header.number);
  ASSIGN_OR_RETURN(ProducerSet set, after(parent));
  if (!config_.is_sprint_start(header.number) || parent.header.number == 0) return set;
  const Bytes told = read_extra_data(parent.header, config_).validators;
  const Bytes expected = set->to_header_bytes();
  if (told == expected) return set;
  return Failure{bytes_fault(BlockRule::kValidatorsMismatch, expected, told)};
}

Status<BlockFault> Producers::check_sprint_end(const Header& header) {
  const std::uint64_t number = header.number;
  const bool is_checked = number > kZerothSpanEnd && config_.is_sprint_end(number) &&
                          !config_.is_active(BorFork::kRio, number) &&
                          !config_.unchecked_validator_bytes.contains(number);
  if (!is_checked) return Unit{};
  const auto span = heimdall_.span_of_block(number + 1);
  if (!span.ok()) return Failure{no_span(number + 1, span.error())};
  const Bytes expected = header_bytes(span->producers);
  const Bytes told = read_extra_data(header, config_).validators;
  if (told == expected) return Unit{};
  return Failure{bytes_fault(BlockRule::kValidatorsAtEnd, expected, told)};
}

ProducerSet Producers::add(const BlockEntry& entry, const ProducerSet& producers) {
  const Header& header = entry.header;
  if (config_.is_active(BorFork::kRio, header.number)) return nullptr;
  if (!config_.is_sprint_end(header.number)) {
    after_block_.put(entry.hash, producers);
    return nullptr;
  }
  const auto validators = parse_validators(read_extra_data(header, config_).validators);
  CHECK(validators.has_value(), "the rules of headers let whole validators through alone");
  auto after = std::make_shared<const ValidatorSet>(producers->after_sprint(*validators));
  after_block_.put(entry.hash, after);
  return after;
}

}  // namespace buri::execution::chain
