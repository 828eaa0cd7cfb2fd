#pragma once

/// BURI_HOST_DEVICE marks a function that both the host and a CUDA device run, BURI_OUTLINE one
/// that is kept as one call in device code: its copies would cost more than a call. Empty outside
/// nvcc.
#ifdef __CUDACC__
#define BURI_HOST_DEVICE __host__ __device__
#define BURI_OUTLINE __noinline__
#else
#define BURI_HOST_DEVICE
#define BURI_OUTLINE
#endif
