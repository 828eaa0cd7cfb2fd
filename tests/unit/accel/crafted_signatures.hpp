#pragma once

#include <vector>

#include "tests/unit/accel/slow_curve.hpp"

/// Signatures whose intermediate points collide, built from chosen secrets: what an attacker who
/// knows our algorithms would send.

namespace buri::accel {

/// A recover request, the matching verify request where the key exists, and the right answers.
struct Crafted {
  RecoverRequest recover;
  SignatureStatus recovered = SignatureStatus::kOk;
  VerifyRequest verify;
  SignatureStatus verified = SignatureStatus::kOk;
};

/// Keys +-1, +-lambda, +-lambda^2, 2 and 1/2 times G; nonces of the same kind; digests that make
/// the two summands equal, opposite, conjugate or zero; keys at infinity; x-coordinates above n.
/// Made once, since the slow curve answers for them. Thread-safe.
const std::vector<Crafted>& crafted_signatures();

}  // namespace buri::accel
