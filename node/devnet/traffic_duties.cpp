#include "node/devnet/traffic_duties.hpp"

#include "base/codec/base64.hpp"
#include "base/hex.hpp"
#include "node/consensus/codec/message.hpp"
#include "node/consensus/modules/checkpoint/message_types.hpp"
#include "node/devnet/event_message.hpp"
#include "node/devnet/identity.hpp"

namespace buri::devnet {
namespace {

namespace checkpoint = consensus::modules::checkpoint;
using hsm::wire::HeimdallMessage;

constexpr std::size_t kReportsAtOnce = 5;
constexpr std::size_t kQuestionsAtOnce = 100;
/// From sending to another try: some heights for the vote, and some more after a node was killed.
constexpr std::chrono::seconds kReportPatience{25};
constexpr std::chrono::seconds kCheckpointPatience{20};

bool is_stakes(EventKind kind) {
  return kind != EventKind::kStateSynced && kind != EventKind::kTopUpFee;
}

bool is_old(const NodeClient& client, const ScriptedEvent& event) {
  const auto answer = client.rest(is_old_target(event));
  if (!answer.ok()) return false;
  boost::system::error_code missing;
  const boost::json::value* old = answer->find_pointer("/is_old", missing);
  return old != nullptr && old->is_bool() && old->as_bool();
}

template <class Message>
HeimdallMessage packed(const Message& message) {
  consensus::codec::Any any = consensus::codec::pack(message);
  return {std::move(any.type_url), std::move(any.value)};
}

}  // namespace

void EventDuty::fill(const NodeClient& client, const RootChainView& view) {
  for (std::size_t asked = 0; asked < kQuestionsAtOnce; ++asked) {
    if (reports_.size() >= kReportsAtOnce || next_place_ >= event_count(view.final_block)) return;
    ScriptedEvent event = event_at(next_place_++, view.validators);
    if (!is_old(client, event)) reports_.push_back({std::move(event), std::nullopt});
  }
}

void EventDuty::work(const NodeClient& client, const RootChainView& view, TrafficSender& sender,
                     TrafficCount& count, Account::Time now) {
  std::erase_if(reports_, [&](const Report& report) {
    const bool is_taken = report.sent_at && is_old(client, report.event);
    if (is_taken) count.taken(std::string(event_name(report.event.kind)));
    return is_taken;
  });
  fill(client, view);
  bool has_stakes_report = false;
  for (Report& report : reports_) {
    const bool must_wait = is_stakes(report.event.kind) && has_stakes_report;
    has_stakes_report = has_stakes_report || is_stakes(report.event.kind);
    if (must_wait || (report.sent_at && now - *report.sent_at < kReportPatience)) continue;
    const bool is_sent =
        sender.send(std::string(event_name(report.event.kind)),
                    [&](const std::string& from) { return report_of(report.event, from); });
    if (is_sent) report.sent_at = now;
  }
}

void CheckpointDuty::notice(std::uint64_t acknowledged, std::uint64_t taken, TrafficCount& count) {
  if (!is_begun_) {
    acknowledged_ = acknowledged;
    taken_ = taken;
    is_begun_ = true;
  }
  const auto follow = [&](std::uint64_t& seen, std::uint64_t now, const std::string& kind) {
    for (; seen < now; ++seen) {
      count.taken(kind);
      sent_at_.reset();
    }
  };
  follow(taken_, taken, "checkpoint");
  follow(acknowledged_, acknowledged, "checkpoint_ack");
}

void CheckpointDuty::work(const NodeClient& client, const SourcesClient& sources,
                          const RootChainView& view, TrafficSender& sender, TrafficCount& count,
                          Account::Time now) {
  const auto answer = client.rest("/checkpoints/count");
  const auto acks = answer.ok() ? number_at(*answer, "/ack_count") : std::nullopt;
  if (!acks) return;
  notice(*acks, view.checkpoints.size(), count);
  if (sent_at_ && now - *sent_at_ < kCheckpointPatience) return;
  if (*acks < view.checkpoints.size()) {
    acknowledge(view.checkpoints[*acks], *acks + 1, sender, now);
  } else {
    propose(client, sources, view, sender, now);
  }
}

void CheckpointDuty::acknowledge(const ScriptedCheckpoint& taken, std::uint64_t number,
                                 TrafficSender& sender, Account::Time now) {
  const bool is_sent = sender.send("checkpoint_ack", [&](const std::string& from) {
    checkpoint::MsgCpAck message;
    message.from = from;
    message.number = number;
    message.proposer = "0x" + to_hex(taken.proposer);
    message.start_block = taken.start_block;
    message.end_block = taken.end_block;
    message.root_hash.assign(taken.root_hash.bytes.begin(), taken.root_hash.bytes.end());
    return packed(message);
  });
  if (is_sent) sent_at_ = now;
}

void CheckpointDuty::propose(const NodeClient& client, const SourcesClient& sources,
                             const RootChainView& view, TrafficSender& sender, Account::Time now) {
  const auto params = client.rest("/checkpoints/params");
  const auto milestone = client.rest("/milestones/latest");
  const auto set = client.rest("/stake/validators-set");
  const auto account_root = client.rest("/topup/dividend-account-root");
  if (!params.ok() || !milestone.ok() || !set.ok() || !account_root.ok()) return;
  const auto length = number_at(*params, "/params/avg_checkpoint_length");
  const auto agreed = number_at(*milestone, "/milestone/end_block");
  const auto dividends = from_base64(text_at(*account_root, "/account_root_hash"));
  const std::string proposer = text_at(*set, "/validator_set/proposer/signer");
  if (!length || *length < 2 || !agreed || !dividends) return;
  const std::uint64_t start = view.checkpoints.empty() ? 0 : view.checkpoints.back().end_block + 1;
  const std::uint64_t end = start + *length - 1;
  if (end > *agreed) return;
  const auto root = sources.bor_root(start, end);
  if (!root.ok()) return;
  const bool is_sent = sender.send_from(proposer, "checkpoint", [&](const std::string& from) {
    checkpoint::MsgCheckpoint message;
    message.proposer = from;
    message.start_block = start;
    message.end_block = end;
    message.root_hash.assign(root->bytes.begin(), root->bytes.end());
    message.account_root_hash = *dividends;
    message.bor_chain_id = std::to_string(kBorChainId);
    return packed(message);
  });
  if (is_sent) sent_at_ = now;
}

}  // namespace buri::devnet
