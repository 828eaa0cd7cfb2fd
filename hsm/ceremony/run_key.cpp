#include "hsm/ceremony/run_context.hpp"
#include "hsm/ceremony/shares.hpp"
#include "hsm/pkcs11/signature_check.hpp"
#include "hsm/wire/sign_bytes.hpp"

/// The steps that touch keys. Each begins by looking at what an interrupted attempt may have left
/// on the token, and ends by syncing and reading the token again.

namespace buri::hsm::ceremony {

using namespace pkcs11;

namespace {

/// Bytes that were drawn, in locked memory.
template <std::size_t N>
Secret drawn(Random& random) {
  std::array<std::uint8_t, N> bytes{};
  random.fill(bytes);
  return Secret::take(bytes);
}

/// Every custodian gets his share, which is then wiped here, and says where he keeps it.
Status<Reason> hand_out(Run& run, std::vector<Secret> shares, CustodyRecord& custody) {
  const auto custodians = run.plan.with_role(Role::kCustodian);
  for (std::size_t i = 0; i < custodians.size(); ++i) {
    const std::string number = std::to_string(i + 1);
    const std::string value = share_check_value(shares.front());
    RETURN_IF_ERROR(run.ask(Step::kWrappingKey, "share." + number + ".ready"));
    RETURN_IF_ERROR(run.tools.shares->deliver(static_cast<unsigned>(i + 1), custodians[i].name,
                                              shares.front()));
    shares.erase(shares.begin());
    RETURN_IF_ERROR(run.say(Step::kWrappingKey, "share " + number + ": " + custodians[i].name +
                                                    ", check value " + value));
    ASSIGN_OR_RETURN(const std::string place,
                     run.ask(Step::kWrappingKey, "share." + number + ".place"));
    custody.shares.push_back({i + 1, custodians[i].name, value, place});
  }
  return Unit{};
}

/// The first and the last shares that suffice give the key back.
Status<Reason> check_shares(const std::vector<Secret>& shares, std::size_t threshold,
                            const Secret& key) {
  const std::span<const Secret> all(shares);
  for (const auto some : {all.first(threshold), all.last(threshold)}) {
    const auto joined = join_shares(some);
    if (!joined.ok() || !equal(joined->bytes(), key.bytes())) {
      return Failure{Reason("The shares do not give the key-encryption key back.")};
    }
  }
  return Unit{};
}

Status<Reason> store_wrapping_key(Run& run, CeremonyDevice& device, const Secret& key) {
  return device.as_officer([&](Session& session) -> Status<Reason> {
    ASSIGN_OR_RETURN(const std::size_t left, destroy_wrapping_keys(session, run.plan.kek_label()));
    if (left > 0) {
      RETURN_IF_ERROR(run.say(Step::kWrappingKey,
                              "a key-encryption key of an interrupted attempt was destroyed; every "
                              "share handed out before is void"));
    }
    const auto made = create_trusted_kek(session, run.plan.kek_label(), key.bytes());
    if (!made.ok()) return Failure{text_of(made.error())};
    return Unit{};
  });
}

/// Draws the key-encryption key, stores it in the device and splits it; it is wiped here then.
Result<std::vector<Secret>, Reason> make_shares(Run& run, CeremonyDevice& device,
                                                CustodyRecord& custody) {
  const Secret key = drawn<kKekBytes>(*run.tools.random);
  RETURN_IF_ERROR(store_wrapping_key(run, device, key));
  custody.kek_check_value = key_check_value(key);
  run.tools.random->fill({custody.split_identifier.data(), custody.split_identifier.size()});
  auto shares = split_secret(key, static_cast<unsigned>(custody.threshold),
                             static_cast<unsigned>(run.plan.with_role(Role::kCustodian).size()),
                             custody.split_identifier.bytes, *run.tools.random);
  RETURN_IF_ERROR(check_shares(shares, custody.threshold, key));
  return shares;
}

/// A new login sees the wrapping key with the right attributes.
Status<Reason> re_read_wrapping_key(Run& run, CeremonyDevice& device) {
  run.tools.settle();
  return device.as_officer([&](Session& session) -> Status<Reason> {
    const auto found = find_kek(session, run.plan.kek_label());
    if (!found.ok()) return Failure{text_of(found.error())};
    const auto good = check_kek(session, *found);
    if (!good.ok()) return Failure{text_of(good.error())};
    return Unit{};
  });
}

struct WrappedKey {
  PublicPoint point;
  Bytes blob;
};

/// Makes a session key, wraps it, destroys it.
Result<WrappedKey, Reason> make_and_wrap(Run& run, Session& session) {
  ASSIGN_OR_RETURN(const auto existing, find_key_by_id(session, run.plan.key_id()));
  if (existing) {
    return run.give_up(
        "A private key with this ceremony's id is on the token, although none was installed: "
        "somebody else made it.");
  }
  RETURN_IF_ERROR(destroy_public_halves(session, run.plan.key_id()));
  const auto key = generate_signing_key(session, run.key_plan(), KeyKind::kSessionForWrap);
  if (!key.ok()) return Failure{text_of(key.error())};
  const auto kek = find_kek(session, run.plan.kek_label());
  if (!kek.ok()) return Failure{text_of(kek.error())};
  auto blob = wrap_signing_key(session, *kek, key->handles.private_key);
  if (!blob.ok()) return Failure{text_of(blob.error())};
  for (const CK_OBJECT_HANDLE object : {key->handles.private_key, key->handles.public_key}) {
    if (const auto gone = session.destroy(object); !gone.ok()) {
      return Failure{text_of("The session key cannot be destroyed.", gone.error())};
    }
  }
  return WrappedKey{key->point, *std::move(blob)};
}

}  // namespace

Status<Reason> run_wrapping_key(Run& run) {
  ASSIGN_OR_RETURN(CeremonyDevice* const device, run.open_device());
  RETURN_IF_ERROR(run.ask(Step::kWrappingKey, "wrapping-key.begin"));
  CustodyRecord custody{
      run.plan.ceremony_id, run.plan.kek_label(), {}, run.plan.draft.threshold, {}, {}};
  ASSIGN_OR_RETURN(auto shares, make_shares(run, *device, custody));
  RETURN_IF_ERROR(run.say(Step::kWrappingKey, "key-encryption key " + run.plan.kek_label() +
                                                  ", check value " + custody.kek_check_value));
  RETURN_IF_ERROR(hand_out(run, std::move(shares), custody));
  RETURN_IF_ERROR(re_read_wrapping_key(run, *device));
  for (std::size_t i = 0; i < custody.shares.size(); ++i) {
    RETURN_IF_ERROR(run.keep_paper(Step::kWrappingKey, share_paper(i + 1),
                                   make_share_sheet(run.plan, custody, i)));
  }
  return run.keep_record(Step::kWrappingKey, kCustodyFile, custody);
}

Status<Reason> run_key(Run& run) {
  ASSIGN_OR_RETURN(CeremonyDevice* const device, run.open_device());
  ASSIGN_OR_RETURN(const CustodyRecord custody, run.read_record<CustodyRecord>(kCustodyFile));
  RETURN_IF_ERROR(run.ask(Step::kKey, "key.begin"));
  ASSIGN_OR_RETURN(const WrappedKey wrapped,
                   device->as_user([&](Session& session) { return make_and_wrap(run, session); }));
  RETURN_IF_ERROR(run.journal.keep(Step::kKey, kBlobFile, wrapped.blob));
  ASSIGN_OR_RETURN(const Bytes back, run.store.read(kBlobFile));
  if (back != wrapped.blob)
    return Failure{Reason("The backup file does not hold what was written.")};
  const BackupRecord backup{run.plan.ceremony_id,    kBackupFormat,
                            sha256(wrapped.blob),    wrapped.blob.size(),
                            custody.kek_check_value, uncompressed(wrapped.point)};
  RETURN_IF_ERROR(run.say(Step::kKey, "address " + address_text(wrapped.point)));
  RETURN_IF_ERROR(run.say(Step::kKey, "SHA-256 of the backup " + to_hex(backup.blob_sha256)));
  return run.keep_record(Step::kKey, kBackupFile, backup);
}

Status<Reason> run_proof(Run& run) {
  ASSIGN_OR_RETURN(const KeyRecord key, run.read_record<KeyRecord>(kKeyFile));
  ASSIGN_OR_RETURN(const std::string answer, run.ask(Step::kProof, "proof.nonce"));
  wire::ProveOfPossession request{run.plan.draft.chain, run.plan.ceremony_id, {}};
  if (answer == "draw") {
    run.tools.random->fill({request.nonce.data(), request.nonce.size()});
    RETURN_IF_ERROR(run.say(Step::kProof, "number drawn: " + to_hex(request.nonce)));
  } else {
    request.nonce = *fixed_from_hex<Hash256::kSize>(answer);
  }
  const auto point = point_of(key.public_key);
  if (!point) return Failure{std::string(kKeyFile) + " holds no uncompressed public key."};
  const Bytes sign_bytes = wire::possession_sign_bytes(request, address_of(*point));
  ASSIGN_OR_RETURN(const RecoverableSignature signature,
                   run.sign_afresh(key, SigningPurpose::kProofOfPossession, keccak256(sign_bytes)));
  RETURN_IF_ERROR(run.say(Step::kProof, "the proof is recovered to " + key.address));
  const ProofRecord proof{run.plan.draft.chain,
                          run.plan.ceremony_id,
                          key.address,
                          run.plan.with_role(Role::kWitness).front().name,
                          request.nonce,
                          sign_bytes,
                          signature};
  return run.keep_record(Step::kProof, kProofFile, proof);
}

Status<Reason> run_retirement(Run& run) {
  ASSIGN_OR_RETURN(CeremonyDevice* const device, run.open_device());
  RETURN_IF_ERROR(run.ask(Step::kRetirement, "retirement.begin"));
  const std::string label = run.plan.kek_label();
  ASSIGN_OR_RETURN(const std::size_t destroyed, device->as_officer([&](Session& session) {
    return destroy_wrapping_keys(session, label);
  }));
  run.tools.settle();
  ASSIGN_OR_RETURN(const auto left, device->as_officer([&](Session& session) {
    return find_wrapping_keys(session, label);
  }));
  if (!left.empty()) return Failure{Reason("The key-encryption key is still on the token.")};
  const RetirementRecord record{device->token().serial, label, destroyed, true,
                                utc_text(run.tools.clock->wall())};
  RETURN_IF_ERROR(run.say(Step::kRetirement,
                          "the key-encryption key is gone from token " + record.token_serial));
  return run.keep_record(Step::kRetirement, kRetirementFile, record);
}

}  // namespace buri::hsm::ceremony
