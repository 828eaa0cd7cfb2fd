#include <getopt.h>

#include <array>
#include <charconv>

#include "base/hex.hpp"
#include "hsm/pkcs11/worker.hpp"

namespace buri::hsm::pkcs11 {
namespace {

enum Option : int { kUri = 1, kProfile, kPublicKey, kChannels, kPin, kParent, kRestored, kFlags };

constexpr std::array<option, 9> kOptions{{
    {"key-uri", required_argument, nullptr, kUri},
    {"profile", required_argument, nullptr, kProfile},
    {"public-key", required_argument, nullptr, kPublicKey},
    {"channels", required_argument, nullptr, kChannels},
    {"pin-descriptor", required_argument, nullptr, kPin},
    {"parent", required_argument, nullptr, kParent},
    {"accept-restored-key", no_argument, nullptr, kRestored},
    {"ignore-pin-flags", no_argument, nullptr, kFlags},
    {nullptr, 0, nullptr, 0},
}};

/// A decimal number of the whole text.
std::optional<int> number(std::string_view text) {
  int value = 0;
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (fault != std::errc() || end != text.data() + text.size() || value < 0) return std::nullopt;
  return value;
}

/// Channels are consecutive: "FIRST+COUNT".
bool read_channels(std::string_view text, std::vector<int>& channels) {
  const std::size_t plus = text.find('+');
  if (plus == std::string_view::npos) return false;
  const auto first = number(text.substr(0, plus));
  const auto count = number(text.substr(plus + 1));
  if (!first || !count || *count < 1 || *count > 64) return false;
  for (int i = 0; i < *count; ++i) channels.push_back(*first + i);
  return true;
}

/// Takes one option; a sentence if its value is bad.
std::string take(WorkerOptions& options, int which, std::string_view value) {
  switch (which) {
    case kUri: {
      auto uri = parse_key_uri(value);
      if (!uri.ok()) return describe(uri.error());
      options.key = std::move(uri).value();
      return {};
    }
    case kProfile:
      options.profile = find_profile(value);
      return options.profile != nullptr ? "" : "There is no such vendor profile.";
    case kPublicKey: {
      const auto point = fixed_from_hex<PublicPoint::kSize>(value);
      if (!point) return "The public key is not 64 bytes of hex.";
      options.public_key = *point;
      return {};
    }
    case kChannels:
      return read_channels(value, options.channels) ? "" : "--channels wants FIRST+COUNT.";
    case kPin:
    case kParent: {
      const auto parsed = number(value);
      if (!parsed) return "A number was expected.";
      (which == kPin ? options.pin_descriptor : options.parent) = *parsed;
      return {};
    }
    case kRestored:
      options.require_hsm_born = false;
      return {};
    case kFlags:
      options.ignore_pin_flags = true;
      return {};
    default:
      return "An option is not known or lacks its value.";
  }
}

}  // namespace

Result<WorkerOptions, std::string> parse_worker_options(int argc, char** argv) {
  WorkerOptions options;
  optind = 1;
  opterr = 0;
  int which = 0;
  while ((which = getopt_long(argc, argv, "", kOptions.data(), nullptr)) != -1) {
    std::string fault = take(options, which, optarg != nullptr ? optarg : "");
    if (!fault.empty()) return Failure{std::move(fault)};
  }
  if (optind != argc) return Failure{std::string("buri-hsm takes options only.")};
  if (!options.key.module_path) return Failure{std::string("The URI names no module-path.")};
  if (options.profile == nullptr || options.channels.empty() || options.parent == 0) {
    return Failure{
        std::string("buri-hsm is started by buri-signer: --profile, --channels and "
                    "--parent are needed.")};
  }
  return options;
}

std::vector<std::string> worker_arguments(const WorkerOptions& options) {
  std::vector<std::string> arguments{
      "--key-uri",
      format_key_uri(options.key),
      "--profile",
      std::string(options.profile->name),
      "--public-key",
      to_hex(options.public_key),
      "--channels",
      std::to_string(options.channels.front()) + "+" + std::to_string(options.channels.size()),
      "--parent",
      std::to_string(options.parent)};
  if (options.pin_descriptor >= 0) {
    arguments.insert(arguments.end(), {"--pin-descriptor", std::to_string(options.pin_descriptor)});
  }
  if (!options.require_hsm_born) arguments.emplace_back("--accept-restored-key");
  if (options.ignore_pin_flags) arguments.emplace_back("--ignore-pin-flags");
  return arguments;
}

}  // namespace buri::hsm::pkcs11
