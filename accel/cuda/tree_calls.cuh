#pragma once

#include <span>

#include "accel/cuda/device.cuh"

/// Merkle roots on one device: leaves go in, the levels stay there, one root comes back. Contracts
/// are those of accel::Backend. A tree must fit the memory cap as a whole (about 64 bytes a leaf);
/// a larger one is kOutOfMemory.

namespace buri::accel::cuda {

CallStatus checkpoint_root(Device& device, std::span<const Hash256> leaves, Hash256& root);
CallStatus rfc6962_root(Device& device, std::span<const ByteView> leaves, Hash256& root);

}  // namespace buri::accel::cuda
