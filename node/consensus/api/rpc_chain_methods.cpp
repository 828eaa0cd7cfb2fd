#include <algorithm>

#include "node/consensus/api/rpc_methods.hpp"
#include "node/consensus/api/value_json.hpp"

/// Methods that read the chain.

namespace buri::consensus::api {
namespace {

constexpr std::int64_t kMaxMetas = 20;
constexpr std::int64_t kDefaultPerPage = 30;
constexpr std::int64_t kMaxPerPage = 100;

using HeightResult = Result<std::int64_t, std::string>;

/// The height that is meant: one that is there, or the latest.
HeightResult height_of(const ChainView& chain, const Arguments& arguments, std::int64_t latest) {
  const auto* height = arguments.get<std::int64_t>(0);
  if (height == nullptr) return latest;
  const std::string text = std::to_string(*height);
  if (*height <= 0) return Failure{"height must be greater than 0, but got " + text};
  if (*height > latest) {
    return Failure{"height " + text +
                   " must be less than or equal to the current blockchain height " +
                   std::to_string(latest)};
  }
  const std::int64_t base = chain.base();
  if (*height < base) {
    return Failure{"height " + text + " is not available, lowest height is " +
                   std::to_string(base)};
  }
  return *height;
}

/// Validators and parameters are known one height ahead, unless blocks are being caught up.
std::int64_t latest_undecided(const RpcServices& services) {
  const std::int64_t height = services.chain.height();
  return services.node.status().catches_up ? height : height + 1;
}

std::string block_answer(const std::optional<blocks::BlockMeta>& meta,
                         const std::optional<engine::Block>& block) {
  JsonWriter out;
  out.begin_object();
  write_block_id(out.key("block_id"), meta ? meta->block_id : engine::BlockId{});
  out.key("block");
  if (block) {
    write_block(out, *block);
  } else {
    out.null();
  }
  out.end_object();
  return out.take();
}

std::string header_answer(const std::optional<blocks::BlockMeta>& meta) {
  JsonWriter out;
  out.begin_object().key("header");
  if (meta) {
    write_header(out, meta->header);
  } else {
    out.null();
  }
  out.end_object();
  return out.take();
}

RpcResult blockchain(const ChainView& chain, const Arguments& arguments) {
  std::int64_t least = arguments.get_or<std::int64_t>(0, 0);
  std::int64_t most = arguments.get_or<std::int64_t>(1, 0);
  if (least < 0 || most < 0) return Failure{std::string("heights must be non-negative")};
  const std::int64_t height = chain.height();
  if (least == 0) least = 1;
  most = most == 0 ? height : std::min(height, most);
  least = std::max({chain.base(), least, most - kMaxMetas + 1});
  if (least > most) {
    return Failure{"min height " + std::to_string(least) + " can't be greater than max height " +
                   std::to_string(most)};
  }
  JsonWriter out;
  out.begin_object().key("last_height").integer(height);
  out.key("block_metas").begin_array();
  for (std::int64_t at = most; at >= least; --at) {
    const auto meta = chain.meta(at);
    if (!meta) continue;
    out.begin_object();
    write_block_id(out.key("block_id"), meta->block_id);
    out.key("block_size").unsigned_integer(meta->block_bytes);
    write_header(out.key("header"), meta->header);
    out.key("num_txs").unsigned_integer(meta->tx_count);
    out.end_object();
  }
  out.end_array().end_object();
  return out.take();
}

RpcResult block(const ChainView& chain, const Arguments& arguments) {
  ASSIGN_OR_RETURN(const std::int64_t height, height_of(chain, arguments, chain.height()));
  return block_answer(chain.meta(height), chain.block(height));
}

std::optional<std::int64_t> height_by_hash(const ChainView& chain, const Arguments& arguments) {
  const auto* bytes = arguments.get<Bytes>(0);
  if (bytes == nullptr || bytes->size() != Hash256::kSize) return std::nullopt;
  return chain.height_of(Hash256::from(*bytes));
}

RpcResult block_by_hash(const ChainView& chain, const Arguments& arguments) {
  const auto height = height_by_hash(chain, arguments);
  if (!height) return block_answer(std::nullopt, std::nullopt);
  return block_answer(chain.meta(*height), chain.block(*height));
}

RpcResult header(const ChainView& chain, const Arguments& arguments) {
  ASSIGN_OR_RETURN(const std::int64_t height, height_of(chain, arguments, chain.height()));
  return header_answer(chain.meta(height));
}

RpcResult header_by_hash(const ChainView& chain, const Arguments& arguments) {
  const auto height = height_by_hash(chain, arguments);
  return header_answer(height ? chain.meta(*height) : std::nullopt);
}

RpcResult commit(const ChainView& chain, const Arguments& arguments) {
  ASSIGN_OR_RETURN(const std::int64_t height, height_of(chain, arguments, chain.height()));
  const auto meta = chain.meta(height);
  if (!meta) return std::string("null");
  auto found = chain.canonical_commit(height);
  const bool is_canonical = found.has_value();
  if (!found) found = chain.seen_commit(height);
  JsonWriter out;
  out.begin_object().key("signed_header").begin_object();
  write_header(out.key("header"), meta->header);
  out.key("commit");
  if (found) {
    write_commit(out, *found);
  } else {
    out.null();
  }
  out.end_object();
  out.key("canonical").boolean(is_canonical).end_object();
  return out.take();
}

RpcResult block_results(const ChainView& chain, const Arguments& arguments) {
  ASSIGN_OR_RETURN(const std::int64_t height, height_of(chain, arguments, chain.height()));
  const auto stored = chain.results(height);
  const auto results =
      stored
          ? codec::decode<AbciBlockResults>(*stored)
          : Result<AbciBlockResults, codec::DecodeError>(Failure{codec::DecodeError::kTruncated});
  if (!results.ok()) {
    return Failure{"could not find results for height #" + std::to_string(height)};
  }
  JsonWriter out;
  out.begin_object().key("height").integer(height);
  out.key("txs_results");
  if (results->tx_results.empty()) out.null();
  if (!results->tx_results.empty()) {
    out.begin_array();
    for (const AbciTxResult& tx : results->tx_results) write_tx_result(out, tx);
    out.end_array();
  }
  write_events(out.key("finalize_block_events"), results->events);
  write_validator_updates(out.key("validator_updates"), results->validator_updates);
  out.key("consensus_param_updates");
  if (results->consensus_param_updates) {
    write_param_updates(out, *results->consensus_param_updates);
  } else {
    out.null();
  }
  out.key("app_hash").base64_or_null(results->app_hash).end_object();
  return out.take();
}

struct Page {
  std::size_t first = 0;
  std::size_t count = 0;
};
/// The part of a list that arguments 1 and 2 ask for.
Result<Page, std::string> page_of(const Arguments& arguments, std::size_t total) {
  std::int64_t per_page = arguments.get_or<std::int64_t>(2, kDefaultPerPage);
  per_page = per_page < 1 ? kDefaultPerPage : std::min(per_page, kMaxPerPage);
  const auto* wanted = arguments.get<std::int64_t>(1);
  const std::int64_t size = static_cast<std::int64_t>(total);
  const std::int64_t pages = std::max<std::int64_t>((size - 1) / per_page + 1, 1);
  const std::int64_t page = wanted == nullptr ? 1 : *wanted;
  if (page <= 0 || page > pages) {
    return Failure{"page should be within [1, " + std::to_string(pages) + "] range, given " +
                   std::to_string(page)};
  }
  const std::int64_t first = (page - 1) * per_page;
  return Page{static_cast<std::size_t>(first),
              static_cast<std::size_t>(std::min(per_page, size - first))};
}

RpcResult validators(const RpcServices& services, const Arguments& arguments) {
  ASSIGN_OR_RETURN(const std::int64_t height,
                   height_of(services.chain, arguments, latest_undecided(services)));
  const auto set = services.chain.validators(height);
  if (!set) {
    return Failure{"could not find validator set for height #" + std::to_string(height)};
  }
  ASSIGN_OR_RETURN(const Page page, page_of(arguments, set->size()));
  JsonWriter out;
  out.begin_object().key("block_height").integer(height);
  out.key("validators").begin_array();
  for (const auto& one : set->validators().subspan(page.first, page.count)) {
    write_validator(out, one);
  }
  out.end_array();
  out.key("count").unsigned_integer(page.count);
  out.key("total").unsigned_integer(set->size()).end_object();
  return out.take();
}

/// The application tells all parameters with every block, for the next one.
RpcResult consensus_params(const RpcServices& services, const Arguments& arguments) {
  ASSIGN_OR_RETURN(const std::int64_t height,
                   height_of(services.chain, arguments, latest_undecided(services)));
  auto params = services.chain.genesis_params();
  if (const auto stored = services.chain.results(height - 1)) {
    const auto results = codec::decode<AbciBlockResults>(*stored);
    if (results.ok() && results->consensus_param_updates) {
      params = *results->consensus_param_updates;
    }
  }
  JsonWriter out;
  out.begin_object().key("block_height").integer(height);
  write_consensus_params(out.key("consensus_params"), params);
  out.end_object();
  return out.take();
}

}  // namespace

void add_chain_methods(RpcMethods& methods, const RpcServices& services) {
  using enum ArgumentKind;
  const auto add = [&](std::string name, std::vector<ArgumentSpec> parameters, RpcCaching caching,
                       RpcResult (*answer)(const ChainView&, const Arguments&)) {
    methods[std::move(name)] = {
        std::move(parameters), caching, false,
        [&chain = services.chain, answer](const Arguments& arguments, const RpcDone& done) {
          done(answer(chain, arguments));
        }};
  };
  const std::vector<ArgumentSpec> by_height{{"height", kInteger}};
  add("blockchain", {{"minHeight", kInteger}, {"maxHeight", kInteger}}, RpcCaching::kAlways,
      &blockchain);
  add("block", by_height, RpcCaching::kWithFirstArgument, &block);
  add("block_by_hash", {{"hash", kBytes}}, RpcCaching::kAlways, &block_by_hash);
  add("block_results", by_height, RpcCaching::kWithFirstArgument, &block_results);
  add("commit", by_height, RpcCaching::kWithFirstArgument, &commit);
  add("header", by_height, RpcCaching::kWithFirstArgument, &header);
  add("header_by_hash", {{"hash", kHexBytes}}, RpcCaching::kAlways, &header_by_hash);
  methods["validators"] = {{{"height", kInteger}, {"page", kInteger}, {"per_page", kInteger}},
                           RpcCaching::kWithFirstArgument,
                           false,
                           [services](const Arguments& arguments, const RpcDone& done) {
                             done(validators(services, arguments));
                           }};
  methods["consensus_params"] = {by_height, RpcCaching::kWithFirstArgument, false,
                                 [services](const Arguments& arguments, const RpcDone& done) {
                                   done(consensus_params(services, arguments));
                                 }};
}

}  // namespace buri::consensus::api
