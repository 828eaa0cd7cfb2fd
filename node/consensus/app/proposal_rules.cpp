#include "node/consensus/app/proposal_rules.hpp"

#include "base/codec/protobuf_writer.hpp"
#include "node/consensus/app/extension_rules.hpp"
#include "node/consensus/modules/bor/keeper.hpp"
#include "node/consensus/modules/bor/messages.hpp"

namespace buri::consensus::app {
namespace {

namespace bor = modules::bor;
using runtime::Context;

Verdict verdict_of(const Status<runtime::Error>& status) {
  return status.ok() ? Verdict(Unit{}) : Verdict(Failure{status.error().log});
}

Verdict check_downtime(const Context& context, const bor::MsgSetProducerDowntime& message) {
  RETURN_IF_ERROR(verdict_of(bor::check_downtime_phase(context)));
  const bool is_open = context.forks().is_downtime_target_open(context.height());
  if (message.target_producer_id == 0 || is_open) return Unit{};
  return Failure{std::string("MsgSetProducerDowntime with TargetProducerId not allowed yet")};
}

}  // namespace

Verdict check_producer_gates(const Context& committed_state, const Context& context,
                             const tx::Transaction& transaction) {
  for (const auto& message : transaction.messages) {
    if (runtime::message_cast<bor::MsgVoteProducers>(*message) != nullptr) {
      RETURN_IF_ERROR(verdict_of(bor::Keeper().check_producer_phase(committed_state)));
    }
    const auto* downtime = runtime::message_cast<bor::MsgSetProducerDowntime>(*message);
    if (downtime != nullptr) RETURN_IF_ERROR(check_downtime(context, *downtime));
  }
  return Unit{};
}

Verdict SideTxCount::check(const tx::Transaction& transaction) const {
  const std::size_t messages = transaction.side_message_count();
  if (messages > 1) return Failure{std::string("more than one side message")};
  if (messages == 1 && is_limited_ && count_ >= kMaxSideResponses) {
    return Failure{std::string("too many side transactions")};
  }
  return Unit{};
}

std::int64_t block_bytes_of(ByteView raw) {
  Bytes length;
  append_varint(length, raw.size());
  return static_cast<std::int64_t>(1 + length.size() + raw.size());
}

}  // namespace buri::consensus::app
