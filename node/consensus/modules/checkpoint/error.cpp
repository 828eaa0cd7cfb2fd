#include "node/consensus/modules/checkpoint/error.hpp"

namespace buri::consensus::modules::checkpoint {

std::string_view describe(Code code) {
  switch (code) {
    case Code::kInvalidMessage:
      return "invalid message";
    case Code::kDiscontinuous:
      return "checkpoint is not in continuity";
    case Code::kBadBlockDetails:
      return "checkpoint not found in buffer";
    case Code::kNoAck:
      return "no-ack invalid";
    case Code::kBadAck:
      return "checkpoint ack is not valid";
    case Code::kNoAckTooEarly:
      return "invalid no-ack, waiting for the last checkpoint ack";
    case Code::kNoAckProposer:
      return "invalid no-ack proposer";
    case Code::kTooManyNoAcks:
      return "too many no-ack messages";
    case Code::kParams:
      return "checkpoint params not found";
    case Code::kAccountHash:
      return "error while fetching account root hash";
    case Code::kAlreadyExists:
      return "checkpoint already exists";
    case Code::kInvalidLength:
      return "invalid checkpoint length";
  }
  return "";
}

Failure<runtime::Error> fail(Code code, std::string_view detail) {
  return Failure{
      runtime::make_error(kCodespace, static_cast<std::uint32_t>(code), describe(code), detail)};
}

}  // namespace buri::consensus::modules::checkpoint
