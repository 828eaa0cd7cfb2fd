#include "base/check.hpp"
#include "base/json.hpp"
#include "hsm/signer/clef/bor_header_call.hpp"
#include "hsm/signer/clef/call.hpp"
#include "hsm/wire/sign_bytes.hpp"

/// A clef call of any bytes is answered with one line of JSON; a header that is read has the sign
/// bytes it was read from.

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace buri::hsm;
  using namespace buri::hsm::signer;
  const buri::ByteView bytes(data, size);
  const clef::Signer signer = [](const wire::RequestBody& body) -> wire::ResponseBody {
    if (std::holds_alternative<wire::GetPublicKey>(body)) return wire::PublicKeyAnswer{};
    return wire::Signed{{{}}, {}};
  };
  const buri::Bytes answer = clef::answer_call(bytes, 137, signer);
  CHECK(!answer.empty() && answer.back() == '\n', "an answer is a line");
  const auto line = buri::ByteView(answer).first(answer.size() - 1);
  CHECK(buri::parse_json(buri::as_text(line)).ok(), "an answer is JSON");
  const auto header = clef::read_bor_header(bytes, 137);
  if (header.ok()) {
    CHECK(buri::equal(wire::bor_header_sign_bytes(header.value().header), bytes),
          "a header is signed as it came");
  }
  return 0;
}
