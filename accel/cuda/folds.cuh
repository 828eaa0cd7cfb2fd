#pragma once

#include "accel/cuda/limbs.cuh"

/// Reduction modulo p = 2^256 - 2^32 - 977, as carry chains in the manner of limbs.cuh: whatever
/// lies above 2^256 is multiplied by 2^32 + 977 and added below, until nothing is left above.

namespace buri::accel::cuda {

/// The first fold of a 16-limb product: low + high * 977 + high * 2^32. `low` and `high` are used
/// up; low[0..7] and (top[0], top[1]) hold the sum, below 2^256 * (2^32 + 978).
BURI_HOST_DEVICE inline void fold_high(Limb* low, Limb* high, Limb* top) {
#ifdef __CUDA_ARCH__
  const Limb odd[4] = {high[1], high[3], high[5], high[7]};
  const Limb even[4] = {high[0], high[2], high[4], high[6]};
  asm("mad.lo.cc.u32 %0, %18, 977, %0;\n\t"
      "madc.hi.cc.u32 %1, %18, 977, %1;\n\t"
      "madc.lo.cc.u32 %2, %19, 977, %2;\n\t"
      "madc.hi.cc.u32 %3, %19, 977, %3;\n\t"
      "madc.lo.cc.u32 %4, %20, 977, %4;\n\t"
      "madc.hi.cc.u32 %5, %20, 977, %5;\n\t"
      "madc.lo.cc.u32 %6, %21, 977, %6;\n\t"
      "madc.hi.cc.u32 %7, %21, 977, %7;\n\t"
      "addc.u32 %8, 0, 0;\n\t"
      "mad.lo.cc.u32 %10, %22, 977, %10;\n\t"
      "madc.hi.cc.u32 %11, %22, 977, %11;\n\t"
      "madc.lo.cc.u32 %12, %23, 977, %12;\n\t"
      "madc.hi.cc.u32 %13, %23, 977, %13;\n\t"
      "madc.lo.cc.u32 %14, %24, 977, %14;\n\t"
      "madc.hi.cc.u32 %15, %24, 977, %15;\n\t"
      "madc.lo.cc.u32 %16, %25, 977, %16;\n\t"
      "madc.hi.cc.u32 %17, %25, 977, %17;\n\t"
      "addc.u32 %9, 0, 0;\n\t"
      "add.cc.u32 %1, %1, %10;\n\t"
      "addc.cc.u32 %2, %2, %11;\n\t"
      "addc.cc.u32 %3, %3, %12;\n\t"
      "addc.cc.u32 %4, %4, %13;\n\t"
      "addc.cc.u32 %5, %5, %14;\n\t"
      "addc.cc.u32 %6, %6, %15;\n\t"
      "addc.cc.u32 %7, %7, %16;\n\t"
      "addc.cc.u32 %8, %8, %17;\n\t"
      "addc.u32 %9, %9, 0;"
      : "+r"(low[0]), "+r"(low[1]), "+r"(low[2]), "+r"(low[3]), "+r"(low[4]), "+r"(low[5]),
        "+r"(low[6]), "+r"(low[7]), "=&r"(top[0]), "=&r"(top[1]), "+r"(high[0]), "+r"(high[1]),
        "+r"(high[2]), "+r"(high[3]), "+r"(high[4]), "+r"(high[5]), "+r"(high[6]), "+r"(high[7])
      : "r"(even[0]), "r"(even[1]), "r"(even[2]), "r"(even[3]), "r"(odd[0]), "r"(odd[1]),
        "r"(odd[2]), "r"(odd[3]));
#else
  const Limb odd[4] = {high[1], high[3], high[5], high[7]};
  const Limb even[4] = {high[0], high[2], high[4], high[6]};
  const Limb fold[4] = {977, 977, 977, 977};
  top[0] = host_detail::multiply_add(low, even, fold);
  top[1] = host_detail::multiply_add(high, odd, fold);
  const Limb carry = host_detail::add(low + 1, high, 7);
  const Limb rest[2] = {high[7], 0};
  host_detail::add(top, rest, 2, carry);
#endif
}

/// The second fold: low + top * (2^32 + 977), and the rare carry of that folded once more.
/// REQUIRES: top as fold_high gives it.
BURI_HOST_DEVICE inline void fold_top(Limb* low, const Limb* top) {
#ifdef __CUDA_ARCH__
  asm("{ .reg .u32 middle, upper, carry;\n\t"
      "mad.lo.u32 middle, %9, 977, %8;\n\t"
      "mad.lo.cc.u32 %0, %8, 977, %0;\n\t"
      "madc.hi.cc.u32 %1, %8, 977, %1;\n\t"
      "addc.u32 upper, %9, 0;\n\t"
      "add.cc.u32 %1, %1, middle;\n\t"
      "addc.cc.u32 %2, %2, upper;\n\t"
      "addc.cc.u32 %3, %3, 0;\n\t"
      "addc.cc.u32 %4, %4, 0;\n\t"
      "addc.cc.u32 %5, %5, 0;\n\t"
      "addc.cc.u32 %6, %6, 0;\n\t"
      "addc.cc.u32 %7, %7, 0;\n\t"
      "addc.u32 carry, 0, 0;\n\t"
      "mad.lo.cc.u32 %0, carry, 977, %0;\n\t"
      "addc.cc.u32 %1, %1, carry;\n\t"
      "addc.u32 %2, %2, 0; }"
      : "+r"(low[0]), "+r"(low[1]), "+r"(low[2]), "+r"(low[3]), "+r"(low[4]), "+r"(low[5]),
        "+r"(low[6]), "+r"(low[7])
      : "r"(top[0]), "r"(top[1]));
#else
  const std::uint64_t product = std::uint64_t{top[0]} * 977;
  const std::uint64_t middle = (product >> 32) + top[0] + std::uint64_t{top[1]} * 977;
  const Limb addend[8] = {static_cast<Limb>(product), static_cast<Limb>(middle),
                          static_cast<Limb>((middle >> 32) + top[1])};
  const Limb carry = host_detail::add(low, addend, 8);
  const Limb rest[3] = {977 * carry, carry, 0};
  host_detail::add(low, rest, 3);
#endif
}

/// fold_top for a product that carried out of its 16 limbs: `carry` (0 or 1) stands for 2^512.
BURI_HOST_DEVICE inline void fold_top_carry(Limb* low, const Limb* top, Limb carry) {
#ifdef __CUDA_ARCH__
  asm("{ .reg .u32 first, second, middle, upper, again;\n\t"
      "mad.lo.cc.u32 first, %10, 977, %8;\n\t"
      "addc.u32 second, %9, %10;\n\t"
      "mad.lo.cc.u32 middle, second, 977, first;\n\t"
      "addc.u32 upper, second, 0;\n\t"
      "mad.lo.cc.u32 %0, first, 977, %0;\n\t"
      "madc.hi.cc.u32 %1, first, 977, %1;\n\t"
      "addc.u32 upper, upper, 0;\n\t"
      "add.cc.u32 %1, %1, middle;\n\t"
      "addc.cc.u32 %2, %2, upper;\n\t"
      "addc.cc.u32 %3, %3, 0;\n\t"
      "addc.cc.u32 %4, %4, 0;\n\t"
      "addc.cc.u32 %5, %5, 0;\n\t"
      "addc.cc.u32 %6, %6, 0;\n\t"
      "addc.cc.u32 %7, %7, 0;\n\t"
      "addc.u32 again, 0, 0;\n\t"
      "mad.lo.cc.u32 %0, again, 977, %0;\n\t"
      "addc.cc.u32 %1, %1, again;\n\t"
      "addc.u32 %2, %2, 0; }"
      : "+r"(low[0]), "+r"(low[1]), "+r"(low[2]), "+r"(low[3]), "+r"(low[4]), "+r"(low[5]),
        "+r"(low[6]), "+r"(low[7])
      : "r"(top[0]), "r"(top[1]), "r"(carry));
#else
  const std::uint64_t sum =
      top[0] + (std::uint64_t{top[1]} << 32) + carry * ((std::uint64_t{1} << 32) + 977);
  const std::uint64_t product = (sum & 0xffffffff) * 977;
  const std::uint64_t middle = (product >> 32) + (sum & 0xffffffff) + (sum >> 32) * 977;
  const Limb addend[8] = {static_cast<Limb>(product), static_cast<Limb>(middle),
                          static_cast<Limb>((middle >> 32) + (sum >> 32))};
  const Limb again = host_detail::add(low, addend, 8);
  const Limb rest[3] = {977 * again, again, 0};
  host_detail::add(low, rest, 3);
#endif
}

/// a += carry * (2^32 + 977) twice over: `carry` stands for 2^256, and so does what this addition
/// carries out. REQUIRES: carry <= 8, as a multiple of at most 8 of 256 bits carries.
BURI_HOST_DEVICE inline void fold_carry(Limb* a, Limb carry) {
#ifdef __CUDA_ARCH__
  asm("{ .reg .u32 again;\n\t"
      "mad.lo.cc.u32 %0, %8, 977, %0;\n\t"
      "addc.cc.u32 %1, %1, %8;\n\t"
      "addc.cc.u32 %2, %2, 0;\n\t"
      "addc.cc.u32 %3, %3, 0;\n\t"
      "addc.cc.u32 %4, %4, 0;\n\t"
      "addc.cc.u32 %5, %5, 0;\n\t"
      "addc.cc.u32 %6, %6, 0;\n\t"
      "addc.cc.u32 %7, %7, 0;\n\t"
      "addc.u32 again, 0, 0;\n\t"
      "mad.lo.cc.u32 %0, again, 977, %0;\n\t"
      "addc.u32 %1, %1, again; }"
      : "+r"(a[0]), "+r"(a[1]), "+r"(a[2]), "+r"(a[3]), "+r"(a[4]), "+r"(a[5]), "+r"(a[6]),
        "+r"(a[7])
      : "r"(carry));
#else
  for (unsigned pass = 0; pass < 2; ++pass) {
    const Limb addend[8] = {977 * carry, carry};
    carry = host_detail::add(a, addend, 8);
  }
#endif
}

/// a -= borrow * (2^32 + 977) twice over: `borrow` stands for -2^256, and so does what this
/// subtraction borrows. REQUIRES: borrow <= 8, as subtracting at most 8 values of 256 bits borrows.
BURI_HOST_DEVICE inline void fold_borrow(Limb* a, Limb borrow) {
#ifdef __CUDA_ARCH__
  asm("{ .reg .u32 part, again;\n\t"
      "mul.lo.u32 part, %8, 977;\n\t"
      "sub.cc.u32 %0, %0, part;\n\t"
      "subc.cc.u32 %1, %1, %8;\n\t"
      "subc.cc.u32 %2, %2, 0;\n\t"
      "subc.cc.u32 %3, %3, 0;\n\t"
      "subc.cc.u32 %4, %4, 0;\n\t"
      "subc.cc.u32 %5, %5, 0;\n\t"
      "subc.cc.u32 %6, %6, 0;\n\t"
      "subc.cc.u32 %7, %7, 0;\n\t"
      "subc.u32 again, 0, 0;\n\t"
      "and.b32 part, again, 977;\n\t"
      "sub.cc.u32 %0, %0, part;\n\t"
      "subc.u32 %1, %1, 0;\n\t"
      "add.u32 %1, %1, again; }"
      : "+r"(a[0]), "+r"(a[1]), "+r"(a[2]), "+r"(a[3]), "+r"(a[4]), "+r"(a[5]), "+r"(a[6]),
        "+r"(a[7])
      : "r"(borrow));
#else
  for (unsigned pass = 0; pass < 2; ++pass) {
    const Limb part[8] = {977 * borrow, borrow};
    borrow = sub8(a, part);
  }
#endif
}

}  // namespace buri::accel::cuda
