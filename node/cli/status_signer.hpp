#pragma once

#include <string>
#include <string_view>

#include "node/app/config.hpp"
#include "node/cli/status_part.hpp"

/// Who signs for a node, and in which state that is.

namespace buri::cli {

/// The signer's answer to "status" at its admin socket: state, reason, epoch, address, height, and
/// an array "hsm" of {name, state, reason} with a row per device.
boost::json::object signer_facts(std::string_view status);
/// By the node's settings; the signer is asked at `admin_socket`.
boost::json::object ask_signer(const app::SignerConfig& config, const std::string& admin_socket);

}  // namespace buri::cli
