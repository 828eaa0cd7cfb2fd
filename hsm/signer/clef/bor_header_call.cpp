#include "hsm/signer/clef/bor_header_call.hpp"

#include <array>

#include "base/codec/rlp.hpp"
#include "hsm/wire/sign_bytes.hpp"

namespace buri::hsm::signer::clef {
namespace {

using wire::BorExtraShape;

constexpr std::size_t kExtraItem = 12;
constexpr std::array<std::uint8_t, 65> kNoSeal{};
constexpr std::array kShapes{BorExtraShape::kAustin, BorExtraShape::kGiugliano,
                             BorExtraShape::kCancun, BorExtraShape::kValidatorBytes};

wire::Refusal wrong_form(std::string found) {
  return {wire::Rule::kHeaderForm, "params[2]", "the RLP of a Bor header without its seal",
          std::move(found)};
}

/// The same header with zeros where the seal will be.
Result<Bytes, RlpError> with_room_for_seal(ByteView sealed_rlp) {
  ASSIGN_OR_RETURN(RlpReader items, decode_rlp_list(sealed_rlp));
  RlpWriter header;
  for (std::size_t i = 0; !items.at_end(); ++i) {
    ASSIGN_OR_RETURN(const RlpItem item, items.next());
    if (i != kExtraItem) {
      header.encoded(item.encoded);
      continue;
    }
    if (item.is_list) return Failure{RlpError::kExpectedBytes};
    Bytes extra(item.payload.begin(), item.payload.end());
    append(extra, kNoSeal);
    header.bytes(extra);
  }
  return header.as_list();
}

}  // namespace

Result<wire::SignBorHeader, wire::Refusal> read_bor_header(ByteView sealed_rlp,
                                                           std::uint64_t chain_id) {
  const auto whole = with_room_for_seal(sealed_rlp);
  if (!whole.ok()) return Failure{wrong_form(std::string(buri::describe(whole.error())))};
  // The newest era first; a header has the shape of one era only.
  std::string why;
  for (const BorExtraShape shape : kShapes) {
    auto header = wire::decode_bor_header(*whole, shape);
    if (!header.ok()) {
      why = wire::describe(header.error());
      continue;
    }
    if (!equal(wire::bor_header_sign_bytes(*header), sealed_rlp)) continue;
    return wire::SignBorHeader{chain_id, std::move(header).value(), false, {}};
  }
  return Failure{wrong_form(why)};
}

}  // namespace buri::hsm::signer::clef
