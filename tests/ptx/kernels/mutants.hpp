#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>

#include "accel/backend.hpp"

/// Kernels with one seeded bug each: changes to the PTX that ships. They show that the checks bite.

namespace buri::ptx {

struct Mutant {
  std::string_view name;         ///< the bug, as a claim
  accel::Operation operation;    ///< whose kernels are changed
  std::string_view function;     ///< part of the kernel's name; empty for text outside functions
  std::string_view pattern;      ///< regular expression of the text to change
  unsigned occurrence = 0;       ///< which match in the function, from 0
  std::string_view replacement;  ///< may name groups of the pattern: $1
};

std::span<const Mutant> all_mutants();

/// `ptx` with the mutant's change. `applied` is set when the text had the place to change and else
/// left alone; the PTX of other fat binaries comes back as it is.
std::string mutate(const Mutant& mutant, std::string ptx, bool& applied);

}  // namespace buri::ptx
