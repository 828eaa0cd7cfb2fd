#pragma once

#include <functional>
#include <optional>

#include "base/bytes.hpp"
#include "hsm/signer/privval/messages.hpp"
#include "hsm/wire/request.hpp"
#include "hsm/wire/response.hpp"

/// One privval connection, bytes in and bytes out: messages become typed requests to the signer and
/// its answers messages again.

namespace buri::hsm::signer::privval {

/// Asks the signer; may block up to the request's deadline.
using Signer = std::function<wire::ResponseBody(const wire::RequestBody& request)>;

/// Not thread-safe.
class Session {
 public:
  explicit Session(Signer signer) : signer_(std::move(signer)) {}

  /// Takes what arrived and returns what is to be sent (perhaps nothing yet). No value: the
  /// connection is to be closed, because a length or message kind is not privval's or because the
  /// signer cannot sign now; the daemon asks again over the next connection, while it gives up the
  /// vote when a refusal answers it.
  std::optional<Bytes> take(ByteView received);
  /// Whether a message has begun and not ended.
  [[nodiscard]] bool is_amid_message() const { return !pending_.empty(); }

 private:
  Signer signer_;
  Bytes pending_;
};

/// The answer to one message, without the framing of `message` but with its own; no value as above.
std::optional<Bytes> answer_message(ByteView message, const Signer& signer);

}  // namespace buri::hsm::signer::privval
