#pragma once

#include <vector>

#include "accel/engine.hpp"
#include "tests/support/consensus/synthetic_chain.hpp"

/// What figures over whole chains share.

namespace buri::bench {

/// The processor's time that this process has taken.
double cpu_milliseconds();

/// The best CPU backend on the calling thread alone.
accel::Engine& one_thread_engine();

/// Every signature of the chain's votes and extensions, digests ready.
std::vector<accel::VerifyRequest> all_requests(const testing::SyntheticChain& chain);

}  // namespace buri::bench
