#include "hsm/signer/clef/call.hpp"

#include <gtest/gtest.h>

#include "base/codec/rlp.hpp"
#include "base/hex.hpp"
#include "base/json_cursor.hpp"
#include "hsm/signer/clef/transaction_call.hpp"
#include "hsm/wire/sign_bytes.hpp"
#include "tests/unit/hsm/golden.hpp"

/// clef's calls, over headers and transactions that stock Bor nodes made (tests/golden/signer).

namespace buri::hsm::signer::clef {
namespace {

constexpr std::uint64_t kBorChainId = 15001;
constexpr std::int64_t kJaipur = 72;
constexpr std::size_t kBaseFeeItem = 15;
const Address kAddress = Address::from(Bytes(20, 0xab));

std::string address_text() { return "\"0x" + to_hex(kAddress) + "\""; }

std::string request(std::string_view method, std::string_view parameters) {
  return R"({"jsonrpc":"2.0","id":7,"method":")" + std::string(method) + R"(","params":[)" +
         std::string(parameters) + "]}";
}

/// A signer that remembers what it was asked and gives one signature.
class ClefTest : public ::testing::Test {
 protected:
  JsonValue call(std::string_view line) {
    const Signer signer = [this](const wire::RequestBody& body) -> wire::ResponseBody {
      if (std::holds_alternative<wire::GetPublicKey>(body)) {
        return wire::PublicKeyAnswer{{}, kAddress};
      }
      asked_ = body;
      if (other_answer_) return *other_answer_;
      return wire::Signed{{{wire::Purpose::kBorHeader, signature_}}, {}};
    };
    const Bytes answer = answer_call(as_bytes(line), kBorChainId, signer);
    EXPECT_EQ(answer.back(), '\n');
    return parse_json(as_text(ByteView(answer).first(answer.size() - 1))).value();
  }
  std::string result(std::string_view line) { return testing::text_of(call(line), "result"); }
  /// "code message" of the error.
  std::string error(std::string_view line) {
    const JsonValue answer = call(line);
    const auto error = JsonCursor(answer).member("error");
    if (!error.ok()) return "no error";
    const JsonValue& value = error.value().value();
    return testing::text_of(value, "code") + " " + testing::text_of(value, "message");
  }
  std::string sign_header(ByteView sealed_rlp) {
    return request("account_signData", R"("application/x-bor-header",)" + address_text() + ",\"0x" +
                                           to_hex(sealed_rlp) + "\"");
  }

  wire::Signature signature_ = wire::Signature::from(Bytes(65, 1));
  std::optional<wire::ResponseBody> other_answer_;
  std::optional<wire::RequestBody> asked_;
};

/// What the seal of a recorded header covers, made item by item as Bor does, and the seal.
Bytes sealed_part(const JsonValue& line, wire::Signature& seal) {
  const Bytes rlp = testing::hex_of(line, "rlp");
  RlpReader items = decode_rlp_list(rlp).value();
  RlpWriter part;
  for (std::size_t i = 0; !items.at_end(); ++i) {
    const RlpItem item = items.next().value();
    if (i == kBaseFeeItem && testing::number_of(line, "number") < kJaipur) break;
    if (i == 12) {
      seal = wire::Signature::from(item.payload.last(65));
      part.bytes(item.payload.first(item.payload.size() - 65));
    } else {
      part.encoded(item.encoded);
    }
  }
  return part.as_list();
}

TEST_F(ClefTest, T61SaysVersionAndItsOneAccount) {
  EXPECT_EQ(result(R"({"jsonrpc":"2.0","id":1,"method":"account_version"})"), "6.1.0");
  const JsonValue answer = call(request("account_list", ""));
  EXPECT_EQ(JsonCursor(answer).member("result")->elements(1)->at(0).string().value(),
            "0x" + to_hex(kAddress));
}

TEST_F(ClefTest, T61RecordedBorHeadersAreSealedWithVOfZeroOrOne) {
  std::optional<Address> producer;
  for (const JsonValue& line : testing::golden_lines("bor-headers.jsonl")) {
    const Bytes part = sealed_part(line, signature_);
    EXPECT_EQ(result(sign_header(part)), "0x" + to_hex(signature_));
    EXPECT_LE(signature_.bytes[64], 1);
    const auto& asked = std::get<wire::SignBorHeader>(*asked_);
    EXPECT_EQ(asked.chain_id, kBorChainId);
    EXPECT_EQ(asked.header.number, static_cast<std::uint64_t>(testing::number_of(line, "number")));
    const Bytes bytes = wire::bor_header_sign_bytes(asked.header);
    EXPECT_EQ(bytes, part);
    const Address signer = testing::signer_of(testing::keccak256(bytes), signature_);
    EXPECT_EQ(signer, producer.value_or(signer));
    producer = signer;
  }
}

TEST_F(ClefTest, T61ContentOtherThanBorHeadersIsRefusedUnasked) {
  for (const char* type : {"text/plain", "data/plain", "data/typed", "data/validator",
                           "application/x-clique-header", "application/x-bor-header "}) {
    const std::string parameters = '"' + std::string(type) + "\"," + address_text() + ",\"0x00\"";
    EXPECT_EQ(error(request("account_signData", parameters)),
              "-32000 unsupported: params[0]: expected application/x-bor-header, found " +
                  std::string(type));
  }
  for (const char* method : {"account_signTypedData", "account_new", "account_ecRecover",
                             "account_signGnosisSafeTx", "eth_sign", "personal_sign"}) {
    EXPECT_EQ(error(request(method, "")),
              "-32601 method: this signer has no " + std::string(method));
  }
  EXPECT_FALSE(asked_.has_value());
}

TEST_F(ClefTest, T61EveryChangedStructureOfAHeaderIsRefused) {
  wire::Signature seal;
  const JsonValue line = testing::golden_lines("bor-headers.jsonl").back();
  const Bytes part = sealed_part(line, seal);
  for (std::size_t size = 0; size < part.size(); ++size) {
    EXPECT_TRUE(error(sign_header(ByteView(part).first(size))).starts_with("-32000 header_form: "));
  }
  EXPECT_TRUE(error(sign_header(testing::hex_of(line, "rlp"))).starts_with("-32000 header_form"));
  EXPECT_TRUE(error(sign_header(Bytes{0xc0})).starts_with("-32000 header_form"));
  EXPECT_FALSE(asked_.has_value());
}

TEST_F(ClefTest, T61AnotherAccountIsRefused) {
  const std::string parameters =
      R"("application/x-bor-header","0x0000000000000000000000000000000000000001","0xc0")";
  EXPECT_TRUE(
      error(request("account_signData", parameters)).starts_with("-32000 identity: params[1]: "));
}

TEST_F(ClefTest, T61RefusalsOfTheRulesAreNamed) {
  const JsonValue line = testing::golden_lines("bor-headers.jsonl").front();
  const Bytes part = sealed_part(line, signature_);
  other_answer_ = wire::Refusal{wire::Rule::kBorEquivocation, "header", "\"one\"", "two"};
  EXPECT_EQ(error(sign_header(part)),
            "-32000 bor_equivocation: header: expected \"one\", found two");
  other_answer_ = wire::Unavailable{"no device"};
  EXPECT_EQ(error(sign_header(part)), "-32000 unavailable: no device");
}

/// clef's arguments for a transaction, with `change` applied to them.
std::string arguments(ByteView input, std::string_view extra = "") {
  return R"({"from":)" + address_text() +
         R"(,"to":"0x9A9f2CCfdE556A7E9Ff0848998Aa4a0CFD8863AE","gas":"0x61a80","gasPrice":null,)"
         R"("maxFeePerGas":"0x826299e00","maxPriorityFeePerGas":"0x6fc23ac00","value":"0x0",)"
         R"("nonce":"0xc","chainId":"0x1","data":"0x)" +
         to_hex(input) + '"' + std::string(extra) + '}';
}

TEST_F(ClefTest, T61CheckpointTransactionBecomesItsFieldsAndComesBackSigned) {
  for (const JsonValue& line : testing::golden_lines("submit-checkpoint.jsonl")) {
    const Bytes input = testing::hex_of(line, "input");
    const JsonValue answer = call(request("account_signTransaction", arguments(input)));
    const auto& asked = std::get<wire::SignRootChainTransaction>(*asked_).transaction;
    EXPECT_TRUE(std::holds_alternative<wire::SubmitCheckpoint>(asked.call));
    EXPECT_EQ(wire::root_chain_calldata(asked), input);
    EXPECT_EQ(asked.nonce, 12U);
    EXPECT_EQ(asked.max_fee_per_gas_wei, 35'000'000'000U);
    const auto result = JsonCursor(answer).member("result");
    EXPECT_EQ(result->member("raw")->hex(HexStyle::kPrefixedLower).value(),
              signed_transaction(asked, signature_));
    EXPECT_EQ(result->member("tx")->member("yParity")->string().value(), "0x1");
    EXPECT_EQ(result->member("tx")->member("r")->string().value(),
              "0x101010101010101010101010101010101010101010101010101010101010101");
  }
}

TEST_F(ClefTest, T61SignedTransactionsAreThoseThatBorTook) {
  for (const JsonValue& line : testing::golden_lines("dynamic-fee-transactions.jsonl")) {
    const Bytes raw = testing::hex_of(line, "raw");
    RlpReader items = decode_rlp_list(ByteView(raw).subspan(1)).value();
    wire::RootChainTransaction transaction;
    transaction.chain_id = items.next_uint64().value();
    transaction.nonce = items.next_uint64().value();
    transaction.max_priority_fee_per_gas_wei = items.next_uint64().value();
    transaction.max_fee_per_gas_wei = items.next_uint64().value();
    transaction.gas_limit = items.next_uint64().value();
    transaction.to = items.next_fixed<20>().value();
    transaction.value_wei = items.next_u256().value();
    const ByteView input = items.next_bytes().value();
    transaction.call =
        wire::ContractCall{FixedBytes<4>::from(input.first(4)), {input.begin() + 4, input.end()}};
    ASSERT_TRUE(items.next_list().ok());
    Bytes signature(65);
    signature[64] = static_cast<std::uint8_t>(items.next_uint64().value());
    for (const std::size_t at : {0, 32}) {
      const Hash256 word = items.next_u256().value().to_word();
      std::copy_n(word.data(), 32, signature.data() + at);
    }
    EXPECT_EQ(signed_transaction(transaction, wire::Signature::from(signature)), raw);
    const std::string text = signed_transaction_json(transaction, wire::Signature::from(signature));
    EXPECT_NE(text.find("\"hash\":\"0x" + testing::text_of(line, "hash") + '"'), std::string::npos);
  }
}

TEST_F(ClefTest, T61TransactionsOfOtherFormsAreRefusedUnasked) {
  const Bytes call_bytes = {0x12, 0x34, 0x56, 0x78};
  for (const char* extra :
       {R"(,"gasLimit":"0x1")", R"(,"accessList":[{}])", R"(,"input":"0x")", R"(,"type":"0x0")"}) {
    EXPECT_TRUE(error(request("account_signTransaction", arguments(call_bytes, extra)))
                    .starts_with("-32602 params[0]"))
        << extra;
  }
  const Bytes broken_checkpoint = {0x4e, 0x43, 0xe4, 0x95, 0x00};
  EXPECT_TRUE(error(request("account_signTransaction", arguments(broken_checkpoint)))
                  .starts_with("-32602 params[0]"));
  EXPECT_TRUE(error(request("account_signTransaction", arguments(Bytes{})))
                  .starts_with("-32602 params[0]"));
  EXPECT_FALSE(asked_.has_value());
}

TEST_F(ClefTest, WhatIsNoRequestIsAnsweredWithJsonRpcsCodes) {
  EXPECT_TRUE(error("").starts_with("-32700 "));
  EXPECT_TRUE(error("{").starts_with("-32700 "));
  EXPECT_TRUE(error("[]").starts_with("-32600 "));
  EXPECT_TRUE(error(R"({"jsonrpc":"1.0","id":1,"method":"account_list"})").starts_with("-32600 "));
  EXPECT_TRUE(error(R"({"jsonrpc":"2.0","id":[],"method":"account_list"})").starts_with("-32600"));
  EXPECT_TRUE(
      error(R"({"jsonrpc":"2.0","id":1,"method":"account_list","x":1})").starts_with("-32600 "));
  EXPECT_EQ(testing::text_of(call(R"({"jsonrpc":"2.0","id":"a\"b","method":"x"})"), "id"), "a\"b");
}

}  // namespace
}  // namespace buri::hsm::signer::clef
