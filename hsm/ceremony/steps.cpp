#include "hsm/ceremony/steps.hpp"

#include "base/check.hpp"
#include "base/hex.hpp"

namespace buri::hsm::ceremony {
namespace {

constexpr const char* kNothing = "Nothing.";

std::vector<Prompt> identity_prompts(const Plan& plan) {
  std::vector<Prompt> prompts;
  std::size_t number = 0;
  for (const Participant& person : plan.draft.participants) {
    const std::string role(kRoleNames[static_cast<std::size_t>(person.role)]);
    prompts.push_back({Step::kIdentities, "identity." + std::to_string(++number),
                       "The administrator compares " + person.name + " (" + role +
                           ") with an identity document. The answer goes to the transcript; no "
                           "document number does.",
                       kNothing,
                       "How was the identity of " + person.name + ", " + role + ", checked?",
                       AnswerKind::kText});
  }
  return prompts;
}

std::vector<Prompt> device_prompts() {
  return {{Step::kDevice, "device.bag",
           "The device is taken out of its bag and connected. The program reads which token it is; "
           "nobody logs in.",
           kNothing, "Number of the tamper-evident bag and state of the seal (or: none)",
           AnswerKind::kText},
          {Step::kDevice, "device.attestation",
           "If the vendor attests its devices, the file goes into the folder with its hash. Its "
           "signature chain is checked with the vendor's tools, not here.",
           kNothing, "Absolute path of the vendor's attestation file, or none",
           AnswerKind::kFileOrNone}};
}

std::vector<Prompt> wrapping_key_prompts(const Plan& plan) {
  const auto custodians = plan.with_role(Role::kCustodian);
  const std::string shares =
      std::to_string(plan.draft.threshold) + " of " + std::to_string(custodians.size());
  std::vector<Prompt> prompts{
      {Step::kWrappingKey, "wrapping-key.begin",
       "The security officer logs in. A 256-bit key-encryption key is drawn, stored in the device "
       "as trusted for wrapping only, and split into shares, " +
           shares +
           " of which give it back. A key-encryption key that an interrupted attempt of this "
           "ceremony left is destroyed first, and shares handed out then become void.",
       "One attempt at the security officer's PIN: if it is wrong, the device counts it. No "
       "validator key exists yet.",
       "Go on? (yes/no)", AnswerKind::kYes}};
  for (std::size_t i = 1; i <= custodians.size(); ++i) {
    const std::string number = std::to_string(i);
    const std::string& name = custodians[i - 1].name;
    prompts.push_back({Step::kWrappingKey, "share." + number + ".ready",
                       "Share " + number + " is handed to " + name +
                           " alone. Everybody else turns away from the screen. It is read back "
                           "before the next step and wiped from memory.",
                       "If " + std::to_string(custodians.size() - plan.draft.threshold + 1) +
                           " shares are lost, the backup is lost; " +
                           std::to_string(plan.draft.threshold) + " together are the backup.",
                       "Is " + name + " ready, and nobody else looking? (yes/no)",
                       AnswerKind::kYes});
    prompts.push_back({Step::kWrappingKey, "share." + number + ".place",
                       name + " seals the share in a tamper-evident bag. Its number and its place "
                              "go onto the custody sheet.",
                       kNothing,
                       "Number of the bag of share " + number + " and the safe it goes to",
                       AnswerKind::kText});
  }
  return prompts;
}

Prompt key_prompt(const Plan& plan) {
  return {Step::kKey,
          "key.begin",
          "The key user logs in. The key is made inside the device as a session object that only "
          "the trusted key may wrap; its wrapped form (RFC 5649) is written to the folder and read "
          "back; then the session object is destroyed.",
          "One attempt at the user PIN. If power fails, the key made so far is gone, has never "
          "been used, and the step is repeated.",
          "Make the key \"" + plan.draft.key_label + "\"? (yes/no)",
          AnswerKind::kYes};
}

Prompt install_prompt(const Plan& plan) {
  const std::string re_read =
      " The disks are synced, and a fresh process finds the key again, reads its attributes and "
      "recovers a probe signature to it.";
  std::string happens =
      "The key user logs in. The wrapped key is unwrapped once as a trial and proved, then for "
      "good: not extractable, not modifiable, not copyable.";
  std::string can_lose =
      "Nothing: the wrapped key is in the folder, and the step can be repeated. The final key "
      "cannot be destroyed on most devices but by erasing the token.";
  if (plan.draft.key_source == KeySource::kDeviceOnly) {
    happens = "The key user logs in. The key is made inside the device, for good.";
    can_lose = "There is no backup: whoever loses this device has lost the key.";
  } else if (plan.draft.key_source == KeySource::kExisting) {
    happens = "The key user logs in. The key that is on the token is read back; nothing is made.";
    can_lose = "One attempt at the user PIN.";
  }
  return {Step::kInstall, "install.begin",   happens + re_read,
          can_lose,       "Go on? (yes/no)", AnswerKind::kYes};
}

Prompt proof_prompt() {
  return {Step::kProof,
          "proof.nonce",
          "The new key signs chain, address, this ceremony's id and a number that the witness "
          "draws (with dice or a machine of his own). This shows later that the key was in the "
          "device now.",
          kNothing,
          "The witness's number, 64 hex digits (or: draw)",
          AnswerKind::kNonce};
}

Prompt retirement_prompt() {
  return {Step::kRetirement,
          "retirement.begin",
          "The security officer logs in and the key-encryption key is destroyed on the device: as "
          "long as it is there, the user PIN and the backup file together give the key away. The "
          "shares still hold it.",
          "Another attempt at the security officer's PIN. Without enough shares no restore is "
          "possible afterwards.",
          "Has every custodian confirmed his share, and shall it be destroyed? (yes/no)",
          AnswerKind::kYes};
}

std::vector<Prompt> pin_prompts() {
  const auto about = [](const char* id, const char* whose) {
    return Prompt{Step::kPins,
                  id,
                  "The PIN's sealed envelope gets a number; number and place go onto the custody "
                  "sheet, the PIN does not.",
                  "The two PINs must not come into one hand.",
                  std::string("Who holds ") + whose + ", and where is its envelope (number, safe)?",
                  AnswerKind::kText};
  };
  return {about("pins.officer", "the security officer's PIN"),
          about("pins.user", "the user PIN"),
          {Step::kPins, "pins.media",
           "Everything that could hold a secret is destroyed before anybody leaves: notes, "
           "printer memory, temporary media.",
           kNothing, "What was destroyed, and how (or: none)", AnswerKind::kText}};
}

std::vector<Prompt> closing_prompts() {
  return {{Step::kClosing, "closing.exceptions",
           "Everything that went otherwise than the script says goes into the minutes.", kNothing,
           "Exceptions (or: none)", AnswerKind::kText},
          {Step::kClosing, "closing.end",
           "The minutes and the manifest with the hashes of all files are written. Nothing can be "
           "added afterwards.",
           kNothing, "Close the ceremony? (yes/no)", AnswerKind::kYes}};
}

std::vector<Prompt> drill_prompts() {
  return {{Step::kDrill, "drill.begin",
           "The custodians' shares give the key-encryption key back. The security officer stores "
           "it on the second device, the key user unwraps the backup there, and the restored key "
           "must sign as the same address. Then the key-encryption key is destroyed there.",
           "While the shares are together, they are the key: finish the drill, then seal them "
           "into new bags. One attempt at each PIN of the second device.",
           "Go on? (yes/no)", AnswerKind::kYes},
          {Step::kDrill, "drill.nonce",
           "The restored key signs a number that a witness draws, as the proof of possession did.",
           kNothing, "The witness's number, 64 hex digits (or: draw)", AnswerKind::kNonce}};
}

}  // namespace

std::string_view step_title(Step step) {
  static constexpr std::array<std::string_view, 11> kTitles{
      "Opening",
      "Participants and their identities",
      "The device",
      "Key-encryption key and its shares",
      "Making the key and wrapping its backup",
      "The key in the device",
      "Proof of possession",
      "Destroying the key-encryption key",
      "PINs and media",
      "Closing",
      "Restore drill"};
  return kTitles[static_cast<std::size_t>(step)];
}

std::string expected_of(Step step, const Plan& plan) {
  switch (step) {
    case Step::kOpening:
      return "The program shows ceremony " + plan.ceremony_id + " and the hashes of this script.";
    case Step::kIdentities:
      return "Every participant is in the transcript with the way he was recognised.";
    case Step::kDevice:
      return "Label and serial number on the screen are those on the device.";
    case Step::kWrappingKey:
      return "One check value for the key-encryption key; every custodian's share has its own.";
    case Step::kKey:
      return "An address, and the hash of the backup file.";
    case Step::kInstall:
      return "A fresh process found the key; no attribute is refused.";
    case Step::kProof:
      return "The proof is recovered to the address.";
    case Step::kRetirement:
      return "The device holds no key-encryption key of this ceremony.";
    case Step::kPins:
      return "Two envelopes with different holders.";
    case Step::kClosing:
      return "The SHA-256 of the manifest, which is read aloud and written on the last page.";
    case Step::kDrill:
      return "The restored key signs as the same address.";
  }
  CHECK(false, "every step has an expected outcome");
}

std::string_view expected_answer(AnswerKind kind) {
  switch (kind) {
    case AnswerKind::kYes:
      return "yes or no";
    case AnswerKind::kText:
      return "one line of text without control characters";
    case AnswerKind::kNonce:
      return "64 hex digits, or draw";
    case AnswerKind::kFileOrNone:
      return "an absolute path, or none";
  }
  CHECK(false, "every kind of answer has a description");
}

bool fits(AnswerKind kind, std::string_view answer) {
  switch (kind) {
    case AnswerKind::kYes:
      return answer == "yes" || answer == "no";
    case AnswerKind::kText:
      return is_plain_text(answer);
    case AnswerKind::kNonce:
      return answer == "draw" || (answer.size() == 64 && fixed_from_hex<32>(answer).has_value());
    case AnswerKind::kFileOrNone:
      return answer == "none" || (is_plain_text(answer) && answer.front() == '/');
  }
  CHECK(false, "every kind of answer has a form");
}

std::vector<Step> steps_of(const Plan& plan) {
  if (plan.backs_up()) {
    return {Step::kOpening, Step::kIdentities, Step::kDevice, Step::kWrappingKey,
            Step::kKey,     Step::kInstall,    Step::kProof,  Step::kRetirement,
            Step::kPins,    Step::kClosing};
  }
  return {Step::kOpening, Step::kIdentities, Step::kDevice, Step::kInstall,
          Step::kProof,   Step::kPins,       Step::kClosing};
}

std::vector<Prompt> prompts_of(Step step, const Plan& plan) {
  switch (step) {
    case Step::kOpening:
      return {{Step::kOpening, "opening.begin",
               "The administrator reads the ceremony's id and the hashes aloud; everybody compares "
               "them with the printed script.",
               kNothing, "Is it the same script on every table? (yes/no)", AnswerKind::kYes}};
    case Step::kIdentities:
      return identity_prompts(plan);
    case Step::kDevice:
      return device_prompts();
    case Step::kWrappingKey:
      return wrapping_key_prompts(plan);
    case Step::kKey:
      return {key_prompt(plan)};
    case Step::kInstall:
      return {install_prompt(plan)};
    case Step::kProof:
      return {proof_prompt()};
    case Step::kRetirement:
      return {retirement_prompt()};
    case Step::kPins:
      return pin_prompts();
    case Step::kClosing:
      return closing_prompts();
    case Step::kDrill:
      return drill_prompts();
  }
  CHECK(false, "every step has its prompts");
}

std::vector<Prompt> all_prompts(const Plan& plan) {
  std::vector<Prompt> prompts;
  for (const Step step : steps_of(plan)) {
    for (Prompt& prompt : prompts_of(step, plan)) prompts.push_back(std::move(prompt));
  }
  return prompts;
}

}  // namespace buri::hsm::ceremony
