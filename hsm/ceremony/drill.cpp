#include "hsm/ceremony/drill.hpp"

#include <algorithm>
#include <ostream>

#include "hsm/ceremony/manifest.hpp"
#include "hsm/ceremony/records.hpp"
#include "hsm/ceremony/verify.hpp"
#include "hsm/pkcs11/signature_check.hpp"
#include "hsm/wire/sign_bytes.hpp"

namespace buri::hsm::ceremony {

using namespace pkcs11;

namespace {

/// One drill under way.
struct Drill {
  const DrillTools& tools;
  const DrillPlan& wanted;
  Plan plan;
  CustodyRecord custody;
  BackupRecord backup;
  Bytes blob;
  PublicPoint point;
  std::size_t number;
  Store& folder;
  Journal journal;

  [[nodiscard]] std::string kek_label() const { return plan.kek_label() + "-drill"; }
  Status<Reason> say(const std::string& text) {
    *tools.console << "  " << text << std::endl;
    return journal.note(Step::kDrill, text);
  }
  Result<std::string, Reason> ask(std::size_t index) {
    return journal.ask(*tools.answerer, prompts_of(Step::kDrill, plan)[index]);
  }
};

template <class Record>
Result<Record, Reason> read_record(Store& store, const std::string& name) {
  ASSIGN_OR_RETURN(const std::string text, store.read_text(name));
  auto record = decode_record<Record>(text);
  if (!record.ok()) return Failure{name + ": " + describe(record.error())};
  return std::move(record).value();
}

/// Each share is one of those handed out, unchanged; together they are the key-encryption key.
Result<Secret, Reason> join(Drill& drill, const std::vector<Secret>& shares) {
  for (const Secret& share : shares) {
    const unsigned number = share_number(share);
    if (number > drill.custody.shares.size()) {
      return Failure{"There is no share " + std::to_string(number) + " in this ceremony."};
    }
    const ShareEntry& entry = drill.custody.shares[number - 1];
    const std::string found = share_check_value(share);
    if (found != entry.check_value) {
      return Failure{"Share " + std::to_string(number) + " (" + entry.custodian +
                     ") is not the one that was handed out: expected check value " +
                     entry.check_value + ", found " + found + "."};
    }
    RETURN_IF_ERROR(drill.say("share " + std::to_string(number) + " of " + entry.custodian +
                              ", check value " + found));
  }
  auto key = join_shares(shares);
  if (!key.ok()) return Failure{Reason(describe(key.error()))};
  const std::string found = key_check_value(*key);
  if (found != drill.backup.kek_check_value) {
    return Failure{"The shares give another key-encryption key: expected check value " +
                   drill.backup.kek_check_value + ", found " + found + "."};
  }
  return *std::move(key);
}

/// The restored key as a session object, or for good.
Result<CK_OBJECT_HANDLE, Reason> restore(Drill& drill, CeremonyDevice& device, Session& session) {
  const KeyPlan plan{drill.plan.draft.key_label, drill.plan.key_id(), &device.profile()};
  const auto kek = find_kek(session, drill.kek_label());
  if (!kek.ok()) return Failure{text_of(kek.error())};
  if (drill.wanted.keep_key) {
    ASSIGN_OR_RETURN(const auto existing, find_key_by_id(session, plan.id));
    if (existing) return Failure{Reason("The key is on this device already.")};
    const auto restored = unwrap_signing_key(session, *kek, drill.blob, plan, drill.point);
    if (!restored.ok()) return Failure{text_of(restored.error())};
    return restored->handles.private_key;
  }
  if (const auto good = check_kek(session, *kek); !good.ok()) {
    return Failure{text_of(good.error())};
  }
  AttributeList values = private_key_template(plan, KeyKind::kSessionForWrap);
  const auto key = session.unwrap(CKM_AES_KEY_WRAP_PAD, *kek, drill.blob, values);
  if (!key.ok()) return Failure{text_of("The device does not unwrap the backup.", key.error())};
  return *key;
}

/// Restores the key and has it sign the drill's proof of possession.
Result<RecoverableSignature, Reason> restore_and_sign(Drill& drill, CeremonyDevice& device,
                                                      const Hash256& digest) {
  return device.as_user([&](Session& session) -> Result<RecoverableSignature, Reason> {
    ASSIGN_OR_RETURN(const CK_OBJECT_HANDLE key, restore(drill, device, session));
    const auto raw = session.sign_ecdsa(key, digest);
    if (!raw.ok()) return Failure{text_of("The restored key does not sign.", raw.error())};
    const auto signature = PinnedKey(drill.point).complete(*raw, digest);
    if (!signature.ok()) return Failure{Reason(describe(signature.error()))};
    if (!drill.wanted.keep_key) {
      const auto gone = session.destroy(key);
      if (!gone.ok())
        return Failure{text_of("The restored key stays in its session.", gone.error())};
    }
    return *signature;
  });
}

Status<Reason> store_kek(Drill& drill, CeremonyDevice& device, const Secret& key) {
  return device.as_officer([&](Session& session) -> Status<Reason> {
    RETURN_IF_ERROR(destroy_wrapping_keys(session, drill.kek_label()));
    const auto made = create_trusted_kek(session, drill.kek_label(), key.bytes());
    if (!made.ok()) return Failure{text_of(made.error())};
    return Unit{};
  });
}

Status<Reason> remove_kek(Drill& drill, CeremonyDevice& device) {
  RETURN_IF_ERROR(device.as_officer(
      [&](Session& session) { return destroy_wrapping_keys(session, drill.kek_label()); }));
  drill.tools.settle();
  return drill.say("the key-encryption key is gone from token " + device.token().serial);
}

Result<CeremonyDevice, Reason> open_second_device(Drill& drill, const DeviceRecord& first) {
  ASSIGN_OR_RETURN(CeremonyDevice device,
                   CeremonyDevice::open(drill.wanted.device, drill.tools.pins));
  const Token& token = device.token();
  if (token.serial == first.serial) {
    return Failure{"A drill needs a second device; serial number " + token.serial +
                   " is the ceremony's own."};
  }
  RETURN_IF_ERROR(drill.say("token " + token.label + ", serial " + token.serial + ", " +
                            token.manufacturer + " " + token.model));
  return device;
}

Result<Hash256, Reason> draw_nonce(Drill& drill) {
  ASSIGN_OR_RETURN(const std::string answer, drill.ask(1));
  if (answer != "draw") return *fixed_from_hex<Hash256::kSize>(answer);
  Hash256 nonce;
  drill.tools.random->fill({nonce.data(), nonce.size()});
  RETURN_IF_ERROR(drill.say("number drawn: " + to_hex(nonce)));
  return nonce;
}

Status<Reason> exercise(Drill& drill, const DeviceRecord& first) {
  RETURN_IF_ERROR(drill.ask(0));
  ASSIGN_OR_RETURN(CeremonyDevice device, open_second_device(drill, first));
  ASSIGN_OR_RETURN(const Hash256 nonce, draw_nonce(drill));
  const wire::ProveOfPossession request{drill.plan.draft.chain,
                                        drill_id(drill.plan.ceremony_id, drill.number), nonce};
  const Hash256 digest = keccak256(wire::possession_sign_bytes(request, address_of(drill.point)));
  DrillRecord record{drill.plan.ceremony_id,
                     utc_text(drill.tools.clock->wall()),
                     transcript_text(device.token().label),
                     transcript_text(device.token().serial),
                     transcript_text(device.token().manufacturer),
                     transcript_text(device.token().model),
                     {},
                     drill.backup.kek_check_value,
                     address_text(drill.point),
                     nonce,
                     {},
                     drill.wanted.keep_key};
  {
    ASSIGN_OR_RETURN(const auto shares,
                     drill.tools.collect_shares(static_cast<unsigned>(drill.custody.threshold)));
    ASSIGN_OR_RETURN(const Secret key, join(drill, shares));
    for (const Secret& share : shares) record.shares.push_back(share_number(share));
    RETURN_IF_ERROR(store_kek(drill, device, key));
  }
  const auto signature = restore_and_sign(drill, device, digest);
  // Whatever happened, the device keeps no key that opens the backup.
  RETURN_IF_ERROR(remove_kek(drill, device));
  if (!signature.ok()) return Failure{signature.error()};
  record.signature = *signature;
  RETURN_IF_ERROR(drill.say("the restored key signs as " + record.address));
  return drill.journal.keep(Step::kDrill, kDrillFile, as_bytes(encode_record(record)));
}

/// The last line and the manifest of a drill's folder.
Status<Reason> close(Store& folder, Journal& journal, const std::string& ceremony_id,
                     Outcome outcome) {
  RETURN_IF_ERROR(journal.append(LineKind::kClosed, Step::kDrill, ceremony_id,
                                 kOutcomeNames[static_cast<std::size_t>(outcome)]));
  ASSIGN_OR_RETURN(const Manifest manifest, make_manifest(folder, journal, ceremony_id, outcome));
  return folder.write_text(kManifestFile, encode_record(manifest));
}

/// The number of the next drill; one that has no manifest was interrupted and is closed as such.
Result<std::size_t, Reason> next_number(Store& store, const Clock& clock, const Hash256& anchor,
                                        const std::string& ceremony_id) {
  for (std::size_t number = 1;; ++number) {
    const auto folder = substore(store, drill_folder(number));
    if (folder->exists(kManifestFile)) continue;
    if (!folder->exists(kTranscriptFile)) return number;
    ASSIGN_OR_RETURN(Journal journal, Journal::open(*folder, clock, anchor));
    if (journal.is_closed()) {
      // Cut off between last line and manifest: what the line says, holds.
      const auto outcome = std::ranges::find(kOutcomeNames, journal.lines().back().text);
      if (outcome == kOutcomeNames.end()) return Failure{Reason("A drill ends in an unknown way.")};
      ASSIGN_OR_RETURN(const Manifest manifest,
                       make_manifest(*folder, journal, ceremony_id,
                                     static_cast<Outcome>(outcome - kOutcomeNames.begin())));
      RETURN_IF_ERROR(folder->write_text(kManifestFile, encode_record(manifest)));
      continue;
    }
    RETURN_IF_ERROR(close(*folder, journal, ceremony_id, Outcome::kInterrupted));
  }
}

}  // namespace

Result<DrillSummary, Reason> hold_drill(Store& store, const DrillTools& tools,
                                        const DrillPlan& wanted) {
  RETURN_IF_ERROR(store.lock());
  RETURN_IF_ERROR(store.sweep());
  ASSIGN_OR_RETURN(const std::string manifest, store.read_text(kManifestFile));
  const Hash256 anchor = sha256(as_bytes(manifest));
  ASSIGN_OR_RETURN(Plan plan, read_record<Plan>(store, kPlanFile));
  if (!plan.backs_up()) return Failure{Reason("This ceremony made no backup.")};
  ASSIGN_OR_RETURN(const std::size_t number,
                   next_number(store, *tools.clock, anchor, plan.ceremony_id));
  const auto verified = verify_ceremony(store, {.signatures = false});
  if (!verified.ok()) return Failure{describe(verified.error())};
  ASSIGN_OR_RETURN(CustodyRecord custody, read_record<CustodyRecord>(store, kCustodyFile));
  ASSIGN_OR_RETURN(BackupRecord backup, read_record<BackupRecord>(store, kBackupFile));
  ASSIGN_OR_RETURN(const DeviceRecord first, read_record<DeviceRecord>(store, kDeviceFile));
  ASSIGN_OR_RETURN(Bytes blob, store.read(kBlobFile));
  const auto folder = substore(store, drill_folder(number));
  ASSIGN_OR_RETURN(Journal journal, Journal::open(*folder, *tools.clock, anchor));
  const PublicPoint point = *point_of(backup.public_key);  // verified above
  Drill drill{
      tools, wanted, std::move(plan), std::move(custody), std::move(backup), std::move(blob),
      point, number, *folder,         std::move(journal)};
  RETURN_IF_ERROR(drill.journal.append(LineKind::kOpened, Step::kDrill, drill.plan.ceremony_id,
                                       "restore drill"));
  const auto done = exercise(drill, first);
  if (!done.ok()) {
    RETURN_IF_ERROR(drill.journal.append(LineKind::kStopped, Step::kDrill, "-", done.error()));
  }
  RETURN_IF_ERROR(close(*folder, drill.journal, drill.plan.ceremony_id,
                        done.ok() ? Outcome::kDone : Outcome::kFailed));
  if (!done.ok()) return Failure{done.error()};
  return DrillSummary{drill_folder(number), address_text(point)};
}

}  // namespace buri::hsm::ceremony
