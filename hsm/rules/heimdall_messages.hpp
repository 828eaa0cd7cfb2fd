#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "hsm/wire/heimdall_transaction.hpp"
#include "hsm/wire/refusal.hpp"

/// Which Heimdall messages can be signed at all: those whose every field is known here
/// (spec/heimdall.md 5). A policy picks from them.

namespace buri::hsm::rules {

/// Whether a message of that type can be read.
bool is_known_message(std::string_view type_url);

/// The type URLs of all known messages, ascending.
std::vector<std::string_view> known_messages();

/// Reads the message field by field and refuses unless it is the one canonical encoding of its
/// type, every field within its form, and its signer `signer`. Rules: kMessageType,
/// kMessageContent, kIdentity.
Status<wire::Refusal> check_message(const wire::HeimdallMessage& message, const Address& signer);

}  // namespace buri::hsm::rules
