#include "base/check.hpp"
#include "hsm/rules/heimdall_messages.hpp"

/// The first byte picks the message type: no value is accepted for two different signers.

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const auto known = buri::hsm::rules::known_messages();
  const buri::hsm::wire::HeimdallMessage message{std::string(known[data[0] % known.size()]),
                                                 buri::Bytes(data + 1, data + size)};
  const bool zero = buri::hsm::rules::check_message(message, {}).ok();
  const bool one = buri::hsm::rules::check_message(message, {{1}}).ok();
  CHECK(!(zero && one), "a message has one signer");
  return 0;
}
