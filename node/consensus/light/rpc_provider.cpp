#include "node/consensus/light/rpc_provider.hpp"

namespace buri::consensus::light {
namespace {

/// The RPC does not say who proposes. As stock's light client has it: who is poorest has paid last;
/// of equals the one with the larger address.
Address previous_proposer(const std::vector<engine::Validator>& members) {
  const engine::Validator* last = &members.front();
  for (const engine::Validator& member : members) {
    if (member.proposer_priority < last->proposer_priority ||
        (member.proposer_priority == last->proposer_priority && last->address < member.address)) {
      last = &member;
    }
  }
  return last->address;
}

}  // namespace

ProvidedBlock RpcProvider::light_block(std::int64_t height) {
  ASSIGN_OR_RETURN(api::SignedHeader got, node_.signed_header(height));
  ASSIGN_OR_RETURN(auto members, node_.validators(got.header.height));
  const Address proposer = previous_proposer(members);
  auto set = engine::ValidatorSet::restore(std::move(members), proposer);
  if (!set.ok()) {
    return Failure{
        ProviderFault{ProviderError::kBad,
                      "its validators are no set: " + std::string(engine::describe(set.error()))}};
  }
  engine::LightBlockRecord block{std::move(got.header), std::move(got.commit), *std::move(set)};
  auto sound = engine::check_light_block(crypto_, chain_id_, block);
  if (!sound.ok()) return Failure{ProviderFault{ProviderError::kBad, std::move(sound).error()}};
  return block;
}

void RpcProvider::report(const engine::EvidencePiece& evidence) {
  const auto taken = node_.broadcast_evidence(evidence);
  if (taken.ok()) {
    logger_.info("evidence handed in", {{"node", name()}});
  } else {
    logger_.warning("evidence not taken", {{"node", name()}, {"reason", taken.error().reason}});
  }
}

}  // namespace buri::consensus::light
