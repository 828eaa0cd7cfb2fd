// The target buri_precompiled_code owns the precompiled header; CMake wants one source in it.
