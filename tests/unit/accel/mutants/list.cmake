# The mutants: name, file, the text that stands there, the text that takes its place.
set(portable accel/scalar/portable_field.hpp)
set(packed accel/scalar/packed_field.hpp)
set(adx accel/scalar/adx_field.hpp)
set(order accel/curve/order.hpp)
set(digits accel/curve/digits.hpp)
set(point accel/curve/point.hpp)
set(chains accel/curve/chains.hpp)
set(constants accel/curve/constants.hpp)

# Carries that are dropped.
buri_mutant(portable_last_fold ${portable} "+ static_cast<std::uint64_t>(rest) * kFieldFold" "")
buri_mutant(portable_last_carry ${portable} "result.limb[1] += static_cast<std::uint64_t>(low >> 64)" "(void)low")
buri_mutant(packed_add_second_carry ${packed} "sum.limb[0] += kFieldFold" "(void)carry")
buri_mutant(packed_sub_second_borrow ${packed} "difference.limb[0] -= kFieldFold" "(void)borrow")
buri_mutant(packed_half_borrow ${packed} "top = odd ^ borrow" "top = odd | (borrow & 0)")
buri_mutant(adx_last_carry ${adx} "\"adcq $0, %[l1]\\n\\t\"" "\"nop\\n\\t\"")
buri_mutant(adx_last_fold ${adx} "cmovcq %%rdx, %[high]" "nop")
buri_mutant(adx_fold_top_carry ${adx} "\"adcxq %[high], %[l4]\\n\\t\"" "\"nop\\n\\t\"")
buri_mutant(adx_square_top_carry ${adx} "\"adcxq %[l7], %[l6]\\n\\t\"" "\"nop\\n\\t\"")
buri_mutant(adx_square_overflow_chain ${adx} "\"adoxq %[l7], %[l5]\\n\\t\"" "\"nop\\n\\t\"")

# Wrong constants.
buri_mutant(fold_constant ${constants} "kFieldFold = 0x1000003d1" "kFieldFold = 0x1000003d0")
buri_mutant(adx_fold_constant ${adx} "movabsq $0x1000003d1" "movabsq $0x1000003d0")
buri_mutant(beta_is_its_square ${constants} "{{0xc1396c28719501ee" "{{0xc1396c28719501ef")
buri_mutant(glv_basis ${digits} "a1[3] = {0xe86c90e49284eb15" "a1[3] = {0xe86c90e49284eb17")

# Missing reductions and wrong masks.
buri_mutant(normalize_nothing ${packed} "return below ? a : reduced" "return below ? a : a")
buri_mutant(p_is_not_zero ${packed} "return a == curve::field_prime()" "return false")
buri_mutant(order_no_last_subtraction ${order} "return reduce_mod_n(select(limb[4] != 0, folded, result))"
  "return select(limb[4] != 0, folded, result)")
buri_mutant(order_one_fold_less ${order} "high_limbs >= 2" "high_limbs >= 3")
buri_mutant(order_sum_carry ${order} "select(carry < borrow, sum, reduced)" "select(borrow != 0, sum, reduced)")
buri_mutant(split_even_half ${digits} "(p1.limb[6] ^ k.limb[0] ^ 1) & 1" "(p1.limb[6] ^ k.limb[0]) & 1")
buri_mutant(digit_of_negatives ${digits} "half - 1 - raw" "half - raw")

# Wrong formulas.
buri_mutant(inverse_chain ${chains} "sqr_times<F>(result, 5)" "sqr_times<F>(result, 4)")
buri_mutant(root_chain ${chains} "sqr_times<F>(result, 6)" "sqr_times<F>(result, 5)")
buri_mutant(mixed_sum_sign ${point} "F::template sub<1>(s2, p.y)" "F::template sub<1>(p.y, s2)")
