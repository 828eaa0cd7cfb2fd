// Test programs parse once, besides code.hpp: GoogleTest takes longer to parse than most tests.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iostream>
