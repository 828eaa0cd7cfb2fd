#include "hsm/pkcs11/profile.hpp"

#include <p11-kit/pkcs11.h>

#include <algorithm>
#include <array>

namespace buri::hsm::pkcs11 {
namespace {

constexpr std::array<unsigned long, 5> kFatalEverywhere{CKR_CRYPTOKI_NOT_INITIALIZED,
                                                        CKR_DEVICE_REMOVED, CKR_TOKEN_NOT_PRESENT,
                                                        CKR_HOST_MEMORY, CKR_DEVICE_MEMORY};
// Luna wants C_Finalize and C_Initialize after any device error.
constexpr std::array<unsigned long, 7> kFatalOnLuna{CKR_CRYPTOKI_NOT_INITIALIZED,
                                                    CKR_DEVICE_REMOVED,
                                                    CKR_TOKEN_NOT_PRESENT,
                                                    CKR_HOST_MEMORY,
                                                    CKR_DEVICE_MEMORY,
                                                    CKR_DEVICE_ERROR,
                                                    CKR_GENERAL_ERROR};

constexpr auto kProfiles = std::to_array<VendorProfile>({
    {.name = "generic",
     .hardware = "any PKCS#11 2.40 token with secp256k1",
     .manufacturer_hint = "",
     .pin_format = PinFormat::kPlain,
     .point_source = PointSource::kPublicObject,
     .max_sessions = 0,
     .signing_sessions = 1,
     .attempt_ms = 800,
     .accepts_copyable = true,
     .accepts_destroyable = true,
     .accepts_allowed_mechanisms = true,
     .accepts_trusted = true,
     .fatal_codes = kFatalEverywhere,
     .note = "One signature at a time, standard templates."},
    {.name = "softhsm",
     .hardware = "SoftHSM 2 (software: for tests and rehearsals)",
     .manufacturer_hint = "SoftHSM",
     .pin_format = PinFormat::kPlain,
     .point_source = PointSource::kPublicObject,
     .max_sessions = 0,
     .signing_sessions = 2,
     .attempt_ms = 400,
     .accepts_copyable = true,
     .accepts_destroyable = true,
     .accepts_allowed_mechanisms = true,
     .accepts_trusted = true,
     .fatal_codes = kFatalEverywhere,
     .note = "Never locks a PIN, does not recover from a vanished token directory in place."},
    {.name = "yubihsm2",
     .hardware = "YubiHSM 2",
     .manufacturer_hint = "Yubico",
     .pin_format = PinFormat::kPlain,
     .point_source = PointSource::kPublicObject,
     .max_sessions = 16,
     .signing_sessions = 1,
     .attempt_ms = 800,
     .accepts_copyable = false,
     .accepts_destroyable = false,
     .accepts_allowed_mechanisms = false,
     .accepts_trusted = false,
     .fatal_codes = kFatalEverywhere,
     .note = "About 125 ms a signature, one at a time; a full audit log blocks it when forced."},
    {.name = "luna7",
     .hardware = "Thales Luna 7, HA groups as one slot",
     .manufacturer_hint = "SafeNet",
     .pin_format = PinFormat::kPlain,
     .point_source = PointSource::kPublicObject,
     .max_sessions = 0,
     .signing_sessions = 4,
     .attempt_ms = 400,
     .accepts_copyable = false,
     .accepts_destroyable = true,
     .accepts_allowed_mechanisms = true,
     .accepts_trusted = true,
     .fatal_codes = kFatalOnLuna,
     .note = "Ten wrong PINs lock the partition; device errors want a new process."},
    {.name = "nshield",
     .hardware = "Entrust nShield",
     .manufacturer_hint = "nCipher",
     .pin_format = PinFormat::kPlain,
     .point_source = PointSource::kPublicObject,
     .max_sessions = 0,
     .signing_sessions = 4,
     .attempt_ms = 400,
     .accepts_copyable = false,
     .accepts_destroyable = false,
     .accepts_allowed_mechanisms = true,
     .accepts_trusted = true,
     .fatal_codes = kFatalEverywhere,
     .note = "Load sharing through CNFAST_LOADSHARING; removing the last card closes sessions."},
    {.name = "cloudhsm",
     .hardware = "AWS CloudHSM (SDK 5)",
     .manufacturer_hint = "Marvell",
     .pin_format = PinFormat::kUserAndPin,
     .point_source = PointSource::kPrivateObject,
     .max_sessions = 1024,
     .signing_sessions = 4,
     .attempt_ms = 800,
     .accepts_copyable = false,
     .accepts_destroyable = true,
     .accepts_allowed_mechanisms = false,
     .accepts_trusted = true,
     .fatal_codes = kFatalEverywhere,
     .note = "PIN is user:password; throttling may appear as CKR_DEVICE_ERROR."},
    {.name = "azure-cloudhsm",
     .hardware = "Azure Cloud HSM",
     .manufacturer_hint = "",
     .pin_format = PinFormat::kUserAndPin,
     .point_source = PointSource::kPrivateObject,
     .max_sessions = 1024,
     .signing_sessions = 4,
     .attempt_ms = 800,
     .accepts_copyable = false,
     .accepts_destroyable = true,
     .accepts_allowed_mechanisms = false,
     .accepts_trusted = true,
     .fatal_codes = kFatalEverywhere,
     .note = "PIN is cu1:password; one login per slot. Named by hand: tokens look like cloudhsm."},
    {.name = "primus",
     .hardware = "Securosys Primus",
     .manufacturer_hint = "Securosys",
     .pin_format = PinFormat::kPlain,
     .point_source = PointSource::kPublicObject,
     .max_sessions = 0,
     .signing_sessions = 4,
     .attempt_ms = 800,
     .accepts_copyable = true,
     .accepts_destroyable = true,
     .accepts_allowed_mechanisms = true,
     .accepts_trusted = true,
     .fatal_codes = kFatalEverywhere,
     .note = "A cluster hides behind one slot; a key rule may want a quorum per signature."},
    {.name = "gcp-cloudhsm",
     .hardware = "Google Cloud HSM (Cloud KMS module)",
     .manufacturer_hint = "Google",
     .pin_format = PinFormat::kPlain,
     .point_source = PointSource::kPublicObject,
     .max_sessions = 0,
     .signing_sessions = 4,
     .attempt_ms = 1500,
     .accepts_copyable = false,
     .accepts_destroyable = false,
     .accepts_allowed_mechanisms = false,
     .accepts_trusted = false,
     .fatal_codes = kFatalEverywhere,
     .note = "Remote: each signature is a call over the network."},
});

}  // namespace

std::span<const VendorProfile> vendor_profiles() { return kProfiles; }

const VendorProfile* find_profile(std::string_view name) {
  const auto* const found = std::ranges::find(kProfiles, name, &VendorProfile::name);
  return found == kProfiles.end() ? nullptr : found;
}

const VendorProfile& guess_profile(std::string_view manufacturer) {
  const auto* const found = std::ranges::find_if(kProfiles, [&](const VendorProfile& profile) {
    return !profile.manufacturer_hint.empty() &&
           manufacturer.starts_with(profile.manufacturer_hint);
  });
  return found == kProfiles.end() ? kProfiles.front() : *found;
}

}  // namespace buri::hsm::pkcs11
