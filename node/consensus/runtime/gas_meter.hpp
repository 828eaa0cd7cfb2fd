#pragma once

#include <cstdint>
#include <limits>
#include <string_view>

#include "node/consensus/runtime/error.hpp"

/// Counts gas. What a refused charge leaves on the meter is part of the transaction's result, so
/// every charge of the stock daemon is one call here, in its order.

namespace buri::consensus::runtime {

/// A meter with a limit. Not thread-safe.
class GasMeter {
 public:
  /// A meter that refuses what exceeds `limit`.
  explicit GasMeter(std::uint64_t limit) : limit_(limit) {}
  /// A meter that refuses nothing but an overflow of 64 bits; its limit reads 0.
  static GasMeter infinite() {
    GasMeter meter(0);
    meter.is_infinite_ = true;
    return meter;
  }

  /// Adds `amount`. Errors: kOutOfGas when the sum exceeds the limit (it is kept), kPanic when it
  /// exceeds 64 bits (the meter then reads 2^64 - 1). `charge` names it in the log.
  Status<Error> consume(std::uint64_t amount, std::string_view charge) {
    if (std::numeric_limits<std::uint64_t>::max() - consumed_ < amount) {
      consumed_ = std::numeric_limits<std::uint64_t>::max();
      return Failure{panic("gas overflow")};
    }
    consumed_ += amount;
    if (is_infinite_ || consumed_ <= limit_) return Unit{};
    return Failure{Error{Error::Kind::kOutOfGas, std::string(kSdkCodespace),
                         static_cast<std::uint32_t>(SdkCode::kOutOfGas), std::string(charge)}};
  }

  [[nodiscard]] std::uint64_t consumed() const { return consumed_; }
  /// What was consumed, at most the limit.
  [[nodiscard]] std::uint64_t consumed_to_limit() const {
    return is_past_limit() ? limit_ : consumed_;
  }
  [[nodiscard]] std::uint64_t limit() const { return limit_; }
  [[nodiscard]] bool is_past_limit() const { return !is_infinite_ && consumed_ > limit_; }
  [[nodiscard]] bool is_out_of_gas() const { return !is_infinite_ && consumed_ >= limit_; }

 private:
  std::uint64_t limit_;
  std::uint64_t consumed_ = 0;
  bool is_infinite_ = false;
};

}  // namespace buri::consensus::runtime
