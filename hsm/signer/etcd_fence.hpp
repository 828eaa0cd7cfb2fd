#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "base/bytes.hpp"
#include "base/clock.hpp"
#include "hsm/signer/fence.hpp"

/// The fence in an etcd cluster, over its v3 gRPC API. Keys, below the prefix:
///   fence/<address>             "<epoch> <holder's name>", kept for ever
///   holder/<address>            holder's name, bound to a lease: there while the holder is alive
///   record/<address>/<purpose>  the highest record, as a block of docs/formats/sign-state.md

namespace buri::hsm::signer {

struct EtcdOptions {
  std::vector<std::string> endpoints;  ///< "10.0.0.1:2379", one per member
  std::string prefix = "buri/";
  std::string holder_name;  ///< unique per process; no spaces
  std::chrono::seconds lease{5};
  /// PEM texts. Without an authority the connection is in clear, which only loopback may be.
  std::string authority_pem;
  std::string certificate_pem;
  std::string key_pem;
};

/// Nothing if the options name no endpoint, or one that is not loopback without TLS; `why` then
/// says so. Connects lazily. `clock` must outlive the fence.
std::unique_ptr<Fence> make_etcd_fence(const EtcdOptions& options, const Address& key,
                                       const Clock& clock, std::string& why);

}  // namespace buri::hsm::signer
