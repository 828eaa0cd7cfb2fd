#pragma once

#include "node/execution/evm/precompiles.hpp"

/// Every precompiled contract, each in the file named beside it.

namespace buri::execution::evm::precompiles {

extern const Precompile kRecover;     ///< ecrecover.cpp
extern const Precompile kSha256;      ///< hashes.cpp
extern const Precompile kRipemd160;   ///< hashes.cpp
extern const Precompile kIdentity;    ///< hashes.cpp
extern const Precompile kModexp;      ///< modexp.cpp
extern const Precompile kBlake2f;     ///< blake2f.cpp
extern const Precompile kP256Verify;  ///< p256_verify.cpp

}  // namespace buri::execution::evm::precompiles
