#include <cstdio>

#include "accel/cpu.hpp"
#include "node/cli/commands.hpp"

namespace buri::cli {
namespace {

void print_info() {
  const accel::CpuFeatures& cpu = accel::cpu_features();
  std::printf("cpu: %s\n", cpu.model.c_str());
}

}  // namespace

void add_accel_commands(CLI::App& app, int& exit_code) {
  CLI::App* accel = app.add_subcommand("accel", "The batch crypto engine of this machine");
  accel->require_subcommand(1);
  accel->add_subcommand("info", "Says what this machine computes with")->callback([&exit_code] {
    print_info();
    exit_code = kExitOk;
  });
}

}  // namespace buri::cli
