#pragma once

#include <gtest/gtest.h>

#include "tests/unit/node/consensus/engine/puppet.hpp"

/// Tables of events and effects, and the rows that most of them begin with.

namespace buri::testing {

struct Row {
  std::string event;
  std::string effects;
};

inline void play(Puppet& puppet, const std::vector<Row>& rows) {
  for (std::size_t i = 0; i < rows.size(); ++i) {
    EXPECT_EQ(puppet.run(rows[i].event), rows[i].effects) << "row " << i << ": " << rows[i].event;
  }
}

inline void play(const std::vector<Row>& rows, const Puppet::Options& options = {}) {
  Puppet puppet(options);
  play(puppet, rows);
}

inline const Row kBegin{"begin", "timer NewHeight"};
inline const Row kRound0{"timeout NewHeight", "round 0, timer Propose, @Propose"};
inline const Row kProposeA{"propose A", "judge A, @Prevote, sign prevote A"};
inline const Row kLockA{"prevote A 0 2", "valid, lock, extend A, @Precommit, sign precommit A"};
inline const std::string kCommitA = "@Commit, save A, apply A, end 1, @NewHeight, timer NewHeight";

}  // namespace buri::testing
