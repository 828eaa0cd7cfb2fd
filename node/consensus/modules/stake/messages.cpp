#include "node/consensus/modules/stake/messages.hpp"

#include <algorithm>

#include "node/consensus/runtime/address.hpp"

namespace buri::consensus::modules::stake {
namespace {

using runtime::Context;
using runtime::Error;
using runtime::Event;
using runtime::Integer;
using runtime::Outcome;
using runtime::sdk_error;
using runtime::SdkCode;

enum class Code : std::uint32_t {
  kInvalidMessage = 2,
  kNoValidator = 4,
  kNoSignerChange = 5,
  kUnbonded = 6,
};

Failure<Error> fail(Code code, std::string_view detail) {
  const auto text = [code]() -> std::string_view {
    switch (code) {
      case Code::kInvalidMessage:
        return "invalid message";
      case Code::kNoValidator:
        return "no respective validator found";
      case Code::kNoSignerChange:
        return "new signer is same as old one";
      case Code::kUnbonded:
        return "validator already unBonded";
    }
    return "";
  };
  return Failure{runtime::make_error(kCodespace, static_cast<std::uint32_t>(code), text(), detail)};
}

Status<Error> check_sender(std::uint64_t val_id, std::string_view from) {
  if (val_id == 0) return fail(Code::kInvalidMessage, "invalid validator id 0");
  if (!runtime::parse_address(from).ok()) {
    return fail(Code::kInvalidMessage, "invalid proposer " + std::string(from));
  }
  return Unit{};
}

Status<Error> check_tx_hash(ByteView hash) {
  if (hash.size() == Hash256::kSize) return Unit{};
  return fail(Code::kInvalidMessage, "invalid tx hash");
}

Status<Error> check_key(ByteView key) {
  if (key.empty()) return fail(Code::kInvalidMessage, "signer public key can't be nil");
  if (key.size() == 65 && std::ranges::all_of(key, [](std::uint8_t byte) { return byte == 0; })) {
    return fail(Code::kInvalidMessage, "signer public key can't be of zero bytes");
  }
  return Unit{};
}

Status<Error> check_amount(const std::optional<Integer>& amount) {
  if (!amount) {
    return Failure{runtime::nil_panic()};
  }
  if (amount->is_positive()) return Unit{};
  return fail(Code::kInvalidMessage, "invalid amount " + amount->to_text());
}

/// The stock daemon panics on a key of another length.
Outcome<std::string> signer_of_key(ByteView key) {
  if (key.size() != 65) return Failure{runtime::panic("length of pubkey is incorrect")};
  return runtime::to_text(runtime::address_of_key(key));
}

Status<Error> check_power(const std::optional<Integer>& amount, std::uint64_t val_id) {
  if (power_of(*amount)) return Unit{};
  return fail(Code::kInvalidMessage,
              "invalid amount " + amount->to_text() + " for validator " + std::to_string(val_id));
}

template <class Message>
Status<Error> check_sequence(const Context& context, const Message& message) {
  ASSIGN_OR_RETURN(const bool is_old,
                   Keeper().has_sequence(context, sequence_of(context, message)));
  if (!is_old) return Unit{};
  return Failure{sdk_error(SdkCode::kConflict, "old events are not allowed")};
}

Outcome<Validator> validator_of(const Context& context, std::uint64_t val_id) {
  ASSIGN_OR_RETURN(auto validator, Keeper().by_id(context, val_id));
  if (!validator) return fail(Code::kNoValidator, "failed to fetch validator from store");
  return *std::move(validator);
}

Outcome<codec::Any> join(const Context& context, const MsgValidatorJoin& message) {
  ASSIGN_OR_RETURN(const std::string signer, signer_of_key(message.signer_pub_key));
  ASSIGN_OR_RETURN(const bool is_known, Keeper().has_id(context, message.val_id));
  if (is_known) {
    return Failure{sdk_error(SdkCode::kInvalidRequest,
                             "validator corresponding to the val id already exists in store")};
  }
  ASSIGN_OR_RETURN(const auto record, Keeper().by_signer(context, signer));
  if (record && runtime::format_address(record->signer) == signer) {
    return Failure{sdk_error(SdkCode::kInvalidRequest, "validator " + signer + " already exists")};
  }
  RETURN_IF_ERROR(check_power(message.amount, message.val_id));
  RETURN_IF_ERROR(check_sequence(context, message));
  context.emit({"validator-join",
                {{"module", std::string(kCodespace)},
                 {"validator-id", std::to_string(message.val_id)},
                 {"validator-nonce", std::to_string(message.nonce)}}});
  return codec::pack(MsgValidatorJoinResponse{});
}

Outcome<codec::Any> update_stake(const Context& context, const MsgStakeUpdate& message) {
  RETURN_IF_ERROR(validator_of(context, message.val_id));
  RETURN_IF_ERROR(check_sequence(context, message));
  RETURN_IF_ERROR(check_power(message.new_amount, message.val_id));
  return codec::pack(MsgStakeUpdateResponse{});
}

Outcome<codec::Any> update_signer(const Context& context, const MsgSignerUpdate& message) {
  ASSIGN_OR_RETURN(const std::string signer, signer_of_key(message.new_signer_pub_key));
  ASSIGN_OR_RETURN(const Validator validator, validator_of(context, message.val_id));
  RETURN_IF_ERROR(check_sequence(context, message));
  if (signer == runtime::format_address(validator.signer)) {
    return fail(Code::kNoSignerChange, "newSigner same as oldSigner in signerUpdate");
  }
  return codec::pack(MsgSignerUpdateResponse{});
}

Outcome<codec::Any> exit(const Context& context, const MsgValidatorExit& message) {
  ASSIGN_OR_RETURN(const Validator validator, validator_of(context, message.val_id));
  if (validator.end_epoch != 0) return fail(Code::kUnbonded, "validator already unBonded");
  RETURN_IF_ERROR(check_sequence(context, message));
  return codec::pack(MsgValidatorExitResponse{});
}

template <class Message>
void add(runtime::MessageRegistry& registry, protocol::RootChain& root_chain,
         Outcome<codec::Any> (*handle)(const Context&, const Message&)) {
  registry.add<Message>(
      {.signers = [](const Message& message) { return std::vector{message.from}; },
       .validate_basic = [](const Message& message) { return validate(message); },
       .handle = handle,
       .side_handle = [&root_chain](
                          const Context& context,
                          const Message& message) { return vote(context, message, root_chain); },
       .post_handle = [](const Context& context,
                         const Message& message) { return apply(context, message); }});
}

}  // namespace

void register_messages(runtime::MessageRegistry& registry, protocol::RootChain& root_chain) {
  add<MsgValidatorJoin>(registry, root_chain, &join);
  add<MsgStakeUpdate>(registry, root_chain, &update_stake);
  add<MsgSignerUpdate>(registry, root_chain, &update_signer);
  add<MsgValidatorExit>(registry, root_chain, &exit);
}

Status<Error> validate(const MsgValidatorJoin& message) {
  RETURN_IF_ERROR(check_sender(message.val_id, message.from));
  RETURN_IF_ERROR(check_key(message.signer_pub_key));
  RETURN_IF_ERROR(check_amount(message.amount));
  return check_tx_hash(message.tx_hash);
}

Status<Error> validate(const MsgStakeUpdate& message) {
  RETURN_IF_ERROR(check_sender(message.val_id, message.from));
  RETURN_IF_ERROR(check_amount(message.new_amount));
  return check_tx_hash(message.tx_hash);
}

Status<Error> validate(const MsgSignerUpdate& message) {
  RETURN_IF_ERROR(check_sender(message.val_id, message.from));
  RETURN_IF_ERROR(check_key(message.new_signer_pub_key));
  return check_tx_hash(message.tx_hash);
}

Status<Error> validate(const MsgValidatorExit& message) {
  RETURN_IF_ERROR(check_sender(message.val_id, message.from));
  return check_tx_hash(message.tx_hash);
}

std::optional<std::int64_t> power_of(const Integer& amount) {
  constexpr std::uint64_t kToken = 1'000'000'000'000'000'000;
  if (amount < Integer(kToken)) return std::nullopt;
  const Integer tokens = quotient(amount, Integer(kToken));
  return static_cast<std::int64_t>(tokens.magnitude().limbs[0]);
}

}  // namespace buri::consensus::modules::stake
