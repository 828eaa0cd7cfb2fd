#include "base/check.hpp"
#include "node/consensus/app/extension_rules.hpp"
#include "node/consensus/app/side_tally.hpp"
#include "node/consensus/codec/message.hpp"
#include "node/consensus/tx/decode.hpp"

/// A vote extension, or the list of them at the head of a block: whatever decodes has one canonical
/// encoding, which decodes to the same.

namespace {

using namespace buri::consensus;

const runtime::MessageRegistry& registry() {
  static runtime::MessageRegistry made;
  static const bool is_filled = [] {
    tx::register_tx_types(made);
    return true;
  }();
  CHECK(is_filled, "the registry is filled once");
  return made;
}

template <class T>
void check_canonical(buri::ByteView bytes) {
  const auto value = codec::decode<T>(bytes);
  if (!value.ok()) return;
  const auto again = codec::decode<T>(codec::encode(*value));
  CHECK(again.ok() && *again == *value, "an encoding decodes to what was encoded");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const buri::ByteView bytes(data, size);
  check_canonical<app::VoteExtension>(bytes);
  check_canonical<app::ExtendedCommit>(bytes);
  static_cast<void>(app::has_unknown_fields(bytes, registry()));
  const auto extension = app::decode_extension(bytes);
  if (extension.ok()) {
    static_cast<void>(app::check_side_responses(extension->side_tx_responses));
    static_cast<void>(app::check_extension_form(*extension, {}, extension->height));
  }
  const auto commit = codec::decode<app::ExtendedCommit>(bytes);
  if (commit.ok()) static_cast<void>(app::decode_votes(commit->votes));
  return 0;
}
