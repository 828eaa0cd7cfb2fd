#include <algorithm>
#include <charconv>

#include "accel/hasher.hpp"
#include "base/hex.hpp"
#include "node/consensus/modules/bor/module.hpp"
#include "node/consensus/modules/bor/query_types.hpp"
#include "node/consensus/modules/bor/selection.hpp"
#include "node/consensus/modules/stake/keeper.hpp"

/// The queries of module bor, with the stock daemon's status codes.

namespace buri::consensus::modules::bor {
namespace {

using protocol::BorChain;
using runtime::Context;
using runtime::Error;
using runtime::QueryError;
using runtime::QueryResult;

Failure<QueryError> internal(const Error& error) {
  return Failure{QueryError{QueryError::Code::kInternal, error.log}};
}

Failure<QueryError> invalid(std::string_view text) {
  return Failure{QueryError{QueryError::Code::kInvalidArgument, std::string(text)}};
}

/// "0x" and hex whose letters are capitals where the hash of the text has a bit (EIP-55).
std::string to_checksum_hex(const Address& address) {
  std::string text = to_hex(address);
  const ByteView message = as_bytes(text);
  Hash256 hash;
  accel::scalar_hasher().keccak256_batch({&message, 1}, {&hash, 1});
  for (std::size_t i = 0; i < text.size(); ++i) {
    const int nibble = i % 2 == 0 ? hash.bytes[i / 2] >> 4 : hash.bytes[i / 2] & 0x0F;
    if (text[i] >= 'a' && nibble >= 8) text[i] = static_cast<char>(text[i] - 'a' + 'A');
  }
  return "0x" + text;
}

QueryResult<QueryLatestSpanResponse> latest_span(const Context& context,
                                                 const QueryLatestSpanRequest& /*request*/) {
  auto span = Keeper().last_span(context);
  if (!span.ok()) return internal(span.error());
  return QueryLatestSpanResponse{std::move(span).value()};
}

QueryResult<QuerySpanByIdResponse> span_by_id(const Context& context,
                                              const QuerySpanByIdRequest& request) {
  std::int64_t id = 0;
  const char* end = request.id.data() + request.id.size();
  const auto [stop, failure] = std::from_chars(request.id.data(), end, id);
  if (failure != std::errc{} || stop != end) {
    return internal(
        runtime::plain_error("strconv.Atoi: parsing \"" + request.id + "\": invalid syntax"));
  }
  auto span = Keeper().span(context, static_cast<std::uint64_t>(id));
  if (!span.ok()) return internal(span.error());
  return QuerySpanByIdResponse{std::move(span).value()};
}

QueryResult<QueryNextSpanSeedResponse> next_span_seed(const Context& context,
                                                      const QueryNextSpanSeedRequest& request,
                                                      BorChain& bor_chain) {
  const auto seed = seed_of_span(context, request.id, bor_chain);
  if (!seed.ok()) return internal(seed.error());
  return QueryNextSpanSeedResponse{"0x" + to_hex(seed->hash), to_checksum_hex(seed->author)};
}

/// The producers that the next span would have.
runtime::Outcome<Span> prepared_span(const Context& context, const QueryNextSpanRequest& request,
                                     BorChain& bor_chain) {
  ASSIGN_OR_RETURN(const Params params, Keeper().params(context));
  ASSIGN_OR_RETURN(auto set, stake::Keeper().set(context, stake::SetKind::kCurrent));
  ASSIGN_OR_RETURN(const SpanSeed seed, seed_of_span(context, request.span_id, bor_chain));
  ASSIGN_OR_RETURN(auto producers, draw_producers(context, seed.hash, set.validators));
  return Span{.id = request.span_id,
              .start_block = request.start_block,
              .end_block = request.start_block + params.span_duration - 1,
              .validator_set = std::move(set),
              .selected_producers = std::move(producers),
              .bor_chain_id = request.bor_chain_id};
}

QueryResult<QueryNextSpanResponse> next_span(const Context& context,
                                             const QueryNextSpanRequest& request,
                                             BorChain& bor_chain) {
  const auto last = Keeper().last_span(context);
  if (!last.ok()) return internal(last.error());
  if (request.span_id != last->id + 1) return invalid("invalid span id");
  if (request.start_block != last->end_block + 1) {
    return invalid("invalid start block while getting next span");
  }
  if (request.bor_chain_id != last->bor_chain_id) return invalid("invalid chain id");
  auto span = prepared_span(context, request, bor_chain);
  if (!span.ok()) return internal(span.error());
  return QueryNextSpanResponse{std::move(span).value()};
}

QueryResult<QueryParamsResponse> params(const Context& context,
                                        const QueryParamsRequest& /*request*/) {
  const auto params = Keeper().params(context);
  if (!params.ok()) return internal(params.error());
  return QueryParamsResponse{*params};
}

QueryResult<QueryProducerVotesByValidatorIdResponse> votes_by_validator(
    const Context& context, const QueryProducerVotesByValidatorIdRequest& request) {
  auto votes = Keeper().votes_of(context, request.validator_id);
  if (!votes.ok()) return internal(votes.error());
  return QueryProducerVotesByValidatorIdResponse{std::move(votes->votes)};
}

QueryResult<QueryProducerPlannedDowntimeResponse> planned_downtime(
    const Context& context, const QueryProducerPlannedDowntimeRequest& request) {
  const auto downtime = Keeper().downtime_of(context, request.producer_id);
  if (!downtime.ok()) return internal(downtime.error());
  if (*downtime) return QueryProducerPlannedDowntimeResponse{**downtime};
  return Failure{QueryError{
      QueryError::Code::kNotFound,
      "no planned downtime found for producer id " + std::to_string(request.producer_id)}};
}

constexpr std::uint64_t kMaxListedSpans = 1'000;

QueryResult<QuerySpanListResponse> span_list(const Context& context,
                                             const QuerySpanListRequest& request) {
  if (request.pagination == runtime::PageRequest{}) {
    return invalid("pagination request is empty (at least one argument must be set)");
  }
  if (request.pagination.limit == 0 || request.pagination.limit > kMaxListedSpans) {
    return invalid("limit cannot be 0 or greater than " + std::to_string(kMaxListedSpans));
  }
  auto page = span_page(context, request.pagination);
  if (!page.ok()) {
    return invalid("error in pagination; please verify the pagination params: " + page.error().log);
  }
  return QuerySpanListResponse{.span_list = std::move(page->spans), .pagination = page->response};
}

/// Of the members of the current set.
QueryResult<QueryProducerVotesResponse> all_votes(const Context& context,
                                                  const QueryProducerVotesRequest& /*request*/) {
  const auto set = stake::Keeper().set(context, stake::SetKind::kCurrent);
  if (!set.ok()) return internal(set.error());
  QueryProducerVotesResponse response;
  for (const stake::Validator& member : set->validators) {
    auto votes = Keeper().votes_of(context, member.val_id);
    if (!votes.ok()) return internal(votes.error());
    response.all_votes.push_back({member.val_id, std::move(votes).value()});
  }
  std::ranges::sort(response.all_votes, {}, &VotesEntry::key);
  return response;
}

QueryResult<QueryValidatorPerformanceScoreResponse> scores(
    const Context& context, const QueryValidatorPerformanceScoreRequest& /*request*/) {
  const auto scores = Keeper().scores(context);
  if (!scores.ok()) return internal(scores.error());
  QueryValidatorPerformanceScoreResponse response;
  for (const auto& [id, score] : *scores) {
    response.validator_performance_score.push_back({id, score});
  }
  return response;
}

}  // namespace

void register_queries(runtime::QueryRouter& router, BorChain& bor_chain) {
  const std::string service = "heimdallv2.bor.Query/";
  router.add<QueryLatestSpanRequest, QueryLatestSpanResponse>(service + "GetLatestSpan",
                                                              &latest_span);
  router.add<QuerySpanByIdRequest, QuerySpanByIdResponse>(service + "GetSpanById", &span_by_id);
  router.add<QueryNextSpanSeedRequest, QueryNextSpanSeedResponse>(
      service + "GetNextSpanSeed",
      [&bor_chain](const Context& context, const QueryNextSpanSeedRequest& request) {
        return next_span_seed(context, request, bor_chain);
      });
  router.add<QueryNextSpanRequest, QueryNextSpanResponse>(
      service + "GetNextSpan",
      [&bor_chain](const Context& context, const QueryNextSpanRequest& request) {
        return next_span(context, request, bor_chain);
      });
  router.add<QueryParamsRequest, QueryParamsResponse>(service + "GetBorParams", &params);
  router.add<QueryProducerVotesByValidatorIdRequest, QueryProducerVotesByValidatorIdResponse>(
      service + "GetProducerVotesByValidatorId", &votes_by_validator);
  router.add<QueryProducerPlannedDowntimeRequest, QueryProducerPlannedDowntimeResponse>(
      service + "GetProducerPlannedDowntime", &planned_downtime);
  router.add<QuerySpanListRequest, QuerySpanListResponse>(service + "GetSpanList", &span_list);
  router.add<QueryProducerVotesRequest, QueryProducerVotesResponse>(service + "GetProducerVotes",
                                                                    &all_votes);
  router.add<QueryValidatorPerformanceScoreRequest, QueryValidatorPerformanceScoreResponse>(
      service + "GetValidatorPerformanceScore", &scores);
}

}  // namespace buri::consensus::modules::bor
