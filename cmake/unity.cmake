# Joined compilation: several source files of one target are compiled as one, so that the headers they share are parsed,
# their templates instantiated and optimised once (half of the time of a whole build).

option(BURI_UNITY "Compile the source files of a target in groups" ON)
set(BURI_UNITY_SIZE 8 CACHE STRING "Source files of a group at most")

# buri_deal(TARGET OUT files...): sets OUT to the groups that unity.py makes of the files, with '|' between those of a group.
# Python takes longer to start than to deal, and a run of the tests configures three builds, so that the last answer for a
# target stays below build/, after the digest of all that was asked.
function(buri_deal target out)
  set(answer ${CMAKE_SOURCE_DIR}/build/unity/${target})
  set(asked "${BURI_UNITY_SIZE}")
  foreach(file IN LISTS ARGN ITEMS cmake/unity.py)
    file(SHA256 ${CMAKE_SOURCE_DIR}/${file} sum)
    string(APPEND asked " ${file} ${sum}")
  endforeach()
  string(SHA256 asked "${asked}")
  set(groups "")
  if(EXISTS ${answer})
    file(STRINGS ${answer} groups)
    list(POP_FRONT groups answered)
  endif()
  if(NOT "${answered}" STREQUAL "${asked}")
    execute_process(
      COMMAND ${Python3_EXECUTABLE} -B ${CMAKE_SOURCE_DIR}/cmake/unity.py ${CMAKE_SOURCE_DIR} ${BURI_UNITY_SIZE} ${ARGN}
      OUTPUT_VARIABLE groups OUTPUT_STRIP_TRAILING_WHITESPACE COMMAND_ERROR_IS_FATAL ANY)
    # Renamed into place, since builds may be configured at the same time.
    file(WRITE ${CMAKE_CURRENT_BINARY_DIR}/unity/${target}.answer "${asked}\n${groups}\n")
    file(MAKE_DIRECTORY ${CMAKE_SOURCE_DIR}/build/unity)
    file(RENAME ${CMAKE_CURRENT_BINARY_DIR}/unity/${target}.answer ${answer})
    string(REPLACE "\n" ";" groups "${groups}")
  endif()
  set(${out} ${groups} PARENT_SCOPE)
endfunction()

# buri_join_sources(TARGET OUT sources...): sets OUT to what the target compiles: groups of its .cpp files, dealt by
# unity.py, and the rest as it is. A file with compile options of its own, set before this call, stays alone.
function(buri_join_sources target out)
  set(joined "")
  set(apart "")
  foreach(source IN LISTS ARGN)
    get_filename_component(path ${source} ABSOLUTE)
    file(RELATIVE_PATH relative ${CMAKE_SOURCE_DIR} ${path})
    get_source_file_property(options ${source} COMPILE_OPTIONS)
    if(BURI_UNITY AND relative MATCHES "^[a-z].*\\.cpp$" AND NOT relative MATCHES "^build/" AND NOT options)
      list(APPEND joined ${relative})
    else()
      list(APPEND apart ${source})
    endif()
  endforeach()
  if(joined)
    buri_deal(${target} groups ${joined})
  endif()
  foreach(group IN LISTS groups)
    string(REPLACE "|" ";" files "${group}")
    list(LENGTH files count)
    list(GET files 0 first)
    if(count EQUAL 1)
      list(APPEND apart ${CMAKE_SOURCE_DIR}/${first})
    else()
      # Named after its first file, and by paths below the source folder, which checkouts share.
      string(REPLACE "/" "." name ${first})
      set(file ${CMAKE_CURRENT_BINARY_DIR}/unity/${target}/${name})
      list(TRANSFORM files REPLACE "(.+)" "#include \"\\1\"")
      list(JOIN files "\n" text)
      file(CONFIGURE OUTPUT ${file} CONTENT "${text}\n" @ONLY)
      list(APPEND apart ${file})
    endif()
  endforeach()
  set(${out} ${apart} PARENT_SCOPE)
endfunction()
