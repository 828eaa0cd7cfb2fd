#pragma once

#include <algorithm>
#include <chrono>
#include <cmath>
#include <functional>
#include <string>
#include <vector>

#include "tests/bench/harness.hpp"

/// Times of single calls, ours and a bare C_SignInit and C_Sign in turn, so that both see the same
/// machine: what a signer is judged by is its quantiles, not its throughput.

namespace buri::bench {

inline constexpr const char* kBare = "C_SignInit and C_Sign of SoftHSM2 in this process";

inline double seconds_of(const std::function<void()>& work) {
  const auto start = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

inline double quantile(std::vector<double> values, double q) {
  std::ranges::sort(values);
  return values[static_cast<std::size_t>(std::lround(q * static_cast<double>(values.size() - 1)))];
}

/// Alternating samples of two sides, in blocks.
struct Samples {
  static constexpr unsigned kPerRound = 25;

  std::vector<std::vector<double>> ours;
  std::vector<std::vector<double>> bare;

  /// `pause` comes before every sample of both sides and is not measured.
  Samples(
      const Options& options, const std::function<void()>& our_work,
      const std::function<void()>& bare_work, const std::function<void()>& pause = [] {}) {
    our_work();
    bare_work();
    for (unsigned round = 0; round < options.rounds; ++round) {
      auto& our_block = ours.emplace_back();
      auto& bare_block = bare.emplace_back();
      for (unsigned i = 0; i < kPerRound; ++i) {
        pause();
        our_block.push_back(seconds_of(our_work));
        pause();
        bare_block.push_back(seconds_of(bare_work));
      }
    }
  }

  /// The slowdown at a quantile of all samples; its spread over the blocks' medians.
  [[nodiscard]] Figure figure(std::string name, double q, std::optional<double> goal) const {
    std::vector<double> ratios;
    for (std::size_t i = 0; i < ours.size(); ++i) {
      ratios.push_back(quantile(ours[i], 0.5) / quantile(bare[i], 0.5));
    }
    Figure figure;
    figure.name = std::move(name);
    figure.peer = kBare;
    figure.ratio = quantile(all(ours), q) / quantile(all(bare), q);
    figure.spread = (quantile(ratios, 0.9) - quantile(ratios, 0.1)) / quantile(ratios, 0.5);
    figure.rounds = static_cast<unsigned>(ours.size());
    figure.ours_per_second = 1 / quantile(all(ours), q);
    figure.goal = goal;
    figure.goal_is_upper_bound = true;
    return figure;
  }

  [[nodiscard]] static std::vector<double> all(const std::vector<std::vector<double>>& blocks) {
    std::vector<double> values;
    for (const auto& block : blocks) values.insert(values.end(), block.begin(), block.end());
    return values;
  }
};

/// Milliseconds of single calls at a quantile against a goal.
inline Figure milliseconds_figure(std::string name, const std::vector<double>& seconds, double q,
                                  std::optional<double> goal) {
  Figure figure;
  figure.name = std::move(name);
  figure.peer = "milliseconds, SoftHSM2";
  figure.ratio = 1e3 * quantile(seconds, q);
  figure.spread = (quantile(seconds, 0.9) - quantile(seconds, 0.1)) / quantile(seconds, 0.5);
  figure.rounds = static_cast<unsigned>(seconds.size());
  figure.goal = goal;
  figure.goal_is_upper_bound = true;
  return figure;
}

}  // namespace buri::bench
