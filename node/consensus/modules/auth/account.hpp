#pragma once

#include <optional>
#include <string>
#include <vector>

#include "node/consensus/modules/auth/types.hpp"
#include "node/consensus/runtime/error.hpp"

/// An account of either kind as code handles it.

namespace buri::consensus::modules::auth {

/// A user's account, or a module's.
struct Account {
  Address address{};
  std::optional<Any> public_key{};  ///< as stored; nothing until the first transaction
  std::uint64_t number = 0;
  std::uint64_t sequence = 0;
  std::optional<std::string> module{};  ///< the module's name, of a module account
  std::vector<std::string> permissions{};

  friend bool operator==(const Account&, const Account&) = default;
};

/// The Any that is stored under the account's address.
Any to_any(const Account& account);
/// Reads a stored or genesis account; nothing if the type is unknown or the content does not
/// decode.
std::optional<Account> account_from_any(const Any& any);

}  // namespace buri::consensus::modules::auth
