#pragma once

#include "hsm/ceremony/document.hpp"
#include "hsm/ceremony/plan.hpp"

/// The ceremony's script: what is printed, read aloud, initialled line by line and signed.

namespace buri::hsm::ceremony {

/// The whole script of a plan; a pure function of it.
Document make_script(const Plan& plan);

}  // namespace buri::hsm::ceremony
