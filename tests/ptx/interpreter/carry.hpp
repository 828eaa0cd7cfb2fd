#pragma once

#include "tests/ptx/interpreter/decoding.hpp"

/// The opcodes add, sub and mad exist with and without carry. carry.cpp owns their names and hands
/// the plain forms to arithmetic.cpp.

namespace buri::ptx {

void decode_add(Decoding& decoding);
void decode_subtract(Decoding& decoding);
void decode_multiply_add(Decoding& decoding);

}  // namespace buri::ptx
