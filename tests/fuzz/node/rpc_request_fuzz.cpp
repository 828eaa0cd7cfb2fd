#include <array>

#include "base/check.hpp"
#include "node/consensus/api/http_message.hpp"
#include "node/consensus/api/rpc_arguments.hpp"
#include "node/consensus/api/rpc_message.hpp"

/// A call of the RPC, as the body of a POST and as the query of a URI, with a parameter of each
/// kind: refused with a sentence, or arguments of the kinds that were asked for.

namespace {

namespace api = buri::consensus::api;
using api::ArgumentKind;

constexpr std::array kSpecs{
    api::ArgumentSpec{"integer", ArgumentKind::kInteger},
    api::ArgumentSpec{"unsigned", ArgumentKind::kUnsigned},
    api::ArgumentSpec{"text", ArgumentKind::kText},
    api::ArgumentSpec{"boolean", ArgumentKind::kBoolean},
    api::ArgumentSpec{"bytes", ArgumentKind::kBytes},
    api::ArgumentSpec{"hex", ArgumentKind::kHexBytes},
    api::ArgumentSpec{"texts", ArgumentKind::kTexts},
    api::ArgumentSpec{"evidence", ArgumentKind::kEvidence},
};

void check(const buri::Result<api::Arguments, std::string>& arguments) {
  if (!arguments.ok()) {
    CHECK(!arguments.error().empty(), "a refusal says why");
    return;
  }
  const auto is_of_its_kind = [&]<class T>(std::size_t index) {
    return !arguments->is_given(index) || arguments->get<T>(index) != nullptr;
  };
  CHECK(is_of_its_kind.operator()<std::int64_t>(0) && is_of_its_kind.operator()<std::int64_t>(1) &&
            is_of_its_kind.operator()<std::string>(2) && is_of_its_kind.operator()<bool>(3) &&
            is_of_its_kind.operator()<buri::Bytes>(4) &&
            is_of_its_kind.operator()<buri::Bytes>(5) &&
            is_of_its_kind.operator()<std::vector<std::string>>(6) &&
            is_of_its_kind.operator()<buri::JsonValue>(7),
        "an argument has the kind of its parameter");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  check(api::arguments_from_query(kSpecs, api::parse_query(text)));
  const auto requests = api::parse_requests(text);
  if (!requests.ok()) {
    CHECK(!requests.error().empty(), "a refusal says why");
    return 0;
  }
  for (const api::RpcRequest& request : requests->all) {
    check(api::arguments_from_json(kSpecs, request.params));
    if (!request.id) continue;
    api::answer_request({}, request, [](const std::string& answer, bool /*is_cacheable*/) {
      CHECK(buri::parse_json(answer).ok(), "an answer is JSON");
    });
  }
  return 0;
}
