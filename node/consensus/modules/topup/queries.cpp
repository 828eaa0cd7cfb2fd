#include "node/consensus/modules/chainmanager/keeper.hpp"
#include "node/consensus/modules/topup/module.hpp"
#include "node/consensus/modules/topup/query_types.hpp"
#include "node/consensus/runtime/address.hpp"
#include "node/consensus/runtime/go_text.hpp"
#include "node/consensus/runtime/root_chain_sequence.hpp"

/// Queries of module topup. No meter limits them.

namespace buri::consensus::modules::topup {
namespace {

using runtime::answer_of;
using runtime::Context;
using runtime::QueryError;
using runtime::QueryResult;
using runtime::refuse;
using Code = QueryError::Code;

constexpr std::size_t kMaxProofBytes = 1'024;

Status<QueryError> check_address(std::string_view address) {
  if (runtime::is_hex_address(address)) return Unit{};
  return refuse(Code::kInvalidArgument, "invalid address");
}

/// The place of a confirmed event, and whether its top-up was applied.
struct Place {
  std::string sequence;
  bool is_applied = false;
};
QueryResult<Place> place_of(const Context& context, const QueryTopupSequenceRequest& request,
                            protocol::RootChain& root_chain) {
  if (runtime::trim_space(request.tx_hash).empty()) {
    return refuse(Code::kInvalidArgument, "invalid tx hash");
  }
  ASSIGN_OR_RETURN(const auto params, answer_of(chainmanager::Keeper().params(context)));
  const auto receipt = root_chain.confirmed_receipt(runtime::lenient_hash(request.tx_hash),
                                                    params.main_chain_tx_confirmations);
  if (!receipt.ok()) return refuse(Code::kInternal, "not found");
  Place place{.sequence = runtime::root_chain_sequence(receipt->block_number, request.log_index,
                                                       context.forks().is_kyoto(context.height()))};
  ASSIGN_OR_RETURN(place.is_applied, answer_of(Keeper().has_sequence(context, place.sequence)));
  return place;
}

QueryResult<QueryDividendAccountResponse> account(const Context& context,
                                                  const QueryDividendAccountRequest& request) {
  RETURN_IF_ERROR(check_address(request.address));
  ASSIGN_OR_RETURN(auto found, answer_of(Keeper().account(context, request.address)));
  if (found) return QueryDividendAccountResponse{*std::move(found)};
  return refuse(Code::kNotFound, "dividend account with address " + request.address + " not found");
}

QueryResult<Hash256> current_root(const Context& context) {
  ASSIGN_OR_RETURN(const auto accounts, answer_of(Keeper().accounts(context)));
  return answer_of(account_root(accounts));
}

QueryResult<AccountPath> current_path(const Context& context, const std::string& user) {
  ASSIGN_OR_RETURN(const auto accounts, answer_of(Keeper().accounts(context)));
  return answer_of(account_path(accounts, user));
}

QueryResult<QueryVerifyAccountProofResponse> verify(const Context& context,
                                                    const QueryVerifyAccountProofRequest& request) {
  RETURN_IF_ERROR(check_address(request.address));
  const Bytes proof = runtime::lenient_hex(request.proof);
  const auto invalid = [](std::string why) {
    return refuse(Code::kInvalidArgument, "invalid proof: " + std::move(why));
  };
  if (proof.empty()) return invalid("proof is empty or invalid hex");
  if (proof.size() % Hash256::kSize != 0) {
    return invalid("proof length must be a multiple of 32 bytes");
  }
  if (proof.size() > kMaxProofBytes) {
    return invalid("proof exceeds maximum allowed size of 1024 bytes");
  }
  const auto path = current_path(context, request.address);
  return QueryVerifyAccountProofResponse{path.ok() && path->siblings == proof};
}

/// A proof is given only while the root chain has the very root it leads to.
QueryResult<QueryAccountProofResponse> prove(const Context& context,
                                             const QueryAccountProofRequest& request,
                                             protocol::RootChainState* state) {
  RETURN_IF_ERROR(check_address(request.address));
  ASSIGN_OR_RETURN(const auto params, answer_of(chainmanager::Keeper().params(context)));
  ASSIGN_OR_RETURN(const Address staking_info,
                   answer_of(runtime::parse_address(params.chain_params.staking_info_address)));
  const auto unanswered = [] { return refuse(Code::kInternal, "the root chain did not answer"); };
  if (state == nullptr) return unanswered();
  const auto on_chain = state->account_root(staking_info);
  if (!on_chain.ok()) return unanswered();
  ASSIGN_OR_RETURN(const Hash256 root, current_root(context));
  if (*on_chain != root) {
    return refuse(Code::kInternal,
                  "accountRootOnChain does not match with currentStateAccountRoot");
  }
  ASSIGN_OR_RETURN(AccountPath path, current_path(context, request.address));
  return QueryAccountProofResponse{{request.address, std::move(path.siblings), path.index}};
}

std::string method(std::string_view name) { return "heimdallv2.topup.Query/" + std::string(name); }

}  // namespace

void Module::register_queries(runtime::QueryRouter& router) {
  router.add<QueryDividendAccountRequest, QueryDividendAccountResponse>(
      method("GetDividendAccountByAddress"), &account);
  router.add<QueryVerifyAccountProofRequest, QueryVerifyAccountProofResponse>(
      method("VerifyAccountProofByAddress"), &verify);
  router.add<QueryAccountProofRequest, QueryAccountProofResponse>(
      method("GetAccountProofByAddress"),
      [state = state_](const Context& context, const QueryAccountProofRequest& request) {
        return prove(context, request, state);
      });
  router.add<QueryDividendAccountRootHashRequest, QueryDividendAccountRootHashResponse>(
      method("GetDividendAccountRootHash"),
      [](const Context& context, const QueryDividendAccountRootHashRequest&)
          -> QueryResult<QueryDividendAccountRootHashResponse> {
        ASSIGN_OR_RETURN(const Hash256 root, current_root(context));
        const ByteView bytes = root;
        return QueryDividendAccountRootHashResponse{Bytes(bytes.begin(), bytes.end())};
      });
  router.add<QueryTopupSequenceRequest, QueryTopupSequenceResponse>(
      method("GetTopupTxSequence"),
      [chain = root_chain_](const Context& context, const QueryTopupSequenceRequest& request)
          -> QueryResult<QueryTopupSequenceResponse> {
        ASSIGN_OR_RETURN(Place place, place_of(context, request, *chain));
        if (place.is_applied) return QueryTopupSequenceResponse{std::move(place.sequence)};
        return refuse(Code::kNotFound, "sequence with hash " + request.tx_hash + " not found");
      });
  router.add<QueryTopupSequenceRequest, QueryIsTopupTxOldResponse>(
      method("IsTopupTxOld"),
      [chain = root_chain_](const Context& context, const QueryTopupSequenceRequest& request)
          -> QueryResult<QueryIsTopupTxOldResponse> {
        ASSIGN_OR_RETURN(const Place place, place_of(context, request, *chain));
        return QueryIsTopupTxOldResponse{place.is_applied};
      });
}

}  // namespace buri::consensus::modules::topup
