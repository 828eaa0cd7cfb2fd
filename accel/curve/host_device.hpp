#pragma once

/// Marks a function that both the host and a CUDA device run. Empty outside nvcc.
#ifdef __CUDACC__
#define BURI_HOST_DEVICE __host__ __device__
#else
#define BURI_HOST_DEVICE
#endif
