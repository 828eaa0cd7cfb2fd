#pragma once

#include <map>

#include "node/consensus/light/provider.hpp"
#include "tests/support/consensus/made_chain.hpp"

namespace buri::consensus::light::testing {

/// Serves a made chain, with faults where it is told.
class ScriptedProvider final : public Provider {
 public:
  ScriptedProvider(std::string name, buri::testing::MadeChain chain)
      : name_(std::move(name)), chain_(std::move(chain)), last(chain_.height()) {}

  ProvidedBlock light_block(std::int64_t height) override {
    asked.push_back(height);
    if (on_ask) on_ask();
    if (height == 0) height = last;
    if (const auto found = faults.find(height); found != faults.end()) {
      return Failure{ProviderFault{found->second, "scripted"}};
    }
    if (height > last) return Failure{ProviderFault{ProviderError::kHeightTooHigh, "not so far"}};
    if (const auto found = instead.find(height); found != instead.end()) return found->second;
    return chain_.at(height);
  }
  void report(const engine::EvidencePiece& evidence) override { reported.push_back(evidence); }
  [[nodiscard]] std::string name() const override { return name_; }

 private:
  std::string name_;
  buri::testing::MadeChain chain_;

 public:
  std::int64_t last;
  std::map<std::int64_t, ProviderError> faults;
  std::map<std::int64_t, engine::LightBlockRecord> instead;
  std::vector<std::int64_t> asked;
  std::vector<engine::EvidencePiece> reported;
  std::function<void()> on_ask;
};

}  // namespace buri::consensus::light::testing
