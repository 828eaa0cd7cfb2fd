#include "hsm/signer/clef/call.hpp"

#include "base/hex.hpp"
#include "base/json_cursor.hpp"
#include "hsm/signer/clef/bor_header_call.hpp"
#include "hsm/signer/clef/transaction_call.hpp"
#include "hsm/wire/codec.hpp"

namespace buri::hsm::signer::clef {
namespace {

constexpr std::string_view kApiVersion = "6.1.0";  // clef's, at which these methods stand
constexpr std::string_view kBorHeaderType = "application/x-bor-header";
constexpr std::size_t kMaxIdBytes = 64;

/// Codes of JSON-RPC 2.0; the last one is free for the server.
enum Code : int {
  kNoJson = -32700,
  kNoRequest = -32600,
  kNoMethod = -32601,
  kBadParameters = -32602,
  kRefused = -32000,
};

struct CallError {
  Code code;
  std::string message;
};

CallError bad(Code code, const JsonError& error) { return {code, buri::describe(error)}; }
CallError refused(const wire::Refusal& refusal) { return {kRefused, wire::describe(refusal)}; }

/// The text as a JSON string; what is not printable ASCII becomes '?'.
std::string quoted(std::string_view text) {
  std::string result = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') result += '\\';
    result += c >= 0x20 && c < 0x7f ? c : '?';
  }
  return result + "\"";
}

/// One request, taken apart. Its answer is the JSON of "result".
class Call {
 public:
  Call(std::uint64_t bor_chain_id, const Signer& signer)
      : bor_chain_id_(bor_chain_id), signer_(signer) {}

  Result<std::string, CallError> answer(const JsonCursor& request, std::string& id) {
    ASSIGN_OR_RETURN(const std::string_view method, read_form(request, id));
    if (method == "account_version") return quoted(kApiVersion);
    ASSIGN_OR_RETURN(address_, own_address());
    if (method == "account_list") return "[" + quoted("0x" + to_hex(address_)) + "]";
    if (method == "account_signData") return sign_data();
    if (method == "account_signTransaction") return sign_transaction();
    return Failure{CallError{kNoMethod, "method: this signer has no " + std::string(method)}};
  }

 private:
  static Result<std::string, JsonError> read_id(const JsonCursor& request) {
    ASSIGN_OR_RETURN(const JsonCursor id, request.member("id"));
    const JsonValue& value = id.value();
    const bool is_short = value.text.size() <= kMaxIdBytes;
    if (value.kind == JsonValue::Kind::kNumber && is_short) return value.text;
    if (value.kind == JsonValue::Kind::kString && is_short) return quoted(value.text);
    return Failure{id.error("a number or a short string")};
  }

  Result<std::string_view, CallError> read_form(const JsonCursor& request, std::string& id) {
    const auto method = [&]() -> Result<std::string_view, JsonError> {
      ASSIGN_OR_RETURN(id, read_id(request));
      RETURN_IF_ERROR(request.allow_only({"jsonrpc", "id", "method", "params"}));
      ASSIGN_OR_RETURN(const JsonCursor version, request.member("jsonrpc"));
      ASSIGN_OR_RETURN(const std::string_view number, version.string());
      if (number != "2.0") return Failure{version.error("2.0")};
      ASSIGN_OR_RETURN(const JsonCursor name, request.member("method"));
      if (request.has("params")) {
        ASSIGN_OR_RETURN(const JsonCursor list, request.member("params"));
        ASSIGN_OR_RETURN(parameters_, list.elements(4));
      }
      return name.string();
    }();
    if (!method.ok()) return Failure{bad(kNoRequest, method.error())};
    return *method;
  }

  Result<Address, CallError> own_address() const {
    const wire::ResponseBody answer = signer_(wire::GetPublicKey{});
    const auto* key = std::get_if<wire::PublicKeyAnswer>(&answer);
    if (key == nullptr) return Failure{CallError{kRefused, "the signer names no key"}};
    return key->address;
  }

  Result<std::string, CallError> sign_data() {
    if (parameters_.size() != 3) {
      return Failure{CallError{kBadParameters, "params: expected content type, address, data"}};
    }
    const auto type = parameters_[0].string();
    if (!type.ok()) return Failure{bad(kBadParameters, type.error())};
    if (*type != kBorHeaderType) {
      return Failure{refused({wire::Rule::kUnsupported, "params[0]", std::string(kBorHeaderType),
                              std::string(*type)})};
    }
    RETURN_IF_ERROR(check_account(parameters_[1]));
    const auto data = parameters_[2].hex(HexStyle::kPrefixedLower);
    if (!data.ok()) return Failure{bad(kBadParameters, data.error())};
    auto header = read_bor_header(*data, bor_chain_id_);
    if (!header.ok()) return Failure{refused(header.error())};
    ASSIGN_OR_RETURN(const wire::Signature signature, ask(std::move(header).value()));
    return quoted("0x" + to_hex(signature));
  }

  Result<std::string, CallError> sign_transaction() {
    // A second parameter, the method's signature, is a hint for people whom clef would ask.
    if (parameters_.empty() || parameters_.size() > 2) {
      return Failure{CallError{kBadParameters, "params: expected a transaction"}};
    }
    const auto from = parameters_[0].member("from");
    if (!from.ok()) return Failure{bad(kBadParameters, from.error())};
    RETURN_IF_ERROR(check_account(*from));
    const auto transaction = read_transaction(parameters_[0]);
    if (!transaction.ok()) return Failure{bad(kBadParameters, transaction.error())};
    ASSIGN_OR_RETURN(const wire::Signature signature,
                     ask(wire::SignRootChainTransaction{*transaction}));
    return signed_transaction_json(*transaction, signature);
  }

  Status<CallError> check_account(const JsonCursor& value) const {
    const auto address = read_address(value);
    if (!address.ok()) return Failure{bad(kBadParameters, address.error())};
    if (*address == address_) return Unit{};
    return Failure{refused(
        {wire::Rule::kIdentity, value.path(), "0x" + to_hex(address_), "0x" + to_hex(*address)})};
  }

  // The request goes through the encoding of the signer's own sockets, so that no bound is other.
  Result<wire::Signature, CallError> ask(wire::RequestBody body) const {
    const wire::Request request{0, 1, std::move(body)};
    if (wire::encoded_size(request) > wire::kMaxFrameBytes) {
      return Failure{refused({wire::Rule::kEncoding, "request",
                              "at most " + std::to_string(wire::kMaxFrameBytes) + " bytes",
                              std::to_string(wire::encoded_size(request))})};
    }
    const auto bounded = wire::decode_request(wire::encode_request(request));
    if (!bounded.ok()) return Failure{refused(bounded.error())};
    const wire::ResponseBody answer = signer_(bounded.value().body);
    if (const auto* refusal = std::get_if<wire::Refusal>(&answer)) {
      return Failure{refused(*refusal)};
    }
    if (const auto* unavailable = std::get_if<wire::Unavailable>(&answer)) {
      return Failure{CallError{kRefused, "unavailable: " + unavailable->reason}};
    }
    const auto* made = std::get_if<wire::Signed>(&answer);
    if (made == nullptr || made->signatures.size() != 1) {
      return Failure{CallError{kRefused, "the signer gave no signature"}};
    }
    return made->signatures[0].signature;
  }

  const std::uint64_t bor_chain_id_;
  const Signer& signer_;
  std::vector<JsonCursor> parameters_;
  Address address_;
};

}  // namespace

Bytes answer_call(ByteView line, std::uint64_t bor_chain_id, const Signer& signer) {
  const JsonLimits limits{kMaxLineBytes, 8, 256, 32};
  std::string id = "null";
  const auto answer = [&]() -> Result<std::string, CallError> {
    const auto document = parse_json(as_text(line), limits);
    if (!document.ok()) return Failure{bad(kNoJson, document.error())};
    return Call(bor_chain_id, signer).answer(JsonCursor(document.value()), id);
  }();
  std::string text = R"({"jsonrpc":"2.0","id":)" + id;
  if (answer.ok()) {
    text += R"(,"result":)" + *answer + "}\n";
  } else {
    text += R"(,"error":{"code":)" + std::to_string(answer.error().code) + R"(,"message":)" +
            quoted(answer.error().message) + "}}\n";
  }
  return {text.begin(), text.end()};
}

}  // namespace buri::hsm::signer::clef
