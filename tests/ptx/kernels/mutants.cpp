#include "tests/ptx/kernels/mutants.hpp"

#include <array>
#include <regex>

namespace buri::ptx {
namespace {

using enum accel::Operation;

/// A return of thread 5 alone, in registers of its own.
constexpr std::string_view kThreadFiveLeaves =
    "{ .reg .pred %leaves; .reg .b32 %thread; mov.u32 %thread, %tid.x; "
    "setp.eq.u32 %leaves, %thread, 5; @%leaves ret; }\n$&";

constexpr std::array kMutants = {
    // Wrong arithmetic.
    Mutant{"a carry is dropped in the middle of a product", kRecover, "window_sum_kernel",
           "madc\\.hi\\.cc\\.u32", 40, "mad.hi.cc.u32"},
    Mutant{"a carry is dropped in a sum", kRecover, "window_sum_kernel", "addc\\.cc\\.u32", 3,
           "add.cc.u32"},
    Mutant{"a borrow is lost", kVerifyKnown, "comb_sum_kernel", "subc\\.cc\\.u32", 1, "sub.cc.u32"},
    Mutant{"a chain starts without setting the carry", kRecover, "odd_multiples_kernel",
           "mad\\.lo\\.cc\\.u32", 2, "mad.lo.u32"},
    Mutant{"the fold multiplies by 976", kRecover, "window_sum_kernel", "\\b977\\b", 0, "976"},
    Mutant{"a low half is taken for a high one", kVerifyKnown, "comb_sum_kernel",
           "madc\\.hi\\.cc\\.u32", 7, "madc.lo.cc.u32"},
    Mutant{"a Keccak rotation goes the other way", kKeccak256, "keccak256_kernel",
           "shf\\.l\\.wrap\\.b32|shl\\.b64", 3, "shr.u64"},
    Mutant{"a Keccak round constant is wrong", kKeccak256, "",
           "(kKeccakRoundConstants\\w*\\[\\d+\\] = \\{)1,", 0, "$013,"},
    Mutant{"chi forgets a complement", kKeccak256, "keccak256_kernel", "not\\.b64", 0, "mov.b64"},
    Mutant{"a SHA-256 rotation is off by one", kSha256, "sha256_kernel",
           "(shf\\.l\\.wrap\\.b32[^;]*), 26;", 0, "$1, 25;"},
    Mutant{"a SHA-256 round constant is wrong", kSha256, "",
           "(kSha256RoundConstants\\w*\\[\\d+\\] = \\{)152,", 0, "$01153,"},

    // Wrong places.
    Mutant{"the guard lets one thread too many through", kKeccak256, "keccak256_kernel",
           "setp\\.(ge|le)\\.u32", 0, "setp.gt.u32"},
    Mutant{"no thread is turned away", kRecover, "window_sum_kernel",
           "(setp\\.\\w+\\.u32)\\s+(%p\\d+), (%r\\d+), %r\\d+;", 0, "setp.ne.u32 $2, $3, $3;"},
    Mutant{"a global load is misaligned", kSha256, "sha256_kernel",
           "(ld\\.global\\.u32[^\\[]*\\[%rd\\d+)\\+?(\\d*)\\];", 0, "$1+2];"},
    Mutant{"an index overflows", kVerifyKnown, "comb_sum_kernel",
           "mul\\.wide\\.u32(\\s+%rd\\d+, %r\\d+), ", 0, "mul.wide.s32$1, -"},
    Mutant{"a shared array is overrun", kRfc6962Root, "rfc6962_levels_kernel",
           "st\\.shared\\.v2\\.u64(\\s+\\[%r\\d+)\\]", 0, "st.shared.v2.u64$1+8192]"},

    // Wrong synchronisation.
    Mutant{"the barrier before a tree level is missing", kCheckpointRoot,
           "checkpoint_levels_kernel", "bar\\.sync\\s+0;", 0, ""},
    Mutant{"the barrier after a tree level is missing", kRfc6962Root, "rfc6962_levels_kernel",
           "bar\\.sync\\s+0;", 1, ""},
    Mutant{"the barrier between products is missing", kVerify, "verify_prepare_kernel",
           "bar\\.sync\\s+0;", 0, ""},
    Mutant{"the barrier after the inversion is missing", kRecover, "recover_finish_kernel",
           "bar\\.sync\\s+0;", 2, ""},
    Mutant{"a thread leaves before a barrier", kRecover, "recover_prepare_kernel",
           "bar\\.sync\\s+0;", 0, kThreadFiveLeaves},
    Mutant{"shared memory is read before it is written", kVerifyKnown, "known_prepare_kernel",
           "st\\.shared[^;]*;", 0, ""},
    Mutant{"every thread stores its result at one place", kSha256, "sha256_kernel",
           "mov\\.u32(\\s+%r\\d+), %tid\\.x;", 0, "mov.u32$1, 0;"},

    // Wrong control.
    Mutant{"a branch is always taken", kKeccak256, "keccak256_kernel",
           "@%p\\d+ bra\\s+(\\$L__BB\\d+_\\d+);(?=\\s+(st|mov|bra|and|ld|\\$|xor|cvt|add))", 1,
           "bra $1;"},
    Mutant{"a register is never set", kRecover, "window_sum_kernel",
           "mov\\.(u32|b32)(\\s+%r\\d+, %tid\\.x;)", 0, "// "},
};

/// One past the brace that closes the one at `open`, or npos.
std::size_t closing_brace(const std::string& ptx, std::size_t open) {
  unsigned depth = 0;
  for (std::size_t at = open; at < ptx.size(); ++at) {
    if (ptx[at] == '{') ++depth;
    if (ptx[at] == '}' && --depth == 0) return at + 1;
  }
  return std::string::npos;
}

/// The text of the kernel whose name contains `name`: from ".entry" to the end of its body.
bool find_kernel(const std::string& ptx, std::string_view name, std::size_t& begin,
                 std::size_t& end) {
  for (begin = ptx.find(".entry"); begin != std::string::npos;
       begin = ptx.find(".entry", begin + 1)) {
    const std::size_t parameters = ptx.find('(', begin);
    if (std::string_view(ptx).substr(begin, parameters - begin).find(name) !=
        std::string_view::npos) {
      end = closing_brace(ptx, ptx.find('{', begin));
      return end != std::string::npos;
    }
  }
  return false;
}

}  // namespace

std::span<const Mutant> all_mutants() { return kMutants; }

std::string mutate(const Mutant& mutant, std::string ptx, bool& applied) {
  std::size_t begin = 0;
  std::size_t end = ptx.find(".entry");
  if (end == std::string::npos) return ptx;
  if (!mutant.function.empty() && !find_kernel(ptx, mutant.function, begin, end)) return ptx;
  const std::string text = ptx.substr(begin, end - begin);
  const std::regex pattern(mutant.pattern.begin(), mutant.pattern.end());
  std::sregex_iterator match(text.begin(), text.end(), pattern);
  for (unsigned skip = mutant.occurrence; skip != 0 && match != std::sregex_iterator(); --skip) {
    ++match;
  }
  if (match == std::sregex_iterator()) return ptx;
  applied = true;
  const std::string changed = match->format(std::string(mutant.replacement));
  return ptx.replace(begin + static_cast<std::size_t>(match->position()),
                     static_cast<std::size_t>(match->length()), changed);
}

}  // namespace buri::ptx
