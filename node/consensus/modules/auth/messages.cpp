#include "node/consensus/modules/auth/messages.hpp"

#include "node/consensus/runtime/address.hpp"

namespace buri::consensus::modules::auth {
namespace {

using runtime::Context;
using runtime::Error;
using runtime::Outcome;

Outcome<Any> update_params(const Keeper& keeper, const Context& context,
                           const MsgUpdateParams& message) {
  // This module alone answers with an error without a code of its own.
  if (message.authority != gov_authority()) {
    return Failure{runtime::plain_error(
        "expected gov account as only signer for proposal message; invalid authority; expected " +
        gov_authority() + ", got " + message.authority)};
  }
  RETURN_IF_ERROR(validate(message.params));
  RETURN_IF_ERROR(keeper.set_params(context, message.params));
  return codec::pack(MsgUpdateParamsResponse{});
}

}  // namespace

void register_messages(runtime::MessageRegistry& registry, const Keeper& keeper) {
  registry.add_type<BaseAccount>(kAccountInterface);
  registry.add_type<ModuleAccount>(kAccountInterface);
  registry.add<MsgUpdateParams>(
      {.signers = [](const MsgUpdateParams& message) { return std::vector{message.authority}; },
       .handle =
           [keeper](const Context& context, const MsgUpdateParams& message) {
             return update_params(keeper, context, message);
           }});
}

const std::string& gov_authority() {
  static const std::string text = runtime::to_text(runtime::module_address(kGovModule));
  return text;
}

Status<Error> check_authority(std::string_view authority) {
  if (authority == gov_authority()) return Unit{};
  return Failure{runtime::make_error(
      "gov", 13, "expected gov account as only signer for proposal message",
      "invalid authority; expected " + gov_authority() + ", got " + std::string(authority))};
}

}  // namespace buri::consensus::modules::auth
