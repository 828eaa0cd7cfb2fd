#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

/// Machine code as text: what `nvdisasm -c` and `cuobjdump -res-usage` print.

namespace buri::ptx::sass {

/// One function of a listing. Padding (NOP) is not counted.
struct ListedFunction {
  std::uint64_t instructions = 0;
  std::map<std::string, std::uint64_t> by_mnemonic;  ///< "IMAD.WIDE.U32" counts under "IMAD.WIDE"
  std::vector<std::string> calls;                    ///< callee of every call instruction
};

using Listing = std::map<std::string, ListedFunction>;

/// Reads a listing of `nvdisasm -c`; functions a kernel calls are listed beside it.
Listing read_listing(std::string_view text);

/// Instructions that one call of `function` runs when it is straight-line code: its own and those
/// of all it calls, once for each call. REQUIRES: the listing has the function and its callees.
std::uint64_t executed_instructions(const Listing& listing, const std::string& function);

/// What a kernel occupies.
struct ResourceUsage {
  std::uint32_t registers = 0;     ///< per thread
  std::uint32_t stack_bytes = 0;   ///< per thread: local arrays, and spills if there are any
  std::uint32_t shared_bytes = 0;  ///< per block, static
};

/// Reads the answer of `cuobjdump -res-usage`, by function name.
std::map<std::string, ResourceUsage> read_resource_usage(std::string_view text);

}  // namespace buri::ptx::sass
