#include "hsm/rules/policy.hpp"

#include <algorithm>
#include <variant>

#include "accel/hasher.hpp"
#include "base/hex.hpp"
#include "hsm/rules/policy_settings.hpp"

namespace buri::hsm::rules {
namespace {

/// Which change of a value widens.
enum class Wider : std::uint8_t { kGreater, kSmaller, kAnyChange, kMoreEntries };

using Value = std::variant<std::uint64_t, U256, std::string, std::vector<std::string>,
                           std::vector<AllowedCall>>;

struct Setting {
  std::string path;
  Wider wider{};
  Value value;
  std::string text;  ///< the value as the canonical text has it
};

std::string quoted(std::string_view text) { return '"' + std::string(text) + '"'; }

std::string call_text(const AllowedCall& call) {
  return "{to = \"0x" + to_hex(call.to) + "\", selector = \"0x" + to_hex(call.selector) +
         "\", max_value_wei = " + quoted(call.max_value_wei.to_decimal()) +
         ", needs_approval = " + (call.needs_approval ? "true" : "false") + "}";
}

/// Lists the settings of a policy.
class Collector {
 public:
  template <class Body>
  void section(std::string_view name, const Body& body) {
    prefix_ = std::string(name) + ".";
    body();
  }
  void flag(std::string_view name, bool value) {
    add(name, Wider::kGreater, std::uint64_t{value}, value ? "true" : "false");
  }
  void guard(std::string_view name, bool value) {
    add(name, Wider::kSmaller, std::uint64_t{value}, value ? "true" : "false");
  }
  void limit(std::string_view name, std::uint64_t value, std::uint64_t, std::uint64_t) {
    add(name, Wider::kGreater, value, std::to_string(value));
  }
  void floor(std::string_view name, std::uint64_t value, std::uint64_t, std::uint64_t) {
    add(name, Wider::kSmaller, value, std::to_string(value));
  }
  void exact(std::string_view name, std::uint64_t value) {
    add(name, Wider::kAnyChange, value, std::to_string(value));
  }
  void text(std::string_view name, const std::string& value) {
    add(name, Wider::kAnyChange, value, quoted(value));
  }
  template <class Choice, std::size_t N>
  void choice(std::string_view name, Choice value, const std::array<std::string_view, N>& names) {
    const auto index = static_cast<std::size_t>(value);
    add(name, Wider::kGreater, std::uint64_t{index}, quoted(names.at(index)));
  }
  void amount(std::string_view name, const U256& value) {
    add(name, Wider::kGreater, value, quoted(value.to_decimal()));
  }
  void messages(std::string_view name, const std::vector<std::string>& values) {
    std::string text = "[";
    for (const std::string& value : values) text += (text.size() > 1 ? ", " : "") + quoted(value);
    add(name, Wider::kMoreEntries, values, text + "]");
  }
  void calls(std::string_view name, const std::vector<AllowedCall>& values) {
    std::string text = "[";
    for (const AllowedCall& call : values) text += (text.size() > 1 ? ", " : "") + call_text(call);
    add(name, Wider::kMoreEntries, values, text + "]");
  }

  [[nodiscard]] std::vector<Setting> take() && { return std::move(settings_); }

 private:
  void add(std::string_view name, Wider wider, Value value, std::string text) {
    settings_.push_back({prefix_ + std::string(name), wider, std::move(value), std::move(text)});
  }

  std::string prefix_;
  std::vector<Setting> settings_;
};

std::vector<Setting> collect(const Policy& policy) {
  Collector collector;
  settings(collector, policy);
  return std::move(collector).take();
}

/// Every call of `after` was allowed before, with no more value and no less approval.
bool within(const std::vector<AllowedCall>& before, const std::vector<AllowedCall>& after) {
  return std::all_of(after.begin(), after.end(), [&](const AllowedCall& call) {
    return std::any_of(before.begin(), before.end(), [&](const AllowedCall& old) {
      return old.to == call.to && old.selector == call.selector &&
             call.max_value_wei <= old.max_value_wei &&
             (call.needs_approval || !old.needs_approval);
    });
  });
}

bool widens(const Setting& before, const Setting& after) {
  if (before.text == after.text) return false;
  switch (after.wider) {
    case Wider::kGreater:
      return after.value > before.value;
    case Wider::kSmaller:
      return after.value < before.value;
    case Wider::kAnyChange:
      return true;
    case Wider::kMoreEntries:
      break;
  }
  if (const auto* calls = std::get_if<std::vector<AllowedCall>>(&after.value)) {
    return !within(std::get<std::vector<AllowedCall>>(before.value), *calls);
  }
  const auto& old_list = std::get<std::vector<std::string>>(before.value);
  const auto& new_list = std::get<std::vector<std::string>>(after.value);
  return !std::includes(old_list.begin(), old_list.end(), new_list.begin(), new_list.end());
}

}  // namespace

std::string canonical_text(const Policy& policy) {
  std::string text = "version = " + std::to_string(kPolicyVersion) + "\n";
  for (const Setting& setting : collect(policy)) {
    text += setting.path + " = " + setting.text + "\n";
  }
  return text;
}

Hash256 policy_hash(const Policy& policy) {
  const std::string text = canonical_text(policy);
  const ByteView bytes = as_bytes(text);
  Hash256 hash;
  accel::scalar_hasher().sha256_batch({&bytes, 1}, {&hash, 1});
  return hash;
}

PolicyComparison compare(const Policy& before, const Policy& after) {
  const std::vector<Setting> old_settings = collect(before);
  const std::vector<Setting> new_settings = collect(after);
  PolicyComparison comparison;
  for (std::size_t i = 0; i < old_settings.size(); ++i) {
    if (old_settings[i].text == new_settings[i].text) continue;
    if (widens(old_settings[i], new_settings[i])) {
      comparison.change = PolicyChange::kWider;
      comparison.widened.push_back(old_settings[i].path + ": " + old_settings[i].text + " -> " +
                                   new_settings[i].text);
    } else if (comparison.change == PolicyChange::kEqual) {
      comparison.change = PolicyChange::kNarrower;
    }
  }
  return comparison;
}

}  // namespace buri::hsm::rules
