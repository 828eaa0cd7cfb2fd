#pragma once

#include <string>

#include "hsm/wire/request.hpp"

/// Requests as one line of text, for the audit log.

namespace buri::hsm::signer {

/// "sign_vote height=7 round=0 type=precommit": the request's name and the fields that say where it
/// stands in its order.
std::string request_summary(const wire::RequestBody& request);

}  // namespace buri::hsm::signer
