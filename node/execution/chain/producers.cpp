#include "node/execution/chain/producers.hpp"

#include "node/execution/chain/extra_data.hpp"

namespace buri::execution::chain {
namespace {

using protocol::BorFork;
using protocol::FactError;

constexpr std::uint64_t kZerothSpanEnd = 255;

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

Producers::Producers(const ChainConfig& config, protocol::HeimdallFacts& heimdall)
    : config_(config), heimdall_(heimdall) {}

Result<ProducerSet, BlockFault> Producers::of_span(std::uint64_t block_number) {
  const auto span = heimdall_.span_of_block(block_number);
  if (!span.ok()) return Failure{no_span(block_number, span.error())};
  return make(span->producers, block_number);
}

Result<ProducerSet, BlockFault> Producers::of_child(const Header& header, const Header& parent) {
  if (config_.is_active(BorFork::kRio, header.number)) return of_span(header.number);
  const auto found = after_block_.find(header.parent_hash);
  if (found == after_block_.end()) {
    return Failure{
        BlockFault{BlockRule::kUnknownParent, "a parent whose producers are known", "another one"}};
  }
  const ProducerSet& set = found->second;
  if (!config_.is_sprint_start(header.number) || parent.number == 0) return set;
  const Bytes told = read_extra_data(parent, config_).validators;
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

Status<BlockFault> Producers::add_genesis(const Hash256& hash) {
  const auto span = heimdall_.span(0);
  if (!span.ok()) return Failure{no_span(0, span.error())};
  ASSIGN_OR_RETURN(ProducerSet set, make(span->validators, 0));
  keep(hash, std::move(set));
  return Unit{};
}

void Producers::add(const Header& header, const Hash256& hash, const ProducerSet& producers) {
  if (config_.is_active(BorFork::kRio, header.number)) return;
  if (!config_.is_sprint_end(header.number)) return keep(hash, producers);
  const auto validators = parse_validators(read_extra_data(header, config_).validators);
  CHECK(validators.has_value(), "the rules of headers let whole validators through alone");
  keep(hash, std::make_shared<ValidatorSet>(producers->after_sprint(*validators)));
}

void Producers::keep(const Hash256& hash, ProducerSet producers) {
  if (!after_block_.insert_or_assign(hash, std::move(producers)).second) return;
  oldest_first_.push_back(hash);
  if (oldest_first_.size() <= kMaxKept) return;
  after_block_.erase(oldest_first_.front());
  oldest_first_.pop_front();
}

}  // namespace buri::execution::chain
