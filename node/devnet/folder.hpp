#pragma once

#include <chrono>
#include <string>

#include "base/descriptor.hpp"
#include "base/result.hpp"
#include "node/devnet/layout.hpp"

namespace buri::devnet {

/// Makes a devnet's folder where there is none and locks it for as long as the result lives. The
/// error is a sentence: it is another's, cannot be written, or a devnet runs in it.
Result<Descriptor, std::string> take_folder(const Layout& layout);

/// Returns when nobody holds the folder any more, which is when every process of its devnet has
/// ended. The error is a sentence: that was not so within `patience`.
Status<std::string> await_free_folder(const Layout& layout, std::chrono::seconds patience);

}  // namespace buri::devnet
