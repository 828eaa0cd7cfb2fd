#pragma once

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <sstream>
#include <string>

/// Texts of ours that change only on purpose: the file is what the last review has seen.

namespace buri::golden {

/// Compares `text` with the file at `path`, from the repository's root; with BURI_WRITE_GOLDEN in
/// the environment it is written instead.
inline void expect_text(const std::string& path, const std::string& text) {
  if (std::getenv("BURI_WRITE_GOLDEN") != nullptr) {
    std::ofstream(path, std::ios::binary) << text;
    return;
  }
  std::ostringstream expected;
  expected << std::ifstream(path, std::ios::binary).rdbuf();
  EXPECT_EQ(text, expected.str()) << path << " says otherwise; BURI_WRITE_GOLDEN=1 writes it anew";
}

}  // namespace buri::golden
