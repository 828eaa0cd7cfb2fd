#pragma once

#include <atomic>
#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "base/clock.hpp"
#include "base/descriptor.hpp"
#include "base/log.hpp"
#include "node/consensus/host/signer.hpp"

/// `buri-signer` at its consensus socket (docs/formats/signer-protocol.md).

namespace buri::consensus::host {

struct SignerConnectionOptions {
  std::string path;
  /// What will be asked for; the socket must serve it all.
  std::vector<hsm::wire::Purpose> purposes{hsm::wire::Purpose::kProposal,
                                           hsm::wire::Purpose::kVote};
  /// For one signature, reconnecting included: a vote that is later is of little use. At most the
  /// protocol's kMaxTimeoutMs.
  std::chrono::milliseconds patience{2000};
  /// The whole start may take so long, for a signer that is still logging in to its device.
  std::chrono::milliseconds start_patience{30'000};
};

/// One connection, one thread, one request at a time in the order asked. A connection that broke is
/// made again at once and then after growing pauses; a request that met a broken one, or that the
/// signer cannot serve now, is asked again until its time is over: the signer answers the same
/// content with the same signature.
class SignerConnection final : public Signer {
 public:
  /// Connects, and learns whose key the signer holds. The error is a sentence.
  static Result<std::unique_ptr<SignerConnection>, std::string> open(
      SignerConnectionOptions options, Logger logger);
  /// What is under way is answered with an error first.
  ~SignerConnection() override;
  SignerConnection(const SignerConnection&) = delete;
  SignerConnection& operator=(const SignerConnection&) = delete;

  [[nodiscard]] Address address() const override { return address_; }
  void sign(SigningRequest request, std::function<void(SigningResult)> done) override;
  /// Whether there is a connection now.
  [[nodiscard]] bool is_connected() const { return is_connected_; }

 private:
  struct Job {
    SigningRequest request;
    std::function<void(SigningResult)> done;
    MonotonicTime deadline;
  };
  /// An answer, or why there is none yet.
  struct Attempt {
    std::optional<hsm::wire::ResponseBody> answer;
    std::string reason;
  };

  SignerConnection(SignerConnectionOptions options, Logger logger)
      : options_(std::move(options)), logger_(std::move(logger)) {}
  Status<std::string> learn_key();
  void run();
  SigningResult serve(const Job& job);
  /// Asks until there is an answer that is final or the time is over.
  Result<hsm::wire::ResponseBody, std::string> ask(const hsm::wire::RequestBody& body,
                                                   MonotonicTime deadline);
  Attempt try_once(const hsm::wire::RequestBody& body, MonotonicTime deadline);
  Status<std::string> connect(MonotonicTime deadline);
  Result<hsm::wire::Response, std::string> exchange(const hsm::wire::RequestBody& body,
                                                    MonotonicTime deadline);
  Result<Bytes, std::string> receive(MonotonicTime deadline);
  void disconnect(const std::string& reason);
  /// False if the connection is closed meanwhile.
  bool pause(std::chrono::milliseconds time);

  const SignerConnectionOptions options_;
  const Logger logger_;
  Address address_{};
  Descriptor socket_;
  std::uint64_t last_id_ = 0;
  std::string last_failure_;
  std::atomic<bool> is_connected_{false};
  std::atomic<bool> ends_{false};
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Job> jobs_;
  std::thread thread_;
};

}  // namespace buri::consensus::host
