#pragma once

#include <string>
#include <string_view>

#include "base/json.hpp"
#include "node/consensus/p2p/address_book.hpp"

/// The text of a stock node's config/addrbook.json, so that a node keeps its addresses when it
/// changes hands. Reading and writing the file is the caller's. Running bans are written, too, in
/// last_ban_time, where stock keeps the time and forgets the ban.

namespace buri::consensus::p2p {

/// Entries of nodes that cannot be called (an id or IP that is none) are left out: stock gathers
/// such from its peers. Errors name the field.
Result<AddressBookRecord, JsonError> parse_address_book(std::string_view text);

std::string address_book_text(const AddressBookRecord& record);

}  // namespace buri::consensus::p2p
