#include "node/consensus/app/judges.hpp"

#include "base/hex.hpp"
#include "node/consensus/engine/priority.hpp"

namespace buri::consensus::app {

using modules::stake::SetKind;
using modules::stake::Validator;
using runtime::Context;
using runtime::Outcome;
using runtime::plain_error;

Outcome<Judges> Judges::load(const Context& context, std::int64_t height) {
  const bool is_penultimate = context.forks().uses_penultimate_set(height);
  Judges judges;
  ASSIGN_OR_RETURN(judges.members_,
                   modules::stake::load_indexed_set(
                       context, is_penultimate ? SetKind::kPenultimate : SetKind::kPrevious));
  if (judges.set().validators.empty()) {
    return Failure{plain_error("no validators found in validator set")};
  }
  judges.total_power_ = judges.set().total_voting_power;
  if (judges.total_power_ == 0) {
    for (const Validator& member : judges.set().validators) {
      judges.total_power_ = engine::add_clipped(judges.total_power_, member.voting_power);
    }
  }
  return judges;
}

std::int64_t Judges::two_thirds() const {
  // Sums of powers stay below an eighth of the range, so that doubling cannot overflow.
  return total_power_ * 2 / 3;
}

const Validator* Judges::find(ByteView address) const {
  if (address.size() != Address::kSize) return nullptr;
  return members_->find(Address::from(address));
}

Outcome<const Validator*> Judges::expect(const Context& context, ByteView address) const {
  const Validator* member = find(address);
  if (member != nullptr || !context.forks().unknown_validator_is_fatal(context.height())) {
    return member;
  }
  return Failure{plain_error("failed to get validator 0x" + to_hex(address))};
}

}  // namespace buri::consensus::app
