#include "node/consensus/host/signer_connection.hpp"

#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <system_error>

#include "base/hex.hpp"
#include "hsm/wire/codec.hpp"

namespace buri::consensus::host {
namespace {

using hsm::wire::RequestBody;
using hsm::wire::ResponseBody;
using std::chrono::milliseconds;

constexpr milliseconds kFirstPause{20};
constexpr milliseconds kLongestPause{500};
/// How long a closing waits for a signer that does not answer.
constexpr milliseconds kSlice{100};

std::string system_words(int error) { return std::generic_category().message(error); }

milliseconds left_until(MonotonicTime deadline) {
  return std::chrono::duration_cast<milliseconds>(deadline - system_clock().monotonic());
}

/// The request without what the machine knows and the signer's frame leaves out.
RequestBody body_of(const SigningRequest& request) {
  return std::visit([](const auto& one) { return RequestBody(one); }, request);
}

}  // namespace

Result<std::unique_ptr<SignerConnection>, std::string> SignerConnection::open(
    SignerConnectionOptions options, Logger logger) {
  if (options.path.size() >= sizeof(sockaddr_un::sun_path)) {
    return Failure{options.path + ": longer than the path of a socket may be"};
  }
  std::unique_ptr<SignerConnection> connection(
      new SignerConnection(std::move(options), std::move(logger)));
  RETURN_IF_ERROR(connection->learn_key());
  connection->thread_ = std::thread([raw = connection.get()] { raw->run(); });
  return connection;
}

SignerConnection::~SignerConnection() {
  ends_ = true;
  changed_.notify_all();
  if (thread_.joinable()) thread_.join();
  for (const Job& job : jobs_) job.done(Failure{NotSigned{"the node stops"}});
}

Status<std::string> SignerConnection::learn_key() {
  const MonotonicTime deadline = system_clock().monotonic() + options_.start_patience;
  ASSIGN_OR_RETURN(const ResponseBody answer, ask(hsm::wire::GetPublicKey{}, deadline));
  const auto* key = std::get_if<hsm::wire::PublicKeyAnswer>(&answer);
  if (key == nullptr) return Failure{options_.path + ": the signer does not tell its public key"};
  address_ = key->address;
  return Unit{};
}

void SignerConnection::sign(SigningRequest request, std::function<void(SigningResult)> done) {
  const std::lock_guard lock(mutex_);
  jobs_.push_back(
      {std::move(request), std::move(done), system_clock().monotonic() + options_.patience});
  changed_.notify_all();
}

void SignerConnection::run() {
  for (;;) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return ends_ || !jobs_.empty(); });
    if (ends_) return;
    const Job job = std::move(jobs_.front());
    jobs_.pop_front();
    lock.unlock();
    job.done(serve(job));
  }
}

SigningResult SignerConnection::serve(const Job& job) {
  const auto answer = ask(body_of(job.request), job.deadline);
  if (!answer.ok()) return Failure{NotSigned{answer.error()}};
  if (const auto* made = std::get_if<hsm::wire::Signed>(&*answer)) return *made;
  if (const auto* refusal = std::get_if<hsm::wire::Refusal>(&*answer)) {
    return Failure{NotSigned{"the signer refuses: " + hsm::wire::describe(*refusal), true}};
  }
  return Failure{NotSigned{"the signer's answer is not one to a signing request", true}};
}

Result<ResponseBody, std::string> SignerConnection::ask(const RequestBody& body,
                                                        MonotonicTime deadline) {
  milliseconds wait = kFirstPause;
  for (;;) {
    Attempt attempt = try_once(body, deadline);
    if (attempt.answer) return *std::move(attempt.answer);
    if (left_until(deadline) <= wait || !pause(wait)) {
      return Failure{options_.path + ": " + attempt.reason};
    }
    wait = std::min(wait * 2, kLongestPause);
  }
}

SignerConnection::Attempt SignerConnection::try_once(const RequestBody& body,
                                                     MonotonicTime deadline) {
  if (!socket_.is_open()) {
    const auto connected = connect(deadline);
    if (!connected.ok()) return {std::nullopt, connected.error()};
  }
  auto response = exchange(body, deadline);
  if (!response.ok()) {
    disconnect(response.error());
    return {std::nullopt, response.error()};
  }
  if (const auto* unavailable = std::get_if<hsm::wire::Unavailable>(&response->body)) {
    return {std::nullopt, "the signer cannot sign now: " + unavailable->reason};
  }
  return {std::move(response->body), {}};
}

Status<std::string> SignerConnection::connect(MonotonicTime deadline) {
  Descriptor socket(::socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!socket.is_open()) return Failure{system_words(errno)};
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::ranges::copy(options_.path, address.sun_path);
  if (::connect(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    std::string reason = "the signer is not reached: " + system_words(errno);
    disconnect(reason);
    return Failure{std::move(reason)};
  }
  socket_ = std::move(socket);
  const auto hello = exchange(hsm::wire::Hello{.purposes = options_.purposes}, deadline);
  if (!hello.ok()) {
    disconnect(hello.error());
    return Failure{hello.error()};
  }
  if (const auto* refusal = std::get_if<hsm::wire::Refusal>(&hello->body)) {
    std::string reason = "the signer refuses this client: " + hsm::wire::describe(*refusal);
    disconnect(reason);
    return Failure{std::move(reason)};
  }
  is_connected_ = true;
  last_failure_.clear();
  logger_.info("signer connected", {{"socket", options_.path}});
  return Unit{};
}

Result<hsm::wire::Response, std::string> SignerConnection::exchange(const RequestBody& body,
                                                                    MonotonicTime deadline) {
  const auto left =
      std::clamp<std::int64_t>(left_until(deadline).count(), 1, hsm::wire::kMaxTimeoutMs);
  const hsm::wire::Request request{++last_id_, static_cast<std::uint32_t>(left), body};
  if (hsm::wire::encoded_size(request) > hsm::wire::kMaxFrameBytes) {
    return Failure{std::string("the request is longer than a frame")};
  }
  const Bytes frame = hsm::wire::encode_request(request);
  if (::send(socket_.get(), frame.data(), frame.size(), MSG_NOSIGNAL) < 0) {
    return Failure{"the connection broke: " + system_words(errno)};
  }
  ASSIGN_OR_RETURN(const Bytes answer, receive(deadline));
  auto response = hsm::wire::decode_response(answer);
  if (!response.ok()) {
    return Failure{"the signer's answer is malformed: " + hsm::wire::describe(response.error())};
  }
  if (response->id != request.id) return Failure{std::string("the signer answers another request")};
  return std::move(response).value();
}

Result<Bytes, std::string> SignerConnection::receive(MonotonicTime deadline) {
  for (;;) {
    const milliseconds left = left_until(deadline);
    if (left <= milliseconds(0)) return Failure{std::string("the signer does not answer in time")};
    if (ends_) return Failure{std::string("the node stops")};
    pollfd ready{socket_.get(), POLLIN, 0};
    const int count = ::poll(&ready, 1, static_cast<int>(std::min(left, kSlice).count()));
    if (count == 0 || (count < 0 && errno == EINTR)) continue;
    if (count < 0) return Failure{system_words(errno)};
    Bytes frame(hsm::wire::kMaxFrameBytes);
    const ssize_t size = ::recv(socket_.get(), frame.data(), frame.size(), 0);
    if (size == 0) return Failure{std::string("the signer hung up")};
    if (size < 0) return Failure{"the connection broke: " + system_words(errno)};
    frame.resize(static_cast<std::size_t>(size));
    return frame;
  }
}

/// Says once why there is no connection, until the reason is another.
void SignerConnection::disconnect(const std::string& reason) {
  socket_ = Descriptor();
  is_connected_ = false;
  if (std::exchange(last_failure_, reason) == reason) return;
  logger_.warning("signer not connected", {{"socket", options_.path}, {"reason", reason}});
}

bool SignerConnection::pause(milliseconds time) {
  std::unique_lock lock(mutex_);
  changed_.wait_for(lock, time, [this] { return ends_.load(); });
  return !ends_;
}

}  // namespace buri::consensus::host
