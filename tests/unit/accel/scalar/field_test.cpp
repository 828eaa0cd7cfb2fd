#include <gtest/gtest.h>

#include "accel/scalar/portable_field.hpp"
#include "tests/unit/accel/curve/field_properties.hpp"
#include "tests/unit/accel/scalar/adx_probe.hpp"

namespace buri::accel::scalar {
namespace {

TEST(PortableField, HoldsEveryPropertyOfAField) {
  EXPECT_EQ(curve::FieldProperties<PortableField>::first_broken(), std::nullopt);
  EXPECT_EQ(curve::first_broken_formula<PortableField>(), std::nullopt);
}

TEST(AdxField, HoldsEveryPropertyOfAField) {
  if (!adx_is_here()) GTEST_SKIP() << "this processor has no mulx and adx";
  EXPECT_EQ(first_broken_adx_property(), std::nullopt);
}

TEST(Order, HoldsEveryProperty) { EXPECT_EQ(curve::first_broken_order_property(), std::nullopt); }

}  // namespace
}  // namespace buri::accel::scalar
