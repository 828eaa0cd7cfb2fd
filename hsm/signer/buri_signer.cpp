#include <signal.h>
#include <systemd/sd-daemon.h>

#include <iostream>

#include "base/hex.hpp"
#include "base/random.hpp"
#include "hsm/pkcs11/hardening.hpp"
#include "hsm/signer/admin.hpp"
#include "hsm/signer/clef/call.hpp"
#include "hsm/signer/config.hpp"
#include "hsm/signer/core.hpp"
#include "hsm/signer/metrics_server.hpp"
#include "hsm/signer/posix_disk.hpp"
#include "hsm/signer/sandbox.hpp"
#include "hsm/signer/text_file.hpp"

/// The process buri-signer: `buri-signer --config FILE [--check]`. It links no vendor code; the
/// devices are in workers of their own (hsm/pkcs11).

namespace buri::hsm::signer {
namespace {

constexpr timespec kTickPeriod{0, 100'000'000};
/// What a stock consensus daemon asks for.
constexpr std::array kConsensusPurposes = {wire::Purpose::kProposal, wire::Purpose::kVote};

/// Signals that the main thread waits for; blocked before any thread exists.
sigset_t awaited_signals() {
  sigset_t signals;
  sigemptyset(&signals);
  for (const int number : {SIGTERM, SIGINT, SIGHUP}) sigaddset(&signals, number);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  return signals;
}

/// Everything that lives as long as the process, in the order of construction.
class Daemon {
 public:
  Daemon(SignerConfig config, rules::Policy policy, Logger logger)
      : config_(std::move(config)), policy_(std::move(policy)), logger_(std::move(logger)) {}

  Status<std::string> start() {
    RETURN_IF_ERROR(open_disks());
    open_devices();
    RETURN_IF_ERROR(open_fence());
    RETURN_IF_ERROR(enter_sandbox(config_.fence.has_value() || config_.metrics.port != 0));
    RETURN_IF_ERROR(open_core());
    return open_sockets();
  }

  void run(const sigset_t& signals) {
    sd_notify(0, "READY=1");
    for (;;) {
      const int number = ::sigtimedwait(&signals, nullptr, &kTickPeriod);
      if (number == SIGTERM || number == SIGINT) break;
      if (number == SIGHUP) reload();
      core_->tick();
      sd_notifyf(0, "WATCHDOG=1\nSTATUS=%s", std::string(name_of(core_->view().state)).c_str());
    }
    sd_notify(0, "STOPPING=1");
    diallers_.clear();  // a daemon that is hung up on asks again, one that is refused does not
    (void)core_->drain();
  }

 private:
  Status<std::string> open_disks() {
    for (const auto& [path, disk] : {std::pair(&config_.state_directory, &state_disk_),
                                     std::pair(&config_.audit_directory, &audit_disk_)}) {
      auto opened = open_posix_disk(*path);
      if (!opened.ok()) return Failure{*path + ": " + std::string(describe(opened.error()))};
      *disk = std::move(opened).value();
      const auto locked = (*disk)->lock();
      if (!locked.ok()) return Failure{*path + ": " + std::string(describe(locked.error()))};
    }
    return Unit{};
  }

  void open_devices() {
    pkcs11::WorkerClientConfig config;
    config.worker_program = config_.worker_program;
    config.public_key = pkcs11::PublicPoint::from(ByteView(config_.key.public_key).subspan(1));
    config.devices = config_.devices;
    for (pkcs11::DeviceConfig& device : config.devices) {
      device.require_hsm_born = policy_.key.require_hsm_born;
    }
    device_ = std::make_unique<pkcs11::WorkerClient>(std::move(config), logger_, metrics_);
    anchor_ = std::make_unique<DeviceAnchor>(*device_, system_clock());
  }

  Status<std::string> open_fence() {
    if (!config_.fence) return Unit{};
    RETURN_IF_ERROR(load_fence_files(*config_.fence));
    std::array<std::uint8_t, 8> start{};
    system_random().fill(start);
    config_.fence->options.holder_name += "/" + to_hex(start);  // no two processes are the same
    std::string why;
    fence_ = make_etcd_fence(config_.fence->options, config_.key.address, system_clock(), why);
    if (fence_ == nullptr) return Failure{why};
    return Unit{};
  }

  Status<std::string> open_core() {
    CoreParts parts{state_disk_.get(), audit_disk_.get(), device_.get(), fence_.get(),
                    anchor_.get(),     &system_clock(),   &metrics_,     {}};
    parts.device_is_ready = [this] { return device_->wait_until_ready(MonotonicTime{}); };
    ASSIGN_OR_RETURN(
        core_,
        Core::start(parts, {config_.key, policy_, config_.ledgers, config_.activates_by_itself},
                    logger_));
    return Unit{};
  }

  Status<std::string> open_sockets() {
    for (const RequestSocket& one : config_.sockets) {
      RETURN_IF_ERROR(listen(one.socket, [this, &one](const Frame& frame, const Peer& peer) {
        return answer(frame, peer, one.purposes);
      }));
    }
    for (const ClefSocket& one : config_.clefs) {
      RETURN_IF_ERROR(
          listen(one.requests.socket, [this, &one](const Frame& frame, const Peer& peer) {
            return answer_clef(frame, peer, one);
          }));
    }
    RETURN_IF_ERROR(call_daemons());
    admin_ = std::make_unique<Admin>(*core_, admin_parts());
    RETURN_IF_ERROR(listen(config_.admin, [this](const Frame& frame, const Peer& peer) {
      return admin_->handle(frame, peer);
    }));
    if (config_.metrics.socket || config_.metrics.port != 0) {
      ASSIGN_OR_RETURN(metrics_server_, MetricsServer::listen(config_.metrics, metrics_));
    }
    return Unit{};
  }

  Status<std::string> listen(const SocketOptions& socket, FrameHandler handler) {
    ASSIGN_OR_RETURN(auto server,
                     SocketServer::listen(socket, std::move(handler), logger_, metrics_));
    servers_.push_back(std::move(server));
    return Unit{};
  }

  Status<std::string> call_daemons() {
    for (const privval::DiallerOptions& one : config_.daemons) {
      auto signer = [this, &one](const wire::RequestBody& body, const Peer& peer) {
        return core_->answer({0, one.timeout_ms, body}, peer, kConsensusPurposes).body;
      };
      ASSIGN_OR_RETURN(auto dialler, privval::Dialler::start(one, signer, logger_, metrics_));
      diallers_.push_back(std::move(dialler));
    }
    return Unit{};
  }

  Bytes answer(const Frame& frame, const Peer& peer, std::span<const wire::Purpose> purposes) {
    if (frame.descriptor >= 0) ::close(frame.descriptor);
    const auto request = wire::decode_request(frame.bytes);
    if (!request.ok()) {
      return wire::encode_response({wire::peek_request_id(frame.bytes), request.error()});
    }
    return wire::encode_response(core_->answer(*request, peer, purposes));
  }

  Bytes answer_clef(const Frame& frame, const Peer& peer, const ClefSocket& socket) {
    const auto signer = [&](const wire::RequestBody& body) {
      return core_->answer({0, socket.timeout_ms, body}, peer, socket.requests.purposes).body;
    };
    return clef::answer_call(frame.bytes, socket.bor_chain_id, signer);
  }

  AdminParts admin_parts() {
    AdminParts parts;
    parts.policy_file = config_.policy_file;
    parts.lock = [this] { device_->lock(); };
    parts.unlock = [this](int descriptor) -> Status<std::string> {
      for (std::size_t i = 0; i < config_.devices.size(); ++i) {
        pkcs11::PinSource pin = config_.devices[i].pin;
        if (descriptor >= 0) {
          ASSIGN_OR_RETURN(pin, pkcs11::read_pin(descriptor));
        }
        device_->unlock(i, pin, false);
      }
      return Unit{};
    };
    parts.device_status = [this] {
      std::string text;
      for (const pkcs11::DeviceStatus& one : device_->status()) {
        text += "device " + one.name + " " + std::string(pkcs11::device_state_name(one.state)) +
                (one.reason.empty() ? "" : " " + one.reason) + "\n";
      }
      return text;
    };
    return parts;
  }

  // By signal nobody is known to ask, so that only a narrower policy is taken.
  void reload() {
    const auto text = read_text_file(config_.policy_file);
    if (!text.ok()) return logger_.error("policy refused", {{"why", text.error()}});
    const auto policy = rules::parse_policy(*text);
    if (!policy.ok()) return logger_.error("policy refused", {{"why", describe(policy.error())}});
    const auto now = core_->rules_context().policy();
    if (rules::compare(*now, *policy).change == rules::PolicyChange::kWider) {
      return logger_.error("a policy that widens needs `buri signer reload` by an administrator");
    }
    core_->rules_context().set_policy(*policy);
    core_->log_action("policy", "signal", to_hex(rules::policy_hash(*policy)));
  }

  SignerConfig config_;
  const rules::Policy policy_;
  Logger logger_;
  Metrics metrics_;
  std::unique_ptr<Disk> state_disk_;
  std::unique_ptr<Disk> audit_disk_;
  std::unique_ptr<pkcs11::WorkerClient> device_;
  std::unique_ptr<DeviceAnchor> anchor_;
  std::unique_ptr<Fence> fence_;
  std::unique_ptr<Core> core_;
  std::unique_ptr<Admin> admin_;
  std::vector<std::unique_ptr<SocketServer>> servers_;
  std::vector<std::unique_ptr<privval::Dialler>> diallers_;
  std::unique_ptr<MetricsServer> metrics_server_;
};

int fail(const std::string& why) {
  std::cerr << "buri-signer: " << why << "\n";
  return EXIT_FAILURE;
}

int run(int argument_count, char** arguments) {
  const bool only_checks = argument_count == 4 && std::string_view(arguments[3]) == "--check";
  if ((argument_count != 3 && !only_checks) || std::string_view(arguments[1]) != "--config") {
    return fail("usage: buri-signer --config FILE [--check]");
  }
  pkcs11::harden_process();
  const sigset_t signals = awaited_signals();
  const auto text = read_text_file(arguments[2]);
  if (!text.ok()) return fail(text.error());
  auto config = parse_config(*text);
  if (!config.ok()) return fail(std::string(arguments[2]) + ": " + config.error());
  const auto policy_text = read_text_file(config->policy_file);
  if (!policy_text.ok()) return fail(policy_text.error());
  auto policy = rules::parse_policy(*policy_text);
  if (!policy.ok()) return fail(config->policy_file + ": " + rules::describe(policy.error()));
  if (only_checks) return EXIT_SUCCESS;
  Logger logger("signer", config->log_level);
  Daemon daemon(std::move(config).value(), std::move(policy).value(), logger);
  const auto started = daemon.start();
  if (!started.ok()) return fail(started.error());
  daemon.run(signals);
  return EXIT_SUCCESS;
}

}  // namespace
}  // namespace buri::hsm::signer

int main(int argument_count, char** arguments) {
  return buri::hsm::signer::run(argument_count, arguments);
}
