# Sets BURI_NVCC and BURI_CUDA_ROOT to the CUDA compiler that scripts/find-nvcc.sh chooses, or says in one line that the
# build is CPU-only. Asked again at every configure, so that an installed or removed compiler is noticed.

if(NOT BURI_EVERY_CHECK)
  message(STATUS "CUDA compiler: not asked for in this preset, so this build is CPU-only.")
  return()
endif()
execute_process(COMMAND ${CMAKE_SOURCE_DIR}/scripts/find-nvcc.sh
  OUTPUT_VARIABLE BURI_NVCC OUTPUT_STRIP_TRAILING_WHITESPACE COMMAND_ERROR_IS_FATAL ANY)
if(NOT BURI_NVCC)
  message(STATUS "CUDA compiler: none found, so this build is CPU-only (./dev deps installs one).")
  return()
endif()
get_filename_component(BURI_CUDA_ROOT ${BURI_NVCC} DIRECTORY)
get_filename_component(BURI_CUDA_ROOT ${BURI_CUDA_ROOT} DIRECTORY)
message(STATUS "CUDA compiler: ${BURI_NVCC}")

# nvcc is called directly: CMake's own CUDA support expects a toolkit laid out as NVIDIA's installer does it, and the
# tests need the PTX and the machine code of the very compilation that ships. One PTX (compute_80) is the source of the
# machine code of every card, so what the interpreter of tests/ptx executes is what every card was given.
find_program(BURI_CUDA_HOST_COMPILER NAMES g++-12 g++ REQUIRED)
find_package(Threads REQUIRED)
find_library(BURI_CUDART cudart_static REQUIRED NO_DEFAULT_PATH
  PATHS ${BURI_CUDA_ROOT}/lib ${BURI_CUDA_ROOT}/lib64 ${BURI_CUDA_ROOT}/targets/x86_64-linux/lib)
set(BURI_CUDA_FLAGS
  -std=c++20 -O3 -ccbin ${BURI_CUDA_HOST_COMPILER} -I${CMAKE_SOURCE_DIR}
  "-gencode=arch=compute_80,code=[compute_80,sm_80,sm_89,sm_90,sm_120]" -compress-mode=none
  --threads=2 -Werror=all-warnings -Xptxas=-warn-spills
  -Xcompiler=-fPIC,-march=x86-64-v2,-Wall,-Wextra,-Werror,-Wno-unused-parameter,-Wno-unknown-pragmas)

# The CUDA runtime. Programs link it (or, in tests, a fake one) beside the libraries that buri_cuda_library declares.
add_library(buri_cudart INTERFACE)
target_link_libraries(buri_cudart INTERFACE ${BURI_CUDART} Threads::Threads ${CMAKE_DL_LIBS} rt)

# buri_cuda_library(NAME SOURCES files.cu... [LINK targets...]): a static library of CUDA sources of this folder. It
# leaves the runtime undefined; accel/cuda/CMakeLists.txt says what else each source gives.
function(buri_cuda_library name)
  cmake_parse_arguments(ARG "" "" "SOURCES;LINK" ${ARGN})
  set(objects "")
  foreach(source ${ARG_SOURCES})
    get_filename_component(stem ${source} NAME_WE)
    set(folder ${CMAKE_CURRENT_BINARY_DIR}/${stem})
    set(input ${CMAKE_CURRENT_SOURCE_DIR}/${source})
    file(MAKE_DIRECTORY ${folder})
    add_custom_command(
      OUTPUT ${folder}/${stem}.o ${folder}/${stem}.ptx ${folder}/${stem}.sm_90.cubin
      COMMAND ${BURI_NVCC} ${BURI_CUDA_FLAGS} --keep --keep-dir ${folder} -MD -MF ${folder}/${stem}.d
        -c ${input} -o ${folder}/${stem}.o
      DEPENDS ${input} DEPFILE ${folder}/${stem}.d
      COMMENT "CUDA ${source}" VERBATIM)
    list(APPEND objects ${folder}/${stem}.o)
  endforeach()
  add_library(${name} STATIC ${objects})
  set_target_properties(${name} PROPERTIES LINKER_LANGUAGE CXX)
  target_link_libraries(${name} PUBLIC buri_flags ${ARG_LINK})
endfunction()
