#include "node/consensus/sync/answer_box.hpp"

#include <utility>

namespace buri::consensus::sync {

void AnswerBox::open() {
  const std::lock_guard lock(mutex_);
  is_open_ = true;
  answers_.clear();
  waiting_.clear();
}

void AnswerBox::close() {
  const std::lock_guard lock(mutex_);
  is_open_ = false;
  answers_.clear();
  waiting_.clear();
}

AnswerBox::Put AnswerBox::put(const p2p::NodeId& from, Answer::Content content) {
  const std::lock_guard lock(mutex_);
  if (!is_open_) return Put::kClosed;
  Waiting& own = waiting_[from];
  if (std::holds_alternative<Answer::Removed>(content)) {
    // Places are kept for the statuses of others; what is gone holds nothing any more.
    for (Answer& one : answers_) {
      if (one.from == from) one.content = Answer::Removed{};
    }
    own.status.reset();
    if (own.count > 0) return Put::kDone;
  }
  const bool is_status = std::holds_alternative<StatusResponse>(content);
  if (is_status && own.status) {
    answers_[*own.status].content = std::move(content);
    return Put::kDone;
  }
  if (own.count == kMaxOfPeer) return Put::kTooMany;
  ++own.count;
  if (is_status) own.status = answers_.size();
  answers_.push_back({from, std::move(content)});
  return Put::kDone;
}

std::vector<Answer> AnswerBox::take() {
  const std::lock_guard lock(mutex_);
  waiting_.clear();
  return std::exchange(answers_, {});
}

}  // namespace buri::consensus::sync
