#pragma once

#include <span>

#include "accel/cuda/device.cuh"

/// The hash operations of the backend on one device: packing, chunks, launches. Contracts are those
/// of accel::Backend.

namespace buri::accel::cuda {

CallStatus keccak256(Device& device, std::span<const ByteView> messages,
                     std::span<Hash256> digests);
CallStatus sha256(Device& device, std::span<const ByteView> messages, std::span<Hash256> digests);

}  // namespace buri::accel::cuda
