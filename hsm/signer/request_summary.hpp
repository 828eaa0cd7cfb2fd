#pragma once

#include <string>

#include "hsm/wire/request.hpp"

/// Requests as text, for people: one line for the audit log, all fields for administrators.

namespace buri::hsm::signer {

/// "sign_vote height=7 round=0 type=precommit": the request's name and the fields that say where it
/// stands in its order.
std::string request_summary(const wire::RequestBody& request);

/// Every field of a transaction that is signed, one a line and indented, messages and arguments in
/// hex: what administrators agree to. Empty for other requests.
std::string request_details(const wire::RequestBody& request);

}  // namespace buri::hsm::signer
