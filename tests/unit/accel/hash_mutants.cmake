# Copies of the hash code with one slip each, linked in front of the library into the same tests, which must notice.
if(BURI_SANITIZE)
  return()
endif()
find_package(Python3 REQUIRED COMPONENTS Interpreter)
add_library(accel_hash_claims OBJECT
  hash_implementations.cpp hash_sweep_test.cpp keccak256_test.cpp merkle_test.cpp sha256_test.cpp)
target_link_libraries(accel_hash_claims PRIVATE buri_flags OpenSSL::Crypto GTest::gtest)

# buri_hash_mutants(SOURCE SLIPS LIBRARY TESTS [UNIT]): one program for each line of SLIPS, with the flags of LIBRARY; the
# tests that TESTS names (a GoogleTest filter) must fail. UNIT is the source that includes SOURCE where that is a header.
function(buri_hash_mutants source slips library tests)
  set(source ${CMAKE_SOURCE_DIR}/${source})
  set(slips ${CMAKE_CURRENT_SOURCE_DIR}/${slips})
  set(mutants ${CMAKE_CURRENT_BINARY_DIR}/mutants)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${source} ${slips})
  execute_process(COMMAND ${Python3_EXECUTABLE} -B ${CMAKE_CURRENT_SOURCE_DIR}/mutate.py ${source} ${slips} ${mutants}
    OUTPUT_VARIABLE names COMMAND_ERROR_IS_FATAL ANY)
  file(RELATIVE_PATH below ${CMAKE_SOURCE_DIR} ${source})
  foreach(name IN LISTS names)
    set(target accel_mutant_${name})
    if(ARGC GREATER 4)
      add_library(${target}_object OBJECT ${CMAKE_SOURCE_DIR}/${ARGV4})
      target_include_directories(${target}_object BEFORE PRIVATE ${mutants}/${name})
    else()
      add_library(${target}_object OBJECT ${mutants}/${name}/${below})
    endif()
    target_link_libraries(${target}_object PRIVATE buri_flags)
    target_compile_options(${target}_object PRIVATE $<TARGET_PROPERTY:${library},COMPILE_OPTIONS>)
    add_executable(${target})
    target_link_libraries(${target} PRIVATE accel_hash_claims ${target}_object buri_accel OpenSSL::Crypto GTest::gmock_main)
    add_test(NAME ${target} COMMAND ${target} --gtest_fail_fast --gtest_filter=${tests}
      WORKING_DIRECTORY ${CMAKE_SOURCE_DIR})
    set_tests_properties(${target} PROPERTIES TIMEOUT 60
      PASS_REGULAR_EXPRESSION "FAILED TEST|CHECK failed" SKIP_REGULAR_EXPRESSION "this processor lacks")
    buri_label_test(${target})
  endforeach()
endfunction()

buri_hash_mutants(accel/avx512/keccak256_kernel.cpp mutants_keccak_avx512.txt buri_accel_avx512_hash *Keccak256*/avx512)
foreach(part avx512/keccak256_states avx512/keccak256_ninth lanes/keccak256_tables)
  string(REGEX REPLACE ".*_" mutants_keccak_ slips ${part})
  buri_hash_mutants(accel/${part}.hpp ${slips}.txt buri_accel_avx512_hash *Keccak256*/avx512
    accel/avx512/keccak256_kernel.cpp)
endforeach()
buri_hash_mutants(accel/avx2/keccak256_kernel.cpp mutants_keccak_avx2.txt buri_accel_avx2_hash *Keccak256*/avx2)
buri_hash_mutants(accel/avx2/sha256_kernel.cpp mutants_sha256_avx2.txt buri_accel_avx2_hash *Sha256*/avx2)
buri_hash_mutants(accel/merkle.cpp mutants_merkle.txt buri_accel *Merkle*/scalar:*Proof*)
