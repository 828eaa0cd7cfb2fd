# Mutants of a library's source files: copies with one slip each, linked in front of the library into a simulation, which
# must notice. The library names such files under APART (buri_library).

# buri_mutant_test(TARGET TIMEOUT arguments...): the test that the mutant TARGET is noticed: by a failed test, or by a CHECK, whose
# abort ctest would take for a crash.
function(buri_mutant_test target timeout_s)
  add_test(NAME ${target} COMMAND sh -c "\"$@\" || exit 1" sh $<TARGET_FILE:${target}> ${ARGN}
    WORKING_DIRECTORY ${CMAKE_SOURCE_DIR})
  set_tests_properties(${target} PROPERTIES TIMEOUT ${timeout_s} PASS_REGULAR_EXPRESSION "FAILED TEST|CHECK failed")
  buri_label_test(${target})
endfunction()

# buri_mutants(SOURCE SLIPS CLAIMS WORLD PREFIX TIMEOUT): for each line of SLIPS a program PREFIX_<name> of the changed SOURCE
# (a path below the source folder), the tests in the object library CLAIMS and the library WORLD. Nothing under sanitizers.
function(buri_mutants source slips claims world prefix timeout_s)
  if(BURI_SANITIZE)
    return()
  endif()
  set(path ${CMAKE_SOURCE_DIR}/${source})
  set(slips ${CMAKE_CURRENT_SOURCE_DIR}/${slips})
  set(mutants ${CMAKE_CURRENT_BINARY_DIR}/mutants)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${path} ${slips})
  execute_process(
    COMMAND ${Python3_EXECUTABLE} -B ${CMAKE_SOURCE_DIR}/tests/unit/accel/mutate.py ${path} ${slips} ${mutants}
    OUTPUT_VARIABLE names COMMAND_ERROR_IS_FATAL ANY)
  foreach(name IN LISTS names)
    set(target ${prefix}_${name})
    add_executable(${target} ${mutants}/${name}/${source} $<TARGET_OBJECTS:${claims}>)
    target_link_libraries(${target} PRIVATE buri_flags ${world} GTest::gmock_main)
    target_compile_options(${target} PRIVATE -w)
    buri_precompile(${target} code)
    buri_mutant_test(${target} ${timeout_s} --gtest_fail_fast)
  endforeach()
endfunction()
