#include "node/consensus/host/handshake.hpp"

#include <fmt/format.h>

#include "base/hex.hpp"
#include "node/consensus/host/abci_values.hpp"

namespace buri::consensus::host {
namespace {

using engine::ChainState;

class Replay {
 public:
  Replay(const HandshakeServices& services, const app::Genesis& genesis)
      : services_(services), genesis_(genesis), executor_(services.execution) {}

  Result<Handshake, std::string> run() {
    ASSIGN_OR_RETURN(chain_, begin_chain());
    RETURN_IF_ERROR(check_heights());
    RETURN_IF_ERROR(execute_missing());
    RETURN_IF_ERROR(finish_last_block());
    RETURN_IF_ERROR(check_app_hash(chain_->app_hash, chain_->last_height));
    return Handshake{*std::move(chain_), application_height_, replayed_};
  }

 private:
  app::Application& application() { return *services_.execution.application; }
  [[nodiscard]] std::int64_t stored() const { return services_.blocks->height(); }

  /// InitChain where the application has no height; the stored state, or the genesis'.
  Result<ChainState, std::string> begin_chain() {
    std::optional<ChainState> chain = services_.execution.states->load();
    const std::string& expected = genesis_.head.chain_id;
    if (chain && chain->chain_id != expected) {
      return Failure{fmt::format("the genesis is of chain {}, but the home holds {}", expected,
                                 chain->chain_id)};
    }
    application_height_ = application().height();
    if (application_height_ > 0 && chain) return *std::move(chain);
    if (application_height_ > 0) {
      return Failure{
          fmt::format("the application is at height {}, but the chain has no state: "
                      "the stores belong together and one was removed",
                      application_height_)};
    }
    auto answer = application().init_chain(genesis_);
    if (!answer.ok()) return Failure{"the genesis cannot be used: " + answer.error().log};
    if (chain) return *std::move(chain);
    ASSIGN_OR_RETURN(ChainState first,
                     genesis_chain(*services_.execution.crypto, genesis_.head, *answer));
    const auto saved = services_.execution.states->save_genesis(first);
    if (!saved.ok()) return Failure{"the first state cannot be stored: " + saved.error().detail};
    return first;
  }

  Status<std::string> check_heights() {
    const std::int64_t chain = chain_->last_height;
    const std::int64_t application = application_height_;
    if (stored() < application) {
      return Failure{
          fmt::format("the application is at height {}, above the last stored block {}: "
                      "roll it back to {}",
                      application, stored(), stored())};
    }
    if (stored() != chain && stored() != chain_->next_height()) {
      return Failure{fmt::format("the last stored block is {}, but the chain's state is after {}",
                                 stored(), chain)};
    }
    const std::int64_t next = application == 0 ? chain_->initial_height : application + 1;
    if (stored() > 0 && next < services_.blocks->base() && application < stored()) {
      return Failure{
          fmt::format("the application is at height {} and the stored blocks begin at "
                      "{}: what lies between is gone",
                      application, services_.blocks->base())};
    }
    return Unit{};
  }

  /// Blocks that the chain's state is past and the application is not.
  Status<std::string> execute_missing() {
    std::int64_t height = application().height();
    while (height < chain_->last_height) {
      height = height == 0 ? chain_->initial_height : height + 1;
      ASSIGN_OR_RETURN(const engine::Block block, block_at(height));
      ASSIGN_OR_RETURN(const Hash256 app_hash, executor_.apply_again(block));
      ++replayed_;
      if (height == chain_->last_height) break;
      ASSIGN_OR_RETURN(const engine::Block after, block_at(height + 1));
      RETURN_IF_ERROR(same_hash(after.header.app_hash, app_hash, height));
    }
    return Unit{};
  }

  /// The last block, which may be stored and not executed, or executed and not acknowledged.
  Status<std::string> finish_last_block() {
    if (stored() == chain_->last_height) return Unit{};
    ASSIGN_OR_RETURN(engine::Block block, block_at(stored()));
    const auto meta = services_.blocks->meta(stored());
    if (!meta) return Failure{fmt::format("block {} has no description in its store", stored())};
    if (application().height() == stored()) {
      ASSIGN_OR_RETURN(chain_, executor_.adopt_results(*chain_, block, meta->block_id));
      return Unit{};
    }
    const Hash256 hash = meta->block_id.hash.value_or(Hash256{});
    auto proposed = std::make_shared<const engine::ProposedBlock>(std::move(block), hash);
    ASSIGN_OR_RETURN(const ExecutedBlock executed,
                     executor_.apply(*chain_, std::move(proposed), meta->block_id));
    chain_ = *executed.applied.chain;
    ++replayed_;
    return Unit{};
  }

  /// The application's own word on the state it stands at.
  Status<std::string> check_app_hash(const Bytes& expected, std::int64_t height) {
    if (height == 0) return Unit{};
    ASSIGN_OR_RETURN(const Hash256 found, hash_of_application(height));
    return same_hash(expected, found, height);
  }

  Result<Hash256, std::string> hash_of_application(std::int64_t height) {
    const auto hash = application().app_hash();
    if (hash) return *hash;
    return Failure{fmt::format("the application has no hash of height {}", height)};
  }

  static Status<std::string> same_hash(const Bytes& expected, const Hash256& found,
                                       std::int64_t height) {
    if (equal(expected, found)) return Unit{};
    return Failure{
        fmt::format("the application's hash after block {} is {}, the chain's {}: one of "
                    "both is damaged or of another version",
                    height, to_hex(found), to_hex(expected))};
  }

  Result<engine::Block, std::string> block_at(std::int64_t height) {
    auto block = services_.blocks->block(height);
    if (block) return *std::move(block);
    return Failure{fmt::format("block {} is not stored", height)};
  }

  const HandshakeServices& services_;
  const app::Genesis& genesis_;
  BlockExecutor executor_;
  std::optional<ChainState> chain_;
  std::int64_t application_height_ = 0;
  std::int64_t replayed_ = 0;
};

}  // namespace

Result<Handshake, std::string> shake_hands(const HandshakeServices& services,
                                           const app::Genesis& genesis) {
  return Replay(services, genesis).run();
}

}  // namespace buri::consensus::host
