#pragma once

#include <compare>
#include <cstdint>
#include <istream>
#include <map>
#include <ostream>
#include <string>
#include <vector>

/// The figures of the machine code, and how they are held against the ones that are checked in.

namespace buri::ptx::sass {

/// What a figure is about: "sm_90", "mul" or "recover_kernel", "instructions".
struct FigureKey {
  std::string architecture;
  std::string subject;
  std::string metric;

  friend auto operator<=>(const FigureKey&, const FigureKey&) = default;
};

/// Metrics in use. Resident warps may not fall; all others but registers may not rise.
///   instructions, wide_multiplies   of one field or point operation, calls included
///   registers, stack_bytes, warps   of a kernel; a spill shows as stack
struct Report {
  std::string compiler;  ///< release of the assembler, "13.2.86"
  std::map<FigureKey, std::uint64_t> figures;
};

/// Tab-separated lines below a line "compiler\t13.2.86"; lines that begin with # are comments.
void write_report(std::ostream& out, const Report& report);
/// Reads what write_report wrote. A malformed line ends the reading: later figures are missing.
Report read_report(std::istream& in);

/// One sentence for every figure that is worse than, missing from or new to the baseline.
std::vector<std::string> regressions(const Report& baseline, const Report& measured);

}  // namespace buri::ptx::sass
