#include <openssl/sha.h>
#include <secp256k1.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "base/hex.hpp"
#include "base/json_cursor.hpp"
#include "tests/unit/accel/signature_suite.hpp"

/// Project Wycheproof, ecdsa_secp256k1_sha256_bitcoin (schema ecdsa_bitcoin_verify, 463 tests): DER
/// signatures with low s required. The suite lies outside the repository.

namespace buri::accel {
namespace {

struct Vector {
  std::string id;
  bool encoding_is_valid = false;  ///< the DER parses; what does not never reaches a backend
  bool valid = false;
  VerifyRequest request;
};

std::filesystem::path vector_file() {
  const char* fixtures = std::getenv("BURI_FIXTURES");
  return std::filesystem::path(fixtures != nullptr ? fixtures : "../shared/fixtures") /
         "secp256k1/wycheproof-ecdsa-secp256k1-sha256-bitcoin.json";
}

/// The text of member `name`; the file is a fixture, so its absence aborts.
std::string text(const JsonCursor& object, std::string_view name) {
  return std::string(object.member(name).value().string().value());
}

bool parse_der(ByteView der, SignedDigest& signature) {
  if (der.empty()) return false;
  secp256k1_ecdsa_signature parsed;
  if (secp256k1_ecdsa_signature_parse_der(secp256k1_context_static, &parsed, der.data(),
                                          der.size()) != 1) {
    return false;
  }
  std::array<std::uint8_t, 64> bytes;
  secp256k1_ecdsa_signature_serialize_compact(secp256k1_context_static, bytes.data(), &parsed);
  std::copy_n(bytes.data(), 32, signature.r.data());
  std::copy_n(bytes.data() + 32, 32, signature.s.data());
  return true;
}

std::vector<JsonCursor> elements(const JsonCursor& object, std::string_view name) {
  return object.member(name).value().elements(1000).value();
}

Vector read_vector(const JsonCursor& test, const Bytes& key) {
  Vector vector;
  vector.id = test.member("tcId").value().value().text + ": " + text(test, "comment");
  vector.valid = text(test, "result") == "valid";
  const Bytes message = from_hex(text(test, "msg")).value();
  SHA256(message.data(), message.size(), vector.request.signature.digest.data());
  vector.encoding_is_valid =
      parse_der(from_hex(text(test, "sig")).value(), vector.request.signature);
  std::copy(key.begin(), key.end(), vector.request.key.bytes.begin());
  vector.request.key.length = static_cast<std::uint8_t>(key.size());
  return vector;
}

std::vector<Vector> load(const std::filesystem::path& path) {
  std::stringstream content;
  content << std::ifstream(path).rdbuf();
  const JsonValue document = parse_json(content.str()).value();
  std::vector<Vector> vectors;
  const std::vector<JsonCursor> groups = elements(JsonCursor(document), "testGroups");
  for (const JsonCursor& group : groups) {
    const Bytes key = from_hex(text(group.member("publicKey").value(), "uncompressed")).value();
    const std::vector<JsonCursor> tests = elements(group, "tests");
    for (const JsonCursor& test : tests) vectors.push_back(read_vector(test, key));
  }
  return vectors;
}

using SignatureWycheproof = OverBackends;
BURI_OVER_BACKENDS(SignatureWycheproof);

TEST_P(SignatureWycheproof, EveryVectorHasItsVerdict) {
  const std::filesystem::path path = vector_file();
  if (!std::filesystem::exists(path)) {
    GTEST_SKIP() << "the Wycheproof suite is not here: " << path
                 << " (set BURI_FIXTURES to the folder that holds it)";
  }
  std::vector<Vector> vectors;
  std::vector<VerifyRequest> requests;
  for (const Vector& vector : load(path)) {
    EXPECT_TRUE(vector.encoding_is_valid || !vector.valid) << vector.id;
    if (!vector.encoding_is_valid) continue;
    vectors.push_back(vector);
    requests.push_back(vector.request);
  }
  ASSERT_GT(vectors.size(), 200u);
  const auto found = verify_all(backend(), requests, LowS::kRequired);
  const auto [keys, known] = known_form(requests);
  const auto found_known = verify_known_all(backend(), *keys, known, LowS::kRequired);
  for (std::size_t i = 0; i < vectors.size(); ++i) {
    EXPECT_EQ(found[i] == SignatureStatus::kOk, vectors[i].valid) << vectors[i].id;
    EXPECT_EQ(found_known[i], found[i]) << vectors[i].id;
  }
}

}  // namespace
}  // namespace buri::accel
