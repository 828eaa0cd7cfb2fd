#pragma once

#include <span>

#include "accel/cuda/device.cuh"
#include "accel/cuda/resident_tables.cuh"

/// The signature operations on one device: packing, chunks, launches, and the exact verdict on what
/// the device hands back. Contracts are those of accel::Backend.

namespace buri::accel::cuda {

CallStatus recover(Device& device, ResidentTables& tables, std::span<const RecoverRequest> requests,
                   LowS low_s, std::span<RecoverResult> results);
CallStatus verify(Device& device, ResidentTables& tables, std::span<const VerifyRequest> requests,
                  LowS low_s, std::span<SignatureStatus> results);
CallStatus verify_known(Device& device, ResidentTables& tables, const KeySet& keys,
                        std::span<const KnownKeyRequest> requests, LowS low_s,
                        std::span<SignatureStatus> results);

}  // namespace buri::accel::cuda
