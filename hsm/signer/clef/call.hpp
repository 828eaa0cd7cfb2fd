#pragma once

#include <functional>

#include "base/bytes.hpp"
#include "hsm/wire/request.hpp"
#include "hsm/wire/response.hpp"

/// The part of clef's external signing API (JSON-RPC 2.0) by which patched go-ethereum nodes ask:
/// account_version, account_list, account_signData for Bor headers, account_signTransaction.
/// Everything else is refused with a reason; no text, typed data or hash is ever signed.

namespace buri::hsm::signer::clef {

/// Most bytes of a request: a header or calldata as long as the signer takes, in hex.
inline constexpr std::size_t kMaxLineBytes = 160 * 1024;

/// Asks the signer; may block up to the request's deadline.
using Signer = std::function<wire::ResponseBody(const wire::RequestBody& request)>;

/// Answers one request (one line, without its end) with one line and its end. Error codes are those
/// of JSON-RPC; -32000 is a refusal of the signer, the message beginning with the rule's name.
/// `bor_chain_id`: of the chain whose headers come, since a header does not say it.
Bytes answer_call(ByteView line, std::uint64_t bor_chain_id, const Signer& signer);

}  // namespace buri::hsm::signer::clef
