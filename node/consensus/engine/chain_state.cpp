#include "node/consensus/engine/chain_state.hpp"

#include "node/consensus/engine/part_set.hpp"

namespace buri::consensus::engine {

std::int64_t ChainParams::block_bytes() const {
  return max_block_bytes == -1 ? std::int64_t{kMaxBlockBytes} : max_block_bytes;
}

Result<ChainState, ValidatorSetError> ChainState::genesis(accel::Engine& crypto,
                                                          std::string chain_id,
                                                          std::int64_t initial_height,
                                                          Timestamp genesis_time,
                                                          std::span<const Validator> validators) {
  ASSIGN_OR_RETURN(ValidatorSet first, ValidatorSet::create(validators));
  ValidatorSet second = first;
  second.increment_proposer_priority(1);
  return ChainState{.chain_id = std::move(chain_id),
                    .initial_height = initial_height,
                    .last_time = genesis_time,
                    .last_validators = first,
                    .validators = std::move(first),
                    .next_validators = std::move(second),
                    .last_results_hash = data_hash(crypto, {})};
}

Result<ChainState, ValidatorSetError> ChainState::after(const Header& header,
                                                        const BlockId& block_id,
                                                        const BlockOutcome& outcome) const {
  ChainState next = *this;
  RETURN_IF_ERROR(next.next_validators.update_with_change_set(outcome.changes));
  next.next_validators.increment_proposer_priority(1);
  next.last_validators = validators;
  next.validators = next_validators;
  next.last_height = header.height;
  next.last_block_id = block_id;
  next.last_time = header.time;
  next.app_hash = outcome.app_hash;
  next.last_results_hash = outcome.results_hash;
  if (outcome.params) next.params = *outcome.params;
  return next;
}

}  // namespace buri::consensus::engine
