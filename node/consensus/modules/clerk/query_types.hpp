#pragma once

#include "node/consensus/modules/clerk/types.hpp"
#include "node/consensus/runtime/pagination.hpp"

/// Requests and responses of module clerk's queries.

namespace buri::consensus::modules::clerk {

struct RecordRequest {
  std::uint64_t record_id = 0;
  static constexpr std::string_view kName = "heimdallv2.clerk.RecordRequest";
  static constexpr auto fields() {
    return fields_of(Field{1, "record_id", &RecordRequest::record_id});
  }
};
struct RecordResponse {
  EventRecord record{};
  static constexpr std::string_view kName = "heimdallv2.clerk.RecordResponse";
  static constexpr auto fields() { return fields_of(Field{1, "record", &RecordResponse::record}); }
};

struct RecordListRequest {
  std::uint64_t page = 0;  ///< from 1
  std::uint64_t limit = 0;
  static constexpr std::string_view kName = "heimdallv2.clerk.RecordListRequest";
  static constexpr auto fields() {
    return fields_of(Field{1, "page", &RecordListRequest::page},
                     Field{2, "limit", &RecordListRequest::limit});
  }
};
/// Answers the list by time too.
struct RecordListResponse {
  std::vector<EventRecord> event_records{};
  static constexpr std::string_view kName = "heimdallv2.clerk.RecordListResponse";
  static constexpr auto fields() {
    return fields_of(Field{1, "event_records", &RecordListResponse::event_records});
  }
};

struct RecordListWithTimeRequest {
  std::uint64_t from_id = 0;
  std::optional<codec::Timestamp> to_time{};  ///< exclusive
  runtime::PageRequest pagination{};          ///< key and total are not used
  static constexpr std::string_view kName = "heimdallv2.clerk.RecordListWithTimeRequest";
  static constexpr auto fields() {
    using R = RecordListWithTimeRequest;
    return fields_of(Field{1, "from_id", &R::from_id}, Field{2, "to_time", &R::to_time},
                     Field{3, "pagination", &R::pagination});
  }
};

struct RecordSequenceRequest {
  std::string tx_hash{};
  std::uint64_t log_index = 0;
  static constexpr std::string_view kName = "heimdallv2.clerk.RecordSequenceRequest";
  static constexpr auto fields() {
    return fields_of(Field{1, "tx_hash", &RecordSequenceRequest::tx_hash},
                     Field{2, "log_index", &RecordSequenceRequest::log_index});
  }
};
struct RecordSequenceResponse {
  std::uint64_t sequence = 0;
  static constexpr std::string_view kName = "heimdallv2.clerk.RecordSequenceResponse";
  static constexpr auto fields() {
    return fields_of(Field{1, "sequence", &RecordSequenceResponse::sequence});
  }
};
struct IsClerkTxOldResponse {
  bool is_old = false;
  static constexpr std::string_view kName = "heimdallv2.clerk.IsClerkTxOldResponse";
  static constexpr auto fields() {
    return fields_of(Field{1, "is_old", &IsClerkTxOldResponse::is_old});
  }
};

struct LatestRecordIdRequest {
  static constexpr std::string_view kName = "heimdallv2.clerk.LatestRecordIdRequest";
  static constexpr auto fields() { return codec::fields_of(); }
};
struct LatestRecordIdResponse {
  std::uint64_t latest_record_id = 0;  ///< on the root chain
  bool is_processed_by_heimdall = false;
  static constexpr std::string_view kName = "heimdallv2.clerk.LatestRecordIdResponse";
  static constexpr auto fields() {
    using R = LatestRecordIdResponse;
    return fields_of(Field{1, "latest_record_id", &R::latest_record_id},
                     Field{2, "is_processed_by_heimdall", &R::is_processed_by_heimdall});
  }
};

struct RecordCountRequest {
  static constexpr std::string_view kName = "heimdallv2.clerk.RecordCountRequest";
  static constexpr auto fields() { return codec::fields_of(); }
};
struct RecordCountResponse {
  std::uint64_t count = 0;
  static constexpr std::string_view kName = "heimdallv2.clerk.RecordCountResponse";
  static constexpr auto fields() {
    return fields_of(Field{1, "count", &RecordCountResponse::count});
  }
};

}  // namespace buri::consensus::modules::clerk
