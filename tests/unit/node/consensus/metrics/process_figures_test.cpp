#include "node/consensus/metrics/process_figures.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <limits>

#include "tests/unit/node/consensus/metrics/exposition.hpp"

namespace buri::consensus::metrics {
namespace {

using buri::testing::sample;

/// A /proc of a process that was never there.
class ProcessFiguresTest : public ::testing::Test {
 protected:
  ProcessFiguresTest() { std::filesystem::create_directories(proc_ + "/self/net"); }
  ~ProcessFiguresTest() override { std::filesystem::remove_all(proc_); }

  void write(const std::string& name, std::string_view text) const {
    std::ofstream(proc_ + "/" + name) << text;
  }

  const std::string proc_ = ::testing::TempDir() + "buri-proc-" + std::to_string(::getpid());
};

TEST_F(ProcessFiguresTest, AreReadFromTheKernelsAccount) {
  write("stat", "cpu  1 2 3\nbtime 1700000000\nprocesses 5\n");
  write("self/stat",
        "77 (a ) name) S 1 2 3 4 5 6 7 8 9 10 150 50 0 0 20 0 9 0 3000 8192000 25 "
        "18446744073709551615");
  write("self/status",
        "Name:\tx\nVmHWM:\t  40 kB\nRssAnon:\t  20 kB\nVmData:\t 30 kB\nVmStk:\t 4 kB\n");
  write("self/limits",
        "Limit                     Soft Limit           Hard Limit           Units\n"
        "Max open files            1024                 4096                 files\n"
        "Max address space         unlimited            unlimited            bytes\n");
  write("self/net/netstat",
        "TcpExt: A B\nTcpExt: 1 2\nIpExt: InNoRoutes InOctets OutOctets\nIpExt: 0 11 12\n");
  std::filesystem::create_directories(proc_ + "/self/fd/0");
  std::filesystem::create_directories(proc_ + "/self/fd/1");
  const ProcessFigures found = read_process(proc_);
  const auto ticks = static_cast<double>(::sysconf(_SC_CLK_TCK));
  EXPECT_DOUBLE_EQ(found.cpu_seconds, 200 / ticks);
  EXPECT_DOUBLE_EQ(found.start_seconds, 1'700'000'000 + 3000 / ticks);
  EXPECT_EQ(found.threads, 9U);
  EXPECT_EQ(found.virtual_bytes, 8'192'000U);
  EXPECT_EQ(found.resident_bytes, 25U * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE)));
  EXPECT_EQ(found.peak_resident_bytes, 40U * 1024);
  EXPECT_EQ(found.anonymous_bytes, 20U * 1024);
  EXPECT_EQ(found.data_bytes, 30U * 1024);
  EXPECT_EQ(found.stack_bytes, 4U * 1024);
  EXPECT_EQ(found.max_files, 1024U);
  EXPECT_EQ(found.max_virtual_bytes, std::numeric_limits<std::uint64_t>::max());
  EXPECT_EQ(found.open_files, 2U);
  EXPECT_EQ(found.received_bytes, 11U);
  EXPECT_EQ(found.sent_bytes, 12U);
}

TEST_F(ProcessFiguresTest, AreZeroWhereTheKernelTellsNothing) {
  const ProcessFigures found = read_process(proc_ + "/nothing");
  EXPECT_EQ(found.resident_bytes, 0U);
  EXPECT_EQ(found.open_files, 0U);
  write("self/stat", "77 (torn");
  EXPECT_EQ(read_process(proc_).threads, 0U);
}

TEST_F(ProcessFiguresTest, OfThisProcessAreServedUnderEveryNameOfAGoProgram) {
  const ProcessFigures own = read_process();
  EXPECT_GT(own.resident_bytes, std::uint64_t{1} << 20);
  EXPECT_GE(own.threads, 1U);
  EXPECT_GT(own.open_files, 2U);
  EXPECT_GE(own.cpus, 1U);
  MetricsPage page;
  add_process(page, own, "clang");
  std::vector<buri::testing::StockFigure> expected;
  for (const auto& figure : buri::testing::stock_figures()) {
    const bool is_go = figure.name.starts_with("go_") || figure.name.starts_with("process_");
    if (is_go) expected.push_back(figure);
  }
  EXPECT_EQ(expected.size(), 38U);
  const std::string text = "\n" + page.text();
  buri::testing::expect_served(text.substr(1), expected);
  EXPECT_EQ(sample(text, "process_resident_memory_bytes"), static_cast<double>(own.resident_bytes));
  EXPECT_EQ(sample(text, R"(go_info{version="clang"})"), 1);
}

}  // namespace
}  // namespace buri::consensus::metrics
