#include <cxxabi.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <sstream>

#include "tests/ptx/interpreter/module.hpp"
#include "tests/ptx/sass/listing.hpp"
#include "tests/ptx/sass/occupancy.hpp"
#include "tests/ptx/sass/report.hpp"

/// sass-measure OUT TOOLS COMPILER FOLDER...: reads NAME.ptx and NAME.sm_*.cubin of every folder
/// NAME (what buri_cuda_library leaves there) and writes the report. TOOLS is where nvdisasm and
/// cuobjdump lie, COMPILER the release that made the code.

namespace buri::ptx::sass {
namespace {

namespace fs = std::filesystem;

constexpr std::array<std::string_view, 4> kArchitectures = {"sm_80", "sm_89", "sm_90", "sm_120"};

/// Field and point operations: kernel probe_NAME_1 does one, probe_NAME_5 five in a row.
constexpr std::array<std::string_view, 4> kOperations = {"mul", "sqr", "double", "add"};
constexpr std::string_view kProbePrefix = "probe_";
constexpr std::uint64_t kMoreOperations = 4;

using Symbols = std::map<std::string, std::string>;   ///< of kernels, by short name
using Usages = std::map<std::string, ResourceUsage>;  ///< by symbol

[[noreturn]] void give_up(const std::string& reason) {
  std::fprintf(stderr, "sass-measure: %s\n", reason.c_str());
  std::exit(1);
}

std::string output_of(const std::string& command) {
  const std::unique_ptr<FILE, int (*)(FILE*)> pipe(popen(command.c_str(), "r"), pclose);
  if (pipe == nullptr) give_up("cannot run " + command);
  std::string output;
  std::array<char, 1 << 16> chunk{};
  while (const std::size_t read = std::fread(chunk.data(), 1, chunk.size(), pipe.get())) {
    output.append(chunk.data(), read);
  }
  return output;
}

std::string contents_of(const fs::path& path) {
  std::ifstream file(path);
  if (!file) give_up("cannot read " + path.string());
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

/// "_ZN4buri5accel4cuda14recover_kernelEPKj" -> "recover_kernel".
std::string short_name(const std::string& symbol) {
  const std::unique_ptr<char, void (*)(void*)> readable(
      abi::__cxa_demangle(symbol.c_str(), nullptr, nullptr, nullptr), std::free);
  std::string name = readable == nullptr ? symbol : readable.get();
  name = name.substr(0, name.find('('));
  const std::size_t scope = name.rfind("::");
  return scope == std::string::npos ? name : name.substr(scope + 2);
}

/// Figures of one operation: what four more of them add to a kernel.
void measure_operation(const Listing& listing, const Symbols& symbols, const Usages& usages,
                       const std::string& architecture, std::string_view operation,
                       Report& report) {
  const auto one = symbols.find(std::string(kProbePrefix) + std::string(operation) + "_1");
  const auto five = symbols.find(std::string(kProbePrefix) + std::string(operation) + "_5");
  if (one == symbols.end() || five == symbols.end()) return;
  report.figures[{architecture, std::string(operation), "stack_bytes"}] =
      usages.at(five->second).stack_bytes;
  const auto wide = [&](const std::string& symbol) {
    const auto& counts = listing.at(symbol).by_mnemonic;
    const auto found = counts.find("IMAD.WIDE");
    return found == counts.end() ? 0 : found->second;
  };
  const auto per_operation = [](std::uint64_t many, std::uint64_t few) {
    return (many - few + kMoreOperations / 2) / kMoreOperations;
  };
  report.figures[{architecture, std::string(operation), "instructions"}] = per_operation(
      executed_instructions(listing, five->second), executed_instructions(listing, one->second));
  if (listing.at(five->second).calls.empty()) {
    report.figures[{architecture, std::string(operation), "wide_multiplies"}] =
        per_operation(wide(five->second), wide(one->second));
  }
}

void measure_kernel(const Multiprocessor& limits, const Function& kernel,
                    const ResourceUsage& usage, Report& report) {
  const std::string architecture(limits.architecture);
  const std::string name = short_name(std::string(kernel.name));
  if (kernel.max_threads == 0) give_up(name + " has no launch bounds");
  report.figures[{architecture, name, "registers"}] = usage.registers;
  report.figures[{architecture, name, "stack_bytes"}] = usage.stack_bytes;
  report.figures[{architecture, name, "warps"}] = resident_warps(
      limits,
      {static_cast<std::uint32_t>(kernel.max_threads), usage.registers, usage.shared_bytes});
}

void measure_folder(const fs::path& folder, const fs::path& tools, Report& report) {
  const std::string stem = folder.filename().string();
  const auto module = Module::parse(contents_of(folder / (stem + ".ptx")));
  if (!module.ok()) {
    give_up(stem + ".ptx line " + std::to_string(module.error().line) + ": " + module.error().text);
  }
  Symbols symbols;
  for (const auto& [name, function] : (*module)->functions) {
    if (function.is_kernel) symbols[short_name(std::string(name))] = name;
  }
  if (symbols.empty()) return;
  for (const std::string_view architecture : kArchitectures) {
    const std::string cubin =
        (folder / stem).string().append(".").append(architecture).append(".cubin");
    const Usages usages =
        read_resource_usage(output_of((tools / "cuobjdump").string() + " -res-usage " + cubin));
    const Listing listing = read_listing(output_of((tools / "nvdisasm").string() + " -c " + cubin));
    for (const auto& [name, symbol] : symbols) {
      const auto used = usages.find(symbol);
      if (used == usages.end()) give_up(cubin + " lacks " + name);
      if (name.starts_with(kProbePrefix)) continue;
      measure_kernel(*find_multiprocessor(architecture), (*module)->functions.at(symbol),
                     used->second, report);
    }
    for (const std::string_view operation : kOperations) {
      measure_operation(listing, symbols, usages, std::string(architecture), operation, report);
    }
  }
}

int run(int count, char** arguments) {
  if (count < 5) give_up("usage: sass-measure OUT TOOLS COMPILER FOLDER...");
  Report report;
  report.compiler = arguments[3];
  for (int k = 4; k < count; ++k) measure_folder(arguments[k], arguments[2], report);
  std::ofstream out(arguments[1]);
  write_report(out, report);
  if (!out.flush()) give_up(std::string("cannot write ") + arguments[1]);
  return 0;
}

}  // namespace
}  // namespace buri::ptx::sass

int main(int count, char** arguments) { return buri::ptx::sass::run(count, arguments); }
