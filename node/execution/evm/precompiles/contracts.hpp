#pragma once

#include "node/execution/evm/precompiles.hpp"

/// Every precompiled contract, each in the file named beside it.

namespace buri::execution::evm::precompiles {

extern const Precompile kRecover;          ///< ecrecover.cpp
extern const Precompile kSha256;           ///< hashes.cpp
extern const Precompile kRipemd160;        ///< hashes.cpp
extern const Precompile kIdentity;         ///< hashes.cpp
extern const Precompile kModexp;           ///< modexp.cpp
extern const Precompile kBn254Add;         ///< bn254.cpp
extern const Precompile kBn254Multiply;    ///< bn254.cpp
extern const Precompile kBn254Pairing;     ///< bn254.cpp
extern const Precompile kBlake2f;          ///< blake2f.cpp
extern const Precompile kPointEvaluation;  ///< point_evaluation.cpp
extern const Precompile kBlsG1Add;         ///< bls12_381.cpp
extern const Precompile kBlsG1Sum;         ///< bls12_381.cpp
extern const Precompile kBlsG2Add;         ///< bls12_381.cpp
extern const Precompile kBlsG2Sum;         ///< bls12_381.cpp
extern const Precompile kBlsPairing;       ///< bls12_381.cpp
extern const Precompile kBlsMapToG1;       ///< bls12_381.cpp
extern const Precompile kBlsMapToG2;       ///< bls12_381.cpp
extern const Precompile kP256Verify;       ///< p256_verify.cpp

}  // namespace buri::execution::evm::precompiles
