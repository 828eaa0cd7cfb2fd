#pragma once

#include <functional>
#include <string>
#include <variant>

#include "base/result.hpp"
#include "hsm/wire/request.hpp"
#include "hsm/wire/response.hpp"

/// Who signs for this validator: `buri-signer` behind its socket (signer_connection.hpp), or a key
/// in a file for development (file_key.hpp).

namespace buri::consensus::host {

using SigningRequest =
    std::variant<hsm::wire::SignProposal, hsm::wire::SignVote, hsm::wire::SignHeimdallTransaction>;
/// Why there are no signatures.
struct NotSigned {
  std::string reason;     ///< for people
  bool is_final = false;  ///< asking again would bring none; otherwise it was not reached in time
};
using SigningResult = Result<hsm::wire::Signed, NotSigned>;

/// Thread-safe.
class Signer {
 public:
  virtual ~Signer() = default;
  /// Whose signatures these are.
  [[nodiscard]] virtual Address address() const = 0;
  /// Calls `done` once, in any thread, perhaps before this returns. A request that is made again
  /// with the same content gets the same signature; one that contradicts what was signed gets none.
  virtual void sign(SigningRequest request, std::function<void(SigningResult)> done) = 0;
};

}  // namespace buri::consensus::host
