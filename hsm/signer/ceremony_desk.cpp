#include "hsm/signer/ceremony_desk.hpp"

#include <algorithm>

namespace buri::hsm::signer {
namespace {

constexpr std::size_t kMostIdCharacters = 64;

bool is_id(std::string_view id) {
  return !id.empty() && id.size() <= kMostIdCharacters &&
         std::all_of(id.begin(), id.end(), [](char c) { return c > 0x20 && c < 0x7f; });
}

}  // namespace

Status<std::string> CeremonyDesk::begin(std::string_view id) {
  if (!is_id(id)) {
    return Failure{std::string("a ceremony is named by 1 to 64 printable characters")};
  }
  const std::lock_guard lock(mutex_);
  if (!parts_.board->apply(SignerEvent::kBeginCeremony, "ceremony " + std::string(id)).ok()) {
    return Failure{"the signer is " + std::string(name_of(parts_.board->view().state)) +
                   ", not STANDBY"};
  }
  id_ = id;
  began_ = parts_.clock->monotonic();
  return Unit{};
}

Status<std::string> CeremonyDesk::end(std::string_view why) {
  if (parts_.board->apply(SignerEvent::kEndCeremony, why).ok()) return Unit{};
  return Failure{std::string("there is no ceremony")};
}

void CeremonyDesk::end_if_old() {
  const std::lock_guard lock(mutex_);
  if (parts_.clock->monotonic() - began_ >= kCeremonyLife) (void)end("its time is over");
}

bool CeremonyDesk::is_held(std::string_view id) const {
  const std::lock_guard lock(mutex_);
  return parts_.board->view().state == SignerState::kCeremony && id == id_;
}

wire::ResponseBody CeremonyDesk::prove(const wire::ProveOfPossession& request, const Peer& peer,
                                       MonotonicTime deadline) {
  const auto policy = parts_.rules->policy();
  const SigningKey& key = parts_.rules->key();
  const rules::Context context{
      *policy, key.address, key.public_key, parts_.clock->wall(), 0, is_held(request.ceremony_id)};
  const auto decision = rules::decide(context, {}, request);
  if (!decision.ok()) {
    (void)parts_.audit->append(
        {"refused", "", peer.text(), {}, {}, wire::describe(decision.error())});
    return decision.error();
  }
  const rules::SignatureSlot& slot = decision->slots.front();
  const pkcs11::SigningRequest wanted{pkcs11::SigningPurpose::kProofOfPossession, slot.digest};
  const auto made = parts_.device->sign_all({&wanted, 1}, deadline);
  if (!made.ok()) return wire::Unavailable{made.error().reason};
  const ByteView digest = slot.digest;
  const ByteView signature = made->front();
  const auto written = parts_.audit->append({"signed",
                                             std::string(wire::purpose_name(slot.purpose)),
                                             peer.text(),
                                             {digest.begin(), digest.end()},
                                             {signature.begin(), signature.end()},
                                             "ceremony " + request.ceremony_id});
  if (!written.ok()) return wire::Unavailable{"the audit log takes no line"};
  return wire::Signed{{{slot.purpose, made->front()}}, std::nullopt};
}

}  // namespace buri::hsm::signer
