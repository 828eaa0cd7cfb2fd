#include "hsm/pkcs11/worker.hpp"

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <latch>
#include <optional>
#include <thread>

#include "base/log.hpp"
#include "base/random.hpp"
#include "hsm/pkcs11/anchor_object.hpp"
#include "hsm/pkcs11/channel.hpp"
#include "hsm/pkcs11/hardening.hpp"
#include "hsm/pkcs11/key_access.hpp"
#include "hsm/pkcs11/signature_check.hpp"

namespace buri::hsm::pkcs11 {
namespace {

constexpr unsigned kLongestStartSeconds = 60;

/// Why a worker does not come up, as the parent reads it.
struct StartFailure {
  Outcome outcome{};
  CryptokiError call;
  std::string reason;
};

Failure<StartFailure> refuse(Outcome outcome, CryptokiError call, std::string reason) {
  if (call.code != CKR_OK) reason += " (" + describe(call) + ")";
  return Failure{StartFailure{outcome, call, std::move(reason)}};
}

Bytes text_payload(std::string_view text) {
  const ByteView bytes = as_bytes(text);
  return {bytes.begin(), bytes.end()};
}

/// The PIN for one login, read anew each time.
PinReader pin_reader(const WorkerOptions& options) {
  if (options.pin_descriptor >= 0) {
    return [descriptor = options.pin_descriptor] { return read_pin(descriptor); };
  }
  return [path = options.key.pin_path]() -> Result<Secret, std::string> {
    if (!path) return Failure{std::string("The URI names no pin-source.")};
    const Descriptor file(open(path->c_str(), O_RDONLY | O_CLOEXEC));
    if (!file.is_open()) return Failure{std::string("The file of pin-source cannot be opened.")};
    return read_pin(file.get());
  };
}

/// One thread of the worker: its session and its channel.
class Server {
 public:
  Server(const PinnedKey& key, int channel, KeyAccess& access, Session session, Logger logger)
      : key_(key),
        channel_(channel),
        signer_(access, std::move(session), logger),
        logger_(std::move(logger)) {}

  /// A signature over a typed probe message that nobody chose.
  ReplyFrame probe() {
    Hash256 nonce;
    system_random().fill({nonce.data(), nonce.size()});
    RequestFrame request;
    request.kind = RequestKind::kSign;
    request.subject = probe_digest(0, nonce);
    request.deadline_ns = ~std::uint64_t{0} >> 1;
    return answer(request);
  }

  /// Answers until the channel closes or a message is no request.
  void serve() {
    RequestBytes bytes;
    MonotonicTime awake_until{};
    while (receive_frame_awake(channel_, {bytes.data(), bytes.size()}, awake_until) ==
           ChannelResult::kFrame) {
      const MonotonicTime start = system_clock().monotonic();
      const auto request = decode_request(bytes);
      if (!request) {
        logger_.error("a message of the parent is no request");
        return;
      }
      if (request->kind == RequestKind::kExpect) {
        signer_.prepare();
        awake_until = MonotonicTime(std::chrono::nanoseconds(request->deadline_ns));
        continue;
      }
      awake_until = {};
      ReplyFrame reply = answer(*request);
      reply.total_ns = static_cast<std::uint64_t>((system_clock().monotonic() - start).count());
      if (!send_frame(channel_, encode(reply))) return;
    }
  }

 private:
  ReplyFrame answer(const RequestFrame& request) {
    ReplyFrame reply;
    reply.kind = ReplyKind::kAnswer;
    reply.id = request.id;
    switch (request.kind) {
      case RequestKind::kSign:
        answer_sign(request, reply);
        break;
      case RequestKind::kReadAnchor:
        answer_read(request, reply);
        break;
      case RequestKind::kWriteAnchor:
        answer_write(request, reply);
        break;
      case RequestKind::kExpect:
        break;  // serve() has no answer for it
    }
    return reply;
  }

  static void set_failure(ReplyFrame& reply, const CryptokiError& call) {
    const bool pin = call.code == CKR_PIN_INCORRECT || call.code == CKR_PIN_LOCKED;
    reply.outcome = pin ? Outcome::kPinRefused : Outcome::kDeviceFailed;
    reply.code = call.code;
    reply.function = call.function;
  }

  void answer_sign(const RequestFrame& request, ReplyFrame& reply) {
    const MonotonicTime deadline(std::chrono::nanoseconds(request.deadline_ns));
    const auto raw = signer_.sign(request.subject, deadline);
    reply.steps = static_cast<std::uint8_t>(signer_.effort().highest);
    reply.device_ns = static_cast<std::uint64_t>(signer_.effort().in_device.count());
    if (!raw.ok()) {
      set_failure(reply, raw.error().call);
      if (raw.error().too_late) reply.outcome = Outcome::kTooLate;
      return;
    }
    const auto signature = key_.complete(*raw, request.subject);
    if (signature.ok()) {
      reply.payload.assign(signature->bytes.begin(), signature->bytes.end());
      return;
    }
    logger_.error("the device's signature is not released",
                  {{"purpose", purpose_name(request.purpose)}});
    reply.outcome = Outcome::kBadSignature;
    reply.payload = text_payload(describe(signature.error()));
  }

  void answer_read(const RequestFrame& request, ReplyFrame& reply) {
    const auto session = signer_.idle_session();
    if (!session.ok()) return set_failure(reply, session.error());
    auto stored = read_anchor_object(**session, request.subject);
    if (!stored.ok()) return set_failure(reply, stored.error());
    if (!*stored) {
      reply.outcome = Outcome::kNotFound;
      return;
    }
    reply.payload = std::move(**stored);
  }

  void answer_write(const RequestFrame& request, ReplyFrame& reply) {
    const auto session = signer_.idle_session();
    if (!session.ok()) return set_failure(reply, session.error());
    const auto stored = write_anchor_object(**session, request.subject, request.value);
    if (!stored.ok()) return set_failure(reply, stored.error());
    if (*stored == AnchorStored::kWouldGoBack) reply.outcome = Outcome::kRefused;
  }

  const PinnedKey& key_;
  int channel_;
  SessionSigner signer_;
  Logger logger_;
};

/// The steps of the start, in order; what they leave behind.
class Start {
 public:
  Start(const WorkerOptions& options, Logger logger)
      : options_(options), logger_(std::move(logger)) {}

  /// Module, token, first session, login, key.
  Status<StartFailure> run() {
    auto module = Module::load(*options_.key.module_path);
    if (!module.ok()) {
      return refuse(Outcome::kModuleFailed, module.error().call, module.error().reason);
    }
    Module::forbid_fork();
    auto token = (*module)->find_token(options_.key);
    if (!token.ok()) {
      return refuse(Outcome::kModuleFailed, token.error().call, token.error().reason);
    }
    token_ = *token;
    const LoginRules rules{options_.ignore_pin_flags,
                           options_.profile->pin_format == PinFormat::kUserAndPin};
    access_.emplace(std::move(module).value(), token_, options_.key, *options_.profile,
                    pin_reader(options_), rules);
    auto session = access_->open_session();
    if (!session.ok()) {
      return refuse(Outcome::kModuleFailed, session.error(), "No session can be opened.");
    }
    session_.emplace(std::move(session).value());
    RETURN_IF_ERROR(log_in(rules));
    return check_key();
  }

  [[nodiscard]] KeyAccess& access() { return *access_; }
  [[nodiscard]] Session take_session() { return std::move(*session_); }
  [[nodiscard]] const Token& token() const { return token_; }

 private:
  Status<StartFailure> log_in(const LoginRules& rules) {
    const auto announce = [this] {
      ReplyFrame frame;
      frame.kind = ReplyKind::kLoginStarts;
      (void)send_frame(options_.channels.front(), encode(frame));
    };
    const auto login = log_in_user(*session_, pin_reader(options_), rules, announce);
    if (login.ok()) return Unit{};
    const LoginError& error = login.error();
    switch (error.fault) {
      case LoginFault::kFlags:
        return refuse(Outcome::kPinFlags, {}, error.reason);
      case LoginFault::kUnreadable:
        return refuse(Outcome::kPinUnreadable, {}, error.reason);
      case LoginFault::kRefused:
        return refuse(Outcome::kPinRefused, {}, error.reason);
      case LoginFault::kDevice:
        break;
    }
    return refuse(Outcome::kModuleFailed, {}, error.reason);
  }

  static Status<StartFailure> from_key(const KeyError& error) {
    return refuse(error.call.code == CKR_OK ? Outcome::kKeyRefused : Outcome::kModuleFailed,
                  error.call, error.reason);
  }

  Status<StartFailure> check_key() {
    const auto key = find_private_key(*session_, options_.key);
    if (!key.ok()) return from_key(key.error());
    const auto readings = read_attributes(*session_, *key, options_.require_hsm_born);
    for (const AttributeReading& reading : readings) {
      if (reading.verdict != AttributeVerdict::kWeak) continue;
      logger_.warning("an attribute of the key is weaker than that of a key born in this device",
                      {{"attribute", reading.name}, {"value", reading.value}});
    }
    const auto good = check_attributes(readings);
    if (!good.ok()) return from_key(good.error());
    const auto point = read_public_point(*session_, *key, options_.profile->point_source);
    if (point && *point != options_.public_key) {
      return refuse(Outcome::kKeyRefused, {}, "The token's public key is not the pinned one.");
    }
    access_->adopt(*key);
    return Unit{};
  }

  const WorkerOptions& options_;
  Logger logger_;
  Token token_;
  std::optional<KeyAccess> access_;
  std::optional<Session> session_;
};

int fail_start(const WorkerOptions& options, const Logger& logger, const StartFailure& failure) {
  logger.error("the worker does not start", {{"reason", failure.reason}});
  ReplyFrame frame;
  frame.kind = ReplyKind::kStartFailed;
  frame.outcome = failure.outcome;
  frame.code = failure.call.code;
  frame.function = failure.call.function;
  frame.payload = text_payload(failure.reason);
  (void)send_frame(options.channels.front(), encode(frame));
  return 1;
}

/// Serves one more channel in a thread of its own. The process ends with the first that ends.
void serve_apart(const PinnedKey& key, int channel, Start& start, const Logger& logger,
                 std::latch& opened, std::atomic<unsigned>& failed) {
  auto session = start.access().open_session();
  if (!session.ok()) {
    logger.error("a session could not be opened", {{"call", describe(session.error())}});
    failed.fetch_add(1);
    opened.count_down();
    return;
  }
  Server server(key, channel, start.access(), std::move(session).value(), logger);
  opened.count_down();
  server.serve();
  _exit(0);
}

ReplyFrame ready_frame(const Token& token) {
  ReplyFrame frame;
  frame.kind = ReplyKind::kReady;
  frame.code = token.flags;
  frame.payload =
      text_payload(token.manufacturer + " " + token.model + ", firmware " + token.firmware +
                   ", token " + token.label + ", serial " + token.serial);
  return frame;
}

}  // namespace

int run_worker(const WorkerOptions& options) {
  const Logger logger("buri-hsm", LogLevel::kInfo);
  // Until the login is over nothing but this limit ends the process: see die_with_parent below.
  limit_lifetime(kLongestStartSeconds);
  Start start(options, logger);
  if (const auto started = start.run(); !started.ok()) {
    return fail_start(options, logger, started.error());
  }
  const PinnedKey key(options.public_key);
  Server server(key, options.channels.front(), start.access(), start.take_session(), logger);
  if (const ReplyFrame probe = server.probe(); probe.outcome != Outcome::kDone) {
    const bool bad = probe.outcome == Outcome::kBadSignature;
    const std::string reason = bad ? "The probe signature does not belong to the pinned key."
                                   : "The device made no probe signature (" + probe.function +
                                         ": " + rv_name(probe.code) + ").";
    return fail_start(options, logger,
                      {bad ? Outcome::kKeyRefused : Outcome::kModuleFailed, {}, reason});
  }
  const std::size_t others = options.channels.size() - 1;
  std::latch opened(static_cast<std::ptrdiff_t>(others));
  std::atomic<unsigned> failed = 0;
  std::vector<std::jthread> threads;
  for (std::size_t i = 1; i <= others; ++i) {
    threads.emplace_back(
        [&, i] { serve_apart(key, options.channels[i], start, logger, opened, failed); });
  }
  opened.wait();
  if (failed > 0) {
    (void)fail_start(options, logger,
                     {Outcome::kModuleFailed,
                      {},
                      "The token allows fewer sessions at once than are configured."});
    _exit(1);
  }
  // From here on a kill costs nothing; inside C_Login it can cost a SoftHSM token.
  limit_lifetime(0);
  if (!die_with_parent(options.parent)) _exit(0);
  if (send_frame(options.channels.front(), encode(ready_frame(start.token())))) server.serve();
  // No destructor and no C_Finalize: other threads may be inside the module.
  _exit(0);
}

}  // namespace buri::hsm::pkcs11
