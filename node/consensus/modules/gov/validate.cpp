#include "node/consensus/modules/gov/keeper.hpp"
#include "node/consensus/runtime/address.hpp"
#include "node/consensus/runtime/decimal.hpp"
#include "node/consensus/runtime/go_time.hpp"

/// Which parameters governance accepts. The texts are stored as reasons of failed proposals.

namespace buri::consensus::modules::gov {
namespace {

using runtime::Decimal;
using runtime::Error;
using runtime::Outcome;
using runtime::plain_error;

Outcome<Decimal> read(const std::string& text, std::string_view invalid) {
  auto value = Decimal::from_text(text);
  if (value.ok()) return value;
  return Failure{plain_error(std::string(invalid) + ": " + value.error().log)};
}

/// Eighteen digits behind the point, as decimals print.
std::string print(const Decimal& value) { return value.to_text(); }

Status<Error> fail(std::string_view text) { return Failure{plain_error(text)}; }

/// A fraction above 0 and up to 1.
Outcome<Decimal> positive_fraction(const std::string& text, std::string_view invalid,
                                   const std::string& name) {
  ASSIGN_OR_RETURN(const Decimal value, read(text, invalid));
  if (!value.is_positive()) {
    return Failure{plain_error(name + " must be positive: " + print(value))};
  }
  if (value > Decimal::one()) return Failure{plain_error(name + " too large: " + print(value))};
  return value;
}

/// A fraction from 0 to 1.
Status<Error> fraction(const std::string& text, std::string_view invalid, const std::string& name) {
  ASSIGN_OR_RETURN(const Decimal value, read(text, invalid));
  if (value.is_negative()) return fail(name + " must be positive: " + print(value));
  if (value > Decimal::one()) return fail(name + " is too large: " + print(value));
  return Unit{};
}

Status<Error> check_deposits(const Params& params) {
  const std::string minimum = runtime::to_text(params.min_deposit);
  const std::string expedited = runtime::to_text(params.expedited_min_deposit);
  if (params.min_deposit.empty() || !runtime::validate_coins(params.min_deposit).ok()) {
    return fail("invalid minimum deposit: " + minimum);
  }
  if (params.expedited_min_deposit.empty() ||
      !runtime::validate_coins(params.expedited_min_deposit).ok()) {
    return fail("invalid expedited minimum deposit: " + expedited);
  }
  if (runtime::covers(params.min_deposit, params.expedited_min_deposit)) {
    return fail("expedited minimum deposit must be greater than minimum deposit: " + expedited);
  }
  return Unit{};
}

double seconds_of(const Duration& duration) {
  return runtime::go_seconds(runtime::go_nanoseconds(duration));
}
bool is_positive(const Duration& duration) { return seconds_of(duration) > 0; }
std::string print(const Duration& duration) {
  return runtime::go_duration_text(runtime::go_nanoseconds(duration));
}

Status<Error> check_quorum(const Params& params) {
  ASSIGN_OR_RETURN(const Decimal quorum, read(params.quorum, "invalid quorum string"));
  if (quorum.is_negative()) return fail("quorom cannot be negative: " + print(quorum));
  if (quorum > Decimal::one()) return fail("quorom too large: " + params.quorum);
  return Unit{};
}

Status<Error> check_thresholds(const Params& params) {
  ASSIGN_OR_RETURN(
      const Decimal threshold,
      positive_fraction(params.threshold, "invalid threshold string", "vote threshold"));
  ASSIGN_OR_RETURN(const Decimal expedited, positive_fraction(params.expedited_threshold,
                                                              "invalid expedited threshold string",
                                                              "expedited vote threshold"));
  if (expedited <= threshold) {
    return fail("expedited vote threshold " + print(expedited) +
                ", must be greater than the regular threshold " + print(threshold));
  }
  RETURN_IF_ERROR(
      positive_fraction(params.veto_threshold, "invalid vetoThreshold string", "veto threshold"));
  return Unit{};
}

Status<Error> check_periods(const Params& params) {
  if (!params.voting_period) return fail("voting period must not be nil: 0");
  if (!is_positive(*params.voting_period))
    return fail("voting period must be positive: " + print(*params.voting_period));
  if (!params.expedited_voting_period) {
    return fail("expedited voting period must not be nil: 0");
  }
  if (!is_positive(*params.expedited_voting_period)) {
    return fail("expedited voting period must be positive: " +
                print(*params.expedited_voting_period));
  }
  if (seconds_of(*params.expedited_voting_period) >= seconds_of(*params.voting_period)) {
    return fail("expedited voting period " + print(*params.expedited_voting_period) +
                " must be strictly less that the regular voting period " +
                print(*params.voting_period));
  }
  return Unit{};
}

}  // namespace

Status<Error> validate(const Params& params) {
  RETURN_IF_ERROR(check_deposits(params));
  if (!params.max_deposit_period) return fail("maximum deposit period must not be nil: 0");
  // The stock daemon prints an address in its memory here, which no two of its nodes share.
  if (!is_positive(*params.max_deposit_period)) {
    return fail("maximum deposit period must be positive");
  }
  RETURN_IF_ERROR(check_quorum(params));
  RETURN_IF_ERROR(check_thresholds(params));
  RETURN_IF_ERROR(check_periods(params));
  RETURN_IF_ERROR(fraction(params.min_initial_deposit_ratio,
                           "invalid mininum initial deposit ratio of proposal",
                           "mininum initial deposit ratio of proposal"));
  RETURN_IF_ERROR(fraction(params.proposal_cancel_ratio, "invalid burn rate of cancel proposal",
                           "burn rate of cancel proposal"));
  if (!params.proposal_cancel_dest.empty() &&
      !runtime::parse_address(params.proposal_cancel_dest).ok()) {
    return fail("deposits destination address is invalid: " + params.proposal_cancel_dest);
  }
  return Unit{};
}

}  // namespace buri::consensus::modules::gov
