#include "hsm/signer/admin.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>

#include "base/hex.hpp"
#include "hsm/signer/text_file.hpp"

namespace buri::hsm::signer {
namespace {

constexpr std::uint32_t kProofPatienceMs = 5000;

/// Cuts the first word off.
std::string_view take_word(std::string_view& words) {
  const std::size_t space = std::min(words.find(' '), words.size());
  const std::string_view word = words.substr(0, space);
  words.remove_prefix(std::min(space + 1, words.size()));
  return word;
}

Result<std::string, std::string> done(const Status<std::string>& status, std::string_view what) {
  if (!status.ok()) return Failure{status.error()};
  return std::string(what);
}

}  // namespace

Admin::Admin(Core& core, AdminParts parts)
    : core_(core), parts_(std::move(parts)), policies_(core.rules_context(), core.clock()) {}

Bytes Admin::handle(const Frame& frame, const Peer& peer) {
  const std::string_view line = as_text(frame.bytes);
  const std::size_t space = line.find(' ');
  const std::string_view verb = line.substr(0, space);
  const std::string_view argument =
      space == std::string_view::npos ? std::string_view() : line.substr(space + 1);
  const auto answer = perform(verb, argument, frame.descriptor, peer);
  if (frame.descriptor >= 0) ::close(frame.descriptor);
  if (verb != "status" && verb != "waiting") {
    core_.log_action("admin", peer.text(),
                     std::string(line) + ": " + (answer.ok() ? "ok" : answer.error()));
  }
  const std::string text = answer.ok() ? "ok " + *answer : "error " + answer.error();
  return {text.begin(), text.end()};
}

Result<std::string, std::string> Admin::perform(std::string_view verb, std::string_view argument,
                                                int descriptor, const Peer& peer) {
  if (verb == "status") return status_text();
  if (verb == "unlock") return done(parts_.unlock(descriptor), "the device is being unlocked");
  if (verb == "lock") {
    core_.lock();
    parts_.lock();
    return std::string("locked");
  }
  if (verb == "activate" && (argument.empty() || argument == "force")) {
    return done(core_.activate(argument == "force"), "active");
  }
  if (verb == "drain") return done(core_.drain(), "drained");
  if (verb == "reset") return done(core_.reset(), "the halt has ended");
  if (verb == "reload") {
    ASSIGN_OR_RETURN(const std::string text, read_text_file(parts_.policy_file));
    return policies_.propose(text, peer.uid);
  }
  if (verb == "waiting") return core_.approvals().text();
  if (verb == "approve" && policies_.waits(argument)) return policies_.approve(argument, peer.uid);
  if (verb == "approve") return core_.approvals().approve(argument, peer.uid);
  if (verb == "deny") return core_.approvals().deny(argument);
  if (verb == "ceremony") return perform_ceremony(argument, peer);
  if (verb == "export") return core_.export_state();
  return Failure{std::string("unknown verb")};
}

Result<std::string, std::string> Admin::perform_ceremony(std::string_view words, const Peer& peer) {
  constexpr std::array kPurposes = {wire::Purpose::kProofOfPossession};
  const std::string_view verb = take_word(words);
  if (verb == "begin") {
    ceremony_id_ = words;
    return done(core_.begin_ceremony(words), "the ceremony has begun");
  }
  if (verb == "end") return done(core_.end_ceremony(), "the ceremony has ended");
  const std::string chain(take_word(words));
  const auto nonce = fixed_from_hex<Hash256::kSize>(words);
  if (verb != "prove" || !nonce) {
    return Failure{std::string("ceremony begin ID, prove CHAIN NONCE (64 hex digits), or end")};
  }
  const wire::ProveOfPossession request{chain, ceremony_id_, *nonce};
  const auto answer = core_.answer({0, kProofPatienceMs, request}, peer, kPurposes).body;
  if (const auto* given = std::get_if<wire::Signed>(&answer)) {
    return "0x" + to_hex(given->signatures.front().signature);
  }
  if (const auto* refusal = std::get_if<wire::Refusal>(&answer)) {
    return Failure{wire::describe(*refusal)};
  }
  return Failure{std::get<wire::Unavailable>(answer).reason};
}

std::string Admin::status_text() const {
  const StateView view = core_.view();
  const wire::StatusAnswer status = core_.status();
  const AuditHead audit = core_.audit_head();
  std::string text = "state " + std::string(name_of(view.state));
  if (!view.halt_reason.empty()) text += "\nreason " + view.halt_reason;
  text += "\nepoch " + std::to_string(view.epoch);
  text += "\naddress 0x" + to_hex(core_.rules_context().key().address);
  text += "\npolicy " + to_hex(status.policy_hash);
  text += "\nheight " + std::to_string(status.last_height) + " round " +
          std::to_string(status.last_round) + " step " + std::to_string(status.last_step);
  text += "\nbor_number " + std::to_string(status.last_bor_number);
  text += "\nwaiting " + std::to_string(core_.approvals().size());
  text += "\naudit " + std::to_string(audit.sequence) + " " + to_hex(audit.hash);
  return text + "\n" + parts_.device_status();
}

}  // namespace buri::hsm::signer
