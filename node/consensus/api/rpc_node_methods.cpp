#include "base/hex.hpp"
#include "node/consensus/api/evidence_json.hpp"
#include "node/consensus/api/round_state_json.hpp"
#include "node/consensus/api/rpc_methods.hpp"
#include "node/consensus/api/value_json.hpp"

/// Methods about the node itself and its peers.

namespace buri::consensus::api {
namespace {

void write_node_info(JsonWriter& out, const p2p::NodeInfo& info) {
  out.begin_object().key("protocol_version").begin_object();
  out.key("p2p").unsigned_integer(info.protocol_version.p2p);
  out.key("block").unsigned_integer(info.protocol_version.block);
  out.key("app").unsigned_integer(info.protocol_version.app).end_object();
  out.key("id").text(info.id);
  out.key("listen_addr").text(info.listen_address);
  out.key("network").text(info.network);
  out.key("version").text(info.version);
  out.key("channels").upper_hex(info.channels);
  out.key("moniker").text(info.moniker);
  out.key("other").begin_object().key("tx_index").text(info.other.tx_index);
  out.key("rpc_address").text(info.other.rpc_address).end_object().end_object();
}

void write_block_summary(JsonWriter& out, const ChainView& chain, std::int64_t height,
                         const std::string& prefix) {
  const auto meta = height == 0 ? std::nullopt : chain.meta(height);
  const engine::Header header = meta ? meta->header : engine::Header{};
  const auto hash = meta ? meta->block_id.hash : std::nullopt;
  out.key(prefix + "_block_hash").upper_hex(hash ? ByteView(*hash) : ByteView());
  out.key(prefix + "_app_hash").upper_hex(header.app_hash);
  out.key(prefix + "_block_height").integer(height);
  out.key(prefix + "_block_time").time(meta ? header.time : engine::Timestamp{});
}

std::string status(const RpcServices& services) {
  const NodeStatus node = services.node.status();
  const std::int64_t height = services.chain.height();
  const auto set = services.chain.validators(node.catches_up ? height : height + 1);
  const engine::Validator* own = set ? set->find(node.validator_address) : nullptr;
  JsonWriter out;
  out.begin_object();
  write_node_info(out.key("node_info"), node.info);
  out.key("sync_info").begin_object();
  write_block_summary(out, services.chain, height, "latest");
  write_block_summary(out, services.chain, services.chain.base(), "earliest");
  out.key("catching_up").boolean(node.catches_up).end_object();
  out.key("validator_info").begin_object();
  out.key("address").upper_hex(node.validator_address);
  write_public_key(out.key("pub_key"), node.validator_key);
  out.key("voting_power").integer(own == nullptr ? 0 : own->voting_power);
  out.end_object().end_object();
  return out.take();
}

/// One direction of a connection. What stock's rate monitor samples besides is not measured here.
void write_monitor(JsonWriter& out, std::uint64_t bytes, std::int64_t duration_ns) {
  const std::int64_t seconds = std::max<std::int64_t>(duration_ns / 1'000'000'000, 1);
  const std::int64_t rate = static_cast<std::int64_t>(bytes) / seconds;
  out.begin_object();
  out.key("Start").time(engine::kZeroTime);
  out.key("Bytes").unsigned_integer(bytes).key("Samples").integer(0);
  for (const std::string_view name : {"InstRate", "CurRate", "AvgRate", "PeakRate"}) {
    out.key(name).integer(rate);
  }
  out.key("BytesRem").integer(0).key("Duration").integer(duration_ns);
  out.key("Idle").integer(0).key("TimeRem").integer(0).key("Progress").number(0);
  out.key("Active").boolean(true).end_object();
}

void write_peer(JsonWriter& out, const PeerView& peer) {
  out.begin_object();
  write_node_info(out.key("node_info"), peer.info);
  out.key("is_outbound").boolean(peer.is_outbound);
  out.key("connection_status").begin_object().key("Duration").integer(peer.connected_ns);
  write_monitor(out.key("SendMonitor"), peer.sent_bytes, peer.connected_ns);
  write_monitor(out.key("RecvMonitor"), peer.received_bytes, peer.connected_ns);
  out.key("Channels").begin_array();
  for (const std::uint8_t channel : peer.info.channels) {
    out.begin_object().key("ID").number(channel);
    for (const std::string_view name :
         {"SendQueueCapacity", "SendQueueSize", "Priority", "RecentlySent"}) {
      out.key(name).integer(0);
    }
    out.end_object();
  }
  out.end_array().end_object();
  out.key("remote_ip").text(peer.remote_ip).end_object();
}

std::string net_info(const RpcServices& services) {
  const auto peers = services.node.peers();
  JsonWriter out;
  out.begin_object();
  out.key("listening").boolean(services.node.is_listening());
  out.key("listeners").begin_array().text("Listener(@)").end_array();
  out.key("n_peers").unsigned_integer(peers.size());
  out.key("peers").begin_array();
  for (const PeerView& peer : peers) write_peer(out, peer);
  out.end_array().end_object();
  return out.take();
}

std::string disabled(std::string_view method) {
  return "method " + std::string(method) +
         " not enabled, please check your RPC.EnableConsensusEndpoints under config.toml file";
}

void summarize_consensus(const RpcServices& services, const RpcDone& done) {
  services.node.read_round_state([done](const engine::RoundState& state) {
    JsonWriter out;
    out.begin_object();
    write_round_state_summary(out.key("round_state"), state);
    out.end_object();
    done(out.take());
  });
}

void dump_consensus(const RpcServices& services, const RpcDone& done) {
  auto peers = services.node.peers();
  services.node.read_round_state([done, peers = std::move(peers)](const engine::RoundState& state) {
    JsonWriter out;
    out.begin_object();
    write_round_state(out.key("round_state"), state);
    out.key("peers").begin_array();
    for (const PeerView& peer : peers) {
      out.begin_object();
      out.key("node_address").text(peer.info.id + "@" + peer.remote_ip);
      out.key("peer_state").null().end_object();
    }
    out.end_array().end_object();
    done(out.take());
  });
}

RpcResult broadcast_evidence(const RpcServices& services, const Arguments& arguments) {
  const auto* value = arguments.get<JsonValue>(0);
  if (value == nullptr) return Failure{std::string("no evidence was provided")};
  const auto piece = decode_evidence(JsonCursor(*value));
  if (!piece.ok()) {
    return Failure{"evidence.ValidateBasic failed: " + describe(piece.error())};
  }
  const auto added = services.node.add_evidence(*piece);
  if (!added.ok()) return Failure{"failed to add evidence: " + added.error()};
  JsonWriter out;
  out.begin_object().key("hash").base64(*added).end_object();
  return out.take();
}

RpcResult dial(const RpcServices& services, const DialRequest& request, std::string_view what) {
  if (request.addresses.empty()) return Failure{"no " + std::string(what) + " provided"};
  RETURN_IF_ERROR(services.node.dial(request));
  return R"({"log":"Dialing )" + std::string(what) + R"( in progress. See /net_info for details"})";
}

using Answer = std::function<RpcResult(const Arguments&)>;

RpcMethod method(std::vector<ArgumentSpec> parameters, Answer answer,
                 RpcCaching caching = RpcCaching::kNever) {
  return {std::move(parameters), caching, false,
          [answer = std::move(answer)](const Arguments& arguments, const RpcDone& done) {
            done(answer(arguments));
          }};
}

Answer refusal(std::string sentence) {
  return
      [sentence = std::move(sentence)](const Arguments&) -> RpcResult { return Failure{sentence}; };
}

/// Heimdall ships without an index, and switches off what would answer with a whole genesis.
void add_refusals(RpcMethods& methods) {
  using enum ArgumentKind;
  const std::string no_genesis = "endpoint is disabled due to large genesis file size";
  methods["genesis"] = method({}, refusal(no_genesis), RpcCaching::kAlways);
  methods["genesis_chunked"] =
      method({{"chunk", kUnsigned}}, refusal(no_genesis), RpcCaching::kAlways);
  const std::string no_txs = "transaction indexing is disabled";
  methods["tx"] =
      method({{"hash", kBytes}, {"prove", kBoolean}}, refusal(no_txs), RpcCaching::kAlways);
  methods["tx_search"] = method({{"query", kText},
                                 {"prove", kBoolean},
                                 {"page", kInteger},
                                 {"per_page", kInteger},
                                 {"order_by", kText}},
                                refusal(no_txs));
  methods["block_search"] =
      method({{"query", kText}, {"page", kInteger}, {"per_page", kInteger}, {"order_by", kText}},
             refusal("block indexing is disabled"));
}

void add_unsafe(RpcMethods& methods, const RpcServices& services) {
  using enum ArgumentKind;
  methods["dial_seeds"] = method({{"seeds", kTexts}}, [services](const Arguments& arguments) {
    return dial(services, {arguments.get_or<std::vector<std::string>>(0, {})}, "seeds");
  });
  methods["dial_peers"] =
      method({{"peers", kTexts},
              {"persistent", kBoolean},
              {"unconditional", kBoolean},
              {"private", kBoolean}},
             [services](const Arguments& arguments) {
               return dial(services,
                           {arguments.get_or<std::vector<std::string>>(0, {}),
                            arguments.get_or<bool>(1, false), arguments.get_or<bool>(2, false),
                            arguments.get_or<bool>(3, false)},
                           "peers");
             });
  methods["unsafe_flush_mempool"] = method({}, [services](const Arguments&) -> RpcResult {
    services.node.flush_mempool();
    return std::string("{}");
  });
}

}  // namespace

void add_node_methods(RpcMethods& methods, const RpcServices& services, const RpcOptions& options) {
  methods["health"] = method({}, [](const Arguments&) -> RpcResult { return std::string("{}"); });
  methods["status"] =
      method({}, [services](const Arguments&) -> RpcResult { return status(services); });
  methods["net_info"] =
      method({}, [services](const Arguments&) -> RpcResult { return net_info(services); });
  methods["consensus_state"] = method({}, refusal(disabled("GetConsensusState")));
  methods["dump_consensus_state"] = method({}, refusal(disabled("DumpConsensusState")));
  if (options.has_consensus_state) {
    methods["consensus_state"].run = [services](const Arguments&, const RpcDone& done) {
      summarize_consensus(services, done);
    };
    methods["dump_consensus_state"].run = [services](const Arguments&, const RpcDone& done) {
      dump_consensus(services, done);
    };
  }
  methods["broadcast_evidence"] = method(
      {{"evidence", ArgumentKind::kEvidence}},
      [services](const Arguments& arguments) { return broadcast_evidence(services, arguments); });
  add_refusals(methods);
  if (options.is_unsafe) add_unsafe(methods, services);
}

RpcMethods rpc_methods(const RpcServices& services, const RpcOptions& options) {
  RpcMethods methods;
  add_chain_methods(methods, services);
  add_pool_methods(methods, services, options);
  add_node_methods(methods, services, options);
  for (const std::string_view name : {"subscribe", "unsubscribe"}) {
    methods[std::string(name)] = {{{"query", ArgumentKind::kText}}, RpcCaching::kNever, true, {}};
  }
  methods["unsubscribe_all"] = {{}, RpcCaching::kNever, true, {}};
  return methods;
}

}  // namespace buri::consensus::api
