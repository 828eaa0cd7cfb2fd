#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.hpp"
#include "base/clock.hpp"
#include "base/result.hpp"
#include "hsm/signer/etcd_fence.hpp"

/// etcd's v3 API as far as the fence needs it: the one adapter around gRPC, whose types and
/// statuses stop here.

namespace buri::hsm::signer::etcd {

/// The value of a key; revision 0 if there is none.
struct KeyValue {
  Bytes value;
  std::uint64_t mod_revision = 0;

  [[nodiscard]] bool exists() const { return mod_revision != 0; }
};

/// A condition of a transaction.
struct Condition {
  std::string key;
  std::optional<Bytes> value;  ///< the value must be this; else the revision counts
  std::uint64_t mod_revision = 0;
};

/// A write of a transaction.
struct Write {
  std::string key;
  std::optional<Bytes> value;  ///< none: delete the key
  std::int64_t lease = 0;
};

/// All conditions hold: all writes happen, atomically; else `otherwise` is read.
struct Transaction {
  std::vector<Condition> conditions;
  std::vector<Write> writes;
  std::vector<std::string> otherwise;
};

struct TransactionAnswer {
  bool succeeded = false;
  std::uint64_t revision = 0;    ///< of the store, after it
  std::vector<KeyValue> values;  ///< of `otherwise`, if it did not succeed
};

/// Errors of every call: FenceError::kUnreachable (what was asked for may have happened),
/// kWentBack. Thread-safe.
class Client {
 public:
  Client(const EtcdOptions& options, const Clock& clock);
  ~Client();

  /// Asks one member after the other until one answers or the deadline passes.
  Result<TransactionAnswer, FenceError> run(const Transaction& transaction, MonotonicTime deadline);
  /// Linearizable, all keys at one revision.
  Result<std::vector<KeyValue>, FenceError> read(const std::vector<std::string>& keys,
                                                 MonotonicTime deadline);
  /// A new lease of that many seconds.
  Result<std::int64_t, FenceError> grant(std::int64_t seconds, MonotonicTime deadline);
  /// False if the lease has expired.
  Result<bool, FenceError> keep_alive(std::int64_t lease, MonotonicTime deadline);

 private:
  struct Member;

  template <class Call>
  Status<FenceError> ask(MonotonicTime deadline, Call call);
  Status<FenceError> check_store(std::uint64_t cluster, std::uint64_t revision,
                                 std::uint64_t seen_before);

  const Clock& clock_;
  std::vector<std::unique_ptr<Member>> members_;
  struct Progress;
  std::unique_ptr<Progress> progress_;
};

}  // namespace buri::hsm::signer::etcd
