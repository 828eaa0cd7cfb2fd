#include "tests/unit/node/consensus/iavl/go_random.hpp"

#include <sstream>

#include "tests/unit/node/golden.hpp"

namespace buri::testing {
namespace {

constexpr std::size_t kLongLag = 607;
constexpr std::size_t kShortLag = 273;

}  // namespace

GoRandom::GoRandom(const std::string& golden_file) {
  std::istringstream lines(golden_text(golden_file));
  for (std::string line; std::getline(lines, line);) {
    outputs_.push_back(std::stoull(line, nullptr, 16));
  }
  CHECK(outputs_.size() == kLongLag, "the file holds the generator's first outputs");
}

std::uint64_t GoRandom::next() {
  if (at_ == outputs_.size()) {
    outputs_.push_back(outputs_[at_ - kLongLag] + outputs_[at_ - kShortLag]);
  }
  return outputs_[at_++];
}

double GoRandom::float64() {
  while (true) {
    const double value = static_cast<double>(int63()) / static_cast<double>(std::uint64_t{1} << 63);
    if (value != 1) return value;
  }
}

std::size_t GoRandom::intn(std::size_t bound) {
  const auto int31 = [&] { return int63() >> 32; };
  if ((bound & (bound - 1)) == 0) return int31() & (bound - 1);
  constexpr std::uint64_t kRange = std::uint64_t{1} << 31;
  const std::uint64_t max = kRange - 1 - kRange % bound;
  std::uint64_t value = int31();
  while (value > max) value = int31();
  return value % bound;
}

void GoRandom::read(MutableByteView target) {
  for (std::uint8_t& byte : target) {
    if (bytes_left_ == 0) {
      bytes_ = int63();
      bytes_left_ = 7;
    }
    byte = static_cast<std::uint8_t>(bytes_);
    bytes_ >>= 8;
    --bytes_left_;
  }
}

}  // namespace buri::testing
