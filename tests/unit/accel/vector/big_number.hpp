#pragma once

#include <openssl/bn.h>

#include <memory>

#include "base/check.hpp"
#include "tests/unit/accel/vector/probe.hpp"

/// OpenSSL's integers as the oracle of the lane arithmetic.

namespace buri::accel::vector {

/// An integer of any size and sign.
class BigNumber {
 public:
  explicit BigNumber(std::uint64_t word = 0) {
    CHECK(BN_set_word(number_.get(), word) == 1, "out of memory");
  }
  static BigNumber from_hex(const char* text) {
    BigNumber result;
    BIGNUM* target = result.number_.get();
    CHECK(BN_hex2bn(&target, text) > 0, "bad hexadecimal number");
    return result;
  }
  /// The value of lane `lane`: the sum of its signed limbs.
  static BigNumber from_lane(const ProbeNumbers& numbers, unsigned lane) {
    BigNumber result;
    for (int i = 4; i >= 0; --i) {
      BN_lshift(result.number_.get(), result.number_.get(), 52);
      const auto limb = static_cast<std::int64_t>(numbers.limb[i][lane]);
      const auto magnitude = static_cast<std::uint64_t>(limb < 0 ? -limb : limb);
      if (limb < 0) {
        BN_sub_word(result.number_.get(), magnitude);
      } else {
        BN_add_word(result.number_.get(), magnitude);
      }
    }
    return result;
  }
  BigNumber(const BigNumber& other) { BN_copy(number_.get(), other.number_.get()); }
  BigNumber& operator=(const BigNumber& other) {
    BN_copy(number_.get(), other.number_.get());
    return *this;
  }

  friend BigNumber operator+(const BigNumber& a, const BigNumber& b) {
    BigNumber result;
    BN_add(result.number_.get(), a.number_.get(), b.number_.get());
    return result;
  }
  friend BigNumber operator-(const BigNumber& a, const BigNumber& b) {
    BigNumber result;
    BN_sub(result.number_.get(), a.number_.get(), b.number_.get());
    return result;
  }
  friend BigNumber operator*(const BigNumber& a, const BigNumber& b) {
    BigNumber result;
    const std::unique_ptr<BN_CTX, decltype(&BN_CTX_free)> context(BN_CTX_new(), BN_CTX_free);
    BN_mul(result.number_.get(), a.number_.get(), b.number_.get(), context.get());
    return result;
  }
  /// The residue in [0, modulus).
  friend BigNumber operator%(const BigNumber& a, const BigNumber& modulus) {
    BigNumber result;
    const std::unique_ptr<BN_CTX, decltype(&BN_CTX_free)> context(BN_CTX_new(), BN_CTX_free);
    BN_nnmod(result.number_.get(), a.number_.get(), modulus.number_.get(), context.get());
    return result;
  }
  friend bool operator==(const BigNumber& a, const BigNumber& b) {
    return BN_cmp(a.number_.get(), b.number_.get()) == 0;
  }
  [[nodiscard]] bool is_odd() const { return BN_is_odd(number_.get()) == 1; }

 private:
  std::unique_ptr<BIGNUM, decltype(&BN_free)> number_{BN_new(), BN_free};
};

}  // namespace buri::accel::vector
