#include "hsm/signer/approvals.hpp"

#include <algorithm>

#include "accel/hasher.hpp"
#include "base/hex.hpp"
#include "hsm/rules/decide.hpp"
#include "hsm/signer/request_summary.hpp"
#include "hsm/wire/codec.hpp"

namespace buri::hsm::signer {

bool Approvals::may_need(const wire::RequestBody& request) {
  const bool is_transaction = std::holds_alternative<wire::SignHeimdallTransaction>(request) ||
                              std::holds_alternative<wire::SignRootChainTransaction>(request);
  return is_transaction && wire::encoded_size({0, 1, request}) <= wire::kMaxFrameBytes;
}

Hash256 Approvals::name_of(const wire::RequestBody& request) {
  const Bytes encoded = wire::encode_request({0, 1, request});
  const ByteView view = encoded;
  Hash256 name;
  accel::scalar_hasher().sha256_batch({&view, 1}, {&name, 1});
  return name;
}

bool Approvals::has_expired(const Waiting& one) const {
  return clock_.monotonic() - one.since >= kApprovalLife;
}

unsigned Approvals::count(const wire::RequestBody& request) const {
  const std::lock_guard lock(mutex_);
  if (waiting_.empty() || !may_need(request)) return 0;
  const auto found = waiting_.find(name_of(request));
  if (found == waiting_.end() || has_expired(found->second)) return 0;
  return static_cast<unsigned>(found->second.administrators.size());
}

// What has expired makes room first, then what waits longest.
bool Approvals::wait(const wire::RequestBody& request, std::string_view peer) {
  const Hash256 name = name_of(request);
  const std::lock_guard lock(mutex_);
  std::erase_if(waiting_, [this](const auto& one) { return has_expired(one.second); });
  if (waiting_.contains(name)) return false;
  if (waiting_.size() == kMostWaiting) {
    waiting_.erase(std::min_element(
        waiting_.begin(), waiting_.end(),
        [](const auto& a, const auto& b) { return a.second.since < b.second.since; }));
  }
  waiting_.emplace(name, Waiting{request, std::string(peer), clock_.monotonic(), {}});
  return true;
}

Result<Approvals::All::iterator, std::string> Approvals::find(std::string_view name) {
  const auto found = std::find_if(waiting_.begin(), waiting_.end(), [&](const auto& one) {
    return to_hex(one.first) == name && !has_expired(one.second);
  });
  if (found == waiting_.end()) return Failure{std::string("no request of that name waits")};
  return found;
}

Result<std::string, std::string> Approvals::approve(std::string_view name,
                                                    std::uint32_t administrator) {
  const std::lock_guard lock(mutex_);
  ASSIGN_OR_RETURN(const auto found, find(name));
  std::set<std::uint32_t>& administrators = found->second.administrators;
  if (!administrators.insert(administrator).second) {
    return Failure{std::string("the same administrator cannot approve twice")};
  }
  const std::string summary = request_summary(found->second.request);
  if (administrators.size() < rules::kApprovalsNeeded) {
    return summary + " waits for another administrator";
  }
  return summary + " is signed when it is asked for again";
}

Result<std::string, std::string> Approvals::deny(std::string_view name) {
  const std::lock_guard lock(mutex_);
  ASSIGN_OR_RETURN(const auto found, find(name));
  const std::string summary = request_summary(found->second.request);
  waiting_.erase(found);
  return summary + " waits no more";
}

std::string Approvals::text() const {
  const std::lock_guard lock(mutex_);
  std::string text;
  for (const auto& [name, one] : waiting_) {
    if (has_expired(one)) continue;
    text += to_hex(name) + " " + request_summary(one.request) + "\n  asked by " + one.peer +
            "\n  approved by " + std::to_string(one.administrators.size()) + " of " +
            std::to_string(rules::kApprovalsNeeded) + " administrators\n" +
            request_details(one.request);
  }
  return text;
}

std::size_t Approvals::size() const {
  const std::lock_guard lock(mutex_);
  return static_cast<std::size_t>(
      std::count_if(waiting_.begin(), waiting_.end(),
                    [this](const auto& one) { return !has_expired(one.second); }));
}

}  // namespace buri::hsm::signer
