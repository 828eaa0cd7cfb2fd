#pragma once

#include "node/devnet/identity.hpp"
#include "node/devnet/layout.hpp"
#include "node/devnet/programs.hpp"

/// Makes a devnet's folder: keys, tokens, sign-state and genesis. Once; what is there stays.

namespace buri::devnet {

struct ProvisionOptions {
  std::size_t validators = 4;
  std::string chain_id{kDefaultChainId};
  bool uses_development_keys = false;  ///< plain files in place of SoftHSM
};

/// What the folder holds, or a new network where it holds none. A half-made one is made anew. The
/// errors are sentences: the folder has another network, SoftHSM is not installed, the path is too
/// long for sockets.
Result<Identity, std::string> provision(const Layout& layout, const Programs& programs,
                                        const ProvisionOptions& options);

/// Removes a devnet and nothing else: a folder that is none is refused.
Status<std::string> remove_devnet(const Layout& layout);

}  // namespace buri::devnet
