#include "hsm/ceremony/script.hpp"

#include "base/hex.hpp"
#include "hsm/ceremony/steps.hpp"

namespace buri::hsm::ceremony {
namespace {

std::string role_of(const Participant& person) {
  return std::string(kRoleNames[static_cast<std::size_t>(person.role)]);
}

std::string_view source_text(KeySource source) {
  switch (source) {
    case KeySource::kBackedUp:
      return "made in the device, wrapped once under a split key-encryption key, and restored from "
             "that backup for good";
    case KeySource::kDeviceOnly:
      return "made in the device; there is no backup";
    case KeySource::kExisting:
      return "made by the vendor's tools before; read back and proved";
  }
  return "";
}

void add_first_page(const Plan& plan, std::vector<Block>& blocks) {
  const PlanDraft& draft = plan.draft;
  blocks.emplace_back(Heading{1, "Key ceremony: " + draft.title});
  blocks.emplace_back(
      Table{{"What", "Value"},
            {{"Ceremony", plan.ceremony_id},
             {"Drawn up", plan.drawn_up},
             {"Place", draft.place},
             {"Chain", draft.chain},
             {"Key", draft.key_label + ": " + std::string(source_text(draft.key_source))},
             {"Device", draft.device.description},
             {"Token", draft.device.uri},
             {"SHA-256 of plan.json", to_hex(sha256(as_bytes(encode_plan(plan))))},
             {"SHA-256 of the program buri", to_hex(plan.program_sha256)}},
            {28, 72}});
  blocks.emplace_back(Paragraph{
      "The administrator reads every step aloud, does it, and writes the time. The witness puts "
      "his initials. Whoever sees something else than the script says stops the ceremony; what "
      "happened goes onto an exception form. Nobody is alone with the device. Date, and time of "
      "the room's clock against a public one, before the first step:"});
  blocks.emplace_back(SignatureLine{"Date, time, difference of the clocks"});
}

void add_participants(const Plan& plan, std::vector<Block>& blocks) {
  blocks.emplace_back(Heading{2, "Participants"});
  Table table{
      {"No.", "Role", "Name", "Signs the manifest with", "Signature"}, {}, {6, 18, 26, 26, 24}};
  for (const Participant& person : plan.draft.participants) {
    const std::string key = person.signing_key.empty()
                                ? "paper"
                                : "Ed25519 " + person.signing_key.substr(0, 16) + "...";
    table.rows.push_back(
        {std::to_string(table.rows.size() + 1), role_of(person), person.name, key, ""});
  }
  blocks.emplace_back(std::move(table));
  blocks.emplace_back(Heading{2, "Before the ceremony"});
  std::vector<std::string> items{
      "The machine has no network, was started from a medium whose hash is known, and its disk is "
      "encrypted or destroyed afterwards.",
      "The program's SHA-256 on this page was compared with the one the maker publishes.",
      "The token is initialised with its label, both PINs are set, by two people who do not know "
      "each other's.",
      "Bags, envelopes, a printer without memory or pens, a clock, a camera over the screen (not "
      "over the keyboard) are in the room.",
      "Everybody has signed the confidentiality agreement."};
  if (plan.backs_up()) {
    items.emplace_back("A second device is ready for the restore drill.");
  }
  blocks.emplace_back(BulletList{std::move(items)});
}

std::string answer_hint(const Prompt& prompt) {
  return "Answer " + prompt.id + ": " + std::string(expected_answer(prompt.kind)) + ".";
}

void add_steps(const Plan& plan, std::vector<Block>& blocks) {
  blocks.emplace_back(PageBreak{});
  blocks.emplace_back(Heading{2, "Steps"});
  std::size_t number = 0;
  for (const Step step : steps_of(plan)) {
    const std::string step_number = std::to_string(++number);
    blocks.emplace_back(Heading{3, step_number + ". " + std::string(step_title(step))});
    Table table{{"No.", "What happens, what could be lost", "Question", "Time", "Initials"},
                {},
                {8, 44, 28, 10, 10}};
    std::size_t line = 0;
    for (const Prompt& prompt : prompts_of(step, plan)) {
      table.rows.push_back({step_number + "." + std::to_string(++line),
                            prompt.happens + " Could be lost: " + prompt.can_lose,
                            prompt.question + " " + answer_hint(prompt), "", ""});
    }
    blocks.emplace_back(std::move(table));
    blocks.emplace_back(Paragraph{"Expected: " + expected_of(step, plan)});
  }
}

void add_forms(const Plan& plan, std::vector<Block>& blocks) {
  blocks.emplace_back(PageBreak{});
  blocks.emplace_back(Heading{2, "Exception form"});
  Table form{
      {"Step", "What happened", "What was done", "Time", "Initials"}, {}, {10, 35, 35, 10, 10}};
  for (int i = 0; i < 6; ++i) form.rows.emplace_back(5, " ");
  blocks.emplace_back(std::move(form));
  blocks.emplace_back(PageBreak{});
  blocks.emplace_back(Heading{2, "Sign-off"});
  blocks.emplace_back(
      Paragraph{"SHA-256 of manifest.json and the last hash of the transcript, as read aloud:"});
  blocks.emplace_back(SignatureLine{"Manifest"});
  blocks.emplace_back(SignatureLine{"Transcript"});
  for (const Participant& person : plan.draft.participants) {
    blocks.emplace_back(
        SignatureLine{person.name + ", " + role_of(person) + ": signature and date"});
  }
}

}  // namespace

Document make_script(const Plan& plan) {
  Document document{
      "Key ceremony " + plan.ceremony_id, "Ceremony " + plan.ceremony_id + " - script", {}};
  add_first_page(plan, document.blocks);
  add_participants(plan, document.blocks);
  add_steps(plan, document.blocks);
  add_forms(plan, document.blocks);
  return document;
}

}  // namespace buri::hsm::ceremony
