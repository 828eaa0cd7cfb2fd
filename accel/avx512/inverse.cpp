#include "accel/avx512/inverse.hpp"

namespace buri::accel::avx512 {

namespace {

using Wide = __int128;

constexpr std::uint64_t kMask62 = (std::uint64_t{1} << 62) - 1;

/// A signed integer: limb 0..3 in [0, 2^62), limb 4 signed, weight 2^(62 i).
struct Signed62 {
  std::int64_t limb[5];
};

/// 62 division steps as a matrix: (f, g) becomes (u f + v g, q f + r g) / 2^62.
struct Steps {
  std::int64_t u, v, q, r;
};

Signed62 to_signed62(const std::uint64_t (&words)[4]) {
  const auto limb = [](std::uint64_t bits) { return static_cast<std::int64_t>(bits & kMask62); };
  return {{limb(words[0]), limb(words[0] >> 62 | words[1] << 2),
           limb(words[1] >> 60 | words[2] << 4), limb(words[2] >> 58 | words[3] << 6),
           limb(words[3] >> 56)}};
}

void to_four_words(const Signed62& a, std::uint64_t (&words)[4]) {
  const auto limb = [&a](int i) { return static_cast<std::uint64_t>(a.limb[i]); };
  words[0] = limb(0) | limb(1) << 62;
  words[1] = limb(1) >> 2 | limb(2) << 60;
  words[2] = limb(2) >> 4 | limb(3) << 58;
  words[3] = limb(3) >> 6 | limb(4) << 56;
}

/// 62 division steps on the low words of f and g, skipping runs of even g. `eta` is minus the delta
/// of the paper.
std::int64_t division_steps(std::int64_t eta, std::uint64_t f, std::uint64_t g, Steps& steps) {
  std::uint64_t u = 1, v = 0, q = 0, r = 1;
  int left = 62;
  while (true) {
    const int zeros = __builtin_ctzll(g | ~std::uint64_t{0} << left);
    g >>= zeros;
    u <<= zeros;
    v <<= zeros;
    eta -= zeros;
    left -= zeros;
    if (left == 0) break;
    if (eta < 0) {
      eta = -eta;
      const std::uint64_t old_f = f, old_u = u, old_v = v;
      f = g, u = q, v = r;
      g = -old_f, q = -old_u, r = -old_v;
    }
    // g + w f is a multiple of 2^limit; 1 / f mod 64 is f (2 - f^2) for odd f, and more bits of g
    // than `eta` + 1 or `left` may not be cleared.
    const int limit = eta + 1 > left ? left : static_cast<int>(eta) + 1;
    const std::uint64_t mask = (~std::uint64_t{0} >> (64 - limit)) & 63;
    const std::uint64_t w = (f * g * (f * f - 2)) & mask;
    g += f * w;
    q += u * w;
    r += v * w;
  }
  steps = {static_cast<std::int64_t>(u), static_cast<std::int64_t>(v), static_cast<std::int64_t>(q),
           static_cast<std::int64_t>(r)};
  return eta;
}

/// (f, g) = steps * (f, g) / 2^62, exactly.
void apply(const Steps& t, Signed62& f, Signed62& g) {
  Wide low_f = Wide{t.u} * f.limb[0] + Wide{t.v} * g.limb[0];
  Wide low_g = Wide{t.q} * f.limb[0] + Wide{t.r} * g.limb[0];
  for (int i = 1; i < 5; ++i) {
    low_f = (low_f >> 62) + Wide{t.u} * f.limb[i] + Wide{t.v} * g.limb[i];
    low_g = (low_g >> 62) + Wide{t.q} * f.limb[i] + Wide{t.r} * g.limb[i];
    f.limb[i - 1] = static_cast<std::int64_t>(static_cast<std::uint64_t>(low_f) & kMask62);
    g.limb[i - 1] = static_cast<std::int64_t>(static_cast<std::uint64_t>(low_g) & kMask62);
  }
  f.limb[4] = static_cast<std::int64_t>(low_f >> 62);
  g.limb[4] = static_cast<std::int64_t>(low_g >> 62);
}

/// (d, e) = steps * (d, e) / 2^62 modulo m; keeps both in (-2m, m).
void apply_modulo(const Steps& t, const Signed62& m, std::uint64_t m_inverse, Signed62& d,
                  Signed62& e) {
  const std::int64_t d_sign = d.limb[4] >> 63;
  const std::int64_t e_sign = e.limb[4] >> 63;
  // Multiples of m to add: t times (d, e) made non-negative, less what clears the lowest limb.
  std::int64_t d_multiple = (t.u & d_sign) + (t.v & e_sign);
  std::int64_t e_multiple = (t.q & d_sign) + (t.r & e_sign);
  Wide low_d = Wide{t.u} * d.limb[0] + Wide{t.v} * e.limb[0];
  Wide low_e = Wide{t.q} * d.limb[0] + Wide{t.r} * e.limb[0];
  const auto clear = [m_inverse](Wide low, std::int64_t multiple) {
    return multiple - static_cast<std::int64_t>((m_inverse * static_cast<std::uint64_t>(low) +
                                                 static_cast<std::uint64_t>(multiple)) &
                                                kMask62);
  };
  d_multiple = clear(low_d, d_multiple);
  e_multiple = clear(low_e, e_multiple);
  low_d += Wide{m.limb[0]} * d_multiple;
  low_e += Wide{m.limb[0]} * e_multiple;
  for (int i = 1; i < 5; ++i) {
    low_d = (low_d >> 62) + Wide{t.u} * d.limb[i] + Wide{t.v} * e.limb[i] +
            Wide{m.limb[i]} * d_multiple;
    low_e = (low_e >> 62) + Wide{t.q} * d.limb[i] + Wide{t.r} * e.limb[i] +
            Wide{m.limb[i]} * e_multiple;
    d.limb[i - 1] = static_cast<std::int64_t>(static_cast<std::uint64_t>(low_d) & kMask62);
    e.limb[i - 1] = static_cast<std::int64_t>(static_cast<std::uint64_t>(low_e) & kMask62);
  }
  d.limb[4] = static_cast<std::int64_t>(low_d >> 62);
  e.limb[4] = static_cast<std::int64_t>(low_e >> 62);
}

bool is_zero(const Signed62& a) {
  std::int64_t any = 0;
  for (const std::int64_t limb : a.limb) any |= limb;
  return any == 0;
}

/// a = factor * a + multiple * m, carried.
void combine(Signed62& a, std::int64_t factor, const Signed62& m, std::int64_t multiple) {
  Wide low = 0;
  for (int i = 0; i < 5; ++i) {
    low += Wide{factor} * a.limb[i] + Wide{multiple} * m.limb[i];
    a.limb[i] = i == 4 ? static_cast<std::int64_t>(low)
                       : static_cast<std::int64_t>(static_cast<std::uint64_t>(low) & kMask62);
    low >>= 62;
  }
}

constexpr std::uint64_t kPrimeWords[4] = {0xfffffffefffffc2f, ~std::uint64_t{0}, ~std::uint64_t{0},
                                          ~std::uint64_t{0}};
constexpr std::uint64_t kOrderWords[4] = {0xbfd25e8cd0364141, 0xbaaedce6af48a03b,
                                          0xfffffffffffffffe, ~std::uint64_t{0}};

/// 1 / odd mod 2^62, by Newton's iteration.
constexpr std::uint64_t inverse_of_odd(std::uint64_t odd) {
  std::uint64_t inverse = odd;  // right modulo 8
  for (int i = 0; i < 5; ++i) inverse *= 2 - odd * inverse;
  return inverse & kMask62;
}

/// Lanes i and i ^ distance trade places.
template <class Value>
Value exchange(const Value& a, unsigned distance) {
  Value result;
  for (int i = 0; i < 5; ++i) {
    result.limb[i] = distance == 1   ? _mm512_permutex_epi64(a.limb[i], 0xb1)
                     : distance == 2 ? _mm512_permutex_epi64(a.limb[i], 0x4e)
                                     : _mm512_shuffle_i64x2(a.limb[i], a.limb[i], 0x4e);
  }
  return result;
}

/// Lane 0 of four registers of words.
void first_lane(const Lanes words[4], std::uint64_t (&lane)[4]) {
  for (int i = 0; i < 4; ++i) {
    lane[i] = static_cast<std::uint64_t>(_mm_cvtsi128_si64(_mm512_castsi512_si128(words[i])));
  }
}

Element splat_words(const std::uint64_t (&words)[4]) {
  Lanes lanes[4];
  for (int i = 0; i < 4; ++i) lanes[i] = splat(words[i]);
  return from_words(lanes);
}

}  // namespace

void invert_words(const std::uint64_t (&modulus)[4], std::uint64_t modulus_inverse,
                  std::uint64_t (&value)[4]) {
  const Signed62 m = to_signed62(modulus);
  Signed62 f = m;
  Signed62 g = to_signed62(value);
  Signed62 d{};
  Signed62 e{{1, 0, 0, 0, 0}};
  std::int64_t eta = -1;
  while (!is_zero(g)) {
    Steps steps;
    eta = division_steps(
        eta, static_cast<std::uint64_t>(f.limb[0]) | static_cast<std::uint64_t>(f.limb[1]) << 62,
        static_cast<std::uint64_t>(g.limb[0]) | static_cast<std::uint64_t>(g.limb[1]) << 62, steps);
    apply_modulo(steps, m, modulus_inverse, d, e);
    apply(steps, f, g);
  }
  // f is 1 or -1 (or the modulus, for value 0), and d * value = f: bring f * d into [0, m).
  if (d.limb[4] < 0) combine(d, 1, m, 1);
  if (f.limb[4] < 0) combine(d, -1, m, 0);
  if (d.limb[4] < 0) combine(d, 1, m, 1);
  to_four_words(d, value);
}

Element invert(const Element& a) {
  const Element pair = multiply(a, exchange(a, 1));
  const Element quad = multiply(pair, exchange(pair, 2));
  const Element all = normalize(multiply(quad, exchange(quad, 4)));
  Lanes words[4];
  to_words(all, words);
  std::uint64_t value[4];
  first_lane(words, value);
  invert_words(kPrimeWords, inverse_of_odd(kPrimeWords[0]), value);
  const Element others = multiply(exchange(quad, 4), exchange(pair, 2));
  return multiply(splat_words(value), multiply(others, exchange(a, 1)));
}

OrderElement invert(const OrderElement& a) {
  // With R = 2^260 per product: pair = aa/R, quad = pair pair/R, all = quad quad/R.
  const OrderElement pair = multiply(a, exchange(a, 1));
  const OrderElement quad = multiply(pair, exchange(pair, 2));
  const OrderElement all = normalize(multiply(quad, exchange(quad, 4)));
  Lanes words[4];
  to_words(as_limbs(all), words);
  std::uint64_t value[4];
  first_lane(words, value);
  invert_words(kOrderWords, inverse_of_odd(kOrderWords[0]), value);
  // R / all, then R / quad = (R / all) quad' / R and so on down to R / a.
  const OrderElement inverse = multiply(as_order(splat_words(value)), splat_order(kOrderRSquared));
  const OrderElement of_quad = multiply(inverse, exchange(quad, 4));
  const OrderElement of_pair = multiply(of_quad, exchange(pair, 2));
  return multiply(of_pair, exchange(a, 1));
}

}  // namespace buri::accel::avx512
