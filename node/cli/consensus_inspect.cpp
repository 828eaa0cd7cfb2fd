#include "node/cli/consensus_inspect.hpp"

#include <unistd.h>

#include <cstdio>

#include "base/codec/base64.hpp"
#include "base/codec/protobuf_reader.hpp"
#include "base/hex.hpp"
#include "node/cli/consensus_home.hpp"
#include "node/cli/stored_values.hpp"
#include "node/consensus/app/offline_facts.hpp"

namespace buri::cli {
namespace {

namespace json = boost::json;
using consensus::iavl::CommitInfo;
using consensus::iavl::ExistenceProof;
using consensus::iavl::Multistore;
using consensus::iavl::StateProof;

/// Keys between two signs of life on a terminal.
constexpr std::uint64_t kKeysPerSign = 1'000'000;

std::string failed(const storage::StorageError& error) {
  return "the stores failed: " + error.detail;
}

/// The roots of the height that was asked for.
Result<CommitInfo, std::string> commit_at(ConsensusHome& home, std::int64_t height) {
  const std::int64_t wanted = height == 0 ? home.stores().height() : height;
  auto info = home.stores().commit_info(wanted);
  if (!info.ok()) return Failure{failed(info.error())};
  if (*info) return **std::move(info);
  return Failure{"height " + std::to_string(wanted) + " is not kept: the home holds " +
                 home.heights_text()};
}

Result<std::size_t, std::string> index_of(const Multistore& stores, const std::string& name) {
  if (const auto index = stores.store_index(name)) return *index;
  std::string names;
  for (const std::string& one : stores.store_names()) names += (names.empty() ? "" : ", ") + one;
  return Failure{"there is no store " + name + "; the stores are " + names};
}

struct Contents {
  std::uint64_t keys = 0;
  std::uint64_t key_bytes = 0;
  std::uint64_t value_bytes = 0;
};

Result<Contents, std::string> count(consensus::store::ReadStore& store, const std::string& name) {
  Contents contents;
  const auto entries = store.iterate({}, consensus::store::Direction::kAscending);
  if (!entries.ok()) return Failure{"store " + name + " cannot be read"};
  for (auto& entry = **entries; entry.valid();) {
    ++contents.keys;
    contents.key_bytes += entry.key().size();
    contents.value_bytes += entry.value().size();
    if (contents.keys % kKeysPerSign == 0 && isatty(STDERR_FILENO) != 0) {
      std::fprintf(stderr, "\r%s: %llu keys ", name.c_str(),
                   static_cast<unsigned long long>(contents.keys));
    }
    if (!entry.next().ok()) return Failure{"store " + name + " cannot be read"};
  }
  return contents;
}

/// The height that wrote a leaf: the third of the numbers its hash begins with.
std::optional<std::int64_t> version_of(const ExistenceProof& proof) {
  ByteView rest = proof.leaf.prefix;
  std::uint64_t number = 0;
  for (int i = 0; i < 3; ++i) {
    const auto read = take_varint(rest);
    if (!read.ok()) return std::nullopt;
    number = *read;
  }
  return static_cast<std::int64_t>(number >> 1);
}

json::array operations_json(const StateProof& proof) {
  json::array operations;
  for (const auto& operation : proof.operations()) {
    operations.push_back(json::object{{"type", operation.type},
                                      {"key", to_base64(operation.key)},
                                      {"data", to_base64(operation.data)}});
  }
  return operations;
}

void add_value(json::object& facts, std::size_t store, ByteView key, const StateProof& proof) {
  const auto& existence = std::get<ExistenceProof>(proof.key_proof);
  if (const auto version = version_of(existence)) facts["written_at_height"] = *version;
  facts["value"] = to_hex(*proof.value);
  consensus::app::OfflineFacts nobody;
  const consensus::app::ModuleSet modules(nobody.facts(), {});
  const auto described = describe_value(static_cast<consensus::runtime::StoreId>(store), key,
                                        *proof.value, modules.registry());
  if (!described) return;
  facts["table"] = described->table;
  facts["value_type"] = described->type;
  facts["decoded"] = json_of(described->json);
}

}  // namespace

AnswerResult inspect_store(const InspectStoreArguments& arguments) {
  ASSIGN_OR_RETURN(const auto engine, small_engine());
  ASSIGN_OR_RETURN(const auto home, ConsensusHome::open({.folder = arguments.home}, *engine));
  Multistore& stores = home->stores();
  ASSIGN_OR_RETURN(const CommitInfo info, commit_at(*home, arguments.height));
  if (!arguments.store.empty()) RETURN_IF_ERROR(index_of(stores, arguments.store));
  Answer answer{{{"height", info.height},
                 {"oldest_height", stores.oldest_height()},
                 {"newest_height", stores.height()},
                 {"app_hash", to_hex(info.app_hash)}}};
  json::array rows;
  const auto view = stores.view(info.height);
  for (std::size_t i = 0; i < stores.store_names().size(); ++i) {
    const std::string& name = stores.store_names()[i];
    if (!arguments.store.empty() && name != arguments.store) continue;
    ASSIGN_OR_RETURN(const Contents contents, count(view->store(i), name));
    rows.push_back(json::object{{"store", name},
                                {"root", to_hex(info.roots[i])},
                                {"keys", contents.keys},
                                {"key_bytes", contents.key_bytes},
                                {"value_bytes", contents.value_bytes}});
  }
  answer.facts["stores"] = std::move(rows);
  return answer;
}

AnswerResult inspect_key(const InspectKeyArguments& arguments) {
  const ByteView text = as_bytes(arguments.key);
  const auto key = arguments.key_is_text ? std::optional(Bytes(text.begin(), text.end()))
                                         : from_hex(arguments.key);
  if (!key || key->empty()) {
    return Failure{"expected a key in hex (or any text with --text), found \"" + arguments.key +
                   "\""};
  }
  ASSIGN_OR_RETURN(const auto engine, small_engine());
  ASSIGN_OR_RETURN(const auto home, ConsensusHome::open({.folder = arguments.home}, *engine));
  ASSIGN_OR_RETURN(const std::size_t index, index_of(home->stores(), arguments.store));
  ASSIGN_OR_RETURN(const CommitInfo info, commit_at(*home, arguments.height));
  const auto proof = home->stores().prove(info.height, index, *key);
  if (!proof.ok()) return Failure{failed(proof.error())};
  const bool exists = *proof && (*proof)->value;
  Answer answer{{{"height", info.height},
                 {"store", arguments.store},
                 {"key", to_hex(*key)},
                 {"exists", exists}},
                exists};
  if (exists) add_value(answer.facts, index, *key, **proof);
  if (!arguments.with_proof) return answer;
  answer.facts["app_hash"] = to_hex(info.app_hash);
  answer.facts["store_root"] = to_hex(info.roots[index]);
  // That of an empty store names no neighbour: ICS-23 has none for it.
  answer.facts["proof"] = *proof ? json::value(operations_json(**proof)) : json::value(nullptr);
  return answer;
}

}  // namespace buri::cli
