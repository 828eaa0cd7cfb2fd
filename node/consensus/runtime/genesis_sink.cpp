#include "node/consensus/runtime/genesis_sink.hpp"

namespace buri::consensus::runtime {
namespace {

constexpr std::size_t kPieceBytes = std::size_t{256} << 10;

}  // namespace

void GenesisSink::begin_array(std::string_view name) {
  text_ += '"';
  text_ += name;
  text_ += "\":[";
  is_first_ = true;
}

Status<Error> GenesisSink::next_element() {
  if (text_.size() >= kPieceBytes) RETURN_IF_ERROR(finish());
  if (!is_first_) text_ += ',';
  is_first_ = false;
  return Unit{};
}

Status<Error> GenesisSink::finish() {
  RETURN_IF_ERROR(take_(text_));
  text_.clear();
  return Unit{};
}

}  // namespace buri::consensus::runtime
