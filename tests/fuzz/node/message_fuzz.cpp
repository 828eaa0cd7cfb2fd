#include "base/check.hpp"
#include "node/consensus/modules/auth/messages.hpp"
#include "node/consensus/modules/bank/messages.hpp"
#include "node/consensus/modules/consensus/keeper.hpp"
#include "node/consensus/modules/gov/messages.hpp"
#include "node/consensus/tx/decode.hpp"

/// The first byte picks a message type, the rest is its content. What decodes has a canonical form
/// that decodes to the same form again, and prints as JSON and as amino JSON or says that it
/// cannot.

namespace {

using namespace buri::consensus;

struct Types {
  runtime::MessageRegistry registry;
  modules::gov::Keeper gov{
      registry, [](const runtime::Context&) { return std::vector<modules::gov::Elector>{}; }};
  Types() {
    tx::register_tx_types(registry);
    modules::auth::register_messages(registry, {});
    modules::bank::register_messages(registry, modules::bank::Keeper());
    modules::consensus::register_messages(registry, {});
    modules::gov::register_messages(registry, gov);
  }
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const Types types;
  if (size == 0) return 0;
  const auto& messages = types.registry.messages();
  const auto picked =
      std::next(messages.begin(), static_cast<std::ptrdiff_t>(data[0] % messages.size()));
  const codec::Any any{picked->first, buri::Bytes(data + 1, data + size)};
  const auto decoded = types.registry.decode(any);
  if (!decoded.ok()) return 0;
  static_cast<void>((*decoded)->type().signers(**decoded));
  const auto canonical = picked->second.codec.canonical(any.value);
  CHECK(canonical.ok(), "what decodes encodes");
  const auto again = picked->second.codec.canonical(*canonical);
  CHECK(again.ok() && *again == *canonical, "the canonical form is its own");
  std::string text;
  static_cast<void>(types.registry.any_json().write(text, any));
  static_cast<void>(types.registry.amino_writer()(text, any));
  return 0;
}
