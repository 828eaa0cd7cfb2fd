#include "hsm/signer/etcd_fence.hpp"

#include <charconv>
#include <mutex>
#include <thread>

#include "base/hex.hpp"
#include "hsm/signer/etcd/client.hpp"

namespace buri::hsm::signer {
namespace {

using etcd::Client;
using etcd::KeyValue;
using etcd::Transaction;

Bytes bytes_of(std::string_view text) { return {as_bytes(text).begin(), as_bytes(text).end()}; }

/// "<epoch> <name>"; the name is empty when the fence was released.
Bytes fence_value(std::uint64_t epoch, std::string_view name) {
  return bytes_of(std::to_string(epoch) + " " + std::string(name));
}

std::optional<FenceHolder> parse_fence(ByteView value) {
  const std::string_view text = as_text(value);
  FenceHolder holder;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), holder.epoch);
  if (error != std::errc{} || end == text.data() + text.size() || *end != ' ') return std::nullopt;
  holder.name = text.substr(static_cast<std::size_t>(end - text.data()) + 1);
  return holder;
}

/// Runs one conditional write in a thread of its own, so that the disk is written meanwhile.
class EtcdWrite final : public FenceWrite {
 public:
  template <class Call>
  explicit EtcdWrite(Call call) : thread_([this, call = std::move(call)] { result_ = call(); }) {}
  ~EtcdWrite() override {
    if (thread_.joinable()) thread_.join();
  }
  Result<std::uint64_t, FenceError> wait() override {
    thread_.join();
    return result_;
  }

 private:
  Result<std::uint64_t, FenceError> result_ = Failure{FenceError::kUnreachable};
  std::thread thread_;
};

class EtcdFence final : public Fence {
 public:
  EtcdFence(const EtcdOptions& options, const Address& key, const Clock& clock)
      : client_(options, clock),
        name_(options.holder_name),
        lease_(options.lease),
        fence_key_(options.prefix + "fence/" + to_hex(key)),
        holder_key_(options.prefix + "holder/" + to_hex(key)),
        record_prefix_(options.prefix + "record/" + to_hex(key) + "/") {}

  Result<FenceHolder, FenceError> holder(MonotonicTime deadline) override {
    ASSIGN_OR_RETURN(const auto seen, look(deadline));
    return seen.holder;
  }

  Result<std::uint64_t, FenceError> take(bool force, MonotonicTime deadline) override {
    ASSIGN_OR_RETURN(const Seen seen, look(deadline));
    const bool is_other = seen.holder.alive && as_text(seen.alive.value) != name_;
    if (is_other && !force) return Failure{FenceError::kHeld};
    ASSIGN_OR_RETURN(const std::int64_t lease, client_.grant(lease_.count(), deadline));
    const std::uint64_t epoch = seen.holder.epoch + 1;
    Transaction transaction;
    transaction.conditions.push_back({fence_key_, std::nullopt, seen.fence.mod_revision});
    if (!force) {
      transaction.conditions.push_back({holder_key_, std::nullopt, seen.alive.mod_revision});
    }
    transaction.writes.push_back({fence_key_, fence_value(epoch, name_), 0});
    transaction.writes.push_back({holder_key_, bytes_of(name_), lease});
    ASSIGN_OR_RETURN(const auto answer, client_.run(transaction, deadline));
    if (!answer.succeeded) return Failure{FenceError::kHeld};
    const std::lock_guard lock(mutex_);
    mine_ = fence_value(epoch, name_);
    lease_id_ = lease;
    return epoch;
  }

  Status<FenceError> renew(MonotonicTime deadline) override {
    std::int64_t lease = 0;
    {
      const std::lock_guard lock(mutex_);
      lease = lease_id_;
    }
    ASSIGN_OR_RETURN(const bool alive, client_.keep_alive(lease, deadline));
    if (!alive) {
      // The lease ran out while nobody could be reached; the fence itself may still be ours.
      ASSIGN_OR_RETURN(lease, client_.grant(lease_.count(), deadline));
      const std::lock_guard lock(mutex_);
      lease_id_ = lease;
    }
    Transaction transaction;
    if (!alive) transaction.writes.push_back({holder_key_, bytes_of(name_), lease});
    return run_as_holder(std::move(transaction), deadline);
  }

  Status<FenceError> release(MonotonicTime deadline) override {
    const auto held = parse_fence(mine());
    if (!held) return Failure{FenceError::kLost};
    Transaction transaction;
    transaction.writes.push_back({fence_key_, fence_value(held->epoch, ""), 0});
    transaction.writes.push_back({holder_key_, std::nullopt, 0});
    return run_as_holder(std::move(transaction), deadline);
  }

  [[nodiscard]] std::chrono::milliseconds lease() const override { return lease_; }

  Result<std::optional<FencedRecord>, FenceError> read(const StateIdentity& identity,
                                                       MonotonicTime deadline) override {
    ASSIGN_OR_RETURN(const auto values, client_.read({record_key(identity)}, deadline));
    if (!values[0].exists()) return std::optional<FencedRecord>{};
    auto stored = decode_record(identity, values[0].value);
    if (!stored) return Failure{FenceError::kMalformed};
    return std::optional(FencedRecord{values[0].mod_revision, std::move(stored->record)});
  }

  std::unique_ptr<FenceWrite> write(const StateIdentity& identity, const StateRecord& record,
                                    std::uint64_t follows, MonotonicTime deadline) override {
    Transaction transaction;
    transaction.conditions.push_back({fence_key_, mine(), 0});
    transaction.conditions.push_back({record_key(identity), std::nullopt, follows});
    transaction.writes.push_back({record_key(identity), encode_record(identity, {0, record}), 0});
    transaction.otherwise.push_back(fence_key_);
    return std::make_unique<EtcdWrite>([this, transaction = std::move(transaction),
                                        deadline]() -> Result<std::uint64_t, FenceError> {
      ASSIGN_OR_RETURN(const auto answer, client_.run(transaction, deadline));
      if (answer.succeeded) return answer.revision;
      const bool held = answer.values[0].value == transaction.conditions[0].value;
      return Failure{held ? FenceError::kConflict : FenceError::kLost};
    });
  }

 private:
  /// Both keys of the fence at one revision.
  struct Seen {
    KeyValue fence;
    KeyValue alive;
    FenceHolder holder;
  };

  Result<Seen, FenceError> look(MonotonicTime deadline) {
    ASSIGN_OR_RETURN(auto values, client_.read({fence_key_, holder_key_}, deadline));
    Seen seen{std::move(values[0]), std::move(values[1]), {}};
    if (seen.fence.exists()) {
      const auto holder = parse_fence(seen.fence.value);
      if (!holder) return Failure{FenceError::kMalformed};
      seen.holder = *holder;
    }
    seen.holder.alive = seen.alive.exists();
    return seen;
  }

  Status<FenceError> run_as_holder(Transaction transaction, MonotonicTime deadline) {
    transaction.conditions.push_back({fence_key_, mine(), 0});
    ASSIGN_OR_RETURN(const auto answer, client_.run(transaction, deadline));
    if (!answer.succeeded) return Failure{FenceError::kLost};
    return Unit{};
  }

  /// The fence's value while this signer holds it; a value that cannot stand there before take().
  [[nodiscard]] Bytes mine() {
    const std::lock_guard lock(mutex_);
    return mine_;
  }

  [[nodiscard]] std::string record_key(const StateIdentity& identity) const {
    return record_prefix_ + identity.purpose;
  }

  Client client_;
  const std::string name_;
  const std::chrono::seconds lease_;
  const std::string fence_key_;
  const std::string holder_key_;
  const std::string record_prefix_;
  std::mutex mutex_;
  Bytes mine_ = bytes_of("not taken");
  std::int64_t lease_id_ = 0;
};

bool is_loopback(std::string_view endpoint) {
  return endpoint.starts_with("127.") || endpoint.starts_with("localhost:") ||
         endpoint.starts_with("[::1]:");
}

}  // namespace

std::unique_ptr<Fence> make_etcd_fence(const EtcdOptions& options, const Address& key,
                                       const Clock& clock, std::string& why) {
  if (options.endpoints.empty()) {
    why = "the fence has no endpoints";
    return nullptr;
  }
  for (const std::string& endpoint : options.endpoints) {
    if (!options.authority_pem.empty() || is_loopback(endpoint)) continue;
    why = "the fence at " + endpoint + " is reached in clear; only loopback may be without TLS";
    return nullptr;
  }
  return std::make_unique<EtcdFence>(options, key, clock);
}

}  // namespace buri::hsm::signer
