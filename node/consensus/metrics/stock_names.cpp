#include "node/consensus/metrics/stock_names.hpp"

#include <cmath>

#include "base/hex.hpp"

namespace buri::consensus::metrics {

std::vector<double> round_second_bounds() {
  constexpr double kFirst = 0.1;
  constexpr double kLast = 100;
  constexpr int kCount = 8;
  std::vector<double> bounds;
  const double factor = std::pow(kLast / kFirst, 1.0 / (kCount - 1));
  for (int i = 0; i < kCount; ++i) bounds.push_back(kFirst * std::pow(factor, i));
  return bounds;
}

std::vector<double> default_second_bounds() {
  return {0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10};
}

std::vector<double> call_second_bounds() {
  return {0.0001, 0.0004, 0.002, 0.009, 0.02, 0.1, 0.65, 2, 6, 25};
}

std::vector<double> block_millisecond_bounds() { return {1, 11, 21, 31, 41, 51, 61, 71, 81, 91}; }

std::vector<double> tx_byte_bounds() { return {1, 3, 9, 27, 81, 243, 729}; }

std::string address_label(const Address& address) {
  std::string text = to_hex(address);
  for (char& digit : text) {
    if (digit >= 'a' && digit <= 'f') digit = static_cast<char>(digit - ('a' - 'A'));
  }
  return text;
}

}  // namespace buri::consensus::metrics
