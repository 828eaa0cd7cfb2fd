#include "accel/cuda/signature_calls.cuh"

#include <algorithm>
#include <cstring>
#include <vector>

#include "accel/cuda/signature_kernels.cuh"

// Every operation is a description of its arrays and launches (RecoverCall, VerifyCall, KnownCall)
// that SignatureCall runs chunk by chunk.

namespace buri::accel::cuda {
namespace {

/// Chunk memory. On the host: input and output; on the device: the same, then the scratch.
struct CommonInput {
  BigEndian256* digest;
  BigEndian256* r;
  BigEndian256* s;

  CommonInput(Carver& carver, std::size_t count)
      : digest(carver.take<BigEndian256>(count)),
        r(carver.take<BigEndian256>(count)),
        s(carver.take<BigEndian256>(count)) {}
  void set(std::size_t i, const SignedDigest& signature) {
    std::memcpy(&digest[i], signature.digest.data(), sizeof(BigEndian256));
    std::memcpy(&r[i], signature.r.data(), sizeof(BigEndian256));
    std::memcpy(&s[i], signature.s.data(), sizeof(BigEndian256));
  }
  [[nodiscard]] SignatureArrays arrays() const { return {digest, r, s}; }
};

SignatureScratch carve_scratch(Carver& carver, std::size_t count, bool with_tables) {
  SignatureScratch scratch{};
  scratch.verdicts = carver.take<Verdict>(count);
  scratch.digits = carver.take<SumDigits>(count);
  scratch.sums = carver.take<Jacobian>(count);
  if (with_tables) {
    scratch.points = carver.take<Affine>(count);
    scratch.tables = carver.take<OddMultiples>(count);
  }
  return scratch;
}

/// What the launches of one chunk read and write, all on the device.
struct ChunkOnDevice {
  std::uint32_t count;
  bool low_s;
  SignatureScratch scratch;
  cudaStream_t stream;
};

/// First error of a sequence of launches.
template <class... Launch>
cudaError_t in_turn(Launch... launch) {
  cudaError_t error = cudaSuccess;
  static_cast<void>(((error = launch(), error == cudaSuccess) && ...));
  return error;
}

struct RecoverCall {
  static constexpr bool kTables = true;
  using Request = RecoverRequest;
  using Answer = RecoverResult;

  struct Input {
    CommonInput common;
    std::uint8_t* recovery_ids;
    Input(Carver& carver, std::size_t count)
        : common(carver, count), recovery_ids(carver.take<std::uint8_t>(count)) {}
    void set(std::size_t i, const Request& request) {
      common.set(i, request.signature);
      recovery_ids[i] = request.recovery_id;
    }
  };
  struct Output {
    Verdict* verdicts;
    RecoveredKey* keys;
    Output(Carver& carver, std::size_t count)
        : verdicts(carver.take<Verdict>(count)), keys(carver.take<RecoveredKey>(count)) {}
    void get(std::size_t i, Answer& answer) const {
      answer.status = static_cast<SignatureStatus>(verdicts[i]);
      std::memcpy(answer.public_key.data(), keys[i].key, answer.public_key.size());
      std::memcpy(answer.address.data(), keys[i].address, answer.address.size());
    }
  };

  const DeviceRow* generator_rows;

  cudaError_t launch(const ChunkOnDevice& chunk, const Input& in, const Output& out) const {
    return in_turn(
        [&] {
          return launch_recover_prepare(in.common.arrays(), in.recovery_ids, chunk.count,
                                        chunk.low_s, chunk.scratch, chunk.stream);
        },
        [&] { return launch_odd_multiples(chunk.count, chunk.scratch, chunk.stream); },
        [&] { return launch_window_sum(generator_rows, chunk.count, chunk.scratch, chunk.stream); },
        [&] {
          return launch_recover_finish(chunk.count, chunk.scratch, out.keys, out.verdicts,
                                       chunk.stream);
        });
  }
};

/// The answer of both verify operations.
struct VerdictOutput {
  Verdict* verdicts;
  VerdictOutput(Carver& carver, std::size_t count) : verdicts(carver.take<Verdict>(count)) {}
  void get(std::size_t i, SignatureStatus& answer) const {
    answer = static_cast<SignatureStatus>(verdicts[i]);
  }
};

KeyForm form_of(const PublicKey& key) {
  const std::uint8_t first = key.bytes[0];
  if (key.length == 65) return first == 4 ? KeyForm::kUncompressed : KeyForm::kBadPrefix;
  if (key.length != 33) return KeyForm::kBadLength;
  if (first == 2) return KeyForm::kEven;
  return first == 3 ? KeyForm::kOdd : KeyForm::kBadPrefix;
}

struct VerifyCall {
  static constexpr bool kTables = true;
  using Request = VerifyRequest;
  using Answer = SignatureStatus;

  struct Input {
    CommonInput common;
    BigEndian256* x;
    BigEndian256* y;
    KeyForm* form;
    Input(Carver& carver, std::size_t count)
        : common(carver, count),
          x(carver.take<BigEndian256>(count)),
          y(carver.take<BigEndian256>(count)),
          form(carver.take<KeyForm>(count)) {}
    void set(std::size_t i, const Request& request) {
      common.set(i, request.signature);
      std::memcpy(&x[i], request.key.bytes.data() + 1, sizeof(BigEndian256));
      std::memcpy(&y[i], request.key.bytes.data() + 33, sizeof(BigEndian256));
      form[i] = form_of(request.key);
    }
  };
  using Output = VerdictOutput;

  const DeviceRow* generator_rows;

  cudaError_t launch(const ChunkOnDevice& chunk, const Input& in, const Output& out) const {
    const SignatureArrays arrays = in.common.arrays();
    return in_turn(
        [&] {
          return launch_verify_prepare(arrays, {in.x, in.y, in.form}, chunk.count, chunk.low_s,
                                       chunk.scratch, chunk.stream);
        },
        [&] { return launch_odd_multiples(chunk.count, chunk.scratch, chunk.stream); },
        [&] { return launch_window_sum(generator_rows, chunk.count, chunk.scratch, chunk.stream); },
        [&] {
          return launch_verify_finish(arrays, chunk.count, chunk.scratch, out.verdicts,
                                      chunk.stream);
        });
  }
};

struct KnownCall {
  static constexpr bool kTables = false;
  using Request = KnownKeyRequest;
  using Answer = SignatureStatus;

  struct Input {
    CommonInput common;
    std::uint32_t* key_indexes;
    Input(Carver& carver, std::size_t count)
        : common(carver, count), key_indexes(carver.take<std::uint32_t>(count)) {}
    void set(std::size_t i, const Request& request) {
      common.set(i, request.signature);
      key_indexes[i] = request.key_index;
    }
  };
  using Output = VerdictOutput;

  const DeviceRow* generator_rows;
  KeySetArrays keys;

  cudaError_t launch(const ChunkOnDevice& chunk, const Input& in, const Output& out) const {
    const SignatureArrays arrays = in.common.arrays();
    return in_turn(
        [&] {
          return launch_known_prepare(arrays, in.key_indexes, keys, chunk.count, chunk.low_s,
                                      chunk.scratch, chunk.stream);
        },
        [&] {
          return launch_comb_sum(generator_rows, keys, in.key_indexes, chunk.count, chunk.scratch,
                                 chunk.stream);
        },
        [&] {
          return launch_verify_finish(arrays, chunk.count, chunk.scratch, out.verdicts,
                                      chunk.stream);
        });
  }
};

template <class Call>
LaneBytes lane_bytes(std::size_t count) {
  Carver in(nullptr);
  Carver out(nullptr);
  Carver scratch(nullptr);
  const typename Call::Input input(in, count);
  const typename Call::Output output(out, count);
  carve_scratch(scratch, count, Call::kTables);
  return {.host_input = in.used(),
          .host_output = out.used(),
          .device = in.used() + out.used() + scratch.used()};
}

/// Runs the chunks of one batch.
template <class Call>
class SignatureCall {
 public:
  using Request = typename Call::Request;
  using Answer = typename Call::Answer;

  SignatureCall(Device& device, const Call& call, std::span<const Request> requests, LowS low_s,
                std::span<Answer> answers)
      : device_(device), call_(call), requests_(requests), low_s_(low_s), answers_(answers) {}

  CallStatus run() {
    constexpr std::size_t kSample = 1024;
    const std::size_t per_item = lane_bytes<Call>(kSample).device / kSample + 1;
    const std::size_t slack = lane_bytes<Call>(1).device;
    const std::size_t budget = device_.lane_budget_bytes();
    const std::size_t affordable = budget > slack ? (budget - slack) / per_item : 0;
    per_chunk_ = std::clamp<std::size_t>(affordable, 1, device_.options().chunk_items);
    const std::size_t chunks = (requests_.size() + per_chunk_ - 1) / per_chunk_;
    return device_.pipeline(
        chunks, [this](Lane& lane, std::size_t chunk) { return enqueue(lane, chunk); },
        [this](Lane& lane, std::size_t chunk) { return harvest(lane, chunk); });
  }

  /// Which items the device left to the host.
  [[nodiscard]] const std::vector<std::size_t>& undecided() const { return undecided_; }

 private:
  [[nodiscard]] std::size_t count_of(std::size_t chunk) const {
    return std::min(per_chunk_, requests_.size() - chunk * per_chunk_);
  }

  CallStatus enqueue(Lane& lane, std::size_t chunk) {
    const std::size_t count = count_of(chunk);
    const LaneBytes bytes = lane_bytes<Call>(count);
    RETURN_IF_ERROR(device_.reserve(lane, bytes));
    Carver host(lane.host_input.data());
    typename Call::Input packed(host, count);
    for (std::size_t i = 0; i < count; ++i) packed.set(i, requests_[chunk * per_chunk_ + i]);
    Carver input_there(lane.device.data());
    const typename Call::Input input(input_there, count);
    auto* output_base = static_cast<std::byte*>(lane.device.data()) + bytes.host_input;
    Carver output_there(output_base);
    const typename Call::Output output(output_there, count);
    Carver scratch(output_base + bytes.host_output);
    const ChunkOnDevice there{static_cast<std::uint32_t>(count), low_s_ == LowS::kRequired,
                              carve_scratch(scratch, count, Call::kTables), lane.stream};
    RETURN_IF_ERROR(
        device_.check(cudaMemcpyAsync(lane.device.data(), lane.host_input.data(), bytes.host_input,
                                      cudaMemcpyHostToDevice, lane.stream)));
    RETURN_IF_ERROR(device_.check(call_.launch(there, input, output)));
    return device_.check(cudaMemcpyAsync(lane.host_output.data(), output_base, bytes.host_output,
                                         cudaMemcpyDeviceToHost, lane.stream));
  }

  CallStatus harvest(Lane& lane, std::size_t chunk) {
    const std::size_t count = count_of(chunk);
    Carver carver(lane.host_output.data());
    const typename Call::Output output(carver, count);
    for (std::size_t i = 0; i < count; ++i) {
      const std::size_t item = chunk * per_chunk_ + i;
      if (output.verdicts[i] == kUndecided) {
        undecided_.push_back(item);
      } else if (output.verdicts[i] > verdict(SignatureStatus::kMismatch)) {
        return Failure{BackendFault::kLaunchFailed};  // no kernel writes this
      } else {
        output.get(i, answers_[item]);
      }
    }
    return Unit{};
  }

  Device& device_;
  const Call& call_;
  std::span<const Request> requests_;
  LowS low_s_;
  std::span<Answer> answers_;
  std::size_t per_chunk_ = 1;
  std::vector<std::size_t> undecided_;
};

/// Runs the batch, then asks `exact(requests, answers)` about what the device left undecided.
template <class Call, class Exact>
CallStatus run_and_settle(Device& device, const Call& call,
                          std::span<const typename Call::Request> requests, LowS low_s,
                          std::span<typename Call::Answer> answers, Exact exact) {
  SignatureCall<Call> batch(device, call, requests, low_s, answers);
  RETURN_IF_ERROR(batch.run());
  for (const std::size_t item : batch.undecided())
    RETURN_IF_ERROR(exact(requests.subspan(item, 1), answers.subspan(item, 1)));
  return Unit{};
}

}  // namespace

CallStatus recover(Device& device, ResidentTables& tables, std::span<const RecoverRequest> requests,
                   LowS low_s, std::span<RecoverResult> results) {
  RETURN_IF_ERROR(device.begin_call());
  RecoverCall call{};
  ASSIGN_OR_RETURN(call.generator_rows, tables.generator_rows());
  return run_and_settle(device, call, requests, low_s, results, [&](auto some, auto answers) {
    return device.options().exact->recover(some, low_s, answers);
  });
}

CallStatus verify(Device& device, ResidentTables& tables, std::span<const VerifyRequest> requests,
                  LowS low_s, std::span<SignatureStatus> results) {
  RETURN_IF_ERROR(device.begin_call());
  VerifyCall call{};
  ASSIGN_OR_RETURN(call.generator_rows, tables.generator_rows());
  return run_and_settle(device, call, requests, low_s, results, [&](auto some, auto answers) {
    return device.options().exact->verify(some, low_s, answers);
  });
}

CallStatus verify_known(Device& device, ResidentTables& tables, const KeySet& keys,
                        std::span<const KnownKeyRequest> requests, LowS low_s,
                        std::span<SignatureStatus> results) {
  RETURN_IF_ERROR(device.begin_call());
  KnownCall call{};
  ASSIGN_OR_RETURN(call.generator_rows, tables.generator_rows());
  ASSIGN_OR_RETURN(call.keys, tables.key_set(keys));
  return run_and_settle(device, call, requests, low_s, results, [&](auto some, auto answers) {
    return device.options().exact->verify_known(keys, some, low_s, answers);
  });
}

}  // namespace buri::accel::cuda
