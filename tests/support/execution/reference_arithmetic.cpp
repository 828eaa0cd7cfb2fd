#include "tests/support/execution/reference_run.hpp"

/// Appendix H.2, 0s and 10s: arithmetic, comparison and bits, in whole numbers.

namespace buri::testing::reference {
namespace {

const Word kModulus = Word(1) << 256;

Word power(const Word& base, const Word& exponent) {
  Word result;
  mpz_powm(result.get_mpz_t(), base.get_mpz_t(), exponent.get_mpz_t(), kModulus.get_mpz_t());
  return result;
}

/// SIGNEXTEND: the bit number 8 * (index + 1) - 1 fills those above it.
Word extended(const Word& index, const Word& value) {
  if (index >= 31) return value;
  const unsigned long bits = 8 * (index.get_ui() + 1);
  const Word modulus = Word(1) << bits;
  const Word low = value % modulus;
  return low < modulus / 2 ? low : wrapped(low - modulus);
}

/// SAR rounds down, which for the sign's sake never ends at another value than 0 or -1.
Word shifted_right(const Word& value, const Word& count) {
  const unsigned long bits = count > 256 ? 256 : count.get_ui();
  Word result;
  mpz_fdiv_q_2exp(result.get_mpz_t(), value.get_mpz_t(), bits);
  return wrapped(result);
}

}  // namespace

void Run::arithmetic(std::uint8_t opcode) {
  const Word a = pop();
  const Word b = pop();
  switch (opcode) {
    case 0x01:
      return put(wrapped(a + b));
    case 0x02:
      return put(wrapped(a * b));
    case 0x03:
      return put(wrapped(a - b));
    case 0x04:
      return put(b == 0 ? Word(0) : Word(a / b));
    case 0x05:  // gmp's quotient is rounded towards zero, as SDIV's
      return put(b == 0 ? Word(0) : wrapped(as_signed(a) / as_signed(b)));
    case 0x06:
      return put(b == 0 ? Word(0) : Word(a % b));
    case 0x07:  // gmp's remainder has the dividend's sign, as SMOD's
      return put(b == 0 ? Word(0) : wrapped(as_signed(a) % as_signed(b)));
    case 0x08: {
      const Word n = pop();
      return put(n == 0 ? Word(0) : Word((a + b) % n));
    }
    case 0x09: {
      const Word n = pop();
      return put(n == 0 ? Word(0) : Word(a * b % n));
    }
    case 0x0a: {
      const std::size_t bytes = b == 0 ? 0 : (mpz_sizeinbase(b.get_mpz_t(), 2) + 7) / 8;
      if (pay(50 * Word(static_cast<unsigned long>(bytes)))) put(power(a, b));
      return;
    }
    default:
      return put(extended(a, b));
  }
}

void Run::comparison(std::uint8_t opcode) {
  const Word a = pop();
  switch (opcode) {
    case 0x15:
      return put(a == 0);
    case 0x19:
      return put(Word(kModulus - 1 - a));
    case 0x1e:  // CLZ, EIP-7939
      return put(std::uint64_t{a == 0 ? 256 : 256 - mpz_sizeinbase(a.get_mpz_t(), 2)});
    default:
      break;
  }
  const Word b = pop();
  switch (opcode) {
    case 0x10:
      return put(a < b);
    case 0x11:
      return put(a > b);
    case 0x12:
      return put(as_signed(a) < as_signed(b));
    case 0x13:
      return put(as_signed(a) > as_signed(b));
    case 0x14:
      return put(a == b);
    case 0x16:
      return put(Word(a & b));
    case 0x17:
      return put(Word(a | b));
    case 0x18:
      return put(Word(a ^ b));
    case 0x1a:
      return put(a >= 32 ? Word(0) : Word((b >> (8 * (31 - a.get_ui()))) % 256));
    case 0x1b:
      return put(a >= 256 ? Word(0) : wrapped(b << a.get_ui()));
    case 0x1c:
      return put(shifted_right(b, a));
    default:
      return put(shifted_right(as_signed(b), a));
  }
}

}  // namespace buri::testing::reference
