#include "node/cli/status_lines.hpp"

#include <fmt/format.h>

#include <array>

#include "node/cli/status_part.hpp"

namespace buri::cli {
namespace {

namespace json = boost::json;

std::string bytes_text(std::int64_t bytes) {
  constexpr std::array<const char*, 5> kUnits{"B", "KiB", "MiB", "GiB", "TiB"};
  auto amount = static_cast<double>(bytes);
  std::size_t unit = 0;
  for (; amount >= 1024 && unit + 1 < kUnits.size(); ++unit) amount /= 1024;
  return unit == 0 ? fmt::format("{} B", bytes) : fmt::format("{:.1f} {}", amount, kUnits[unit]);
}

double real_at(const json::object& part, std::string_view key) {
  const json::value* found = part.if_contains(key);
  return found != nullptr && found->is_number() ? found->to_number<double>() : 0;
}
bool flag_at(const json::object& part, std::string_view key) {
  const json::value* found = part.if_contains(key);
  return found != nullptr && found->is_bool() && found->as_bool();
}
std::string text_of(const json::object& part, std::string_view key) {
  return text_at(part, "/" + std::string(key));
}
std::int64_t number_of(const json::object& part, std::string_view key) {
  return number_at(part, "/" + std::string(key));
}

class Lines {
 public:
  explicit Lines(const json::object& report) : report_(report) {}

  std::vector<std::string> all() {
    node();
    lag();
    validator();
    signer();
    accelerators();
    disk();
    versions();
    return std::move(lines_);
  }

 private:
  void say(std::string_view heading, const std::string& text) {
    lines_.push_back(fmt::format("{:<14}{}", heading, text));
  }
  void say_more(const std::string& text) { say("", text); }
  /// The part if there are facts in it; else its sentence is said.
  const json::object* part(std::string_view key, std::string_view heading,
                           const json::object& within) {
    const json::value* found = within.if_contains(key);
    if (found == nullptr || !found->is_object()) return nullptr;
    const json::object& one = found->as_object();
    if (is_available(one)) return &one;
    say(heading, text_of(one, "unavailable"));
    return nullptr;
  }

  void node() {
    const json::object* facts = part("node", "node", report_);
    if (facts == nullptr) return;
    say("node", fmt::format("{} on {}, {}", text_of(*facts, "moniker"), text_of(*facts, "chain_id"),
                            text_of(*facts, "rpc")));
    say_more("id " + text_of(*facts, "id"));
    std::string height = fmt::format("{}", number_of(*facts, "height"));
    if (flag_at(*facts, "is_catching_up")) height += ", catching up by blocks";
    const std::string place = text_of(*facts, "height_round_step");
    if (!place.empty()) height += ", deciding " + place + " (height/round/step)";
    say("height", height);
    say_more(fmt::format("blocks from {} on are kept", number_of(*facts, "oldest_height")));
    const std::int64_t peers = number_of(*facts, "peers");
    say("peers", peers > 0 ? std::to_string(peers)
                           : "none: name persistent_peers or seeds, and look whether port 26656 "
                             "is open");
    say("mempool", fmt::format("{} transactions", number_of(*facts, "waiting_transactions")));
  }

  void lag() {
    const json::object* facts = part("lag", "lag", report_);
    if (facts == nullptr) return;
    say("lag", fmt::format("last block {:.1f} s ago, {}", real_at(*facts, "last_block_age_s"),
                           flag_at(*facts, "follows_the_network") ? "follows the network"
                                                                  : "DOES NOT FOLLOW THE NETWORK"));
    const json::value* heights = facts->if_contains("heights");
    if (heights == nullptr) return say_more("name another node with --network to compare heights");
    if (heights->is_object()) return say_more(text_of(heights->as_object(), "unavailable"));
    say_more(fmt::format("{} heights behind", heights->to_number<std::int64_t>()));
  }

  void validator() {
    const json::object* node = report_.at("node").if_object();
    if (node == nullptr || !is_available(*node)) return;
    const json::object* facts = part("validator", "validator", *node);
    if (facts == nullptr) return;
    say("validator",
        fmt::format("{}, {}", text_of(*facts, "address"),
                    flag_at(*facts, "is_in_set")
                        ? fmt::format("in the set with power {}", number_of(*facts, "power"))
                        : "NOT IN THE SET: it has no stake or has left"));
  }

  void signer() {
    const json::object* facts = part("signer", "signer", report_);
    if (facts == nullptr) return;
    std::string state = text_of(*facts, "state");
    if (facts->contains("reason")) state += ": " + text_of(*facts, "reason");
    say("signer",
        fmt::format("{}, last signed height {}", state, number_of(*facts, "last_height")));
    const json::value* devices = facts->if_contains("hsm");
    if (devices == nullptr || !devices->is_array()) return;
    if (devices->as_array().empty()) say("hsm", "the signer names no device");
    for (const json::value& device : devices->as_array()) {
      const std::string reason = text_at(device, "/reason");
      say("hsm", text_at(device, "/name") + " " + text_at(device, "/state") +
                     (reason.empty() ? "" : ": " + reason));
    }
  }

  void accelerators() {
    const json::object* facts = part("accelerators", "accelerators", report_);
    if (facts == nullptr) return;
    for (const auto& [backend, figures] : *facts) {
      say(lines_.back().starts_with("accelerators") ? "" : "accelerators",
          fmt::format("{} {:.1f} % ({} items)", std::string_view(backend),
                      100 * real_at(figures.as_object(), "share"),
                      number_of(figures.as_object(), "items")));
    }
  }

  void disk() {
    const json::object* facts = part("disk", "disk", report_);
    if (facts == nullptr) return;
    say("disk", fmt::format("blocks {}, application {}, log {}, free {}",
                            bytes_text(number_of(*facts, "blocks_bytes")),
                            bytes_text(number_of(*facts, "application_bytes")),
                            bytes_text(number_of(*facts, "log_bytes")),
                            bytes_text(number_of(*facts, "free_bytes"))));
    const json::object* forecast = part("forecast", "", *facts);
    if (forecast == nullptr) return;
    const std::string growth =
        bytes_text(number_of(*forecast, "growth_bytes_per_day")) + " more per day";
    say_more(
        forecast->contains("days_until_full")
            ? fmt::format("{}: full in {:.0f} days", growth, real_at(*forecast, "days_until_full"))
            : growth + ": what is pruned makes room");
  }

  void versions() {
    std::string text = "buri " + text_of(report_, "buri_version");
    const json::object* node = report_.at("node").if_object();
    if (node != nullptr && is_available(*node)) {
      for (const auto& [name, version] : node->at("versions").as_object()) {
        text +=
            fmt::format(", {} {}", std::string_view(name), std::string_view(version.as_string()));
      }
    }
    say("versions", text);
  }

  const json::object& report_;
  std::vector<std::string> lines_;
};

}  // namespace

std::vector<std::string> status_lines(const json::object& report) { return Lines(report).all(); }

}  // namespace buri::cli
