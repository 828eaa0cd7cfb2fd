#include "accel/hasher.hpp"
#include "base/codec/base64.hpp"
#include "base/hex.hpp"
#include "node/cli/consensus_home.hpp"
#include "node/cli/consensus_inspect.hpp"
#include "node/consensus/app/ante_rules.hpp"
#include "node/consensus/app/offline_facts.hpp"
#include "node/consensus/app/vote_extension.hpp"
#include "node/consensus/tx/sign_bytes.hpp"

/// `buri consensus inspect tx`.

namespace buri::cli {
namespace {

namespace json = boost::json;
using namespace consensus;

/// What the home, or the command line instead of it, knows of the chain and of the signer.
struct Surroundings {
  std::string chain_id;
  std::optional<modules::auth::Account> account;
};

template <codec::Message T>
std::optional<T> read(store::ReadStore& store, ByteView key) {
  const auto bytes = store.get(key);
  if (!bytes.ok() || !*bytes) return std::nullopt;
  auto value = codec::decode<T>(**bytes);
  if (!value.ok()) return std::nullopt;
  return std::move(value).value();
}

Result<Surroundings, std::string> read_home(const std::string& folder, accel::Engine& engine,
                                            const std::optional<Address>& signer) {
  ASSIGN_OR_RETURN(const auto home, ConsensusHome::open({.folder = folder}, engine));
  const auto view = home->stores().view(home->stores().height());
  const auto store_of = [&](runtime::StoreId id) -> store::ReadStore& {
    return view->store(static_cast<std::size_t>(id));
  };
  Surroundings found;
  const auto params =
      read<modules::chainmanager::Params>(store_of(runtime::StoreId::kChainmanager), Bytes{0x00});
  if (params) found.chain_id = params->chain_params.heimdall_chain_id;
  if (!signer) return found;
  Bytes key{0x01};
  append(key, *signer);
  const auto any = read<codec::Any>(store_of(runtime::StoreId::kAuth), key);
  if (any) found.account = modules::auth::account_from_any(*any);
  return found;
}

std::string mode_name(tx::SignMode mode) {
  switch (mode) {
    case tx::SignMode::kDirect:
      return "SIGN_MODE_DIRECT";
    case tx::SignMode::kDirectAux:
      return "SIGN_MODE_DIRECT_AUX";
    case tx::SignMode::kLegacyAminoJson:
      return "SIGN_MODE_LEGACY_AMINO_JSON";
    default:
      return "mode " + std::to_string(static_cast<std::int32_t>(mode));
  }
}

/// The one key that the signer names, or else the account's.
std::optional<codec::Any> key_of(const tx::SignerInfo& info, const Surroundings& around) {
  if (info.public_key) return info.public_key;
  return around.account ? around.account->public_key : std::nullopt;
}

void add_verdict(json::object& facts, const Hash256& digest, const Bytes& signature,
                 const std::optional<codec::Any>& key, accel::Engine& engine) {
  if (!key || key->type_url != codec::type_url<tx::Secp256k1PublicKey>()) return;
  const auto decoded = codec::decode<tx::Secp256k1PublicKey>(key->value);
  if (!decoded.ok()) return;
  facts["signature_is_valid"] =
      tx::SignatureMemory(engine).is_valid({decoded->key, digest, signature});
}

/// What the first signer signed: nobody else may sign on this network.
void add_sign_bytes(json::object& facts, const tx::Transaction& transaction,
                    const Surroundings& around, const runtime::MessageRegistry& registry,
                    accel::Engine& engine) {
  if (transaction.auth_info.signer_infos.empty() || !transaction.signers.ok() ||
      transaction.signers->empty()) {
    return;
  }
  const tx::SignerInfo& info = transaction.auth_info.signer_infos.front();
  facts["sequence"] = info.sequence;
  const auto mode = app::single_mode(info);
  if (!mode) return;
  facts["sign_mode"] = mode_name(*mode);
  if (around.chain_id.empty() || !around.account) {
    facts["sign_bytes"] = nullptr;
    facts["sign_bytes_need"] = "--home, or --chain-id and --account-number";
    return;
  }
  const auto key = key_of(info, around);
  const auto bytes = tx::sign_bytes(transaction, *mode,
                                    {.address = transaction.signers->front(),
                                     .chain_id = around.chain_id,
                                     .account_number = around.account->number,
                                     .sequence = info.sequence,
                                     .public_key = key.value_or(codec::Any{})},
                                    registry);
  facts["chain_id"] = around.chain_id;
  facts["account_number"] = around.account->number;
  if (!bytes) {
    facts["sign_bytes"] = nullptr;
    facts["sign_bytes_need"] = "a mode and messages that can be signed this way";
    return;
  }
  facts["sign_bytes"] = to_hex(*bytes);
  const ByteView message(*bytes);
  Hash256 digest;
  accel::best_hasher().keccak256_batch(std::span(&message, 1), std::span(&digest, 1));
  facts["sign_digest"] = to_hex(digest);
  if (!transaction.parts.signatures.empty()) {
    add_verdict(facts, digest, transaction.parts.signatures.front(), key, engine);
  }
}

json::object facts_of(const tx::Transaction& transaction,
                      const runtime::MessageRegistry& registry) {
  json::array messages;
  for (const codec::Any& any : transaction.body.messages) {
    std::string text;
    if (registry.any_json().write(text, any)) messages.push_back(json_of(text));
  }
  json::array signers;
  if (transaction.signers.ok()) {
    for (const Address& signer : *transaction.signers) {
      signers.push_back(json::value("0x" + to_hex(signer)));
    }
  }
  json::array signatures;
  for (const Bytes& one : transaction.parts.signatures)
    signatures.push_back(json::value(to_hex(one)));
  std::string fee = "null";
  if (transaction.auth_info.fee) {
    fee.clear();
    codec::append_json(fee, *transaction.auth_info.fee, registry.any_json());
  }
  return {{"valid", true},
          {"hash", to_hex(transaction.hash)},
          {"bytes", transaction.raw_bytes},
          {"messages", std::move(messages)},
          {"side_messages", transaction.side_message_count()},
          {"memo", transaction.body.memo},
          {"timeout_height", transaction.body.timeout_height},
          {"fee", json_of(fee)},
          {"signers", std::move(signers)},
          {"signatures", std::move(signatures)}};
}

}  // namespace

AnswerResult inspect_tx(const InspectTxArguments& arguments) {
  ASSIGN_OR_RETURN(const Bytes raw, read_bytes(arguments.input));
  app::OfflineFacts nobody;
  const app::ModuleSet modules(nobody.facts(), {});
  const auto transaction = tx::decode_transaction(raw, modules.registry());
  if (!transaction.ok()) {
    json::object facts{{"valid", false},
                       {"hash", to_hex(tx::transaction_hash(raw))},
                       {"bytes", raw.size()},
                       {"reason", std::string(codec::describe(transaction.error()))}};
    const auto commit = codec::decode<app::ExtendedCommit>(raw);
    if (commit.ok() && !commit->votes.empty()) {
      facts["hint"] = "these are a block's vote extensions: buri consensus inspect ve reads them";
    }
    return Answer{std::move(facts), false};
  }
  ASSIGN_OR_RETURN(const auto engine, small_engine());
  std::optional<Address> signer;
  if (transaction->signers.ok() && !transaction->signers->empty()) {
    signer = transaction->signers->front();
  }
  Surroundings around;
  if (!arguments.home.empty()) {
    ASSIGN_OR_RETURN(around, read_home(arguments.home, *engine, signer));
  }
  if (!arguments.chain_id.empty()) around.chain_id = arguments.chain_id;
  if (arguments.account_number) {
    if (!around.account) around.account.emplace();
    around.account->number = *arguments.account_number;
  }
  Answer answer{facts_of(*transaction, modules.registry())};
  add_sign_bytes(answer.facts, *transaction, around, modules.registry(), *engine);
  return answer;
}

}  // namespace buri::cli
