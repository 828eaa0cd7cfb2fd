#include "accel/cuda/runtime.cuh"

namespace buri::accel::cuda {

BackendFault fault_of(cudaError_t error) {
  switch (error) {
    case cudaErrorMemoryAllocation:
      return BackendFault::kOutOfMemory;
    case cudaErrorLaunchTimeout:
      return BackendFault::kTimeout;
    case cudaErrorNoKernelImageForDevice:
    case cudaErrorUnsupportedPtxVersion:
      return BackendFault::kUnsupported;
    default:
      return is_sticky(error) ? BackendFault::kDeviceLost : BackendFault::kLaunchFailed;
  }
}

bool is_sticky(cudaError_t error) {
  switch (error) {
    case cudaErrorMemoryAllocation:
    case cudaErrorInvalidValue:
    case cudaErrorInvalidConfiguration:
    case cudaErrorInvalidDeviceFunction:
    case cudaErrorInvalidResourceHandle:
    case cudaErrorInvalidPitchValue:
    case cudaErrorInvalidSymbol:
    case cudaErrorLaunchOutOfResources:
    case cudaErrorNoKernelImageForDevice:
    case cudaErrorUnsupportedPtxVersion:
    case cudaErrorNotReady:
    case cudaErrorNotSupported:
      return false;
    default:  // faults of a running kernel, of the driver or of the card: assume the worst
      return true;
  }
}

}  // namespace buri::accel::cuda
