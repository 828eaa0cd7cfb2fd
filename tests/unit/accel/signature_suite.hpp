#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "accel/key_set.hpp"
#include "accel/scalar/single.hpp"
#include "tests/unit/accel/backends.hpp"

/// Calls and comparisons that the signature suites share. Each suite runs over every backend; the
/// expected answers come from libsecp256k1 (accel/scalar/single.hpp) or are written down.

namespace buri::accel {

inline std::vector<RecoverResult> recover_all(Backend& backend,
                                              const std::vector<RecoverRequest>& requests,
                                              LowS low_s) {
  std::vector<RecoverResult> results(requests.size());
  EXPECT_TRUE(backend.recover(requests, low_s, results).ok());
  return results;
}

inline std::vector<SignatureStatus> verify_all(Backend& backend,
                                               const std::vector<VerifyRequest>& requests,
                                               LowS low_s) {
  std::vector<SignatureStatus> results(requests.size());
  EXPECT_TRUE(backend.verify(requests, low_s, results).ok());
  return results;
}

inline std::vector<SignatureStatus> verify_known_all(Backend& backend, const KeySet& keys,
                                                     const std::vector<KnownKeyRequest>& requests,
                                                     LowS low_s) {
  std::vector<SignatureStatus> results(requests.size());
  EXPECT_TRUE(backend.verify_known(keys, requests, low_s, results).ok());
  return results;
}

/// The index of the first difference, or the common size.
template <class T>
std::size_t first_difference(const std::vector<T>& a, const std::vector<T>& b) {
  return static_cast<std::size_t>(std::mismatch(a.begin(), a.end(), b.begin(), b.end()).first -
                                  a.begin());
}

inline std::vector<RecoverResult> expected_recoveries(const std::vector<RecoverRequest>& requests,
                                                      LowS low_s) {
  std::vector<RecoverResult> results;
  for (const auto& request : requests) results.push_back(scalar::recover_single(request, low_s));
  return results;
}

inline std::vector<SignatureStatus> expected_verdicts(const std::vector<VerifyRequest>& requests,
                                                      LowS low_s) {
  std::vector<SignatureStatus> results;
  for (const auto& request : requests) results.push_back(scalar::verify_single(request, low_s));
  return results;
}

/// The requests as questions about a key set of exactly their keys.
struct KnownForm {
  std::shared_ptr<const KeySet> keys;
  std::vector<KnownKeyRequest> requests;
};
inline KnownForm known_form(const std::vector<VerifyRequest>& requests) {
  std::vector<PublicKey> keys;
  KnownForm form;
  for (const VerifyRequest& request : requests) {
    const auto same = [&](const PublicKey& key) {
      return key.length == request.key.length && key.bytes == request.key.bytes;
    };
    const auto found = std::find_if(keys.begin(), keys.end(), same);
    form.requests.push_back({request.signature, static_cast<std::uint32_t>(found - keys.begin())});
    if (found == keys.end()) keys.push_back(request.key);
  }
  form.keys = KeySet::build(keys);
  return form;
}

/// Fixture of a suite that runs once per backend.
class OverBackends : public testing::TestWithParam<std::size_t> {
 protected:
  OverBackends() : backend_(std::move(test_backends()[GetParam()])) {}
  Backend& backend() { return *backend_; }

 private:
  std::unique_ptr<Backend> backend_;
};

inline std::string backend_name(const testing::TestParamInfo<std::size_t>& info) {
  std::string name(test_backends()[info.param]->name());
  std::replace(name.begin(), name.end(), ':', '_');
  return name;
}

#define BURI_OVER_BACKENDS(Suite)           \
  INSTANTIATE_TEST_SUITE_P(Backends, Suite, \
                           testing::Range(std::size_t{0}, test_backends().size()), backend_name)

}  // namespace buri::accel
