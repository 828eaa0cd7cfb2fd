#include <gtest/gtest.h>

#include "base/codec/rlp.hpp"
#include "base/json_cursor.hpp"
#include "hsm/signer/clef/call.hpp"
#include "hsm/wire/sign_bytes.hpp"
#include "tests/unit/hsm/golden.hpp"

/// What the external-signer client of a stock Bor asked buri-signer, answered byte for byte
/// (tests/golden/signer/clef-exchange.jsonl).

namespace buri::hsm::signer::clef {
namespace {

constexpr std::uint64_t kBorChainId = 15101;
constexpr std::size_t kParityItem = 9;  // of a signed transaction; R and S follow

/// The signature of a signed EIP-1559 transaction.
wire::Signature signature_in_transaction(ByteView raw) {
  RlpReader items = decode_rlp_list(raw.subspan(1)).value();
  for (std::size_t i = 0; i < kParityItem; ++i) (void)items.next().value();
  wire::Signature signature;
  signature.bytes[64] = static_cast<std::uint8_t>(items.next_uint64().value());
  for (const std::size_t at : {0, 32}) {
    const Hash256 word = items.next_u256().value().to_word();
    std::copy_n(word.data(), word.bytes.size(), signature.data() + at);
  }
  return signature;
}

/// The signature that a recorded result carries.
wire::Signature signature_in(const JsonCursor& result) {
  if (!result.value().text.empty()) {
    return wire::Signature::from(result.hex(HexStyle::kPrefixedLower).value());
  }
  return signature_in_transaction(result.member("raw")->hex(HexStyle::kPrefixedLower).value());
}

Bytes sign_bytes_of(const wire::RequestBody& request) {
  if (const auto* seal = std::get_if<wire::SignBorHeader>(&request)) {
    return wire::bor_header_sign_bytes(seal->header);
  }
  return wire::root_chain_sign_bytes(std::get<wire::SignRootChainTransaction>(request).transaction);
}

TEST(ClefExchange, T61WithAStockClientIsRepeatedByteForByte) {
  const std::vector<JsonValue> lines = testing::golden_lines("clef-exchange.jsonl");
  const JsonValue accounts = parse_json(testing::text_of(lines.at(1), "signer")).value();
  const Address address = Address::from(JsonCursor(accounts)
                                            .member("result")
                                            ->elements(1)
                                            ->at(0)
                                            .hex(HexStyle::kPrefixedLower)
                                            .value());
  std::size_t signature_count = 0;
  for (const JsonValue& line : lines) {
    const std::string answer = testing::text_of(line, "signer");
    const JsonValue recorded = parse_json(answer).value();
    const Signer signer = [&](const wire::RequestBody& request) -> wire::ResponseBody {
      if (std::holds_alternative<wire::GetPublicKey>(request)) {
        return wire::PublicKeyAnswer{{}, address};
      }
      const auto signature = signature_in(*JsonCursor(recorded).member("result"));
      EXPECT_EQ(testing::signer_of(testing::keccak256(sign_bytes_of(request)),
                                   Bytes(signature.bytes.begin(), signature.bytes.end())),
                address);
      ++signature_count;
      return wire::Signed{{{*wire::purpose_of(request), signature}}, {}};
    };
    const Bytes made = answer_call(as_bytes(testing::text_of(line, "client")), kBorChainId, signer);
    EXPECT_EQ(as_text(made), answer + "\n");
  }
  EXPECT_EQ(signature_count, 4U + 1U) << "headers, transactions";
}

}  // namespace
}  // namespace buri::hsm::signer::clef
