// The same for test programs: GoogleTest takes longer to parse than most tests.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iostream>

#include "cmake/precompiled/code.hpp"
