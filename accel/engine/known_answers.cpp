#include "accel/engine/known_answers.hpp"

#include <algorithm>
#include <vector>

#include "accel/engine/known_answer_hashes.hpp"
#include "accel/engine/known_answer_vectors.hpp"
#include "base/hex.hpp"

namespace buri::accel {
namespace {

using Check = Status<KnownAnswerError>;

/// Copies of a vector list, so that every vector meets every lane of eight and partial groups.
constexpr std::size_t kRepeats = 3;

Hash256 hash_of(const char* hex) {
  const auto bytes = fixed_from_hex<32>(hex);
  CHECK(bytes.has_value(), "a known-answer vector is no 32-byte hex");
  return *bytes;
}

SignedDigest signed_digest(const char* digest, const char* r, const char* s) {
  return {hash_of(digest), hash_of(r), hash_of(s)};
}

PublicKey key_of(const char* hex) {
  const auto bytes = from_hex(hex);
  CHECK(bytes.has_value() && bytes->size() <= 65, "a known-answer key is no short hex");
  PublicKey key;
  std::copy(bytes->begin(), bytes->end(), key.bytes.begin());
  key.length = static_cast<std::uint8_t>(bytes->size());
  return key;
}

Bytes message_of(std::size_t length) {
  Bytes message(length);
  for (std::size_t i = 0; i < length; ++i) message[i] = static_cast<std::uint8_t>(7 * i + length);
  return message;
}

template <class T>
std::vector<T> repeated(const std::vector<T>& once) {
  std::vector<T> all;
  for (std::size_t i = 0; i < kRepeats; ++i) all.insert(all.end(), once.begin(), once.end());
  return all;
}

/// Compares a batch's answers with the expected ones.
template <class T>
Check judge(Operation operation, const Status<BackendFault>& status, const std::vector<T>& answers,
            const std::vector<T>& expected) {
  if (!status.ok()) return Failure{KnownAnswerError{operation, status.error(), 0}};
  const auto wrong = std::mismatch(answers.begin(), answers.end(), expected.begin()).first;
  if (wrong == answers.end()) return Unit{};
  const auto index = static_cast<std::size_t>(wrong - answers.begin());
  return Failure{KnownAnswerError{operation, std::nullopt, index}};
}

RecoverResult recover_answer(const known_answers::RecoverVector& vector, SignatureStatus status) {
  RecoverResult result;
  result.status = status;
  if (status != SignatureStatus::kOk) return result;
  result.public_key = fixed_from_hex<64>(vector.public_key).value();
  result.address = fixed_from_hex<20>(vector.address).value();
  return result;
}

Check check_recover(Backend& backend, LowS low_s) {
  std::vector<RecoverRequest> requests;
  std::vector<RecoverResult> expected;
  for (const auto& v : known_answers::kRecover) {
    requests.push_back({signed_digest(v.digest, v.r, v.s), v.recovery_id});
    expected.push_back(
        recover_answer(v, low_s == LowS::kRequired ? v.low_s_required : v.low_s_any));
  }
  requests = repeated(requests);
  std::vector<RecoverResult> results(requests.size());
  const auto status = backend.recover(requests, low_s, results);
  return judge(Operation::kRecover, status, results, repeated(expected));
}

std::vector<SignatureStatus> verify_answers(LowS low_s) {
  std::vector<SignatureStatus> expected;
  for (const auto& v : known_answers::kVerify) {
    expected.push_back(low_s == LowS::kRequired ? v.low_s_required : v.low_s_any);
  }
  return expected;
}

Check check_verify(Backend& backend, LowS low_s) {
  std::vector<VerifyRequest> requests;
  for (const auto& v : known_answers::kVerify) {
    requests.push_back({signed_digest(v.digest, v.r, v.s), key_of(v.key)});
  }
  requests = repeated(requests);
  std::vector<SignatureStatus> results(requests.size());
  const auto status = backend.verify(requests, low_s, results);
  return judge(Operation::kVerify, status, results, repeated(verify_answers(low_s)));
}

/// The key set of the verify vectors, one place per distinct key.
struct KnownKeys {
  std::vector<std::string> hex;
  std::shared_ptr<const KeySet> set;
};

const KnownKeys& known_keys() {
  static const KnownKeys keys = [] {
    KnownKeys result;
    std::vector<PublicKey> decoded;
    for (const auto& v : known_answers::kVerify) {
      if (std::find(result.hex.begin(), result.hex.end(), v.key) != result.hex.end()) continue;
      result.hex.emplace_back(v.key);
      decoded.push_back(key_of(v.key));
    }
    result.set = KeySet::build(decoded);
    return result;
  }();
  return keys;
}

Check check_verify_known(Backend& backend, LowS low_s) {
  const KnownKeys& keys = known_keys();
  std::vector<KnownKeyRequest> requests;
  std::vector<SignatureStatus> expected = verify_answers(low_s);
  for (const auto& v : known_answers::kVerify) {
    const auto place = std::find(keys.hex.begin(), keys.hex.end(), v.key) - keys.hex.begin();
    requests.push_back({signed_digest(v.digest, v.r, v.s), static_cast<std::uint32_t>(place)});
  }
  requests.push_back(requests.front());
  requests.back().key_index = static_cast<std::uint32_t>(keys.set->size());
  expected.push_back(SignatureStatus::kBadLength);
  requests = repeated(requests);
  std::vector<SignatureStatus> results(requests.size());
  const auto status = backend.verify_known(*keys.set, requests, low_s, results);
  return judge(Operation::kVerifyKnown, status, results, repeated(expected));
}

Check check_hash(Backend& backend, Operation operation) {
  const bool keccak = operation == Operation::kKeccak256;
  std::vector<Bytes> messages;
  std::vector<Hash256> expected;
  for (const auto& v : known_answers::kHash) {
    messages.push_back(message_of(v.length));
    expected.push_back(hash_of(keccak ? v.keccak256 : v.sha256));
  }
  const std::vector<ByteView> views =
      repeated(std::vector<ByteView>(messages.begin(), messages.end()));
  std::vector<Hash256> digests(views.size());
  const auto status = keccak ? backend.keccak256(views, digests) : backend.sha256(views, digests);
  return judge(operation, status, digests, repeated(expected));
}

Check check_checkpoint_root(Backend& backend) {
  for (const auto& v : known_answers::kCheckpointRoot) {
    std::vector<Hash256> leaves(v.leaves);
    for (std::size_t i = 0; i < leaves.size(); ++i) {
      for (std::size_t j = 0; j < 32; ++j) {
        leaves[i].bytes[j] = static_cast<std::uint8_t>(13 * i + 5 * j + 1);
      }
    }
    std::vector<Hash256> root(1);
    const auto status = backend.checkpoint_root(leaves, root[0]);
    RETURN_IF_ERROR(judge(Operation::kCheckpointRoot, status, root, {hash_of(v.root)}));
  }
  return Unit{};
}

Check check_rfc6962_root(Backend& backend) {
  for (const auto& v : known_answers::kRfc6962Root) {
    std::vector<Bytes> leaves;
    leaves.reserve(v.leaves);
    for (std::size_t i = 0; i < v.leaves; ++i) leaves.push_back(message_of(5 * i % 150));
    const std::vector<ByteView> views(leaves.begin(), leaves.end());
    std::vector<Hash256> root(1);
    const auto status = backend.rfc6962_root(views, root[0]);
    RETURN_IF_ERROR(judge(Operation::kRfc6962Root, status, root, {hash_of(v.root)}));
  }
  return Unit{};
}

}  // namespace

std::string_view fault_name(BackendFault fault) {
  switch (fault) {
    case BackendFault::kUnsupported:
      return "unsupported";
    case BackendFault::kOutOfMemory:
      return "out of memory";
    case BackendFault::kDeviceLost:
      return "device lost";
    case BackendFault::kTimeout:
      return "deadline passed";
    case BackendFault::kLaunchFailed:
      return "launch failed";
  }
  CHECK(false, "a BackendFault outside its enumerators");
}

std::string describe(const KnownAnswerError& error) {
  const std::string operation(operation_name(error.operation));
  if (error.fault) return operation + ": " + std::string(fault_name(*error.fault));
  return operation + ": wrong answer to vector " + std::to_string(error.index);
}

Status<KnownAnswerError> test_known_answers(Backend& backend, Operation operation) {
  switch (operation) {
    case Operation::kRecover:
      RETURN_IF_ERROR(check_recover(backend, LowS::kRequired));
      return check_recover(backend, LowS::kAny);
    case Operation::kVerify:
      RETURN_IF_ERROR(check_verify(backend, LowS::kRequired));
      return check_verify(backend, LowS::kAny);
    case Operation::kVerifyKnown:
      RETURN_IF_ERROR(check_verify_known(backend, LowS::kRequired));
      return check_verify_known(backend, LowS::kAny);
    case Operation::kKeccak256:
    case Operation::kSha256:
      return check_hash(backend, operation);
    case Operation::kCheckpointRoot:
      return check_checkpoint_root(backend);
    case Operation::kRfc6962Root:
      return check_rfc6962_root(backend);
  }
  CHECK(false, "an Operation outside its enumerators");
}

Status<KnownAnswerError> test_known_answers(Backend& backend) {
  for (std::size_t i = 0; i < kOperationCount; ++i) {
    const auto operation = static_cast<Operation>(i);
    if (backend.supports(operation)) RETURN_IF_ERROR(test_known_answers(backend, operation));
  }
  return Unit{};
}

std::vector<RecoverRequest> valid_recoveries() {
  std::vector<RecoverRequest> requests;
  for (const auto& v : known_answers::kRecover) {
    if (v.low_s_required != SignatureStatus::kOk) continue;
    requests.push_back({signed_digest(v.digest, v.r, v.s), v.recovery_id});
  }
  return requests;
}

std::vector<VerifyRequest> valid_signatures() {
  std::vector<VerifyRequest> requests;
  for (const auto& v : known_answers::kVerify) {
    if (v.low_s_required != SignatureStatus::kOk) continue;
    requests.push_back({signed_digest(v.digest, v.r, v.s), key_of(v.key)});
  }
  return requests;
}

}  // namespace buri::accel
