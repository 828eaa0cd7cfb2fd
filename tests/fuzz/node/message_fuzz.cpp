#include "base/check.hpp"
#include "tests/fuzz/node/registry.hpp"

/// The first byte picks a message type, the rest is its content. What decodes has a canonical form
/// that decodes to the same form again, and prints as JSON and as amino JSON or says that it
/// cannot.

using namespace buri::consensus;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const runtime::MessageRegistry& registry = buri::fuzz::EveryMessage::registry();
  if (size == 0) return 0;
  const auto& messages = registry.messages();
  const auto picked =
      std::next(messages.begin(), static_cast<std::ptrdiff_t>(data[0] % messages.size()));
  const codec::Any any{picked->first, buri::Bytes(data + 1, data + size)};
  const auto decoded = registry.decode(any);
  if (!decoded.ok()) return 0;
  if ((*decoded)->type().validate_basic) {
    static_cast<void>((*decoded)->type().validate_basic(**decoded));
  }
  static_cast<void>((*decoded)->type().signers(**decoded));
  const auto canonical = picked->second.codec.canonical(any.value);
  CHECK(canonical.ok(), "what decodes encodes");
  const auto again = picked->second.codec.canonical(*canonical);
  CHECK(again.ok() && *again == *canonical, "the canonical form is its own");
  std::string text;
  static_cast<void>(registry.any_json().write(text, any));
  static_cast<void>(registry.amino_writer()(text, any));
  CHECK(picked->second.codec.compact_text(text, any.value), "what decodes prints");
  return 0;
}
