#pragma once

#include <functional>
#include <map>
#include <memory>
#include <vector>

#include "base/random.hpp"
#include "hsm/signer/fence.hpp"

/// A fence store that is right, behind a network that is not: requests and answers are lost, come
/// late, come twice and overtake one another.

namespace buri::hsm::sim {

/// The store itself: linearizable, as etcd's majority is.
struct FenceStore {
  std::uint64_t revision = 0;
  signer::FenceHolder holder;
  std::map<std::string, signer::FencedRecord> records;  // by purpose

  Result<std::uint64_t, signer::FenceError> write(const signer::FenceHolder& mine,
                                                  const std::string& purpose,
                                                  const signer::StateRecord& record,
                                                  std::uint64_t follows);
};

/// How often each misfortune strikes a call.
struct NetworkVices {
  double lost_request = 0;
  double lost_answer = 0;
  double delayed = 0;
  double duplicated = 0;
};

/// The store and everything still on its way to it.
class FenceNetwork {
 public:
  FenceNetwork(Random& random, const NetworkVices& vices) : random_(random), vices_(vices) {}

  FenceStore& store() { return store_; }
  /// Delivers some of the requests that are late, in any order.
  void deliver_late();
  /// Called while a request is on its way: others may act meanwhile.
  void set_meanwhile(std::function<void()> meanwhile) { meanwhile_ = std::move(meanwhile); }

 private:
  friend class SimFence;

  Random& random_;
  NetworkVices vices_;
  FenceStore store_;
  std::vector<std::function<void()>> late_;
  std::function<void()> meanwhile_;
};

/// One signer's connection. A copy is a clone that believes in the same epoch.
class SimFence final : public signer::Fence {
 public:
  SimFence(FenceNetwork& network, std::string name)
      : network_(network), mine_{0, std::move(name), true} {}

  Result<signer::FenceHolder, signer::FenceError> holder(MonotonicTime deadline) override;
  Result<std::uint64_t, signer::FenceError> take(bool force, MonotonicTime deadline) override;
  Status<signer::FenceError> renew(MonotonicTime deadline) override;
  Status<signer::FenceError> release(MonotonicTime deadline) override;
  [[nodiscard]] std::chrono::milliseconds lease() const override { return {}; }
  Result<std::optional<signer::FencedRecord>, signer::FenceError> read(
      const signer::StateIdentity& identity, MonotonicTime deadline) override;
  std::unique_ptr<signer::FenceWrite> write(const signer::StateIdentity& identity,
                                            const signer::StateRecord& record,
                                            std::uint64_t follows, MonotonicTime deadline) override;
  /// Believes what `other` believes, as a cloned machine does; the next take() takes nothing but
  /// this belief.
  void clone_from(const SimFence& other) {
    mine_ = other.mine_;
    is_clone_ = true;
  }

 private:
  class Write;
  bool answers();
  [[nodiscard]] bool holds() const;

  FenceNetwork& network_;
  signer::FenceHolder mine_;
  bool is_clone_ = false;
};

}  // namespace buri::hsm::sim
