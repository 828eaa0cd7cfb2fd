#include <algorithm>
#include <atomic>

#include "base/codec/base64.hpp"
#include "base/hex.hpp"
#include "node/consensus/api/rpc_methods.hpp"
#include "node/consensus/api/value_json.hpp"

/// Methods that take transactions and ask the application.

namespace buri::consensus::api {
namespace {

constexpr std::int64_t kDefaultTxs = 30;
constexpr std::int64_t kMaxTxs = 100;

Hash256 tx_hash(accel::Engine& crypto, const Bytes& tx) {
  const ByteView message = tx;
  Hash256 hash;
  crypto.sha256({&message, 1}, {&hash, 1});
  return hash;
}

std::string broadcast_answer(const app::TxResult& result, const Hash256& hash) {
  JsonWriter out;
  out.begin_object();
  out.key("code").number(result.code);
  out.key("data").upper_hex(result.data);
  out.key("log").text(result.log);
  out.key("codespace").text(result.codespace);
  out.key("hash").upper_hex(hash).end_object();
  return out.take();
}

void broadcast(const RpcServices& services, const Arguments& arguments, bool waits,
               const RpcDone& done) {
  Bytes tx = arguments.get_or<Bytes>(0, {});
  const Hash256 hash = tx_hash(services.crypto, tx);
  // Stock's asynchronous form, too, tells when the pool itself refuses; the pool knows that at
  // once.
  services.node.add_tx(std::move(tx), [hash, waits, done](const TxVerdict& verdict) {
    if (!verdict.ok()) return done(Failure{verdict.error()});
    done(broadcast_answer(waits ? *verdict : app::TxResult{}, hash));
  });
}

/// One broadcast_tx_commit: the answers of the pool, of a block and of the clock, whichever comes
/// first.
class CommitWait : public std::enable_shared_from_this<CommitWait> {
 public:
  CommitWait(const RpcServices& services, const Hash256& hash, RpcDone done)
      : services_(services), hash_(hash), done_(std::move(done)) {}

  void start(Bytes tx, std::chrono::nanoseconds patience) {
    static std::atomic<std::uint64_t> next_client = 0;
    client_ = "broadcast_tx_commit " + std::to_string(next_client++);
    const auto subscribed = services_.events.subscribe(
        client_, query(),
        {[self = shared_from_this()](std::string_view data, std::string_view) {
           self->committed(std::string(data));
           return true;
         },
         [](std::string_view) {}});
    if (!subscribed.ok()) return done_(Failure{"failed to subscribe to tx: " + subscribed.error()});
    services_.after(patience, [self = shared_from_this()] {
      self->finish(Failure{std::string("timed out waiting for tx to be included in a block")});
    });
    services_.node.add_tx(std::move(tx), [self = shared_from_this()](const TxVerdict& verdict) {
      self->checked(verdict);
    });
  }

 private:
  std::string query() const { return "tm.event='Tx' AND tx.hash='" + to_upper_hex(hash_) + "'"; }

  void checked(const TxVerdict& verdict) {
    if (!verdict.ok()) return finish(Failure{"error on broadcastTxCommit: " + verdict.error()});
    JsonWriter check;
    write_tx_result(check, abci_tx_result(*verdict));
    if (!verdict->ok()) return finish(answer(check.json(), AbciTxResult{}, 0));
    std::unique_lock lock(mutex_);
    check_ = check.take();
    if (!data_) return;
    const std::string data = std::move(*data_);
    lock.unlock();
    finish_with(data);
  }

  /// The block may come before the pool has answered.
  void committed(std::string data) {
    std::unique_lock lock(mutex_);
    if (!check_) {
      data_ = std::move(data);
      return;
    }
    lock.unlock();
    finish_with(data);
  }

  void finish_with(const std::string& data) {
    const auto event = parse_json(data);
    if (!event.ok()) return finish(Failure{describe(event.error())});
    AbciTxResult result;
    std::int64_t height = 0;
    read_event(*event, result, height);
    finish(answer(*check_, result, height));
  }

  static const JsonValue* member(const JsonValue& value, std::string_view name) {
    const auto found = std::ranges::find(value.children, name, &JsonValue::key);
    return found == value.children.end() ? nullptr : &*found;
  }
  static std::string text_of(const JsonValue& value, std::string_view name) {
    const JsonValue* found = member(value, name);
    return found == nullptr ? "" : found->text;
  }
  static std::int64_t number_of(const JsonValue& value, std::string_view name) {
    const std::string text = text_of(value, name);
    return text.empty() ? 0 : std::strtoll(text.c_str(), nullptr, 10);
  }
  /// The event's JSON is our own.
  static void read_event(const JsonValue& event, AbciTxResult& result, std::int64_t& height);

  std::string answer(std::string_view check, const AbciTxResult& result,
                     std::int64_t height) const {
    JsonWriter out;
    out.begin_object();
    out.key("check_tx").raw(check);
    write_tx_result(out.key("tx_result"), result);
    out.key("hash").upper_hex(hash_);
    out.key("height").integer(height).end_object();
    return out.take();
  }

  void finish(RpcResult result) {
    if (is_done_.exchange(true)) return;
    static_cast<void>(services_.events.unsubscribe_all(client_).ok());
    done_(std::move(result));
  }

  RpcServices services_;
  Hash256 hash_;
  RpcDone done_;
  std::string client_;
  std::atomic<bool> is_done_ = false;
  std::mutex mutex_;
  std::optional<std::string> check_;  ///< the pool's answer
  std::optional<std::string> data_;   ///< the event, if it came first
};

void CommitWait::read_event(const JsonValue& event, AbciTxResult& result, std::int64_t& height) {
  const JsonValue* value = member(event, "value");
  const JsonValue* tx = value == nullptr ? nullptr : member(*value, "TxResult");
  const JsonValue* inner = tx == nullptr ? nullptr : member(*tx, "result");
  if (inner == nullptr) return;
  height = number_of(*tx, "height");
  result.code = static_cast<std::uint32_t>(number_of(*inner, "code"));
  result.data = from_base64(text_of(*inner, "data")).value_or(Bytes{});
  result.log = text_of(*inner, "log");
  result.info = text_of(*inner, "info");
  result.gas_wanted = number_of(*inner, "gas_wanted");
  result.gas_used = number_of(*inner, "gas_used");
  result.codespace = text_of(*inner, "codespace");
  const JsonValue* events = member(*inner, "events");
  if (events == nullptr) return;
  for (const JsonValue& one : events->children) {
    AbciEvent& made = result.events.emplace_back(AbciEvent{text_of(one, "type"), {}});
    const JsonValue* attributes = member(one, "attributes");
    if (attributes == nullptr) continue;
    for (const JsonValue& attribute : attributes->children) {
      made.attributes.push_back({text_of(attribute, "key"), text_of(attribute, "value"), true});
    }
  }
}

void check_tx(const RpcServices& services, const Arguments& arguments, const RpcDone& done) {
  services.node.check_tx(arguments.get_or<Bytes>(0, {}), [done](const TxVerdict& verdict) {
    if (!verdict.ok()) return done(Failure{verdict.error()});
    JsonWriter out;
    write_tx_result(out, abci_tx_result(*verdict));
    done(out.take());
  });
}

std::string unconfirmed(const RpcServices& services, const Arguments& arguments) {
  std::int64_t limit = arguments.get_or<std::int64_t>(0, kDefaultTxs);
  limit = limit < 1 ? kDefaultTxs : std::min(limit, kMaxTxs);
  const PoolView pool = services.node.unconfirmed(static_cast<std::size_t>(limit));
  JsonWriter out;
  out.begin_object();
  out.key("n_txs").unsigned_integer(pool.txs.size());
  out.key("total").integer(pool.count);
  out.key("total_bytes").integer(pool.bytes);
  write_txs(out.key("txs"), pool.txs);
  out.end_object();
  return out.take();
}

std::string count_unconfirmed(const RpcServices& services) {
  const PoolView pool = services.node.unconfirmed(0);
  JsonWriter out;
  out.begin_object();
  out.key("n_txs").integer(pool.count).key("total").integer(pool.count);
  out.key("total_bytes").integer(pool.bytes).key("txs").null().end_object();
  return out.take();
}

std::string abci_info(const RpcServices& services) {
  const NodeView::AppInfo info = services.node.app_info();
  JsonWriter out;
  out.begin_object().key("response").begin_object();
  if (!info.name.empty()) out.key("data").text(info.name);
  if (!info.version.empty()) out.key("version").text(info.version);
  if (info.height != 0) out.key("last_block_height").integer(info.height);
  if (!info.hash.empty()) out.key("last_block_app_hash").base64(info.hash);
  out.end_object().end_object();
  return out.take();
}

void write_or_null(JsonWriter& out, const Bytes* bytes) {
  if (bytes != nullptr) {
    out.base64(*bytes);
  } else {
    out.null();
  }
}

std::string abci_query(const RpcServices& services, const Arguments& arguments) {
  const AbciQueryAnswer answer = services.node.query_app(
      arguments.get_or<std::string>(0, {}), arguments.get_or<Bytes>(1, {}),
      arguments.get_or<std::int64_t>(2, 0), arguments.get_or<bool>(3, false));
  JsonWriter out;
  out.begin_object().key("response").begin_object();
  out.key("code").number(static_cast<std::int64_t>(answer.code));
  out.key("log").text(answer.log).key("info").text(answer.info).key("index").integer(answer.index);
  // A key that is empty is nil in Go; a value may be either.
  write_or_null(out.key("key"), answer.key.empty() ? nullptr : &answer.key);
  write_or_null(out.key("value"), answer.value ? &*answer.value : nullptr);
  out.key("proofOps");
  if (answer.proof.empty()) {
    out.null();
  } else {
    out.begin_object().key("ops").begin_array();
    for (const iavl::ProofOperation& operation : answer.proof) {
      out.begin_object().key("type").text(operation.type);
      out.key("key").base64(operation.key).key("data").base64(operation.data).end_object();
    }
    out.end_array().end_object();
  }
  out.key("height").integer(answer.height);
  out.key("codespace").text(answer.codespace).end_object().end_object();
  return out.take();
}

}  // namespace

void add_pool_methods(RpcMethods& methods, const RpcServices& services, const RpcOptions& options) {
  using enum ArgumentKind;
  const std::vector<ArgumentSpec> of_tx{{"tx", kBytes}};
  const auto add = [&](std::string name, std::vector<ArgumentSpec> parameters,
                       std::function<void(const Arguments&, const RpcDone&)> run) {
    methods[std::move(name)] = {std::move(parameters), RpcCaching::kNever, false, std::move(run)};
  };
  add("check_tx", of_tx, [services](const Arguments& arguments, const RpcDone& done) {
    check_tx(services, arguments, done);
  });
  for (const bool waits : {false, true}) {
    add(waits ? "broadcast_tx_sync" : "broadcast_tx_async", of_tx,
        [services, waits](const Arguments& arguments, const RpcDone& done) {
          broadcast(services, arguments, waits, done);
        });
  }
  add("broadcast_tx_commit", of_tx,
      [services, patience = options.commit_timeout](const Arguments& arguments,
                                                    const RpcDone& done) {
        Bytes tx = arguments.get_or<Bytes>(0, {});
        const Hash256 hash = tx_hash(services.crypto, tx);
        std::make_shared<CommitWait>(services, hash, done)->start(std::move(tx), patience);
      });
  add("unconfirmed_txs", {{"limit", kInteger}},
      [services](const Arguments& arguments, const RpcDone& done) {
        done(unconfirmed(services, arguments));
      });
  add("num_unconfirmed_txs", {},
      [services](const Arguments&, const RpcDone& done) { done(count_unconfirmed(services)); });
  add("abci_query",
      {{"path", kText}, {"data", kHexBytes}, {"height", kInteger}, {"prove", kBoolean}},
      [services](const Arguments& arguments, const RpcDone& done) {
        done(abci_query(services, arguments));
      });
  add("abci_info", {},
      [services](const Arguments&, const RpcDone& done) { done(abci_info(services)); });
  methods["abci_info"].caching = RpcCaching::kAlways;
}

}  // namespace buri::consensus::api
