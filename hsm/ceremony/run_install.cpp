#include "hsm/ceremony/run_context.hpp"

/// The step after which the key is on the token for good.

namespace buri::hsm::ceremony {

using namespace pkcs11;

namespace {

/// A key that is on the token.
struct Installed {
  PublicPoint point;
  Bytes id;
};

/// The key of this ceremony, which an interrupted attempt has left on the token.
Result<Installed, Reason> adopt(Run& run, Session& session, CK_OBJECT_HANDLE key,
                                const std::optional<PublicPoint>& wanted) {
  RETURN_IF_ERROR(
      run.say(Step::kInstall, "the key of an interrupted attempt is on the token; it is checked"));
  auto point = read_public_point(session, key, run.device->profile().point_source);
  if (!point && wanted) {
    // The power went between the two halves: the public one is made again.
    AttributeList half = public_key_template(run.key_plan(), KeyKind::kFinal, &*wanted);
    if (const auto made = session.create(half); !made.ok()) {
      return Failure{text_of("The public half cannot be stored.", made.error())};
    }
    point = wanted;
  }
  if (!point) return run.give_up("The token does not tell the public key of that key.");
  if (wanted && *point != *wanted) {
    return run.give_up("The key with this ceremony's id is not the one that was wrapped.");
  }
  const auto proved = prove_key(session, key, *point);
  if (!proved.ok()) return Failure{text_of(proved.error())};
  return Installed{*point, run.plan.key_id()};
}

Result<Installed, Reason> install_from_backup(Run& run, Session& session, ByteView blob,
                                              const BackupRecord& backup) {
  const auto wanted = point_of(backup.public_key);
  if (!wanted) return Failure{std::string(kBackupFile) + " holds no uncompressed public key."};
  ASSIGN_OR_RETURN(const auto existing, find_key_by_id(session, run.plan.key_id()));
  if (existing) return adopt(run, session, *existing, wanted);
  RETURN_IF_ERROR(destroy_public_halves(session, run.plan.key_id()));
  const auto kek = find_kek(session, run.plan.kek_label());
  if (!kek.ok()) return Failure{text_of(kek.error())};
  const auto restored = unwrap_signing_key(session, *kek, blob, run.key_plan(), *wanted);
  if (!restored.ok()) return Failure{text_of(restored.error())};
  return Installed{*wanted, run.plan.key_id()};
}

Result<Installed, Reason> make_in_device(Run& run, Session& session) {
  ASSIGN_OR_RETURN(const auto existing, find_key_by_id(session, run.plan.key_id()));
  if (existing) return adopt(run, session, *existing, std::nullopt);
  RETURN_IF_ERROR(destroy_public_halves(session, run.plan.key_id()));
  const auto made = generate_signing_key(session, run.key_plan(), KeyKind::kFinal);
  if (!made.ok()) return Failure{text_of(made.error())};
  return Installed{made->point, run.plan.key_id()};
}

Result<Installed, Reason> look_at_existing(Run& run, Session& session) {
  const auto key = find_private_key(session, run.device->key_uri(run.plan.draft.key_label, {}));
  if (!key.ok()) return Failure{text_of(key.error())};
  const auto id = session.attribute(*key, CKA_ID);
  const auto point = read_public_point(session, *key, run.device->profile().point_source);
  if (!id.ok() || !point) return Failure{Reason("The token does not tell the key's id and point.")};
  const auto proved = prove_key(session, *key, *point);
  if (!proved.ok()) return Failure{text_of(proved.error())};
  return Installed{*point, *id};
}

Result<Installed, Reason> install(Run& run, Session& session) {
  switch (run.plan.draft.key_source) {
    case KeySource::kBackedUp: {
      ASSIGN_OR_RETURN(const BackupRecord backup, run.read_record<BackupRecord>(kBackupFile));
      ASSIGN_OR_RETURN(const Bytes blob, run.store.read(kBlobFile));
      return install_from_backup(run, session, blob, backup);
    }
    case KeySource::kDeviceOnly:
      return make_in_device(run, session);
    case KeySource::kExisting:
      break;
  }
  return look_at_existing(run, session);
}

/// Attributes of the key as a new login sees them; refused ones are an error.
Result<std::vector<AttributeReading>, Reason> re_read(Run& run, Session& session,
                                                      const Installed& installed) {
  const auto key =
      find_private_key(session, run.device->key_uri(run.plan.draft.key_label, installed.id));
  if (!key.ok()) return Failure{text_of(key.error())};
  const auto point = read_public_point(session, *key, run.device->profile().point_source);
  if (point != installed.point) {
    return Failure{Reason("The token shows another public key after a new login.")};
  }
  auto readings = read_attributes(session, *key, run.requires_hsm_born());
  const auto good = check_attributes(readings);
  if (!good.ok()) return Failure{text_of(good.error())};
  return readings;
}

}  // namespace

Status<Reason> run_install(Run& run) {
  ASSIGN_OR_RETURN(CeremonyDevice* const device, run.open_device());
  RETURN_IF_ERROR(run.ask(Step::kInstall, "install.begin"));
  ASSIGN_OR_RETURN(const Installed installed,
                   device->as_user([&](Session& session) { return install(run, session); }));
  run.tools.settle();
  ASSIGN_OR_RETURN(const auto readings, device->as_user([&](Session& session) {
    return re_read(run, session, installed);
  }));
  const std::string uri = format_key_uri(device->key_uri(run.plan.draft.key_label, installed.id));
  const KeyRecord key = make_key_record(run.plan, installed.id, uri, installed.point);
  ASSIGN_OR_RETURN(const RecoverableSignature probe,
                   run.sign_afresh(key, SigningPurpose::kProbe,
                                   keccak256(as_bytes("BURI-CEREMONY-READ-BACK" + key.uri))));
  (void)probe;
  RETURN_IF_ERROR(run.say(Step::kInstall, "a fresh process found the key and signed with it"));
  RETURN_IF_ERROR(run.say(Step::kInstall, "address " + key.address +
                                              ", check value of the public "
                                              "key " +
                                              key.check_value));
  RETURN_IF_ERROR(
      run.keep_record(Step::kInstall, kAttributesFile,
                      make_attribute_record(readings, installed.point, run.requires_hsm_born())));
  return run.keep_record(Step::kInstall, kKeyFile, key);
}

}  // namespace buri::hsm::ceremony
