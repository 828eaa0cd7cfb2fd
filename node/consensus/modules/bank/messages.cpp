#include "node/consensus/modules/bank/messages.hpp"

#include <algorithm>

#include "node/consensus/modules/auth/messages.hpp"
#include "node/consensus/runtime/address.hpp"

namespace buri::consensus::modules::bank {
namespace {

using runtime::Context;
using runtime::Error;
using runtime::make_error;
using runtime::Outcome;
using runtime::parse_address;
using runtime::sdk_error;
using runtime::SdkCode;

/// Reads an address; any error becomes "sdk" 7.
Outcome<Address> needed_address(std::string_view text, std::string_view role) {
  auto address = parse_address(text);
  if (address.ok()) return address;
  return Failure{sdk_error(SdkCode::kInvalidAddress,
                           "invalid " + std::string(role) + " address: " + address.error().log)};
}

/// Valid coins, at least one.
Status<Error> check_positive(const Coins& coins) {
  if (coins.empty()) return Failure{sdk_error(SdkCode::kInvalidCoins)};
  return runtime::check_coins(coins, SdkCode::kInvalidCoins);
}

Status<Error> check_receiver(const Address& address, std::string_view text) {
  if (!is_blocked(address)) return Unit{};
  return Failure{
      sdk_error(SdkCode::kUnauthorized, std::string(text) + " is not allowed to receive funds")};
}

Outcome<codec::Any> send(const Keeper& keeper, const Context& context, const MsgSend& message) {
  ASSIGN_OR_RETURN(const Address from, needed_address(message.from_address, "from"));
  ASSIGN_OR_RETURN(const Address to, needed_address(message.to_address, "to"));
  RETURN_IF_ERROR(check_positive(message.amount));
  RETURN_IF_ERROR(keeper.check_send_enabled(context, message.amount));
  RETURN_IF_ERROR(check_receiver(to, message.to_address));
  RETURN_IF_ERROR(keeper.send(context, from, to, message.amount));
  return codec::pack(MsgSendResponse{});
}

Status<Error> check_balanced(const Input& input, const std::vector<Output>& outputs) {
  RETURN_IF_ERROR(needed_address(input.address, "input"));
  RETURN_IF_ERROR(check_positive(input.coins));
  Coins total;
  for (const Output& output : outputs) {
    RETURN_IF_ERROR(needed_address(output.address, "output"));
    RETURN_IF_ERROR(check_positive(output.coins));
    ASSIGN_OR_RETURN(total, runtime::add_coins(total, output.coins));
  }
  if (total == input.coins) return Unit{};
  return Failure{make_error(kCodespace, 4, "sum inputs != sum outputs")};
}

Status<Error> check_shape(const MsgMultiSend& message) {
  if (message.inputs.empty()) {
    return Failure{make_error(kCodespace, 2, "no inputs to send transaction")};
  }
  if (message.inputs.size() != 1) {
    return Failure{make_error(kCodespace, 9, "multiple senders not allowed")};
  }
  if (message.outputs.empty()) {
    return Failure{make_error(kCodespace, 3, "no outputs to send transaction")};
  }
  return check_balanced(message.inputs[0], message.outputs);
}

Outcome<codec::Any> multi_send(const Keeper& keeper, const Context& context,
                               const MsgMultiSend& message) {
  RETURN_IF_ERROR(check_shape(message));
  const Input& input = message.inputs[0];
  RETURN_IF_ERROR(keeper.check_send_enabled(context, input.coins));
  for (const Output& output : message.outputs) {
    ASSIGN_OR_RETURN(const Address to, parse_address(output.address));
    RETURN_IF_ERROR(check_receiver(to, output.address));
  }
  ASSIGN_OR_RETURN(const Address from, parse_address(input.address));
  RETURN_IF_ERROR(keeper.subtract(context, from, input.coins));
  context.emit({"message", {{"sender", input.address}}});
  for (const Output& output : message.outputs) {
    ASSIGN_OR_RETURN(const Address to, parse_address(output.address));
    RETURN_IF_ERROR(keeper.add(context, to, output.coins));
    context.emit({"transfer",
                  {{"recipient", runtime::to_text(to)},
                   {"sender", input.address},
                   {"amount", runtime::to_text(output.coins)}}});
    RETURN_IF_ERROR(keeper.ensure_account(context, to));
  }
  return codec::pack(MsgMultiSendResponse{});
}

Outcome<codec::Any> update_params(const Keeper& keeper, const Context& context,
                                  const MsgUpdateParams& message) {
  RETURN_IF_ERROR(auth::check_authority(message.authority));
  if (!message.params.send_enabled.empty()) {
    return Failure{runtime::plain_error("use of send_enabled in params is no longer supported")};
  }
  RETURN_IF_ERROR(keeper.set_params(context, message.params));
  return codec::pack(MsgUpdateParamsResponse{});
}

Status<Error> check_send_enabled_list(const MsgSetSendEnabled& message) {
  std::vector<std::string> seen;
  for (const SendEnabled& entry : message.send_enabled) {
    if (std::ranges::find(seen, entry.denom) != seen.end()) {
      return Failure{sdk_error(SdkCode::kInvalidRequest,
                               "duplicate denom entries found for \"" + entry.denom + "\"")};
    }
    seen.push_back(entry.denom);
    if (!runtime::is_valid_denom(entry.denom)) {
      return Failure{
          sdk_error(SdkCode::kInvalidRequest, "invalid SendEnabled denom \"" + entry.denom + "\"")};
    }
  }
  for (const std::string& denom : message.use_default_for) {
    if (!runtime::is_valid_denom(denom)) {
      return Failure{
          sdk_error(SdkCode::kInvalidRequest, "invalid UseDefaultFor denom \"" + denom + "\"")};
    }
  }
  return Unit{};
}

Outcome<codec::Any> set_send_enabled(const Keeper& keeper, const Context& context,
                                     const MsgSetSendEnabled& message) {
  RETURN_IF_ERROR(auth::check_authority(message.authority));
  RETURN_IF_ERROR(check_send_enabled_list(message));
  for (const SendEnabled& entry : message.send_enabled) {
    RETURN_IF_ERROR(keeper.set_send_enabled(context, entry.denom, entry.enabled));
  }
  for (const std::string& denom : message.use_default_for) {
    RETURN_IF_ERROR(keeper.remove_send_enabled(context, denom));
  }
  return codec::pack(MsgSetSendEnabledResponse{});
}

}  // namespace

void register_messages(runtime::MessageRegistry& registry, const Keeper& keeper) {
  const auto bound = [keeper](auto handler) {
    return [keeper, handler](const Context& context, const auto& message) {
      return handler(keeper, context, message);
    };
  };
  const auto authority = [](const auto& message) { return std::vector{message.authority}; };
  registry.add<MsgSend>(
      {.signers = [](const MsgSend& message) { return std::vector{message.from_address}; },
       .handle = bound(send)});
  registry.add<MsgMultiSend>({.signers =
                                  [](const MsgMultiSend& message) {
                                    std::vector<std::string> signers;
                                    for (const Input& input : message.inputs) {
                                      signers.push_back(input.address);
                                    }
                                    return signers;
                                  },
                              .handle = bound(multi_send)});
  registry.add<MsgUpdateParams>({.signers = authority, .handle = bound(update_params)});
  registry.add<MsgSetSendEnabled>({.signers = authority, .handle = bound(set_send_enabled)});
}

std::size_t transfer_count(const runtime::DecodedMessage& message) {
  if (const auto* multi = runtime::message_cast<MsgMultiSend>(message)) {
    return multi->outputs.size();
  }
  return runtime::message_cast<MsgSend>(message) != nullptr ? 1 : 0;
}

}  // namespace buri::consensus::modules::bank
