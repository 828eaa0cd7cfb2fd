#include "node/app/outside.hpp"

#include "node/protocol/bor/connect.hpp"
#include "node/protocol/ethereum/connect.hpp"

namespace buri::app {

using protocol::endpoints::World;

Result<std::unique_ptr<Outside>, std::string> Outside::connect(
    const protocol::endpoints::Settings& settings, const Logger& logger) {
  std::unique_ptr<Outside> outside(new Outside);
  const World world{system_clock(), system_random(), protocol::endpoints::thread_sleep()};
  World limited = world;
  limited.limit = &outside->limit_;
  ASSIGN_OR_RETURN(outside->root_chain_, protocol::ethereum::connect(settings, limited, logger));
  World to_bor = limited;
  to_bor.figures = &outside->bor_figures_;
  ASSIGN_OR_RETURN(outside->bor_, protocol::bor::connect(settings, std::nullopt, to_bor, logger));
  ASSIGN_OR_RETURN(auto queried, protocol::ethereum::connect(settings, world, logger));
  outside->contracts_ = std::make_unique<ContractState>(std::move(queried));
  outside->calls_ = std::make_unique<consensus::host::OutsideCalls>(
      outside->limit_, outside->root_chain_.get(), system_clock());
  return outside;
}

}  // namespace buri::app
