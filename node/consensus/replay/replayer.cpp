#include "node/consensus/replay/replayer.hpp"

#include "base/hex.hpp"
#include "node/consensus/app/finalize_response.hpp"
#include "node/consensus/replay/response_comparison.hpp"

namespace buri::consensus::replay {
namespace {

using records::RecordError;

std::string text_of(const runtime::Error& error) {
  return error.codespace.empty()
             ? error.log
             : error.log + " (" + error.codespace + " " + std::to_string(error.code) + ")";
}

/// Enough votes for batches of their signatures; more heights would only take memory out of the
/// processor's reach.
constexpr std::size_t kWindowVotes = 2048;

/// Ends the reading of records without being an error of theirs.
Failure<RecordError> stop() { return {RecordError{}}; }

class Replayer {
 public:
  Replayer(const ReplayOptions& options, storage::Database& database, iavl::Multistore& multistore,
           accel::Engine& crypto, const Progress& progress)
      : options_(options),
        crypto_(crypto),
        multistore_(multistore),
        progress_(progress),
        held_height_(multistore.height()),
        app_(app::chain_options(options.genesis.head, options.forks),
             {&database, &multistore, &crypto, facts_.facts()}),
        writes_(options.writes_path) {}

  ReplayResult run() {
    auto begun = begin();
    if (!begun.ok()) return Failure{begun.error()};
    const auto read =
        options_.blocks([this](records::BlockRecord&& record) { return take(std::move(record)); });
    if (!read.ok() && !is_stopped_) return Failure{records::describe(read.error())};
    if (!is_stopped_) static_cast<void>(run_window());
    if (!unusable_.empty()) return Failure{unusable_};
    if (report_.heights == 0 && report_.is_equal()) return Failure{std::string("no heights")};
    report_.signatures = app_.signatures().checked();
    return report_;
  }

 private:
  /// InitChain; with heights in the home only its answer is wanted.
  Status<std::string> begin() {
    app::InitChainResult result;
    if (held_height_ == 0) {
      auto begun = app_.init_chain(options_.genesis);
      if (!begun.ok()) return Failure{"genesis: " + text_of(begun.error())};
      result = std::move(begun).value();
    } else {
      auto answer = app::genesis_answer(options_.genesis);
      if (!answer.ok()) return Failure{"genesis: " + text_of(answer.error())};
      result = std::move(answer).value();
    }
    auto chain = ChainFollower::begin(crypto_, options_.genesis.head.chain_id,
                                      options_.genesis.head.initial_height, result);
    if (!chain.ok()) return Failure{"genesis: " + chain.error()};
    chain_.emplace(std::move(chain).value());
    report_.first_height = options_.genesis.head.initial_height;
    return Unit{};
  }

  Status<RecordError> take(records::BlockRecord record) {
    if (options_.until_height > 0 && record.height > options_.until_height) {
      static_cast<void>(run_window());
      return end();
    }
    const std::int64_t number = record.height;
    auto height = decode_height(std::move(record));
    if (!height.ok()) {
      unusable_ = "record of height " + std::to_string(number) + ": " + height.error();
      return end();
    }
    window_.push_back(std::move(height).value());
    window_votes_ += window_.back().seen_commit.signatures.size();
    if (window_.size() < options_.window_heights && window_votes_ < kWindowVotes) return Unit{};
    return run_window() ? Status<RecordError>(Unit{}) : end();
  }

  Status<RecordError> end() {
    is_stopped_ = true;
    return stop();
  }

  /// Runs the heights read so far; false if the replay ends here.
  bool run_window() {
    if (window_.empty()) return true;
    const DecodedHeight* before = before_ ? &*before_ : nullptr;
    warm(app_.signatures(), chain_->chain_id(), before, window_);
    check_transactions_ahead();
    for (const DecodedHeight& height : window_) {
      if (!run_height({before, &height})) return false;
      before = &height;
    }
    before_ = std::move(window_.back());
    window_.clear();
    window_votes_ = 0;
    return true;
  }

  /// Of the window's heights that will run, but for each block's first, which is no transaction.
  void check_transactions_ahead() {
    std::vector<ByteView> txs;
    for (const DecodedHeight& height : window_) {
      if (height.record.height <= held_height_) continue;
      const std::vector<Bytes>& all = height.block.txs;
      if (!all.empty()) txs.insert(txs.end(), all.begin() + 1, all.end());
    }
    app_.check_signatures_ahead(txs);
  }

  bool run_height(const Neighbours& heights) {
    const DecodedHeight& height = *heights.height;
    if (height.record.height != chain_->next_height()) {
      unusable_ = "the records are not in order: expected height " +
                  std::to_string(chain_->next_height()) + ", found " +
                  std::to_string(height.record.height);
      return false;
    }
    Comparison comparison(height.record.height);
    const engine::BlockId block_id = block_id_of(crypto_, height);
    check_block(app_.signatures(), *chain_, block_id, heights, comparison);
    const bool is_held = height.record.height <= held_height_;
    const auto result = is_held ? held_result(height, comparison) : execute(height, comparison);
    if (!unusable_.empty()) return false;
    if (!comparison.is_equal() || !result) {
      report_.differences = comparison.differences();
      return false;
    }
    return finish(height, block_id, *result);
  }

  /// The stock daemon's answer; nothing, with the reason in unusable_, if the record does not hold
  /// one.
  std::optional<app::BlockResult> recorded_answer(const records::BlockRecord& record) {
    auto answer = app::decode_finalize_response(record.finalize_block_response);
    if (answer.ok()) return std::move(answer).value();
    unusable_ = "record of height " + std::to_string(record.height) +
                ": finalize_block_response: " + std::string(codec::describe(answer.error()));
    return std::nullopt;
  }

  /// Compares a height that the home holds by its roots alone.
  std::optional<app::BlockResult> held_result(const DecodedHeight& height, Comparison& comparison) {
    auto expected = recorded_answer(height.record);
    if (!expected) return std::nullopt;
    const auto info = multistore_.commit_info(height.record.height);
    ++report_.resumed;
    if (!info.ok() || !info->has_value()) return expected;
    compare_roots(height.record, (*info)->roots, comparison);
    return expected;
  }

  std::optional<app::BlockResult> execute(const DecodedHeight& height, Comparison& comparison) {
    const engine::Header& header = height.block.header;
    auto result = app_.finalize_block({.height = header.height,
                                       .time = {header.time.seconds, header.time.nanos},
                                       .proposer = header.proposer_address,
                                       .txs = height.block.txs,
                                       .votes = height.has_carried ? &height.carried : nullptr});
    if (!result.ok()) {
      comparison.note({.rule = "execution",
                       .expected = "a result",
                       .found = "an error: " + text_of(result.error())});
      return std::nullopt;
    }
    compare_roots(height.record, result->store_roots, comparison);
    // Most answers are the recorded one to the byte; the others may differ in logs alone.
    if (app::encode_finalize_response(*result) != height.record.finalize_block_response) {
      const auto expected = recorded_answer(height.record);
      if (!expected) return std::nullopt;
      compare_response(*expected, *result, comparison);
    }
    comparison.compare("recorded app hash", ByteView(height.record.app_hash),
                       ByteView(result->app_hash));
    return std::move(result).value();
  }

  void compare_roots(const records::BlockRecord& record, const std::vector<Hash256>& roots,
                     Comparison& comparison) {
    for (const auto& [name, expected] : record.store_roots) {
      const auto id = runtime::store_by_name(name);
      if (!id) {
        comparison.note(
            {.rule = "store", .store = name, .expected = name, .found = "no such store"});
        continue;
      }
      const auto index = static_cast<std::size_t>(*id);
      if (roots[index] == expected) continue;
      if (record.height > held_height_) explain(record.height, name, index, comparison);
      comparison.note({.rule = "store root",
                       .store = name,
                       .expected = to_hex(expected),
                       .found = to_hex(roots[index])});
    }
  }

  void explain(std::int64_t height, const std::string& name, std::size_t index,
               Comparison& comparison) {
    const auto recorded = writes_.of(height, name);
    if (recorded) compare_writes(*recorded, app_.pending(), index, comparison);
  }

  bool finish(const DecodedHeight& height, const engine::BlockId& block_id,
              const app::BlockResult& result) {
    if (height.record.height > held_height_) {
      const bool is_last = &height == &window_.back();
      const auto committed =
          app_.commit(is_last ? storage::Durability::kSynced : storage::Durability::kOrdered);
      if (!committed.ok()) {
        unusable_ = text_of(committed.error());
        return false;
      }
    }
    const auto advanced = chain_->advance(block_id, result);
    if (!advanced.ok()) {
      report_.differences = {{.height = height.record.height,
                              .rule = "validator updates",
                              .expected = "changes of the validator set",
                              .found = advanced.error()}};
      return false;
    }
    ++report_.heights;
    report_.last_height = height.record.height;
    report_.transactions += height.block.txs.size();
    report_.app_hash = height.record.app_hash;
    if (progress_) progress_(report_);
    return true;
  }

  const ReplayOptions& options_;
  accel::Engine& crypto_;
  iavl::Multistore& multistore_;
  const Progress& progress_;
  std::int64_t held_height_;
  app::OfflineFacts facts_;
  app::Application app_;
  RecordedWrites writes_;
  std::optional<ChainFollower> chain_;
  std::vector<DecodedHeight> window_;
  std::size_t window_votes_ = 0;         ///< in the seen commits of the window
  std::optional<DecodedHeight> before_;  ///< the last height of the window before
  ReplayReport report_;
  std::string unusable_;
  bool is_stopped_ = false;
};

}  // namespace

RecordSource from_file(std::string path) {
  return [path = std::move(path)](const records::RecordVisitor<records::BlockRecord>& visit) {
    return records::for_each_block(path, visit);
  };
}

ReplayResult replay(const ReplayOptions& options, storage::Database& database,
                    iavl::Multistore& multistore, accel::Engine& crypto, const Progress& progress) {
  const auto replayer = std::make_unique<Replayer>(options, database, multistore, crypto, progress);
  return replayer->run();
}

}  // namespace buri::consensus::replay
