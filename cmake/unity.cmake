# Joined compilation: several source files of one target are compiled as one, so that the headers they share are parsed,
# their templates instantiated and optimised once (half of the time of a whole build).

option(BURI_UNITY "Compile the source files of a target in groups" ON)
set(BURI_UNITY_SIZE 8 CACHE STRING "Source files of a group at most")

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
    execute_process(
      COMMAND ${Python3_EXECUTABLE} -B ${CMAKE_SOURCE_DIR}/cmake/unity.py ${CMAKE_SOURCE_DIR} ${BURI_UNITY_SIZE} ${joined}
      OUTPUT_VARIABLE groups OUTPUT_STRIP_TRAILING_WHITESPACE COMMAND_ERROR_IS_FATAL ANY)
    string(REGEX REPLACE ";" "|" groups "${groups}")
    string(REPLACE "\n" ";" groups "${groups}")
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
