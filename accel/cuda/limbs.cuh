#pragma once

#include <cstdint>

#include "accel/cuda/portable.cuh"

/// Carry chains over 32-bit limbs: the leaves of the device's field arithmetic. A *pair* is two
/// neighbouring limbs that hold one 64-bit column product. On the device each function is one block
/// of PTX, so that no other instruction can come between a carry and its use, and every
/// mad.lo.cc / madc.hi.cc couple becomes one IMAD.WIDE. The host versions compute the same from
/// plain 64-bit arithmetic.

namespace buri::accel::cuda {

using Limb = std::uint32_t;

#ifndef __CUDA_ARCH__
namespace host_detail {

/// (pair[2i], pair[2i + 1]) += x[i] * y[i] + carry for each i in turn; returns the last carry.
template <unsigned N>
inline Limb multiply_add(Limb* pair, const Limb (&x)[N], const Limb (&y)[N], Limb carry = 0) {
  for (unsigned i = 0; i < N; ++i) {
    const std::uint64_t product = std::uint64_t{x[i]} * y[i];
    const std::uint64_t low = (product & 0xffffffff) + pair[2 * i] + carry;
    const std::uint64_t high = (product >> 32) + pair[2 * i + 1] + (low >> 32);
    pair[2 * i] = static_cast<Limb>(low);
    pair[2 * i + 1] = static_cast<Limb>(high);
    carry = static_cast<Limb>(high >> 32);
  }
  return carry;
}

/// a[i] += b[i] + carry; returns the last carry.
inline Limb add(Limb* a, const Limb* b, unsigned count, Limb carry = 0) {
  for (unsigned i = 0; i < count; ++i) {
    const std::uint64_t sum = std::uint64_t{a[i]} + b[i] + carry;
    a[i] = static_cast<Limb>(sum);
    carry = static_cast<Limb>(sum >> 32);
  }
  return carry;
}

}  // namespace host_detail
#endif

/// pair[0..1] = x * y.
BURI_HOST_DEVICE inline void multiply(Limb* pair, Limb x, Limb y) {
  const std::uint64_t product = std::uint64_t{x} * y;
  pair[0] = static_cast<Limb>(product);
  pair[1] = static_cast<Limb>(product >> 32);
}

/// 3 pairs += x[i] * y[i], then the pair `top` = x[3] * y[3] + carry, which cannot overflow.
BURI_HOST_DEVICE inline void chain3_fresh(Limb* pair, Limb* top, const Limb (&x)[4],
                                          const Limb (&y)[4]) {
#ifdef __CUDA_ARCH__
  asm("mad.lo.cc.u32 %0, %8, %12, %0;\n\t"
      "madc.hi.cc.u32 %1, %8, %12, %1;\n\t"
      "madc.lo.cc.u32 %2, %9, %13, %2;\n\t"
      "madc.hi.cc.u32 %3, %9, %13, %3;\n\t"
      "madc.lo.cc.u32 %4, %10, %14, %4;\n\t"
      "madc.hi.cc.u32 %5, %10, %14, %5;\n\t"
      "madc.lo.cc.u32 %6, %11, %15, 0;\n\t"
      "madc.hi.u32 %7, %11, %15, 0;"
      : "+r"(pair[0]), "+r"(pair[1]), "+r"(pair[2]), "+r"(pair[3]), "+r"(pair[4]), "+r"(pair[5]),
        "=&r"(top[0]), "=&r"(top[1])
      : "r"(x[0]), "r"(x[1]), "r"(x[2]), "r"(x[3]), "r"(y[0]), "r"(y[1]), "r"(y[2]), "r"(y[3]));
#else
  const Limb xs[3] = {x[0], x[1], x[2]};
  const Limb ys[3] = {y[0], y[1], y[2]};
  const Limb carry = host_detail::multiply_add(pair, xs, ys);
  const std::uint64_t product = std::uint64_t{x[3]} * y[3] + carry;
  top[0] = static_cast<Limb>(product);
  top[1] = static_cast<Limb>(product >> 32);
#endif
}

/// 4 pairs += x[i] * y[i], then the pair `top` = x[4] * y[4] + carry, which cannot overflow.
BURI_HOST_DEVICE inline void chain4_fresh(Limb* pair, Limb* top, const Limb (&x)[5],
                                          const Limb (&y)[5]) {
#ifdef __CUDA_ARCH__
  asm("mad.lo.cc.u32 %0, %10, %15, %0;\n\t"
      "madc.hi.cc.u32 %1, %10, %15, %1;\n\t"
      "madc.lo.cc.u32 %2, %11, %16, %2;\n\t"
      "madc.hi.cc.u32 %3, %11, %16, %3;\n\t"
      "madc.lo.cc.u32 %4, %12, %17, %4;\n\t"
      "madc.hi.cc.u32 %5, %12, %17, %5;\n\t"
      "madc.lo.cc.u32 %6, %13, %18, %6;\n\t"
      "madc.hi.cc.u32 %7, %13, %18, %7;\n\t"
      "madc.lo.cc.u32 %8, %14, %19, 0;\n\t"
      "madc.hi.u32 %9, %14, %19, 0;"
      : "+r"(pair[0]), "+r"(pair[1]), "+r"(pair[2]), "+r"(pair[3]), "+r"(pair[4]), "+r"(pair[5]),
        "+r"(pair[6]), "+r"(pair[7]), "=&r"(top[0]), "=&r"(top[1])
      : "r"(x[0]), "r"(x[1]), "r"(x[2]), "r"(x[3]), "r"(x[4]), "r"(y[0]), "r"(y[1]), "r"(y[2]),
        "r"(y[3]), "r"(y[4]));
#else
  const Limb xs[4] = {x[0], x[1], x[2], x[3]};
  const Limb ys[4] = {y[0], y[1], y[2], y[3]};
  const Limb carry = host_detail::multiply_add(pair, xs, ys);
  const std::uint64_t product = std::uint64_t{x[4]} * y[4] + carry;
  top[0] = static_cast<Limb>(product);
  top[1] = static_cast<Limb>(product >> 32);
#endif
}

/// 3 pairs += x[i] * y[i], then the pair `top` += carry + extra. REQUIRES: that does not
/// overflow.
BURI_HOST_DEVICE inline void chain3_into(Limb* pair, Limb* top, const Limb (&x)[3],
                                         const Limb (&y)[3], Limb extra = 0) {
#ifdef __CUDA_ARCH__
  asm("mad.lo.cc.u32 %0, %8, %11, %0;\n\t"
      "madc.hi.cc.u32 %1, %8, %11, %1;\n\t"
      "madc.lo.cc.u32 %2, %9, %12, %2;\n\t"
      "madc.hi.cc.u32 %3, %9, %12, %3;\n\t"
      "madc.lo.cc.u32 %4, %10, %13, %4;\n\t"
      "madc.hi.cc.u32 %5, %10, %13, %5;\n\t"
      "addc.cc.u32 %6, %6, %14;\n\t"
      "addc.u32 %7, %7, 0;"
      : "+r"(pair[0]), "+r"(pair[1]), "+r"(pair[2]), "+r"(pair[3]), "+r"(pair[4]), "+r"(pair[5]),
        "+r"(top[0]), "+r"(top[1])
      : "r"(x[0]), "r"(x[1]), "r"(x[2]), "r"(y[0]), "r"(y[1]), "r"(y[2]), "r"(extra));
#else
  const Limb carry[2] = {host_detail::multiply_add(pair, x, y), 0};
  const Limb addend[2] = {extra, 0};
  host_detail::add(top, carry, 2);
  host_detail::add(top, addend, 2);
#endif
}

/// 4 pairs += x[i] * y[i]; returns the carry.
BURI_HOST_DEVICE inline Limb chain4_out(Limb* pair, const Limb (&x)[4], const Limb (&y)[4]) {
#ifdef __CUDA_ARCH__
  Limb carry;
  asm("mad.lo.cc.u32 %0, %9, %13, %0;\n\t"
      "madc.hi.cc.u32 %1, %9, %13, %1;\n\t"
      "madc.lo.cc.u32 %2, %10, %14, %2;\n\t"
      "madc.hi.cc.u32 %3, %10, %14, %3;\n\t"
      "madc.lo.cc.u32 %4, %11, %15, %4;\n\t"
      "madc.hi.cc.u32 %5, %11, %15, %5;\n\t"
      "madc.lo.cc.u32 %6, %12, %16, %6;\n\t"
      "madc.hi.cc.u32 %7, %12, %16, %7;\n\t"
      "addc.u32 %8, 0, 0;"
      : "+r"(pair[0]), "+r"(pair[1]), "+r"(pair[2]), "+r"(pair[3]), "+r"(pair[4]), "+r"(pair[5]),
        "+r"(pair[6]), "+r"(pair[7]), "=r"(carry)
      : "r"(x[0]), "r"(x[1]), "r"(x[2]), "r"(x[3]), "r"(y[0]), "r"(y[1]), "r"(y[2]), "r"(y[3]));
  return carry;
#else
  return host_detail::multiply_add(pair, x, y);
#endif
}

/// 16 limbs += sum of x[i]^2 * 2^(64 i). REQUIRES: no overflow.
BURI_HOST_DEVICE inline void add_squares(Limb* pair, const Limb (&x)[8]) {
#ifdef __CUDA_ARCH__
  asm("mad.lo.cc.u32 %0, %16, %16, %0;\n\t"
      "madc.hi.cc.u32 %1, %16, %16, %1;\n\t"
      "madc.lo.cc.u32 %2, %17, %17, %2;\n\t"
      "madc.hi.cc.u32 %3, %17, %17, %3;\n\t"
      "madc.lo.cc.u32 %4, %18, %18, %4;\n\t"
      "madc.hi.cc.u32 %5, %18, %18, %5;\n\t"
      "madc.lo.cc.u32 %6, %19, %19, %6;\n\t"
      "madc.hi.cc.u32 %7, %19, %19, %7;\n\t"
      "madc.lo.cc.u32 %8, %20, %20, %8;\n\t"
      "madc.hi.cc.u32 %9, %20, %20, %9;\n\t"
      "madc.lo.cc.u32 %10, %21, %21, %10;\n\t"
      "madc.hi.cc.u32 %11, %21, %21, %11;\n\t"
      "madc.lo.cc.u32 %12, %22, %22, %12;\n\t"
      "madc.hi.cc.u32 %13, %22, %22, %13;\n\t"
      "madc.lo.cc.u32 %14, %23, %23, %14;\n\t"
      "madc.hi.u32 %15, %23, %23, %15;"
      : "+r"(pair[0]), "+r"(pair[1]), "+r"(pair[2]), "+r"(pair[3]), "+r"(pair[4]), "+r"(pair[5]),
        "+r"(pair[6]), "+r"(pair[7]), "+r"(pair[8]), "+r"(pair[9]), "+r"(pair[10]), "+r"(pair[11]),
        "+r"(pair[12]), "+r"(pair[13]), "+r"(pair[14]), "+r"(pair[15])
      : "r"(x[0]), "r"(x[1]), "r"(x[2]), "r"(x[3]), "r"(x[4]), "r"(x[5]), "r"(x[6]), "r"(x[7]));
#else
  host_detail::multiply_add(pair, x, x);
#endif
}

/// a += b over 15 limbs. REQUIRES: no overflow.
BURI_HOST_DEVICE inline void add15(Limb* a, const Limb* b) {
#ifdef __CUDA_ARCH__
  asm("add.cc.u32 %0, %0, %15;\n\t"
      "addc.cc.u32 %1, %1, %16;\n\t"
      "addc.cc.u32 %2, %2, %17;\n\t"
      "addc.cc.u32 %3, %3, %18;\n\t"
      "addc.cc.u32 %4, %4, %19;\n\t"
      "addc.cc.u32 %5, %5, %20;\n\t"
      "addc.cc.u32 %6, %6, %21;\n\t"
      "addc.cc.u32 %7, %7, %22;\n\t"
      "addc.cc.u32 %8, %8, %23;\n\t"
      "addc.cc.u32 %9, %9, %24;\n\t"
      "addc.cc.u32 %10, %10, %25;\n\t"
      "addc.cc.u32 %11, %11, %26;\n\t"
      "addc.cc.u32 %12, %12, %27;\n\t"
      "addc.cc.u32 %13, %13, %28;\n\t"
      "addc.u32 %14, %14, %29;"
      : "+r"(a[0]), "+r"(a[1]), "+r"(a[2]), "+r"(a[3]), "+r"(a[4]), "+r"(a[5]), "+r"(a[6]),
        "+r"(a[7]), "+r"(a[8]), "+r"(a[9]), "+r"(a[10]), "+r"(a[11]), "+r"(a[12]), "+r"(a[13]),
        "+r"(a[14])
      : "r"(b[0]), "r"(b[1]), "r"(b[2]), "r"(b[3]), "r"(b[4]), "r"(b[5]), "r"(b[6]), "r"(b[7]),
        "r"(b[8]), "r"(b[9]), "r"(b[10]), "r"(b[11]), "r"(b[12]), "r"(b[13]), "r"(b[14]));
#else
  host_detail::add(a, b, 15);
#endif
}

/// a += b over 14 limbs; returns the carry.
BURI_HOST_DEVICE inline Limb add14(Limb* a, const Limb* b) {
#ifdef __CUDA_ARCH__
  Limb carry;
  asm("add.cc.u32 %0, %0, %15;\n\t"
      "addc.cc.u32 %1, %1, %16;\n\t"
      "addc.cc.u32 %2, %2, %17;\n\t"
      "addc.cc.u32 %3, %3, %18;\n\t"
      "addc.cc.u32 %4, %4, %19;\n\t"
      "addc.cc.u32 %5, %5, %20;\n\t"
      "addc.cc.u32 %6, %6, %21;\n\t"
      "addc.cc.u32 %7, %7, %22;\n\t"
      "addc.cc.u32 %8, %8, %23;\n\t"
      "addc.cc.u32 %9, %9, %24;\n\t"
      "addc.cc.u32 %10, %10, %25;\n\t"
      "addc.cc.u32 %11, %11, %26;\n\t"
      "addc.cc.u32 %12, %12, %27;\n\t"
      "addc.cc.u32 %13, %13, %28;\n\t"
      "addc.u32 %14, 0, 0;"
      : "+r"(a[0]), "+r"(a[1]), "+r"(a[2]), "+r"(a[3]), "+r"(a[4]), "+r"(a[5]), "+r"(a[6]),
        "+r"(a[7]), "+r"(a[8]), "+r"(a[9]), "+r"(a[10]), "+r"(a[11]), "+r"(a[12]), "+r"(a[13]),
        "=r"(carry)
      : "r"(b[0]), "r"(b[1]), "r"(b[2]), "r"(b[3]), "r"(b[4]), "r"(b[5]), "r"(b[6]), "r"(b[7]),
        "r"(b[8]), "r"(b[9]), "r"(b[10]), "r"(b[11]), "r"(b[12]), "r"(b[13]));
  return carry;
#else
  return host_detail::add(a, b, 14);
#endif
}

/// a += b over 8 limbs; returns the carry.
BURI_HOST_DEVICE inline Limb add8(Limb* a, const Limb* b) {
#ifdef __CUDA_ARCH__
  Limb carry;
  asm("add.cc.u32 %0, %0, %9;\n\t"
      "addc.cc.u32 %1, %1, %10;\n\t"
      "addc.cc.u32 %2, %2, %11;\n\t"
      "addc.cc.u32 %3, %3, %12;\n\t"
      "addc.cc.u32 %4, %4, %13;\n\t"
      "addc.cc.u32 %5, %5, %14;\n\t"
      "addc.cc.u32 %6, %6, %15;\n\t"
      "addc.cc.u32 %7, %7, %16;\n\t"
      "addc.u32 %8, 0, 0;"
      : "+r"(a[0]), "+r"(a[1]), "+r"(a[2]), "+r"(a[3]), "+r"(a[4]), "+r"(a[5]), "+r"(a[6]),
        "+r"(a[7]), "=r"(carry)
      : "r"(b[0]), "r"(b[1]), "r"(b[2]), "r"(b[3]), "r"(b[4]), "r"(b[5]), "r"(b[6]), "r"(b[7]));
  return carry;
#else
  return host_detail::add(a, b, 8);
#endif
}

/// a += b over 16 limbs; returns the carry.
BURI_HOST_DEVICE inline Limb add16(Limb* a, const Limb* b) {
#ifdef __CUDA_ARCH__
  Limb carry;
  asm("add.cc.u32 %0, %0, %17;\n\t"
      "addc.cc.u32 %1, %1, %18;\n\t"
      "addc.cc.u32 %2, %2, %19;\n\t"
      "addc.cc.u32 %3, %3, %20;\n\t"
      "addc.cc.u32 %4, %4, %21;\n\t"
      "addc.cc.u32 %5, %5, %22;\n\t"
      "addc.cc.u32 %6, %6, %23;\n\t"
      "addc.cc.u32 %7, %7, %24;\n\t"
      "addc.cc.u32 %8, %8, %25;\n\t"
      "addc.cc.u32 %9, %9, %26;\n\t"
      "addc.cc.u32 %10, %10, %27;\n\t"
      "addc.cc.u32 %11, %11, %28;\n\t"
      "addc.cc.u32 %12, %12, %29;\n\t"
      "addc.cc.u32 %13, %13, %30;\n\t"
      "addc.cc.u32 %14, %14, %31;\n\t"
      "addc.cc.u32 %15, %15, %32;\n\t"
      "addc.u32 %16, 0, 0;"
      : "+r"(a[0]), "+r"(a[1]), "+r"(a[2]), "+r"(a[3]), "+r"(a[4]), "+r"(a[5]), "+r"(a[6]),
        "+r"(a[7]), "+r"(a[8]), "+r"(a[9]), "+r"(a[10]), "+r"(a[11]), "+r"(a[12]), "+r"(a[13]),
        "+r"(a[14]), "+r"(a[15]), "=r"(carry)
      : "r"(b[0]), "r"(b[1]), "r"(b[2]), "r"(b[3]), "r"(b[4]), "r"(b[5]), "r"(b[6]), "r"(b[7]),
        "r"(b[8]), "r"(b[9]), "r"(b[10]), "r"(b[11]), "r"(b[12]), "r"(b[13]), "r"(b[14]),
        "r"(b[15]));
  return carry;
#else
  return host_detail::add(a, b, 16);
#endif
}

/// a = 2 p - a in 9 limbs, the ninth returned; p is the field's prime.
BURI_HOST_DEVICE inline Limb negate9(Limb* a) {
#ifdef __CUDA_ARCH__
  Limb ninth;
  asm("sub.cc.u32 %0, 0xfffff85e, %0;\n\t"
      "subc.cc.u32 %1, 0xfffffffd, %1;\n\t"
      "subc.cc.u32 %2, 0xffffffff, %2;\n\t"
      "subc.cc.u32 %3, 0xffffffff, %3;\n\t"
      "subc.cc.u32 %4, 0xffffffff, %4;\n\t"
      "subc.cc.u32 %5, 0xffffffff, %5;\n\t"
      "subc.cc.u32 %6, 0xffffffff, %6;\n\t"
      "subc.cc.u32 %7, 0xffffffff, %7;\n\t"
      "subc.u32 %8, 1, 0;"
      : "+r"(a[0]), "+r"(a[1]), "+r"(a[2]), "+r"(a[3]), "+r"(a[4]), "+r"(a[5]), "+r"(a[6]),
        "+r"(a[7]), "=r"(ninth)
      :);
  return ninth;
#else
  const Limb twice_prime[8] = {0xfffff85e, 0xfffffffd, 0xffffffff, 0xffffffff,
                               0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff};
  Limb borrow = 0;
  for (unsigned i = 0; i < 8; ++i) {
    const std::uint64_t difference = std::uint64_t{twice_prime[i]} - a[i] - borrow;
    a[i] = static_cast<Limb>(difference);
    borrow = static_cast<Limb>(difference >> 32) & 1;
  }
  return 1 - borrow;
#endif
}

/// a -= b over 8 limbs; returns the borrow, 0 or 1.
BURI_HOST_DEVICE inline Limb sub8(Limb* a, const Limb* b) {
#ifdef __CUDA_ARCH__
  Limb borrow;
  asm("sub.cc.u32 %0, %0, %9;\n\t"
      "subc.cc.u32 %1, %1, %10;\n\t"
      "subc.cc.u32 %2, %2, %11;\n\t"
      "subc.cc.u32 %3, %3, %12;\n\t"
      "subc.cc.u32 %4, %4, %13;\n\t"
      "subc.cc.u32 %5, %5, %14;\n\t"
      "subc.cc.u32 %6, %6, %15;\n\t"
      "subc.cc.u32 %7, %7, %16;\n\t"
      "subc.u32 %8, 0, 0;"
      : "+r"(a[0]), "+r"(a[1]), "+r"(a[2]), "+r"(a[3]), "+r"(a[4]), "+r"(a[5]), "+r"(a[6]),
        "+r"(a[7]), "=r"(borrow)
      : "r"(b[0]), "r"(b[1]), "r"(b[2]), "r"(b[3]), "r"(b[4]), "r"(b[5]), "r"(b[6]), "r"(b[7]));
  return 0 - borrow;
#else
  Limb borrow = 0;
  for (unsigned i = 0; i < 8; ++i) {
    const std::uint64_t difference = std::uint64_t{a[i]} - b[i] - borrow;
    a[i] = static_cast<Limb>(difference);
    borrow = static_cast<Limb>(difference >> 32) & 1;
  }
  return borrow;
#endif
}

}  // namespace buri::accel::cuda
