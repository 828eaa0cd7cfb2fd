#include "hsm/rules/bor_header.hpp"

#include <algorithm>

#include "base/codec/rlp.hpp"
#include "hsm/rules/bor_branch.hpp"
#include "hsm/rules/digest.hpp"
#include "hsm/rules/limits.hpp"
#include "hsm/wire/sign_bytes.hpp"

namespace buri::hsm::rules {
namespace {

using wire::BorExtraShape;
using wire::BorHeader;
using wire::Purpose;
using wire::Rule;

bool is_printable(ByteView bytes) {
  return std::all_of(bytes.begin(), bytes.end(),
                     [](std::uint8_t byte) { return byte >= 0x20 && byte < 0x7f; });
}

bool is_zero(ByteView bytes) {
  return std::all_of(bytes.begin(), bytes.end(), [](std::uint8_t byte) { return byte == 0; });
}

BorExtraShape shape_at(const BorHeaderPolicy& policy, std::uint64_t number) {
  if (number < policy.cancun_block) return BorExtraShape::kValidatorBytes;
  if (number < policy.giugliano_block) return BorExtraShape::kCancun;
  return number < policy.austin_block ? BorExtraShape::kGiugliano : BorExtraShape::kAustin;
}

/// Fields that the shape has no place for are empty.
bool fits_shape(const wire::BorExtra& extra) {
  const bool lists =
      extra.shape == BorExtraShape::kCancun || extra.shape == BorExtraShape::kGiugliano;
  const bool gas =
      extra.shape == BorExtraShape::kGiugliano || extra.shape == BorExtraShape::kAustin;
  return (lists || extra.transaction_dependencies.empty()) &&
         (gas || (extra.gas_target == 0 && extra.base_fee_change_denominator == 0));
}

Status<wire::Refusal> check_era(const BorHeader& header, const BorHeaderPolicy& policy) {
  if (header.extra.shape != shape_at(policy, header.number) || !fits_shape(header.extra)) {
    return refuse(Rule::kHeaderForm, "header.extra.shape", "that of the block's era", "another");
  }
  const bool london = header.number >= policy.london_block;
  const bool jaipur = london && header.number >= policy.jaipur_block;
  if (header.base_fee.has_value() != london || header.base_fee_is_sealed != jaipur) {
    return refuse(Rule::kHeaderForm, "header.base_fee", "present and sealed as the era has it",
                  "otherwise");
  }
  if (!is_plain_vanity(header.extra.vanity)) {
    return refuse(Rule::kHeaderForm, "header.extra.vanity",
                  "a client version or printable text, zero-padded", "other bytes");
  }
  return Unit{};
}

Status<wire::Refusal> check_range(std::string_view field, std::uint64_t value, std::uint64_t lowest,
                                  std::uint64_t highest) {
  if (value >= lowest && value <= highest) return Unit{};
  return refuse(Rule::kHeaderForm, field, std::to_string(lowest) + " to " + std::to_string(highest),
                std::to_string(value));
}

Status<wire::Refusal> check_header(const BorHeader& header, const Context& context) {
  const BorHeaderPolicy& policy = context.policy.bor_header;
  RETURN_IF_ERROR(check_era(header, policy));
  RETURN_IF_ERROR(check_range("header.difficulty", header.difficulty, 1, policy.max_difficulty));
  RETURN_IF_ERROR(check_range("header.gas_limit", header.gas_limit, policy.min_gas_limit,
                              policy.max_gas_limit));
  RETURN_IF_ERROR(check_range("header.gas_used", header.gas_used, 0, header.gas_limit));
  const std::uint64_t now = unix_seconds(context.now);
  const std::uint64_t earliest =
      now > policy.max_seconds_behind ? now - policy.max_seconds_behind : 0;
  return check_range("header.time", header.time, earliest,
                     saturating_add(now, policy.max_seconds_ahead));
}

/// Another header at a number and parent that was sealed `count` times.
Status<wire::Refusal> check_supersede(const Context& context, const wire::SignBorHeader& request,
                                      std::size_t count, const BorRecord& record,
                                      Approval& approval) {
  const BorHeaderPolicy& policy = context.policy.bor_header;
  const bool allowed = policy.tier == BorTier::kSupersedeUnpublished &&
                       request.earlier_not_broadcast && count <= policy.max_supersedes &&
                       request.header.number == record.number;
  if (!allowed) {
    return refuse(
        Rule::kBorEquivocation, "header.parent_hash",
        "the header sealed at " + std::to_string(request.header.number) + " on this parent",
        "other content");
  }
  approval.alarms.push_back(Alarm::kSupersededHeader);
  return Unit{};
}

/// A header that stands on another branch than the last one.
Status<wire::Refusal> check_reorg(const Context& context, const wire::SignBorHeader& request,
                                  BorRecord& record, Approval& approval) {
  const BorHeaderPolicy& policy = context.policy.bor_header;
  const BorHeader& header = request.header;
  if (header.number <= record.floor) {
    return refuse(Rule::kUnknownHeader, "header.number", "above " + std::to_string(record.floor),
                  std::to_string(header.number));
  }
  const bool too_deep =
      header.number <= record.number && record.number - header.number >= policy.max_reorg_depth;
  const std::uint64_t now = unix_seconds(context.now);
  std::erase_if(record.reorgs,
                [&](std::uint64_t at) { return at > now || now - at >= policy.reorg_window_s; });
  if (too_deep || record.reorgs.size() >= policy.max_reorgs) {
    return refuse(Rule::kReorgLimit, "header.number",
                  std::to_string(policy.max_reorgs) + " reorganisations in " +
                      std::to_string(policy.reorg_window_s) + " s, of at most " +
                      std::to_string(policy.max_reorg_depth) + " blocks",
                  "one more");
  }
  if (!keeps_milestone(record, header.number - 1, header.parent_hash, request.branch)) {
    return refuse(Rule::kForkEvidence, "branch",
                  "headers from a known block at or above the milestone to the parent",
                  std::to_string(request.branch.size()) + " headers that do not link");
  }
  record.reorgs.push_back(now);
  approval.alarms.push_back(Alarm::kReorg);
  return Unit{};
}

Status<wire::Refusal> check_place(const Context& context, const wire::SignBorHeader& request,
                                  BorRecord& record, Approval& approval) {
  const BorHeaderPolicy& policy = context.policy.bor_header;
  const BorHeader& header = request.header;
  if (header.number == 0 || (record.milestone && header.number <= record.milestone->number)) {
    return refuse(
        Rule::kMilestone, "header.number",
        "above the milestone at " + std::to_string(record.milestone ? record.milestone->number : 0),
        std::to_string(header.number));
  }
  const auto same_place = [&](const BorSeal& seal) {
    return seal.number == header.number && seal.parent == header.parent_hash;
  };
  const auto count =
      static_cast<std::size_t>(std::count_if(record.seals.begin(), record.seals.end(), same_place));
  if (count > 0) return check_supersede(context, request, count, record, approval);
  if (header.number > saturating_add(record.number, policy.max_number_jump)) {
    return refuse(Rule::kNumberJump, "header.number",
                  "at most " + std::to_string(policy.max_number_jump) + " above " +
                      std::to_string(record.number),
                  std::to_string(header.number));
  }
  // Nothing of ours lies directly below: nothing can be contradicted.
  const bool follows_nothing = record.seals.empty() || header.number > record.number + 1;
  if (header.number > record.number && follows_nothing) return Unit{};
  const bool follows_last = record.last_header && header.number == record.number + 1 &&
                            record.last_header->number == record.number &&
                            last_block_hash(record) == header.parent_hash;
  if (follows_last) return Unit{};
  return check_reorg(context, request, record, approval);
}

void remember(BorRecord& record, const BorHeader& header, const Hash256& seal_hash) {
  if (record.seals.size() == kMaxSeals) {
    record.floor = std::max(record.floor, record.seals.front().number);
    record.seals.erase(record.seals.begin());
  }
  record.seals.push_back({header.number, header.parent_hash, seal_hash});
  record.number = std::max(record.number, header.number);
  record.last_header = header;
  record.signature.reset();
}

}  // namespace

bool is_plain_vanity(const FixedBytes<32>& vanity) {
  const ByteView bytes(vanity);
  const auto end = std::find(bytes.begin(), bytes.end(), std::uint8_t{0});
  const auto text_bytes = static_cast<std::size_t>(end - bytes.begin());
  if (is_printable(bytes.first(text_bytes)) && is_zero(bytes.subspan(text_bytes))) return true;

  RlpReader outer(bytes);
  const auto list = outer.next();
  if (!list.ok() || !list->is_list || !is_zero(bytes.subspan(list->encoded.size()))) return false;
  RlpReader items(list->payload);
  if (items.at_end() || !items.next_uint64().ok()) return false;
  while (!items.at_end()) {
    const auto text = items.next_bytes();
    if (!text.ok() || !is_printable(*text)) return false;
  }
  return true;
}

Decision decide_bor_header(const Context& context, const BorRecord& record,
                           const wire::SignBorHeader& request) {
  const BorHeaderPolicy& policy = context.policy.bor_header;
  RETURN_IF_ERROR(require_enabled(policy.enabled, "bor_header"));
  if (request.chain_id != policy.chain_id) {
    return refuse(Rule::kChain, "chain_id", std::to_string(policy.chain_id),
                  std::to_string(request.chain_id));
  }
  Approval approval;
  const Hash256 seal_hash = keccak256(wire::bor_header_sign_bytes(request.header));
  const auto sealed =
      std::find_if(record.seals.rbegin(), record.seals.rend(),
                   [&](const BorSeal& seal) { return seal.seal_hash == seal_hash; });
  if (sealed != record.seals.rend()) {
    const bool last = sealed == record.seals.rbegin();
    approval.slots.push_back(
        {Purpose::kBorHeader, seal_hash, last ? record.signature : std::nullopt});
    return approval;
  }
  RETURN_IF_ERROR(check_header(request.header, context));
  BorRecord next = record;
  RETURN_IF_ERROR(check_place(context, request, next, approval));
  RETURN_IF_ERROR(count_in_minute(next.rate, policy.max_per_minute, context.now));
  remember(next, request.header, seal_hash);
  approval.slots.push_back({Purpose::kBorHeader, seal_hash, std::nullopt});
  approval.record = std::move(next);
  return approval;
}

Decision decide_milestone_report(const Context& context, const BorRecord& record,
                                 const wire::ReportMilestone& report) {
  const BorHeaderPolicy& policy = context.policy.bor_header;
  Approval approval;
  if (!policy.enabled) return approval;
  const BorMilestone milestone{report.block_number, report.block_hash};
  if (record.milestone == milestone) return approval;
  const std::uint64_t last = record.milestone ? record.milestone->number : 0;
  const std::uint64_t highest =
      saturating_add(std::max(last, record.number), policy.max_number_jump);
  if (milestone.number > highest || (record.milestone && milestone.number <= last)) {
    return refuse(Rule::kMilestone, "report_milestone.block_number",
                  std::to_string(last + 1) + " to " + std::to_string(highest),
                  std::to_string(milestone.number));
  }
  BorRecord next = record;
  next.milestone = milestone;
  approval.record = std::move(next);
  return approval;
}

}  // namespace buri::hsm::rules
