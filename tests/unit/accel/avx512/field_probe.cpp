#include "tests/unit/accel/avx512/probe_lanes.hpp"

namespace buri::accel::avx512 {

namespace {

using Numbers = ProbeNumbers;

Element element(const Numbers& a) { return load_probe<Element>(a); }

constexpr FieldProbe kProbe = {
    .multiply = [](const Numbers& a, const Numbers& b,
                   Numbers& result) { store_probe(multiply(element(a), element(b)), result); },
    .square = [](const Numbers& a, Numbers& result) { store_probe(square(element(a)), result); },
    .multiply_wide =
        [](const Numbers& a, const Numbers& b, Numbers& result) {
          store_probe(carry(multiply_wide(element(a), element(b))), result);
        },
    .square_plus_product =
        [](const Numbers& a, const Numbers& b, const Numbers& c, Numbers& result) {
          store_probe(
              reduce_and_carry(add_product(square_product(element(a)), element(b), element(c))),
              result);
        },
    .carry = [](const Numbers& sum,
                Numbers& result) { store_probe(carry(load_probe<Sum>(sum)), result); },
    .carry_signed =
        [](const Numbers& sum, Numbers& result) {
          store_probe(carry_signed<FieldProbe::kSignedBound>(load_probe<Sum>(sum)), result);
        },
    .normalize = [](const Numbers& a,
                    Numbers& result) { store_probe(normalize(element(a)), result); },
    .negate = [](const Numbers& a, Numbers& result) { store_probe(negate(element(a)), result); },
    .from_words =
        [](const ProbeWords& words, Numbers& result) {
          Lanes lanes[4];
          for (int i = 0; i < 4; ++i) lanes[i] = load(words.word[i]);
          store_probe(from_words(lanes), result);
        },
    .to_words =
        [](const Numbers& a, ProbeWords& words) {
          Lanes lanes[4];
          to_words(element(a), lanes);
          for (int i = 0; i < 4; ++i) store(words.word[i], lanes[i]);
        },
    .is_zero = [](const Numbers& a) -> unsigned { return is_zero(element(a)); },
    .is_equal = [](const Numbers& a, const Numbers& b) -> unsigned {
      return is_equal(element(a), element(b));
    },
    .is_odd = [](const Numbers& a) -> unsigned { return is_odd(element(a)); },
    .order_multiply =
        [](const Numbers& a, const Numbers& b, Numbers& result) {
          store_probe(multiply(load_probe<OrderElement>(a), load_probe<OrderElement>(b)), result);
        },
    .order_normalize =
        [](const Numbers& a, Numbers& result) {
          store_probe(normalize(load_probe<OrderElement>(a)), result);
        },
};

}  // namespace

const FieldProbe& field_probe() { return kProbe; }

}  // namespace buri::accel::avx512
