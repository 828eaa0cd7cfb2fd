#include "node/cli/verify_commit.hpp"

#include <algorithm>

#include "base/hex.hpp"
#include "node/cli/verify_input.hpp"
#include "node/consensus/engine/hashes.hpp"
#include "node/consensus/engine/vote_signatures.hpp"

/// The rules of one commit.

namespace buri::cli {
namespace {

using namespace consensus::engine;
using consensus::api::ValidatorsPage;

std::string text(const OptionalHash& hash) { return hash ? to_upper_hex(*hash) : "none"; }

/// The page holds the whole set, of the header's height.
bool check_page(const CommitInput& input, Report& report) {
  const ValidatorsPage& page = *input.validators;
  const bool height = report.compare(input.subject, "validators height",
                                     std::to_string(input.signed_header.header.height),
                                     std::to_string(page.block_height));
  const bool total = report.compare(input.subject, "validators total", std::to_string(page.total),
                                    std::to_string(page.validators.size()));
  return height && total;
}

void check_addresses(Verifier& verifier, const CommitInput& input, Report& report) {
  const auto& validators = input.validators->validators;
  const auto addresses = key_addresses(verifier.crypto, validators);
  for (std::size_t i = 0; i < validators.size(); ++i) {
    if (addresses[i] == validators[i].address) continue;
    report.add({input.subject, "validator address", false, to_upper_hex(addresses[i]),
                to_upper_hex(validators[i].address), i});
    return;
  }
  const std::string all = std::to_string(validators.size()) + " addresses of keys";
  report.confirm(input.subject, "validator addresses", all);
}

void check_hashes(Verifier& verifier, const CommitInput& input, Report& report) {
  const Header& header = input.signed_header.header;
  report.compare(input.subject, "header hash", text(input.signed_header.commit.block_id.hash),
                 to_upper_hex(header_hash(verifier.crypto, header)));
  report.compare(input.subject, "validators hash", text(header.validators_hash),
                 to_upper_hex(validators_hash(verifier.crypto, input.validators->validators)));
}

void check_votes(Verifier& verifier, const CommitInput& input, const ValidatorSet& set,
                 Report& report) {
  const auto& [header, commit] = input.signed_header;
  const auto keys = verifier.key_sets.keys_of(set);
  const CommitClaim claim{header.chain_id, header.height, commit.block_id};
  const auto tally = verify_commit(verifier.crypto, {set, keys}, claim, commit);
  if (!tally.ok()) {
    const CommitFailure& failure = tally.error();
    const bool has_index =
        failure.rule >= CommitRule::kEntryShape && failure.rule != CommitRule::kPower;
    report.add({input.subject, std::string(describe(failure.rule)), false, failure.expected,
                failure.found, has_index ? std::optional(failure.index) : std::nullopt});
    return;
  }
  const std::string signatures = std::to_string(tally->signatures) + " valid signatures";
  report.confirm(input.subject, "signatures", signatures);
  report.add({input.subject,
              "power",
              true,
              "more than " + std::to_string(tally->threshold_power) + " of " +
                  std::to_string(tally->total_power),
              std::to_string(tally->signed_power),
              {}});
}

/// No hash covers priorities, but every set is centred when it changes and rotation keeps the sum,
/// so that it lies below the number of members.
void check_priority_sum(const CommitInput& input, const ValidatorSet& set, Report& report) {
  __int128 sum = 0;
  for (const Validator& validator : set.validators()) sum += validator.proposer_priority;
  const bool centred = sum >= 0 && sum < static_cast<__int128>(set.size());
  const std::string found = centred ? std::to_string(static_cast<std::int64_t>(sum)) : "another";
  report.add({input.subject,
              "sum of proposer priorities",
              centred,
              "0 to " + std::to_string(set.size() - 1),
              found,
              {}});
}

/// Which entries vote, entry i being validator i's.
std::vector<VoteSigner> voting_entries(const Commit& commit) {
  std::vector<VoteSigner> votes;
  for (std::size_t i = 0; i < commit.signatures.size(); ++i) {
    if (commit.signatures[i].flag == BlockIdFlag::kAbsent) continue;
    votes.push_back({i, static_cast<std::uint32_t>(i)});
  }
  return votes;
}

void check_v_bytes(Verifier& verifier, const CommitInput& input, Report& report) {
  const auto& [header, commit] = input.signed_header;
  const auto votes = voting_entries(commit);
  const auto signers = recover_signers(verifier.crypto, header.chain_id, commit, votes);
  for (std::size_t i = 0; i < votes.size(); ++i) {
    const auto& address = commit.signatures[votes[i].entry].validator_address;
    if (signers[i] && signers[i] == address) continue;
    report.add(
        {input.subject, "v byte (the network ignores it: --any-v)", false,
         "a V that recovers " + (address ? to_upper_hex(*address) : "nobody"),
         signers[i] ? "one that recovers " + to_upper_hex(*signers[i]) : "one that recovers no key",
         votes[i].entry});
    return;
  }
  const std::string all = std::to_string(votes.size()) + " signers recovered";
  report.confirm(input.subject, "v bytes", all);
}

}  // namespace

std::optional<ValidatorSet> check_commit(Verifier& verifier, const CommitInput& input, VByte v_byte,
                                         Report& report) {
  const auto& [header, commit] = input.signed_header;
  if (!check_page(input, report)) return std::nullopt;
  auto set = ValidatorSet::restore(input.validators->validators);
  if (!set.ok()) {
    report.add({input.subject,
                "validator set",
                false,
                "a validator set in order",
                std::string(describe(set.error())),
                {}});
    return std::nullopt;
  }
  check_addresses(verifier, input, report);
  check_hashes(verifier, input, report);
  const std::string proposer = to_upper_hex(header.proposer_address);
  const bool known = set->find(header.proposer_address) != nullptr;
  report.add({input.subject, "proposer", known, "a member of the set", proposer, {}});
  check_priority_sum(input, set.value(), report);
  check_votes(verifier, input, set.value(), report);
  if (v_byte == VByte::kMustRecover) check_v_bytes(verifier, input, report);
  return std::move(set).value();
}

}  // namespace buri::cli
