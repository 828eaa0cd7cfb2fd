# Flags of every target, and the functions that declare rooms and tests.

set(BURI_SANITIZE "" CACHE STRING "Sanitizers for the whole build, as -fsanitize takes them")
option(BURI_FUZZ "Build the fuzz targets with libFuzzer" OFF)

find_program(CCACHE ccache)
if(CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CCACHE})
  set(CMAKE_C_COMPILER_LAUNCHER ${CCACHE})
endif()

add_library(buri_flags INTERFACE)
target_include_directories(buri_flags INTERFACE ${CMAKE_SOURCE_DIR})
target_compile_options(buri_flags INTERFACE
  $<$<COMPILE_LANGUAGE:CXX>:-march=x86-64-v2 -Wall -Wextra -Werror -Wshadow -Wconversion -Wno-sign-conversion>)
if(BURI_SANITIZE)
  target_compile_options(buri_flags INTERFACE
    $<$<COMPILE_LANGUAGE:CXX>:-fsanitize=${BURI_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all>)
  target_link_options(buri_flags INTERFACE -fsanitize=${BURI_SANITIZE})
endif()
if(BURI_FUZZ)
  target_compile_options(buri_flags INTERFACE $<$<COMPILE_LANGUAGE:CXX>:-fsanitize=fuzzer-no-link>)
endif()

# buri_library(NAME SOURCES... [LINK targets...]): one room, or one part of a room that needs its own flags.
function(buri_library name)
  cmake_parse_arguments(ARG "" "" "SOURCES;LINK" ${ARGN})
  add_library(${name} STATIC ${ARG_SOURCES})
  target_link_libraries(${name} PUBLIC buri_flags ${ARG_LINK})
endfunction()

# buri_test(NAME SOURCES... LINK targets... [LABELS labels...]): one GoogleTest program, one ctest entry.
function(buri_test name)
  cmake_parse_arguments(ARG "" "TIMEOUT" "SOURCES;LINK;LABELS;ENVIRONMENT" ${ARGN})
  if(NOT ARG_TIMEOUT)
    set(ARG_TIMEOUT 300)
  endif()
  add_executable(${name} ${ARG_SOURCES})
  target_link_libraries(${name} PRIVATE buri_flags ${ARG_LINK} GTest::gmock_main)
  add_test(NAME ${name} COMMAND ${name} WORKING_DIRECTORY ${CMAKE_SOURCE_DIR})
  set_tests_properties(${name} PROPERTIES TIMEOUT ${ARG_TIMEOUT} LABELS "${ARG_LABELS}"
    ENVIRONMENT "${ARG_ENVIRONMENT}")
endfunction()
