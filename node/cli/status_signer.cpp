#include "node/cli/status_signer.hpp"

#include <charconv>

#include "hsm/signer/admin_client.hpp"

namespace buri::cli {
namespace {

namespace json = boost::json;

/// Up to the next blank, which goes.
std::string_view take_word(std::string_view& line) {
  const std::size_t end = std::min(line.find(' '), line.size());
  const std::string_view word = line.substr(0, end);
  line.remove_prefix(std::min(end + 1, line.size()));
  return word;
}

json::value value_of(std::string_view word) {
  std::int64_t number = 0;
  const auto [end, fault] = std::from_chars(word.data(), word.data() + word.size(), number);
  if (fault == std::errc() && end == word.data() + word.size()) return number;
  return json::string(word);
}

}  // namespace

json::object signer_facts(std::string_view status) {
  json::object facts;
  json::array devices;
  while (!status.empty()) {
    const std::size_t end = std::min(status.find('\n'), status.size());
    std::string_view line = status.substr(0, end);
    status.remove_prefix(std::min(end + 1, status.size()));
    const std::string_view key = take_word(line);
    if (key == "device") {
      json::object device{{"name", take_word(line)}, {"state", take_word(line)}};
      if (!line.empty()) device["reason"] = line;
      devices.push_back(std::move(device));
    } else if (key == "height") {
      facts["last_height"] = value_of(take_word(line));
    } else if (key == "reason") {
      facts["reason"] = line;
    } else if (key == "audit") {
      facts["audit_lines"] = value_of(take_word(line));
    } else if (!key.empty()) {
      facts[key] = value_of(take_word(line));
    }
  }
  facts["hsm"] = std::move(devices);
  return facts;
}

json::object ask_signer(const app::SignerConfig& config, const std::string& admin_socket) {
  if (!config.insecure_development_key_file.empty()) {
    return unavailable(
        "A DEVELOPMENT KEY IN A PLAIN FILE signs: for money use buri-signer with an HSM "
        "(docs/signer.md).");
  }
  if (config.is_observer()) {
    return unavailable(
        "This node has no signer: to validate, set signer.socket and signer.public_key.");
  }
  const auto said = hsm::signer::say_to_signer(admin_socket, "status");
  if (said.ok()) return signer_facts(*said);
  return unavailable(
      said.error() +
      ": look whether buri-signer runs (systemctl status buri-signer), name its "
      "admin socket with --signer-admin, and run this as one of its administrators.");
}

}  // namespace buri::cli
