#include <gmp.h>

#include <limits>

#include "base/u256_words.hpp"
#include "node/execution/evm/precompiles/contracts.hpp"
#include "node/execution/evm/precompiles/input.hpp"

/// 0x05: base^exponent mod modulus of any length (GMP). Source: EIP-198, 2565, 7823, 7883.

namespace buri::execution::evm::precompiles {
namespace {

using Wide = unsigned __int128;
constexpr std::size_t kHeaderBytes = 96;
/// Longer operands cost more than any gas there is.
constexpr std::uint64_t kAbsurdBytes = std::uint64_t{1} << 32;
constexpr std::uint64_t kMaxGas = std::numeric_limits<std::uint64_t>::max();

std::uint64_t saturated(const U256& value) { return fits_uint64(value) ? value.limbs[0] : kMaxGas; }

/// What the first three words say, lengths in bytes, and the exponent's upper 32 bytes.
struct Header {
  explicit Header(ByteView input)
      : base(saturated(load_word(padded<32>(input, 0).data()))),
        exponent(saturated(load_word(padded<32>(input, 32).data()))),
        modulus(saturated(load_word(padded<32>(input, 64).data()))) {
    if (base >= kAbsurdBytes) return;
    const auto first = padded<32>(input, kHeaderBytes + base);
    exponent_head = load_word(first.data());
    if (exponent < 32) exponent_head = shift_right(exponent_head, 8 * (32 - exponent));
  }

  std::uint64_t base;
  std::uint64_t exponent;
  std::uint64_t modulus;
  U256 exponent_head;
};

/// How many squarings the exponent stands for; a byte beyond the first 32 counts `per_byte`.
Wide iterations(const Header& header, unsigned per_byte) {
  const unsigned bits = bit_width(header.exponent_head);
  Wide count = bits == 0 ? 0 : bits - 1;
  if (header.exponent > 32) count += Wide{per_byte} * (header.exponent - 32);
  return count;
}

std::uint64_t product(Wide complexity, Wide count, Wide divisor, std::uint64_t least) {
  if (complexity == 0 || count == 0) return least;
  if (count > std::numeric_limits<Wide>::max() / complexity) return kMaxGas;
  const Wide gas = complexity * count / divisor;
  return gas > kMaxGas ? kMaxGas : std::max(least, static_cast<std::uint64_t>(gas));
}

std::uint64_t gas_eip198(const Header& header, Wide bytes) {
  Wide complexity = bytes * bytes;
  if (bytes > 1024) {
    complexity = bytes * bytes / 16 + 480 * bytes - 199680;
  } else if (bytes > 64) {
    complexity = bytes * bytes / 4 + 96 * bytes - 3072;
  }
  return product(complexity, std::max<Wide>(iterations(header, 8), 1), 20, 0);
}

std::uint64_t gas(ByteView input, const Rules& rules) {
  const Header header(input);
  const std::uint64_t bytes = std::max(header.base, header.modulus);
  if (bytes >= kAbsurdBytes) return kMaxGas;
  if (!rules.has(Proposal::kEip2565)) return gas_eip198(header, bytes);
  const Wide word_count = (bytes + 7) / 8;
  const bool is_dear = rules.has(Proposal::kEip7883);
  const Wide count = std::max<Wide>(iterations(header, is_dear ? 16 : 8), 1);
  if (!is_dear) return product(word_count * word_count, count, 3, 200);
  return product(bytes <= 32 ? 16 : 2 * word_count * word_count, count, 1, 500);
}

/// A GMP integer.
class Natural {
 public:
  Natural() { mpz_init(value_); }
  ~Natural() { mpz_clear(value_); }
  Natural(const Natural&) = delete;
  Natural& operator=(const Natural&) = delete;

  /// Big-endian bytes of `input` at `offset`, zero beyond its end.
  void read(ByteView input, std::uint64_t offset, std::uint64_t length) {
    const std::uint64_t present =
        offset < input.size() ? std::min<std::uint64_t>(length, input.size() - offset) : 0;
    if (present == 0) return;
    mpz_import(value_, present, 1, 1, 1, 0, input.data() + offset);
    mpz_mul_2exp(value_, value_, 8 * (length - present));
  }
  void write(std::uint8_t* end) const {
    const std::size_t length = (mpz_sizeinbase(value_, 2) + 7) / 8;
    mpz_export(end - length, nullptr, 1, 1, 1, 0, value_);
  }
  [[nodiscard]] bool is_zero() const { return mpz_sgn(value_) == 0; }
  void set_power(const Natural& base, const Natural& exponent, const Natural& modulus) {
    mpz_powm(value_, base.value_, exponent.value_, modulus.value_);
  }

 private:
  mpz_t value_;
};

bool run(ByteView input, const Rules& rules, Bytes& output) {
  const Header header(input);
  constexpr std::uint64_t kLimitBytes = 1024;  // EIP-7823
  if (rules.has(Proposal::kEip7823) &&
      std::max({header.base, header.exponent, header.modulus}) > kLimitBytes) {
    return false;
  }
  if (header.modulus == 0) return true;
  output.resize(header.modulus);
  Natural modulus;
  modulus.read(input, kHeaderBytes + header.base + header.exponent, header.modulus);
  if (modulus.is_zero()) return true;
  Natural base;
  Natural exponent;
  base.read(input, kHeaderBytes, header.base);
  exponent.read(input, kHeaderBytes + header.base, header.exponent);
  Natural result;
  result.set_power(base, exponent, modulus);
  if (!result.is_zero()) result.write(output.data() + output.size());
  return true;
}

}  // namespace

const Precompile kModexp{gas, run};

}  // namespace buri::execution::evm::precompiles
