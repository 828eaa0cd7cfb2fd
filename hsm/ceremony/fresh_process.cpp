#include "hsm/ceremony/fresh_process.hpp"

#include <cstdlib>
#include <filesystem>

#include "hsm/pkcs11/worker_client.hpp"

namespace buri::hsm::ceremony {

using namespace pkcs11;

Result<RecoverableSignature, Reason> sign_in_fresh_process(const FreshProcess& process,
                                                           CeremonyDevice& device,
                                                           const KeyUri& uri,
                                                           const PublicPoint& point,
                                                           const SigningRequest& request) {
  ASSIGN_OR_RETURN(const Secret pin, device.user_pin());
  WorkerClientConfig config{process.worker_program, point, {}};
  DeviceConfig worker;
  worker.name = "ceremony";
  worker.key_uri = format_key_uri(uri);
  worker.profile = device.profile().name;
  worker.pin = pin;
  worker.sessions = 1;
  worker.require_hsm_born = process.require_hsm_born;
  worker.ignore_pin_flags = device.ignores_pin_flags();
  for (const std::string& name : process.environment) {
    const char* const value = std::getenv(name.c_str());
    if (value == nullptr) return Failure{"The variable " + name + " of the plan is not set."};
    worker.environment.emplace_back(name, value);
  }
  config.devices.push_back(std::move(worker));
  Metrics metrics;
  WorkerClient client(std::move(config), Logger("buri-ceremony", LogLevel::kOff), metrics);
  const auto signatures =
      client.sign_all({&request, 1}, system_clock().monotonic() + process.limit);
  if (!signatures.ok()) {
    return Failure{"A fresh process cannot use the key: " + signatures.error().reason};
  }
  return signatures->front();
}

std::string default_worker_path() {
  std::error_code failed;
  const auto self = std::filesystem::read_symlink("/proc/self/exe", failed).parent_path();
  const auto beside = self / "buri-hsm";
  return std::filesystem::exists(beside, failed) ? beside
                                                 : self.parent_path() / "libexec/buri/buri-hsm";
}

}  // namespace buri::hsm::ceremony
