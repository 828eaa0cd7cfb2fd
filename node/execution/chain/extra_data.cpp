#include "node/execution/chain/extra_data.hpp"

namespace buri::execution::chain {
namespace {

using protocol::BorFork;

/// Lists of lists of numbers: which transactions each one waits for. Advice, not used.
Status<RlpError> skip_dependencies(RlpReader& fields) {
  ASSIGN_OR_RETURN(RlpReader lists, fields.next_list());
  while (!lists.at_end()) {
    ASSIGN_OR_RETURN(RlpReader list, lists.next_list());
    while (!list.at_end()) RETURN_IF_ERROR(list.next_uint64());
  }
  return Unit{};
}

/// From Cancun on. The gas parameters came with Giugliano and may stand in older blocks, too.
Result<ExtraData, RlpError> read_list(ByteView payload, bool has_dependencies,
                                      bool checks_dependencies) {
  ExtraData extra;
  ASSIGN_OR_RETURN(RlpReader fields, decode_rlp_list(payload));
  ASSIGN_OR_RETURN(const ByteView validators, fields.next_bytes());
  if (has_dependencies) {
    if (checks_dependencies) {
      RETURN_IF_ERROR(skip_dependencies(fields));
    } else {
      RETURN_IF_ERROR(fields.next());
    }
  }
  if (!fields.at_end()) {
    ASSIGN_OR_RETURN(extra.gas_target, fields.next_uint64());
  }
  if (!fields.at_end()) {
    ASSIGN_OR_RETURN(extra.base_fee_denominator, fields.next_uint64());
  }
  RETURN_IF_ERROR(fields.expect_end());
  extra.validators.assign(validators.begin(), validators.end());
  return extra;
}

}  // namespace

ExtraData read_extra_data(const Header& header, const ChainConfig& config) {
  CHECK(header.extra.size() >= kVanityBytes + kSealBytes, "extra data has vanity and seal");
  const ByteView payload = ByteView(header.extra)
                               .subspan(kVanityBytes)
                               .first(header.extra.size() - kVanityBytes - kSealBytes);
  if (!config.is_active(BorFork::kCancun, header.number)) {
    return {Bytes(payload.begin(), payload.end()), std::nullopt, std::nullopt};
  }
  auto extra = read_list(payload, !config.is_active(BorFork::kAustin, header.number),
                         !config.is_active(BorFork::kValencia, header.number));
  return extra.ok() ? std::move(extra).value() : ExtraData{};
}

}  // namespace buri::execution::chain
