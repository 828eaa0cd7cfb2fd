# Flags of every target, and the functions that declare rooms and tests.

set(BURI_SANITIZE "" CACHE STRING "Sanitizers for the whole build, as -fsanitize takes them")
option(BURI_FUZZ "Build the fuzz targets with libFuzzer" OFF)
# Off, a sanitized build takes less than half of the time: it is optimised only where a room says HOT (optimising and
# generating the checked code is two thirds of a compilation), and it leaves out the CUDA sources, which no sanitizer
# reaches, and the checks that find early what the address sanitizer stops at the access itself.
option(BURI_EVERY_CHECK "Sanitized builds are optimised, have CUDA and every check of the undefined-behaviour sanitizer" ON)

find_program(CCACHE ccache)
if(CCACHE)
  # Paths below the source folder count as relative, so that several checkouts share one cache.
  # The rest is what ccache asks for where precompiled headers are used; precompiled.cmake writes the checksums.
  # The compiler takes its memory from jemalloc, in huge pages: it needs a twentieth to a tenth less time.
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env LD_PRELOAD=libjemalloc.so.2
    MALLOC_CONF=thp:always,metadata_thp:always,dirty_decay_ms:-1,narenas:1 CCACHE_BASEDIR=${CMAKE_SOURCE_DIR}
    CCACHE_NOHASHDIR=1
    CCACHE_SLOPPINESS=pch_defines,time_macros CCACHE_PCH_EXTSUM=1 ${CCACHE})
  set(CMAKE_C_COMPILER_LAUNCHER ${CMAKE_CXX_COMPILER_LAUNCHER})
endif()

# Directory options stand before a target's own, so that a target for a wider machine may say so. -pthread: gRPC asks for
# it, and a precompiled header must be made with it then; -fPIC: one header serves libraries and programs.
add_compile_options(
  "$<$<COMPILE_LANGUAGE:CXX>:-march=x86-64-v2;-fPIC;-pthread;-Wall;-Wextra;-Werror;-Wshadow;-Wconversion;-Wno-sign-conversion>")
add_library(buri_flags INTERFACE)
target_include_directories(buri_flags INTERFACE ${CMAKE_SOURCE_DIR})
set(BURI_HOT_OPTIONS "")  # what the compiler is told about code that says HOT
set(BURI_TEST_OPTIONS "")  # and about tests that do not
if(CMAKE_BUILD_TYPE STREQUAL "Release")
  set(BURI_TEST_OPTIONS -O0)  # half of the time of compiling them; the rooms are as shipped
endif()
if(BURI_SANITIZE)
  target_compile_options(buri_flags INTERFACE
    $<$<COMPILE_LANGUAGE:CXX>:-fsanitize=${BURI_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all>)
  if(BURI_EVERY_CHECK)
    add_compile_options($<$<COMPILE_LANGUAGE:CXX>:-O1>)
  else()
    add_compile_options($<$<COMPILE_LANGUAGE:CXX>:-O0>)
    set(BURI_HOT_OPTIONS -O1)
    target_compile_options(buri_flags INTERFACE
      $<$<COMPILE_LANGUAGE:CXX>:-fno-sanitize=null,alignment,vptr,object-size>)
  endif()
  target_link_options(buri_flags INTERFACE -fsanitize=${BURI_SANITIZE})
endif()
if(BURI_FUZZ)
  target_compile_options(buri_flags INTERFACE $<$<COMPILE_LANGUAGE:CXX>:-fsanitize=fuzzer-no-link>)
endif()

find_package(Python3 REQUIRED COMPONENTS Interpreter)
include(precompiled)
include(unity)
include(mutants)

# buri_library(NAME [HOT] [OWN_FLAGS] SOURCES... [APART sources...] [LINK targets...]): one room, or one part of a room.
# HOT: tests compute so much here that it is optimised in a sanitized build that is not.
# OWN_FLAGS: the part gets compiler options of its own, with which a precompiled header of other options cannot be used.
# APART: sources that are never joined with others, because tests replace their objects in the library.
function(buri_library name)
  cmake_parse_arguments(ARG "HOT;OWN_FLAGS" "" "SOURCES;APART;LINK" ${ARGN})
  buri_join_sources(${name} sources ${ARG_SOURCES})
  add_library(${name} STATIC ${sources} ${ARG_APART})
  buri_test_kind(kind)
  if(NOT kind STREQUAL "..")  # what tests share is built with those of them that are built
    set_target_properties(${name} PROPERTIES EXCLUDE_FROM_ALL ON)
  endif()
  target_link_libraries(${name} PUBLIC buri_flags ${ARG_LINK})
  set(header code)
  if(ARG_HOT AND BURI_HOT_OPTIONS)
    target_compile_options(${name} PRIVATE ${BURI_HOT_OPTIONS})
    set(header hot_code)
  endif()
  if(NOT ARG_OWN_FLAGS)
    buri_precompile(${name} ${header})
  endif()
endfunction()

add_custom_target(tests_concurrent)  # exists even where no test carries the label

# buri_quick_allocator(NAME): the program takes memory from jemalloc, also for its libraries. A node allocates some thousand
# small pieces for every block. Sanitizers bring an allocator of their own.
find_package(PkgConfig REQUIRED)
pkg_check_modules(JEMALLOC REQUIRED IMPORTED_TARGET jemalloc)
function(buri_quick_allocator name)
  if(NOT BURI_SANITIZE AND NOT BURI_FUZZ)
    target_link_libraries(${name} PRIVATE PkgConfig::JEMALLOC)
  endif()
endfunction()

# buri_test_kind(OUT): sets OUT to the folder below tests/ that holds this one, "unit", "fuzz", ...; elsewhere to "..".
function(buri_test_kind out)
  file(RELATIVE_PATH kind ${CMAKE_SOURCE_DIR}/tests ${CMAKE_CURRENT_SOURCE_DIR})
  string(REGEX REPLACE "/.*" "" kind ${kind})
  set(${out} ${kind} PARENT_SCOPE)
endfunction()

# buri_label_test(NAME [labels...]): labels the test with its kind and the given labels. If it is a program of this
# build, the target tests_<label> of each label builds it.
function(buri_label_test name)
  buri_test_kind(kind)
  set(labels ${kind} ${ARGN})
  set_tests_properties(${name} PROPERTIES LABELS "${labels}")
  foreach(label ${labels})
    if(NOT TARGET tests_${label})
      add_custom_target(tests_${label})
    endif()
    if(TARGET ${name})
      add_dependencies(tests_${label} ${name})
    endif()
  endforeach()
endfunction()

# buri_label_checked_test(NAME [labels...]): the same for a unit test or a corpus, which carry "checked" besides: the usual
# run has them under the address sanitizer and not in the release preset, which does not build them unless asked; a long run
# has them in both. Where BURI_UNCHECKED is set it is the other way round: for programs' options and texts, since a third of
# the code would be built with checks for little to find, for what needs CUDA, and for what measures memory.
function(buri_label_checked_test name)
  buri_test_kind(kind)
  if(BURI_UNCHECKED OR NOT kind MATCHES "^(unit|fuzz)$")
    buri_label_test(${name} ${ARGN})
    return()
  endif()
  buri_label_test(${name} ${ARGN} checked)
  if(CMAKE_BUILD_TYPE STREQUAL "Release")
    set_target_properties(${name} PROPERTIES EXCLUDE_FROM_ALL ON)
  endif()
endfunction()

# buri_test_options(TARGET [HOT]): how the test code of the target is compiled; its header includes GoogleTest.
function(buri_test_options name)
  cmake_parse_arguments(ARG "HOT" "" "" ${ARGN})
  if(ARG_HOT AND NOT "${BURI_HOT_OPTIONS}" STREQUAL "${BURI_TEST_OPTIONS}")
    target_compile_options(${name} PRIVATE ${BURI_HOT_OPTIONS})
    buri_precompile(${name} hot_test)
  else()
    target_compile_options(${name} PRIVATE ${BURI_TEST_OPTIONS})
    buri_precompile(${name} test)
  endif()
endfunction()

# buri_test(NAME [HOT] [LONG] [UNCHECKED] SOURCES... LINK targets... [LABELS labels...] [ENVIRONMENT NAME=value...] [TIMEOUT seconds]):
# one GoogleTest program, one ctest entry that runs in the source folder. Tests of code that runs in several threads carry
# the label "concurrent", which puts them under the thread sanitizer; those that serve gRPC carry "grpc_server", which keeps
# them away from it. HOT: as of a room; every test is that is neither a unit test nor one of the HSM. LONG: it begins before
# others, so that no core waits for its end alone. UNCHECKED: as if BURI_UNCHECKED were set.
function(buri_test name)
  cmake_parse_arguments(ARG "HOT;LONG;UNCHECKED" "TIMEOUT" "SOURCES;LINK;LABELS;ENVIRONMENT" ${ARGN})
  buri_join_sources(${name} sources ${ARG_SOURCES})
  add_executable(${name} ${sources})
  target_link_libraries(${name} PRIVATE buri_flags ${ARG_LINK} GTest::gmock_main)
  buri_test_kind(kind)
  if(ARG_HOT OR NOT kind MATCHES "^(unit|hsm)$")
    buri_test_options(${name} HOT)
  else()
    buri_test_options(${name})
  endif()
  add_test(NAME ${name} COMMAND ${name} WORKING_DIRECTORY ${CMAKE_SOURCE_DIR})
  # `./dev test` counts single test cases, and says which were skipped and why, from this file.
  list(APPEND ARG_ENVIRONMENT GTEST_OUTPUT=xml:${CMAKE_BINARY_DIR}/test-results/${name}.xml)
  set_tests_properties(${name} PROPERTIES ENVIRONMENT "${ARG_ENVIRONMENT}")
  if(ARG_TIMEOUT)
    set_tests_properties(${name} PROPERTIES TIMEOUT ${ARG_TIMEOUT})
  endif()
  if(ARG_LONG)
    set_tests_properties(${name} PROPERTIES COST 100)
  endif()
  if(ARG_UNCHECKED)
    set(BURI_UNCHECKED ON)
  endif()
  buri_label_checked_test(${name} ${ARG_LABELS})
  set_property(GLOBAL APPEND PROPERTY BURI_GTEST_PROGRAMS ${name})
endfunction()

# buri_fuzz(NAME SOURCES... LINK targets... CORPUS folder): one LLVMFuzzerTestOneInput. The fuzz preset links libFuzzer;
# every other preset links a main that replays the corpus. Either way the corpus is one ordinary ctest entry.
function(buri_fuzz name)
  cmake_parse_arguments(ARG "" "CORPUS" "SOURCES;LINK" ${ARGN})
  get_filename_component(corpus ${ARG_CORPUS} ABSOLUTE)
  if(NOT IS_DIRECTORY ${corpus})
    message(FATAL_ERROR "buri_fuzz(${name}): no corpus folder ${corpus}")
  endif()
  add_executable(${name} ${ARG_SOURCES})
  target_link_libraries(${name} PRIVATE buri_flags ${ARG_LINK})
  buri_precompile(${name} code)
  if(BURI_FUZZ)
    target_link_options(${name} PRIVATE -fsanitize=fuzzer)
    add_test(NAME ${name} COMMAND ${name} -runs=0 ${corpus})
  else()
    target_link_libraries(${name} PRIVATE buri_corpus_main)
    add_test(NAME ${name} COMMAND ${name} ${corpus})
  endif()
  buri_label_checked_test(${name})
  set_property(GLOBAL APPEND PROPERTY BURI_FUZZ_TARGETS "${name}\t${corpus}")
endfunction()
