# Precompiled headers: one for the code of the rooms and one for test programs, and each of them once more where code that
# says HOT is compiled with other options (cmake/precompiled/).

option(BURI_PRECOMPILE "Parse the common headers once per build" ON)

# Without it no two builds have the same precompiled header, and nothing made with one is ever found in a cache.
list(APPEND CMAKE_CXX_COMPILE_OPTIONS_CREATE_PCH -Xclang -fno-pch-timestamp)
# CMake's own spelling hides the path behind -Xclang, where ccache does not make it relative to the source folder.
set(CMAKE_CXX_COMPILE_OPTIONS_USE_PCH -include-pch <PCH_FILE>)

# buri_add_precompiled(KIND OPTIONS headers...): lets the target buri_precompiled_KIND own the header made of these
# files of cmake/precompiled, and writes what ccache takes as its checksum: all that decides what the header contains, so
# that builds in different folders share a cache.
function(buri_add_precompiled kind options)
  set(owner buri_precompiled_${kind})
  add_library(${owner} OBJECT ${CMAKE_SOURCE_DIR}/cmake/precompiled/owner.cpp)
  target_link_libraries(${owner} PRIVATE buri_flags)
  target_compile_options(${owner} PRIVATE ${options})
  set(headers "")
  foreach(header IN LISTS ARGN)
    target_precompile_headers(${owner} PRIVATE ${CMAKE_SOURCE_DIR}/cmake/precompiled/${header})
    file(READ ${CMAKE_SOURCE_DIR}/cmake/precompiled/${header} text)
    string(APPEND headers "${text}")
  endforeach()
  execute_process(COMMAND dpkg-query --show libstdc++-12-dev OUTPUT_VARIABLE standard ERROR_QUIET)
  set(checks "")
  if(BURI_SANITIZE)
    set(checks ${BURI_EVERY_CHECK})
  endif()
  string(SHA256 sum
    "${headers}${standard}${GTest_VERSION}${CMAKE_CXX_COMPILER_VERSION}${CMAKE_BUILD_TYPE}${BURI_SANITIZE}${BURI_FUZZ}${checks}")
  file(WRITE ${CMAKE_CURRENT_BINARY_DIR}/CMakeFiles/${owner}.dir/cmake_pch.hxx.pch.sum ${sum})
endfunction()

# buri_precompile(TARGET KIND): the target uses that header.
function(buri_precompile name kind)
  if(BURI_PRECOMPILE)
    target_precompile_headers(${name} REUSE_FROM buri_precompiled_${kind})
  endif()
endfunction()

if(BURI_PRECOMPILE)
  find_package(GTest REQUIRED)
  buri_add_precompiled(code "" code.hpp)
  buri_add_precompiled(test "${BURI_TEST_OPTIONS}" code.hpp test.hpp)
  target_link_libraries(buri_precompiled_test PRIVATE GTest::gmock)
  if(BURI_HOT_OPTIONS)
    buri_add_precompiled(hot_code "${BURI_HOT_OPTIONS}" code.hpp)
  endif()
  if(NOT "${BURI_HOT_OPTIONS}" STREQUAL "${BURI_TEST_OPTIONS}")
    buri_add_precompiled(hot_test "${BURI_HOT_OPTIONS}" code.hpp test.hpp)
    target_link_libraries(buri_precompiled_hot_test PRIVATE GTest::gmock)
  endif()
endif()
