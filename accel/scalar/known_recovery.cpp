#include "accel/scalar/known_recovery.hpp"

#include "accel/cpu.hpp"
#include "accel/scalar/batch.hpp"
#include "accel/scalar/single.hpp"

namespace buri::accel::scalar {
namespace {

/// The same answer from libsecp256k1, for what the sum of rows cannot decide.
std::optional<std::uint8_t> recover_both(const KeySet& keys, const KnownKeyRequest& request,
                                         LowS low_s) {
  for (std::uint8_t id = 0; id < 2; ++id) {
    const RecoverResult result = recover_single({request.signature, id}, low_s);
    if (result.status != SignatureStatus::kOk) continue;
    // Row 0 of a comb is the key itself.
    const AffineRow& key = keys.rows(request.key_index)[0];
    const auto word = [&](std::size_t at) {
      std::uint64_t value = 0;
      for (std::size_t i = 0; i < 8; ++i) value = value << 8 | result.public_key.bytes[at + i];
      return value;
    };
    bool same = true;
    for (std::size_t limb = 0; limb < 4; ++limb) {
      same = same && key.x[limb] == word(24 - 8 * limb) && key.y[limb] == word(56 - 8 * limb);
    }
    if (same) return id;
  }
  return std::nullopt;
}

}  // namespace

std::optional<std::uint8_t> known_recovery_id(const KeySet& keys, const KnownKeyRequest& request,
                                              LowS low_s) {
  static const BatchFunctions& functions = cpu_features().bmi2_adx ? adx_batch() : portable_batch();
  KnownRecovery answer{};
  functions.known_recovery(keys, {&request, 1}, low_s, {&answer, 1});
  switch (answer) {
    case KnownRecovery::kZero:
      return 0;
    case KnownRecovery::kOne:
      return 1;
    case KnownRecovery::kNone:
      return std::nullopt;
    case KnownRecovery::kUndecided:
      break;
  }
  return recover_both(keys, request, low_s);
}

}  // namespace buri::accel::scalar
