#include "node/app/tx_checks.hpp"

#include <memory>

namespace buri::app {

using namespace consensus;

void in_application(host::ApplicationExecutor& worker, std::function<TxVerdict()> check,
                    std::function<void(TxVerdict)> done) {
  const auto told = std::make_shared<std::function<void(TxVerdict)>>(std::move(done));
  const bool is_taken = worker.post_later([check = std::move(check), told] { (*told)(check()); });
  if (!is_taken) (*told)(Failure{std::string("mempool is full: too many wait for checks")});
}

void submit_tx(host::ApplicationExecutor& worker, mempool::TxPool& pool, Bytes tx,
               std::function<void(TxVerdict)> done) {
  in_application(
      worker,
      [&pool, tx = std::move(tx)]() -> TxVerdict {
        auto result = pool.submit(tx);
        if (result.ok()) return std::move(result).value();
        return Failure{mempool::describe(result.error())};
      },
      std::move(done));
}

}  // namespace buri::app
