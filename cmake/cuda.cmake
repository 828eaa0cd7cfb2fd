# Finds nvcc: CUDACXX, PATH, /usr/local/cuda, or the pinned wheels that `./dev deps` unpacks under .cache/cuda.
# Sets BURI_NVCC and BURI_CUDA_ROOT, or says in one line that the build is CPU-only.

find_program(BURI_NVCC nvcc
  HINTS ENV CUDACXX /usr/local/cuda/bin ${CMAKE_SOURCE_DIR}/.cache/cuda/bin)
if(BURI_NVCC)
  get_filename_component(BURI_CUDA_ROOT ${BURI_NVCC} DIRECTORY)
  get_filename_component(BURI_CUDA_ROOT ${BURI_CUDA_ROOT} DIRECTORY)
  message(STATUS "CUDA compiler: ${BURI_NVCC}")
else()
  message(STATUS "CUDA compiler: none found, so this build is CPU-only (./dev deps installs one).")
endif()
