#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "node/cli/consensus_output.hpp"

/// `buri light verify`: from a header that the operator trusts to another one of the chain, by the
/// answers of nodes that nobody has to trust.

namespace buri::cli {

struct LightArguments {
  std::string node;                    ///< the primary's RPC
  std::vector<std::string> witnesses;  ///< one at least
  std::int64_t trusted_height = 0;
  std::string trusted_hash;         ///< 64 hex digits
  std::int64_t height = 0;          ///< 0: the primary's newest
  std::string trusting_period;      ///< "168h"
  std::string trust_level = "1/3";  ///< of the trusted power, "1/3" to "1/1"
  std::string timeout = "5s";       ///< of one call
  std::string chain_id;             ///< empty: as the nodes say; the trusted hash vouches for it
  std::string home;             ///< keeps trusted headers; empty: they are gone with the command
  std::string evidence_folder;  ///< where evidence of an attack is written
  std::string authority_file;   ///< PEM of whom HTTPS trusts; empty: the system's
  bool is_sequential = false;
};

/// Facts about what was verified (positive), or the reason why it was not. The nodes are asked with
/// the machine's clock; each verified step becomes a line on standard error unless `is_quiet`.
AnswerResult verify_light(const LightArguments& arguments, bool is_quiet);

}  // namespace buri::cli
