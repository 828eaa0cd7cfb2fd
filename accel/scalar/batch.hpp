#pragma once

#include <span>

#include "accel/key_set.hpp"
#include "accel/signature.hpp"

namespace buri::accel::scalar {

/// The recovery id with which a signature leads to the known key of its request.
enum class KnownRecovery : std::uint8_t {
  kZero,
  kOne,
  kNone,       ///< the signature is not one of that key, or breaks a rule, or its id is 2 or 3
  kUndecided,  ///< an exceptional pair of points was met: ask recover_single
};

/// The batch operations over one field implementation. Thread-safe; result spans have the length of
/// the request spans. Results are exactly those of accel/scalar/single.hpp.
struct BatchFunctions {
  void (*recover)(std::span<const RecoverRequest>, LowS, std::span<RecoverResult>);
  void (*verify)(std::span<const VerifyRequest>, LowS, std::span<SignatureStatus>);
  void (*verify_known)(const KeySet&, std::span<const KnownKeyRequest>, LowS,
                       std::span<SignatureStatus>);
  void (*known_recovery)(const KeySet&, std::span<const KnownKeyRequest>, LowS,
                         std::span<KnownRecovery>);
};

/// Over PortableField: any x86-64.
const BatchFunctions& portable_batch();
/// Over AdxField. REQUIRES: cpu_features().bmi2_adx before any of its functions is called.
const BatchFunctions& adx_batch();

}  // namespace buri::accel::scalar
