#include "accel/engine/work.hpp"

#include <cmath>

namespace buri::accel {

std::vector<std::uint64_t> draw_sample(std::uint64_t items, const Sampling& sampling,
                                       Random& random) {
  const double wanted = std::ceil(sampling.rate * static_cast<double>(items));
  const std::uint64_t count =
      std::min(items, std::max(sampling.at_least, static_cast<std::uint64_t>(wanted)));
  std::vector<std::uint64_t> sample;
  sample.reserve(count);
  for (std::uint64_t i = 0; i < count; ++i) {
    const std::uint64_t begin = items * i / count;
    const std::uint64_t end = items * (i + 1) / count;
    sample.push_back(begin + random.below(end - begin));
  }
  return sample;
}

}  // namespace buri::accel
