#include "node/protocol/bor/json_rpc_chain.hpp"

#include "node/protocol/bor/json_answers.hpp"
#include "node/protocol/json_rpc/values.hpp"

namespace buri::protocol::bor {
namespace {

using json_rpc::Answer;
using json_rpc::quantity_text;
using json_rpc::Request;

/// Whether an answer says that there is no such thing.
bool is_missing(const Answer& answer) {
  return !answer.ok() || answer->kind == JsonValue::Kind::kNull;
}

/// The answers of one batch: headers, then difficulties, then authors of all blocks but block 0.
class BatchReader {
 public:
  BatchReader(const std::vector<Answer>& answers, std::uint64_t first, std::size_t count)
      : answers_(answers), first_(first), count_(count) {}

  static std::vector<Request> requests(std::uint64_t first, std::size_t count) {
    std::vector<Request> requests;
    const auto add = [&](std::string_view method, std::size_t i) {
      requests.push_back({method, "[" + quantity_text(first + i) + "]"});
    };
    for (std::size_t i = 0; i < count; ++i) add("eth_getHeaderByNumber", i);
    for (std::size_t i = 0; i < count; ++i) add("eth_getTdByNumber", i);
    for (std::size_t i = first == 0 ? 1 : 0; i < count; ++i) add("bor_getAuthor", i);
    return requests;
  }

  /// The blocks before the first that is not wholly there. Errors are the server's fault.
  Result<std::vector<BorBlockInfo>, JsonError> read() const {
    std::vector<BorBlockInfo> blocks;
    for (std::size_t i = 0; i < count_; ++i) {
      const Answer& header = answers_[i];
      const Answer& difficulty = answers_[count_ + i];
      const Answer* author = author_of(i);
      if (is_missing(header) || is_missing(difficulty)) break;
      if (author != nullptr && is_missing(*author)) break;
      BorBlockInfo info;
      ASSIGN_OR_RETURN(info.block, read_header(JsonCursor(*header)));
      if (info.block.number != first_ + i) {
        return Failure{JsonCursor(*header).error("block " + std::to_string(first_ + i))};
      }
      ASSIGN_OR_RETURN(info.total_difficulty, read_total_difficulty(JsonCursor(*difficulty)));
      if (author != nullptr) {
        ASSIGN_OR_RETURN(info.author, json_rpc::read_fixed<20>(JsonCursor(**author)));
      }
      blocks.push_back(info);
    }
    keep_chain(blocks, first_);
    return blocks;
  }

 private:
  [[nodiscard]] const Answer* author_of(std::size_t i) const {
    if (first_ == 0 && i == 0) return nullptr;
    return &answers_[2 * count_ + i - (first_ == 0 ? 1 : 0)];
  }

  const std::vector<Answer>& answers_;
  const std::uint64_t first_;
  const std::size_t count_;
};

}  // namespace

/// `read` gives a Result from the answer's value; its error is the server's fault.
template <class T, class Read>
Result<T, FactError> JsonRpcChain::ask(std::string_view method, std::string params, Read read) {
  Result<T, FactError> fact = Failure{FactError::kUnavailable};
  const bool is_answered =
      client_->ask(Request{method, std::move(params)}, [&](const Answer& answer) {
        if (is_missing(answer)) {
          fact = Failure{FactError::kMissing};
          return true;
        }
        auto value = read(JsonCursor(*answer));
        if (!value.ok()) return false;
        fact = std::move(value).value();
        return true;
      });
  if (!is_answered) return Failure{FactError::kUnavailable};
  return fact;
}

Result<BorBlock, FactError> JsonRpcChain::head() {
  return ask<BorBlock>("eth_getHeaderByNumber", R"(["latest"])", read_header);
}

Result<BorBlock, FactError> JsonRpcChain::block(std::uint64_t number) {
  return ask<BorBlock>("eth_getHeaderByNumber", "[" + quantity_text(number) + "]",
                       [number](const JsonCursor& object) -> Result<BorBlock, JsonError> {
                         ASSIGN_OR_RETURN(const BorBlock block, read_header(object));
                         if (block.number != number) return Failure{object.error("that block")};
                         return block;
                       });
}

Result<Address, FactError> JsonRpcChain::author(std::uint64_t number) {
  return ask<Address>("bor_getAuthor", "[" + quantity_text(number) + "]", json_rpc::read_fixed<20>);
}

Result<std::vector<BorBlockInfo>, FactError> JsonRpcChain::blocks(std::uint64_t first,
                                                                  std::uint64_t last) {
  CHECK(first <= last && last - first < kMaxBorBatchBlocks, "no range of blocks for one batch");
  const auto count = static_cast<std::size_t>(last - first + 1);
  std::vector<BorBlockInfo> blocks;
  const bool is_answered =
      client_->ask(BatchReader::requests(first, count), [&](const std::vector<Answer>& answers) {
        auto read = BatchReader(answers, first, count).read();
        if (!read.ok()) return false;
        blocks = std::move(read).value();
        return true;
      });
  if (!is_answered) return Failure{FactError::kUnavailable};
  return blocks;
}

Result<Hash256, FactError> JsonRpcChain::root_hash(std::uint64_t first, std::uint64_t last) {
  return ask<Hash256>("bor_getRootHash",
                      "[" + std::to_string(first) + "," + std::to_string(last) + "]",
                      read_root_hash);
}

}  // namespace buri::protocol::bor
