#pragma once

#include <string>

#include "base/log.hpp"
#include "base/result.hpp"
#include "node/consensus/p2p/address_book.hpp"
#include "node/consensus/p2p/node_key.hpp"

/// Small files of a home that a node reads when it opens.

namespace buri::app {

/// The key by which peers know this node; made at the first start. The error is a sentence.
Result<consensus::p2p::NodeKey, std::string> node_key(const std::string& path);

/// A book that cannot be read is left out and said so: peers can be found again.
consensus::p2p::AddressBookRecord read_book(const std::string& path, const Logger& logger);

}  // namespace buri::app
