#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "accel/engine.hpp"
#include "base/json_cursor.hpp"
#include "node/consensus/api/rpc_json.hpp"
#include "node/consensus/engine/validator_set.hpp"

/// Real mainnet data for the tests of node/, and one engine to compute with.

namespace buri::testing {

/// An engine over every CPU backend of this machine, started once per program.
accel::Engine& engine();

/// The text of a file below tests/golden/.
std::string golden_text(std::string_view path);

/// A mainnet commit and the validators of its height.
struct GoldenCommit {
  consensus::api::SignedHeader signed_header;
  consensus::engine::ValidatorSet validators;
};

/// 54587912, then 54594513, 54595178 and 54595180 of the rotation file.
const std::vector<GoldenCommit>& golden_commits();

/// The folder of large suites: $BURI_FIXTURES, or ../shared/fixtures beside the checkout.
std::string fixtures_folder();

}  // namespace buri::testing
