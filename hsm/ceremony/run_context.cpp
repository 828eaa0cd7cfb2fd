#include "hsm/ceremony/run_context.hpp"

#include "base/check.hpp"

namespace buri::hsm::ceremony {

Result<std::string, Reason> Run::ask(Step step, std::string_view prompt_id) {
  for (const Prompt& prompt : prompts_of(step, plan)) {
    if (prompt.id == prompt_id) return journal.ask(*tools.answerer, prompt);
  }
  CHECK(false, "a step asks only its own prompts");
}

Status<Reason> Run::say(Step step, const std::string& text) {
  *tools.console << "  " << text << std::endl;
  return journal.note(step, text);
}

Status<Reason> Run::keep_paper(Step step, const std::string& name, const Document& document) {
  for (const auto& [file, text] : render(name, document)) {
    RETURN_IF_ERROR(journal.keep(step, file, as_bytes(text)));
  }
  return Unit{};
}

Result<CeremonyDevice*, Reason> Run::open_device() {
  if (!device) {
    ASSIGN_OR_RETURN(device, CeremonyDevice::open(plan.draft.device, tools.pins));
    if (journal.is_done(Step::kDevice)) {
      ASSIGN_OR_RETURN(const DeviceRecord recorded, read_record<DeviceRecord>(kDeviceFile));
      if (recorded.serial != device->token().serial) {
        const std::string found = device->token().serial;
        device.reset();
        return Failure{"The token has serial number " + found + ", this ceremony began on " +
                       recorded.serial + "."};
      }
    }
  }
  return &*device;
}

pkcs11::KeyPlan Run::key_plan() const {
  return {plan.draft.key_label, plan.key_id(), &device->profile()};
}

Result<pkcs11::RecoverableSignature, Reason> Run::sign_afresh(const KeyRecord& key,
                                                              pkcs11::SigningPurpose purpose,
                                                              const Hash256& digest) {
  ASSIGN_OR_RETURN(CeremonyDevice* const token, open_device());
  const auto point = point_of(key.public_key);
  if (!point) return Failure{std::string(kKeyFile) + " holds no uncompressed public key."};
  const FreshProcess process{tools.worker_program, requires_hsm_born(),
                             plan.draft.device.environment, tools.fresh_process_limit};
  return sign_in_fresh_process(process, *token, token->key_uri(key.label, key.id), *point,
                               {purpose, digest});
}

}  // namespace buri::hsm::ceremony
