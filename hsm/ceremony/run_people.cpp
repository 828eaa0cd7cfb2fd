#include <sys/utsname.h>

#include <filesystem>
#include <fstream>

#include "hsm/ceremony/run_context.hpp"
#include "hsm/ceremony/script.hpp"

/// The steps that are about people, papers and the machine: no login in any of them.

namespace buri::hsm::ceremony {
namespace {

/// PRETTY_NAME of os-release; "unknown" where there is none.
std::string system_name() {
  std::ifstream file("/etc/os-release");
  std::string line;
  constexpr std::string_view kKey = "PRETTY_NAME=";
  while (std::getline(file, line)) {
    if (!line.starts_with(kKey)) continue;
    std::string name = line.substr(kKey.size());
    std::erase(name, '"');
    return transcript_text(name);
  }
  return "unknown";
}

std::string kernel_name() {
  utsname names{};
  if (uname(&names) != 0) return "unknown";
  return transcript_text(std::string(names.sysname) + " " + names.release + " " + names.machine);
}

Result<Bytes, Reason> read_evidence(const std::string& path) {
  std::error_code fault;
  const auto size = std::filesystem::file_size(path, fault);
  if (fault || size > Store::kMaxFileBytes) {
    return Failure{path + " cannot be read, or is larger than 16 MiB."};
  }
  std::ifstream file(path, std::ios::binary);
  Bytes bytes(size);
  file.read(reinterpret_cast<char*>(bytes.data()), static_cast<std::streamsize>(size));
  if (!file.good()) return Failure{path + " cannot be read."};
  return bytes;
}

}  // namespace

Status<Reason> run_opening(Run& run) {
  const auto script = render(kScriptPaper, make_script(run.plan));
  ASSIGN_OR_RETURN(const Bytes plan, run.store.read(kPlanFile));
  RETURN_IF_ERROR(run.journal.record(Step::kOpening, kPlanFile, plan));
  RETURN_IF_ERROR(run.say(Step::kOpening, "ceremony         " + run.plan.ceremony_id));
  RETURN_IF_ERROR(run.say(Step::kOpening, "SHA-256 of plan  " + to_hex(sha256(plan))));
  RETURN_IF_ERROR(run.say(Step::kOpening, "SHA-256 of buri  " + to_hex(run.tools.program_sha256)));
  for (const auto& [name, text] : script) {
    ASSIGN_OR_RETURN(const Bytes found, run.store.read(name));
    if (as_text(found) != text) {
      return Failure{name + " is not the script of this plan; print it anew from a fresh plan."};
    }
    RETURN_IF_ERROR(run.journal.record(Step::kOpening, name, found));
  }
  RETURN_IF_ERROR(run.ask(Step::kOpening, "opening.begin"));
  return Unit{};
}

Status<Reason> run_identities(Run& run) {
  for (const Prompt& prompt : prompts_of(Step::kIdentities, run.plan)) {
    RETURN_IF_ERROR(run.ask(Step::kIdentities, prompt.id));
  }
  return Unit{};
}

Status<Reason> run_device(Run& run) {
  ASSIGN_OR_RETURN(CeremonyDevice* const device, run.open_device());
  const pkcs11::Token& token = device->token();
  RETURN_IF_ERROR(run.say(Step::kDevice, "token " + token.label + ", serial " + token.serial +
                                             ", " + token.manufacturer + " " + token.model +
                                             ", firmware " + token.firmware));
  ASSIGN_OR_RETURN(const std::string bag, run.ask(Step::kDevice, "device.bag"));
  ASSIGN_OR_RETURN(const std::string path, run.ask(Step::kDevice, "device.attestation"));
  if (path != "none") {
    ASSIGN_OR_RETURN(const Bytes evidence, read_evidence(path));
    RETURN_IF_ERROR(run.journal.keep(Step::kDevice, kAttestationFile, evidence));
  }
  ASSIGN_OR_RETURN(const Hash256 module, file_sha256(device->module_path()));
  const SoftwareRecord software{
      run.tools.program_sha256, system_name(), kernel_name(),
      device->module_path(),    module,        transcript_text(device->module_description())};
  RETURN_IF_ERROR(run.keep_record(Step::kDevice, kSoftwareFile, software));
  const DeviceRecord record{run.plan.draft.device.description,
                            transcript_text(token.label),
                            transcript_text(token.serial),
                            transcript_text(token.manufacturer),
                            transcript_text(token.model),
                            transcript_text(token.firmware),
                            std::string(device->profile().name),
                            bag,
                            path == "none" ? "none" : kAttestationFile};
  return run.keep_record(Step::kDevice, kDeviceFile, record);
}

Status<Reason> run_pins(Run& run) {
  for (const Prompt& prompt : prompts_of(Step::kPins, run.plan)) {
    RETURN_IF_ERROR(run.ask(Step::kPins, prompt.id));
  }
  RETURN_IF_ERROR(
      run.keep_paper(Step::kPins, kPinPaper, make_pin_sheet(run.plan, run.journal.lines())));
  if (!run.plan.backs_up()) return Unit{};
  ASSIGN_OR_RETURN(const RetirementRecord retirement,
                   run.read_record<RetirementRecord>(kRetirementFile));
  return run.keep_paper(Step::kPins, kCertificatePaper,
                        make_certificate(run.plan, retirement, run.journal.lines()));
}

Status<Reason> run_closing(Run& run) {
  for (const Prompt& prompt : prompts_of(Step::kClosing, run.plan)) {
    RETURN_IF_ERROR(run.ask(Step::kClosing, prompt.id));
  }
  ASSIGN_OR_RETURN(const KeyRecord key, run.read_record<KeyRecord>(kKeyFile));
  return run.keep_paper(Step::kClosing, kMinutesPaper,
                        make_minutes(run.plan, key, run.journal.lines()));
}

}  // namespace buri::hsm::ceremony
