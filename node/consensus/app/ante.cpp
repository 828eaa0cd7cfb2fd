#include "node/consensus/app/ante.hpp"

#include "accel/hasher.hpp"
#include "node/consensus/app/ante_rules.hpp"
#include "node/consensus/runtime/address.hpp"
#include "node/consensus/tx/sign_bytes.hpp"

namespace buri::consensus::app {
namespace {

using modules::auth::Account;
using runtime::Context;
using runtime::Error;
using runtime::Outcome;
using runtime::sdk_error;
using runtime::SdkCode;
using tx::Transaction;

Hash256 keccak256(ByteView message) {
  Hash256 digest;
  accel::best_hasher().keccak256_batch(std::span(&message, 1), std::span(&digest, 1));
  return digest;
}

/// The stored key of an account as bytes; nothing for another type of key.
std::optional<Bytes> account_key(const Account& account) {
  if (!account.public_key) return std::nullopt;
  if (account.public_key->type_url != codec::type_url<tx::Secp256k1PublicKey>()) {
    return std::nullopt;
  }
  auto key = codec::decode<tx::Secp256k1PublicKey>(account.public_key->value);
  if (!key.ok()) return std::nullopt;
  return std::move(key->key);
}

/// What an account's signature on a transaction claims; nothing if the mode does not apply or the
/// account's key is of another type.
std::optional<tx::SignatureClaim> claim_of(const Context& context, const Transaction& transaction,
                                           std::size_t index, const Account& account,
                                           const runtime::MessageRegistry& registry) {
  const auto mode = single_mode(transaction.auth_info.signer_infos[index]);
  auto key = account_key(account);
  if (!mode || !key) return std::nullopt;
  const tx::SignerFacts facts{.address = account.address,
                              .chain_id = context.block().chain_id,
                              .account_number = context.height() == 0 ? 0 : account.number,
                              .sequence = account.sequence,
                              .public_key = *account.public_key};
  const auto bytes = tx::sign_bytes(transaction, *mode, facts, registry);
  if (!bytes) return std::nullopt;
  return tx::SignatureClaim{*std::move(key), keccak256(*bytes),
                            transaction.parts.signatures[index]};
}

}  // namespace

Status<Error> AnteChain::run(const Context& context, const Transaction& transaction,
                             TxMode mode) const {
  const bool is_recheck = mode == TxMode::kRecheck;
  RETURN_IF_ERROR(check_block_gas(context, transaction));
  if (!is_recheck) {
    RETURN_IF_ERROR(check_fee_coins(context, transaction));
    RETURN_IF_ERROR(check_basic_form(transaction));
  }
  for (const AnteExtension& extension : extensions_) {
    if (extension.after_basic_form)
      RETURN_IF_ERROR(extension.after_basic_form(context, transaction));
  }
  RETURN_IF_ERROR(check_transfer_cap(context, transaction));
  for (const AnteExtension& extension : extensions_) {
    if (extension.after_transfer_cap) {
      RETURN_IF_ERROR(extension.after_transfer_cap(context, transaction));
    }
  }
  RETURN_IF_ERROR(check_timeout(context, transaction));
  if (!transaction.body.memo.empty()) {
    ASSIGN_OR_RETURN(const auto params, accounts_.params(context));
    RETURN_IF_ERROR(check_memo(transaction, params));
  }
  // The step that once charged for the transaction's size still reads the parameters.
  RETURN_IF_ERROR(accounts_.params(context));
  RETURN_IF_ERROR(deduct_fee(context, transaction, mode));
  RETURN_IF_ERROR(set_public_keys(context, transaction, mode));
  RETURN_IF_ERROR(check_signature_count(context, transaction));
  RETURN_IF_ERROR(check_key_types(context, transaction, mode));
  RETURN_IF_ERROR(verify_signatures(context, transaction, mode));
  RETURN_IF_ERROR(increment_sequences(context, transaction));
  if (transaction.side_message_count() > 1) {
    return Failure{
        sdk_error(SdkCode::kInvalidRequest, "multiple messages in a single side transaction")};
  }
  return Unit{};
}

Status<Error> AnteChain::deduct_fee(const Context& context, const Transaction& transaction,
                                    TxMode mode) const {
  if (mode != TxMode::kSimulate && context.height() > 0 && transaction.gas_limit() == 0) {
    return Failure{sdk_error(SdkCode::kInvalidGasLimit, "must provide positive gas")};
  }
  ASSIGN_OR_RETURN(const auto params, accounts_.params(context));
  const auto amount = runtime::Integer::from_decimal(params.tx_fees);
  if (!amount) return Failure{sdk_error(SdkCode::kInvalidTxFees, "must provide correct txFees")};
  ASSIGN_OR_RETURN(const Address payer, fee_payer(transaction));
  ASSIGN_OR_RETURN(const auto account, accounts_.get(context, payer));
  if (!account) {
    return Failure{sdk_error(SdkCode::kUnknownAddress,
                             "fee payer address: " + runtime::to_text(payer) + " does not exist")};
  }
  const runtime::Coins fee{{std::string(runtime::kFeeDenom), *amount}};
  if (!amount->is_zero()) {
    if (!runtime::validate_coins(fee).ok()) {
      return Failure{sdk_error(SdkCode::kInsufficientFee, "invalid fee amount")};
    }
    auto sent = bank_.send_to_module(context, payer, modules::auth::kFeeCollector, fee);
    if (!sent.ok()) {
      Error error = std::move(sent).error();
      if (error.is_panic()) return Failure{std::move(error)};
      return Failure{sdk_error(SdkCode::kInsufficientFunds, error.log)};
    }
  }
  context.emit({"tx", {{"fee", runtime::to_text(fee)}, {"fee_payer", runtime::to_text(payer)}}});
  return Unit{};
}

Outcome<Account> AnteChain::signer_account(const Context& context, const Address& address) const {
  ASSIGN_OR_RETURN(auto account, accounts_.get(context, address));
  if (account) return *std::move(account);
  return Failure{sdk_error(SdkCode::kUnknownAddress,
                           "account " + runtime::to_text(address) + " does not exist")};
}

Status<Error> AnteChain::set_public_keys(const Context& context, const Transaction& transaction,
                                         TxMode mode) const {
  const auto& infos = transaction.auth_info.signer_infos;
  const std::vector<Address>& signers = transaction.signers.value();
  for (std::size_t i = 0; i < infos.size(); ++i) {
    if (i >= signers.size()) return Failure{runtime::panic("index out of range")};
    if (!infos[i].public_key) continue;
    if (mode != TxMode::kSimulate) {
      RETURN_IF_ERROR(check_key_owner(*infos[i].public_key, signers[i]));
    }
    ASSIGN_OR_RETURN(Account account, signer_account(context, signers[i]));
    if (account.public_key) continue;
    account.public_key = canonical_key(*infos[i].public_key);
    RETURN_IF_ERROR(accounts_.set(context, account));
  }
  return emit_signature_events(context, transaction);
}

Status<Error> AnteChain::check_signature_count(const Context& context,
                                               const Transaction& transaction) const {
  ASSIGN_OR_RETURN(const auto params, accounts_.params(context));
  return check_key_count(transaction, params);
}

Status<Error> AnteChain::check_key_types(const Context& context, const Transaction& transaction,
                                         TxMode mode) const {
  RETURN_IF_ERROR(accounts_.params(context));
  RETURN_IF_ERROR(check_signature_data(transaction));
  const std::vector<Address>& signers = transaction.signers.value();
  if (signers.empty()) return Failure{sdk_error(SdkCode::kNoSignatures)};
  if (signers.size() > 1) return Failure{sdk_error(SdkCode::kTooManySignatures)};
  for (std::size_t i = 0; i < transaction.auth_info.signer_infos.size(); ++i) {
    ASSIGN_OR_RETURN(const Account account, signer_account(context, signers[i]));
    // An estimate may come before the account has a key.
    if (mode == TxMode::kSimulate && !account.public_key) continue;
    RETURN_IF_ERROR(check_key_type(account.public_key, transaction.auth_info.signer_infos[i]));
  }
  return Unit{};
}

Status<Error> AnteChain::verify_signatures(const Context& context, const Transaction& transaction,
                                           TxMode mode) const {
  const auto& infos = transaction.auth_info.signer_infos;
  const std::vector<Address>& signers = transaction.signers.value();
  if (infos.size() != signers.size()) {
    return Failure{sdk_error(SdkCode::kUnauthorized, "invalid number of signer")};
  }
  for (std::size_t i = 0; i < infos.size(); ++i) {
    ASSIGN_OR_RETURN(const Account account, signer_account(context, signers[i]));
    if (!account.public_key && mode != TxMode::kSimulate) {
      return Failure{sdk_error(SdkCode::kInvalidPublicKey, "pubkey on account is not set")};
    }
    if (infos[i].sequence != account.sequence) {
      return Failure{sdk_error(SdkCode::kWrongSequence, "account sequence mismatch, expected " +
                                                            std::to_string(account.sequence) +
                                                            ", got " +
                                                            std::to_string(infos[i].sequence))};
    }
    if (mode == TxMode::kRecheck || mode == TxMode::kSimulate) continue;
    RETURN_IF_ERROR(check_signer_infos_complete(transaction));
    const auto claim = claim_of(context, transaction, i, account, *registry_);
    if (!claim || !signatures_->is_valid(*claim)) {
      return Failure{sdk_error(SdkCode::kUnauthorized,
                               "signature verification failed; please verify account number (" +
                                   std::to_string(account.number) + ") and chain-id (" +
                                   context.block().chain_id + ")")};
    }
  }
  return Unit{};
}

Status<Error> AnteChain::increment_sequences(const Context& context,
                                             const Transaction& transaction) const {
  for (const Address& signer : transaction.signers.value()) {
    ASSIGN_OR_RETURN(Account account, signer_account(context, signer));
    ++account.sequence;
    RETURN_IF_ERROR(accounts_.set(context, account));
  }
  return Unit{};
}

void AnteChain::check_signatures_ahead(const Context& context,
                                       std::span<const Transaction* const> transactions) const {
  runtime::GasMeter unmetered = runtime::GasMeter::infinite();
  const Context peek = context.with_gas(unmetered).with_trace(nullptr);
  std::vector<tx::SignatureClaim> claims;
  for (const Transaction* pointer : transactions) {
    const Transaction& transaction = *pointer;
    const auto& infos = transaction.auth_info.signer_infos;
    const bool is_single = transaction.signers.ok() && transaction.signers->size() == 1 &&
                           infos.size() == 1 && transaction.parts.signatures.size() == 1;
    if (!is_single) continue;
    auto account = accounts_.get(peek, transaction.signers->front());
    if (!account.ok() || !account->has_value()) continue;
    Account signer = **account;
    signer.sequence = infos[0].sequence;
    if (!signer.public_key && infos[0].public_key) signer.public_key = infos[0].public_key;
    auto claim = claim_of(context, transaction, 0, signer, *registry_);
    if (claim) claims.push_back(*std::move(claim));
  }
  signatures_->check_all(claims);
}

}  // namespace buri::consensus::app
