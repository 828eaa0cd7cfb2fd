#pragma once

#include "node/cli/consensus_output.hpp"

/// `buri light verify`: a block of a chain, verified from one that the caller trusts.

namespace buri::cli {

struct LightVerifyArguments {
  std::string chain_id = "heimdallv2-137";
  std::string primary;                  ///< URL of a full node's RPC
  std::vector<std::string> witnesses;   ///< URLs of others, one at least
  std::int64_t trusted_height = 0;
  std::string trusted_hash;             ///< 64 hex digits
  std::int64_t height = 0;              ///< 0: the primary's latest
  std::string store;                    ///< folder of what was verified before; empty: none
  std::int64_t trusting_period_hours = 168;
  bool is_sequential = false;
};

AnswerResult run_light_verify(const LightVerifyArguments& arguments);

}  // namespace buri::cli
