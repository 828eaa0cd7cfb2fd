#pragma once

#include <string_view>

#include "node/consensus/modules/auth/keeper.hpp"
#include "node/consensus/runtime/message_registry.hpp"

/// The message of module auth, and the check that all parameter changes share.

namespace buri::consensus::modules::auth {

/// Also registers the account types that genesis files and queries name.
void register_messages(runtime::MessageRegistry& registry, const Keeper& keeper);

/// The text of the gov account's address: who may change parameters.
const std::string& gov_authority();
/// Errors: gov 13 unless `authority` is exactly that text.
Status<runtime::Error> check_authority(std::string_view authority);

/// What the account types stand for in an Any.
inline constexpr std::string_view kAccountInterface = "cosmos.auth.v1beta1.AccountI";

}  // namespace buri::consensus::modules::auth
