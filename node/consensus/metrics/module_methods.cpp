#include "node/consensus/metrics/module_methods.hpp"

#include <algorithm>
#include <array>

namespace buri::consensus::metrics {
namespace {

using app::ModuleCallKind;

constexpr std::string_view kPackage = "heimdallv2.";
constexpr std::string_view kQueryService = ".Query/";

/// A message and its names; empty where stock does not count that kind of call.
struct MessageNames {
  std::string_view type_url;
  std::string_view tx;
  std::string_view side = {};
  std::string_view post = {};
};

constexpr std::array kMessages{
    MessageNames{"/heimdallv2.bor.MsgProposeSpan", "ProposeSpan", "SideHandleMsgSpan",
                 "PostHandleMsgSpan"},
    MessageNames{"/heimdallv2.bor.MsgBackfillSpans", "BackfillSpans", "",
                 "PostHandleMsgBackfillSpans"},
    MessageNames{"/heimdallv2.bor.MsgSetProducerDowntime", "ProducerDowntime",
                 "SideHandleMsgSetProducerDowntime", "PostHandleMsgSetProducerDowntime"},
    MessageNames{"/heimdallv2.bor.MsgVoteProducers", "VoteProducers"},
    MessageNames{"/heimdallv2.bor.MsgUpdateParams", "UpdateParams"},
    MessageNames{"/heimdallv2.checkpoint.MsgCheckpoint", "Checkpoint", "SideHandleMsgCheckpoint",
                 "PostHandleMsgCheckpoint"},
    MessageNames{"/heimdallv2.checkpoint.MsgCpAck", "CheckpointAck", "SideHandleMsgCheckpointAck",
                 "PostHandleMsgCheckpointAck"},
    MessageNames{"/heimdallv2.checkpoint.MsgCpNoAck", "CheckpointNoAck"},
    MessageNames{"/heimdallv2.checkpoint.MsgUpdateParams", "UpdateParams"},
    MessageNames{"/heimdallv2.clerk.MsgEventRecord", "HandleMsgEventRecord",
                 "SideHandleMsgEventRecord", "PostHandleMsgEventRecord"},
    MessageNames{"/heimdallv2.milestone.MsgUpdateParams", "UpdateParams"},
    MessageNames{"/heimdallv2.stake.MsgValidatorJoin", "ValidatorJoin",
                 "SideHandleMsgValidatorJoin", "PostHandleMsgValidatorJoin"},
    MessageNames{"/heimdallv2.stake.MsgStakeUpdate", "StakeUpdate", "SideHandleMsgStakeUpdate",
                 "PostHandleMsgStakeUpdate"},
    MessageNames{"/heimdallv2.stake.MsgSignerUpdate", "SignerUpdate", "SideHandleMsgSignerUpdate",
                 "PostHandleMsgSignerUpdate"},
    MessageNames{"/heimdallv2.stake.MsgValidatorExit", "ValidatorExit",
                 "SideHandleMsgValidatorExit", "PostHandleMsgValidatorExit"},
    MessageNames{"/heimdallv2.topup.MsgTopupTx", "HandleTopupTx", "SideHandleTopupTx",
                 "PostHandleTopupTx"},
    MessageNames{"/heimdallv2.topup.MsgWithdrawFeeTx", "WithdrawFeeTx"},
};

/// The one query that stock does not count.
constexpr std::string_view kUncountedQuery = "GetValidatorStatusByAddress";

/// The counted module that a name behind the package begins with; empty if there is none.
std::string_view module_of(std::string_view rest) {
  for (const std::string_view module : kCountedModules) {
    if (rest.starts_with(module) && rest.substr(module.size()).starts_with('.')) return module;
  }
  return {};
}

std::optional<ModuleMethod> query_method(std::string_view name) {
  if (!name.starts_with(kPackage)) return std::nullopt;
  name.remove_prefix(kPackage.size());
  const std::string_view module = module_of(name);
  if (module.empty()) return std::nullopt;
  name.remove_prefix(module.size());
  if (!name.starts_with(kQueryService)) return std::nullopt;
  const std::string_view method = name.substr(kQueryService.size());
  if (method == kUncountedQuery) return std::nullopt;
  return ModuleMethod{module, std::string(method)};
}

}  // namespace

std::optional<ModuleMethod> module_method(ModuleCallKind kind, std::string_view name) {
  if (kind == ModuleCallKind::kQuery) return query_method(name);
  const auto found = std::ranges::find(kMessages, name, &MessageNames::type_url);
  if (found == kMessages.end()) return std::nullopt;
  const std::string_view method = kind == ModuleCallKind::kTx     ? found->tx
                                  : kind == ModuleCallKind::kSide ? found->side
                                                                  : found->post;
  if (method.empty()) return std::nullopt;
  return ModuleMethod{module_of(name.substr(1 + kPackage.size())), std::string(method)};
}

std::string_view kind_label(ModuleCallKind kind) {
  switch (kind) {
    case ModuleCallKind::kTx:
      return "tx";
    case ModuleCallKind::kSide:
      return "side";
    case ModuleCallKind::kPost:
      return "post";
    case ModuleCallKind::kQuery:
      return "query";
  }
  return "unknown";
}

}  // namespace buri::consensus::metrics
