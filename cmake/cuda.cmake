# Sets BURI_NVCC and BURI_CUDA_ROOT to the CUDA compiler that scripts/find-nvcc.sh chooses, or says in one line that the
# build is CPU-only. Asked again at every configure, so that an installed or removed compiler is noticed.

execute_process(COMMAND ${CMAKE_SOURCE_DIR}/scripts/find-nvcc.sh
  OUTPUT_VARIABLE BURI_NVCC OUTPUT_STRIP_TRAILING_WHITESPACE COMMAND_ERROR_IS_FATAL ANY)
if(BURI_NVCC)
  get_filename_component(BURI_CUDA_ROOT ${BURI_NVCC} DIRECTORY)
  get_filename_component(BURI_CUDA_ROOT ${BURI_CUDA_ROOT} DIRECTORY)
  message(STATUS "CUDA compiler: ${BURI_NVCC}")
else()
  message(STATUS "CUDA compiler: none found, so this build is CPU-only (./dev deps installs one).")
endif()
