#include "node/cli/transfer_progress.hpp"

#include <algorithm>
#include <cmath>

namespace buri::cli {
namespace {

constexpr double kBytesPerMegabyte = 1e6;

std::string whole(double number) { return std::to_string(std::llround(number)); }

}  // namespace

void TransferProgress::show(std::uint64_t bytes, std::uint64_t total_bytes) {
  line_.show([&] {
    const std::chrono::duration<double> past = system_clock().monotonic() - start_;
    const double done = static_cast<double>(bytes) / kBytesPerMegabyte;
    const double rate = done / std::max(past.count(), 1e-3);
    std::string text = done_ + " " + whole(done);
    if (total_bytes == 0) return text + " MB, " + whole(rate) + " MB/s  ";
    const double total = static_cast<double>(total_bytes) / kBytesPerMegabyte;
    const double left = std::max(total - done, 0.0) / std::max(rate, 1e-3);
    return text + " of " + whole(total) + " MB, " + whole(rate) + " MB/s, " + whole(left) +
           " s left  ";
  });
}

}  // namespace buri::cli
