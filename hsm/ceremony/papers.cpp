#include "hsm/ceremony/papers.hpp"

#include "hsm/ceremony/journal.hpp"
#include "hsm/ceremony/steps.hpp"

namespace buri::hsm::ceremony {
namespace {

std::string footer_of(const Plan& plan, const std::string& what) {
  return "Ceremony " + plan.ceremony_id + " - " + what;
}

/// Every answer, in the order given; of a question asked again, the last one counts.
Table answers_table(const std::vector<TranscriptLine>& lines) {
  Table table{{"Time (UTC)", "Prompt", "Answer"}, {}, {22, 24, 54}};
  for (const TranscriptLine& line : lines) {
    if (line.kind == LineKind::kAnswer) {
      table.rows.push_back({line.time, line.subject, line.text});
    }
  }
  return table;
}

std::vector<std::string> interruptions(const std::vector<TranscriptLine>& lines) {
  std::vector<std::string> found;
  for (const TranscriptLine& line : lines) {
    if (line.kind == LineKind::kResumed || line.kind == LineKind::kStopped) {
      found.push_back(line.time + " " +
                      std::string(kLineKindNames[static_cast<std::size_t>(line.kind)]) + ": " +
                      line.text);
    }
  }
  if (found.empty()) found.emplace_back("None.");
  return found;
}

std::vector<std::string> next_steps(const Plan& plan, const KeyRecord& key) {
  std::vector<std::string> steps;
  if (plan.backs_up()) {
    steps.push_back(
        "Before the key is put to use: buri ceremony drill-restore, with a second device "
        "and " +
        std::to_string(plan.draft.threshold) + " shares.");
    steps.emplace_back(
        "Signer policy: require_hsm_born = false, because a key restored from its "
        "backup does not count as born in the device.");
  }
  steps.emplace_back("Signer configuration: public_key and the device's uri as in key.json.");
  steps.push_back("Sign-state, once per ledger: buri signer init-state --address " + key.address +
                  " --ledger consensus --start HEIGHT.");
  steps.emplace_back(
      "Root chain: the transaction that makes this address the validator's signer "
      "is planned, approved and sent by the owner's key.");
  steps.emplace_back(
      "Compromise runbook: who is called, who stops the signer, who changes the "
      "signer on the root chain.");
  steps.emplace_back(
      "Yearly: review of everybody who has access, a restore drill, a rotation "
      "drill.");
  return steps;
}

}  // namespace

std::string share_paper(std::size_t number) { return "custody/share-" + std::to_string(number); }

std::vector<std::pair<std::string, std::string>> render(const std::string& name,
                                                        const Document& document) {
  return {{name + ".md", to_markdown(document)}, {name + ".html", to_html(document)}};
}

Document make_share_sheet(const Plan& plan, const CustodyRecord& custody, std::size_t index) {
  const ShareEntry& share = custody.shares[index];
  const std::string number = std::to_string(share.number);
  Document sheet{
      "Custody sheet of share " + number, footer_of(plan, "custody sheet of share " + number), {}};
  sheet.blocks = {
      Heading{1, "Custody sheet: share " + number + " of " + std::to_string(custody.shares.size())},
      Paragraph{"Holds no part of the key. The share itself is in the bag named below; " +
                std::to_string(custody.threshold) +
                " shares together restore the validator key. Whoever finds the bag open or the "
                "number changed calls the administrator at once."},
      Table{{"What", "Value"},
            {{"Ceremony", plan.ceremony_id},
             {"Key", plan.draft.key_label + " on " + plan.draft.chain},
             {"Custodian", share.custodian},
             {"Check value of the share", share.check_value},
             {"Check value of the key-encryption key", custody.kek_check_value},
             {"Bag and safe", share.place}},
            {38, 62}},
      Heading{2, "Opened and sealed again"},
      Table{{"Date", "Reason", "New bag number", "Custodian", "Second person"},
            std::vector<std::vector<std::string>>(6, std::vector<std::string>(5, " ")),
            {14, 32, 18, 18, 18}},
      SignatureLine{"Custodian, received"},
      SignatureLine{"Witness"}};
  return sheet;
}

Document make_pin_sheet(const Plan& plan, const std::vector<TranscriptLine>& lines) {
  Document sheet{"Custody sheet of the PINs", footer_of(plan, "custody sheet of the PINs"), {}};
  sheet.blocks = {Heading{1, "Custody sheet: PINs"},
                  Paragraph{"Holds no PIN. The two must never come into one hand."},
                  Table{{"PIN", "Holder, envelope, safe"},
                        {{"Security officer's", last_answer(lines, "pins.officer")},
                         {"User", last_answer(lines, "pins.user")}},
                        {28, 72}},
                  Heading{2, "Opened and sealed again"},
                  Table{{"Date", "Which", "Reason", "New envelope", "Signature"},
                        std::vector<std::vector<std::string>>(6, std::vector<std::string>(5, " ")),
                        {14, 18, 32, 18, 18}},
                  SignatureLine{"Holder of the security officer's PIN"},
                  SignatureLine{"Holder of the user PIN"},
                  SignatureLine{"Witness"}};
  return sheet;
}

Document make_certificate(const Plan& plan, const RetirementRecord& retirement,
                          const std::vector<TranscriptLine>& lines) {
  Document paper{"Certificate of destruction", footer_of(plan, "certificate of destruction"), {}};
  paper.blocks = {
      Heading{1, "Certificate of destruction"},
      Table{{"What", "How"},
            {{"Key-encryption key " + retirement.kek_label + " on token " + retirement.token_serial,
              std::to_string(retirement.destroyed) + " object(s) destroyed at " + retirement.at +
                  (retirement.verified_absent ? "; a new login found none" : "; NOT VERIFIED")},
             {"The key as a session object",
              "destroyed after it was wrapped; no session outlives "
              "the login"},
             {"Shares and key-encryption key in this machine's memory",
              "wiped when the last custodian had confirmed; locked pages, no core dumps"},
             {"Notes, printer memory, media", last_answer(lines, "pins.media")}},
            {45, 55}},
      SignatureLine{"Administrator"}, SignatureLine{"Witness"}};
  return paper;
}

Document make_minutes(const Plan& plan, const KeyRecord& key,
                      const std::vector<TranscriptLine>& lines) {
  Document paper{"Minutes of key ceremony " + plan.ceremony_id, footer_of(plan, "minutes"), {}};
  paper.blocks = {Heading{1, "Minutes: " + plan.draft.title},
                  Table{{"What", "Value"},
                        {{"Ceremony", plan.ceremony_id},
                         {"Place", plan.draft.place},
                         {"Began", lines.empty() ? "-" : lines.front().time},
                         {"Minutes made", lines.empty() ? "-" : lines.back().time},
                         {"Address", key.address},
                         {"Public key", to_hex(key.public_key)},
                         {"Check value of the public key", key.check_value},
                         {"Key", key.uri},
                         {"Transcript before the minutes",
                          std::to_string(lines.size()) + " lines, last hash " +
                              (lines.empty() ? "-" : to_hex(lines.back().hash))}},
                        {28, 72}},
                  Heading{2, "Exceptions"},
                  Paragraph{last_answer(lines, "closing.exceptions")},
                  Heading{2, "Interruptions"},
                  BulletList{interruptions(lines)},
                  Heading{2, "Answers"},
                  answers_table(lines),
                  Heading{2, "What comes next"},
                  BulletList{next_steps(plan, key)},
                  PageBreak{},
                  Heading{2, "Sign-off"},
                  SignatureLine{"SHA-256 of manifest.json, as read aloud"}};
  for (const Participant& person : plan.draft.participants) {
    paper.blocks.emplace_back(SignatureLine{
        person.name + ", " + std::string(kRoleNames[static_cast<std::size_t>(person.role)])});
  }
  return paper;
}

}  // namespace buri::hsm::ceremony
