#pragma once

#include <string_view>

#include "node/consensus/runtime/error.hpp"

/// The errors that module checkpoint registers.

namespace buri::consensus::modules::checkpoint {

inline constexpr std::string_view kCodespace = "checkpoint";

enum class Code : std::uint32_t {
  kInvalidMessage = 2,
  kDiscontinuous = 7,
  kBadBlockDetails = 8,
  kNoAck = 9,
  kBadAck = 10,
  kNoAckTooEarly = 11,
  kNoAckProposer = 12,
  kTooManyNoAcks = 13,
  kParams = 14,
  kAccountHash = 16,
  kAlreadyExists = 17,
  kInvalidLength = 18,  ///< from Lugano; the number is inferred (heimdall-after-ithaca.md 10)
};

/// The registered text of a code.
std::string_view describe(Code code);
/// "detail: registered text", or the text alone.
Failure<runtime::Error> fail(Code code, std::string_view detail = {});

}  // namespace buri::consensus::modules::checkpoint
