// The targets buri_precompiled_* own precompiled headers; CMake wants one source in each.
