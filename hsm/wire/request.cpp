#include "hsm/wire/request.hpp"

#include <array>

namespace buri::hsm::wire {
namespace {

template <class... Cases>
struct Overloaded : Cases... {
  using Cases::operator()...;
};

}  // namespace

std::optional<Purpose> purpose_of(const RequestBody& body) {
  using Found = std::optional<Purpose>;
  return std::visit(
      Overloaded{
          [](const SignProposal&) { return Found(Purpose::kProposal); },
          [](const SignVote&) { return Found(Purpose::kVote); },
          [](const ReportMilestone&) { return Found(Purpose::kVote); },
          [](const ReportCheckpoint&) { return Found(Purpose::kVote); },
          [](const SignBorHeader&) { return Found(Purpose::kBorHeader); },
          [](const SignHeimdallTransaction&) { return Found(Purpose::kHeimdallTransaction); },
          [](const SignRootChainTransaction&) { return Found(Purpose::kRootChainTransaction); },
          [](const ProveOfPossession&) { return Found(Purpose::kProofOfPossession); },
          [](const auto&) { return Found(); }},
      body);
}

std::string_view request_name(const RequestBody& body) {
  static constexpr std::array<std::string_view, std::variant_size_v<RequestBody>> kNames{
      "hello",
      "sign_proposal",
      "sign_vote",
      "sign_bor_header",
      "sign_heimdall_transaction",
      "sign_root_chain_transaction",
      "prove_of_possession",
      "report_milestone",
      "report_checkpoint",
      "get_public_key",
      "get_status"};
  return kNames[body.index()];
}

}  // namespace buri::hsm::wire
