#pragma once

#include <algorithm>
#include <vector>

#include "accel/curve/inverse.hpp"
#include "accel/generator_table.hpp"
#include "accel/scalar/affine_sums.hpp"
#include "accel/scalar/batch.hpp"
#include "accel/scalar/keccak256.hpp"
#include "accel/scalar/multiply.hpp"
#include "accel/scalar/public_key.hpp"
#include "accel/scalar/single.hpp"
#include "accel/signature_rules.hpp"

/// The batch operations as templates over the field. A batch is cut into chunks that fit the
/// second-level cache; within a chunk all inversions are shared. Items that break a rule leave
/// early; items that meet an exceptional pair of points are decided by libsecp256k1.

namespace buri::accel::scalar {

using curve::Uint256;

/// Items worked on together: at this size the shared inversions cost about 1 % of recover, and the
/// tables and sums of a chunk (0.8 MiB) fit a second-level cache of 1 MiB.
inline constexpr std::size_t kChunk = 256;

/// One item of a chunk that has passed the rules on its numbers.
struct ChunkItem {
  std::size_t index;  ///< in the caller's spans
  SignatureNumbers numbers;
  curve::OddSplit generator_split;  ///< of the multiplier of G
  curve::OddSplit point_split;      ///< of the multiplier of R or the key
};

/// Memory and steps that the three operations share. Not thread-safe: one per call.
template <curve::Field F>
class Chunk {
 public:
  using Point = curve::AffinePoint<F>;
  std::vector<ChunkItem> items;
  Multiplier<F> multiplier;
  AffineSums<F> sums;
  SharedInversion<F> inversion;
  std::vector<curve::JacobianPoint<F>> totals;

  /// Sets the splits of every item to those of (digest / d) and (other / d) mod n. The divisor d is
  /// s and other is r to verify; d is -r and other is -s to recover.
  template <bool kRecover>
  void split_multipliers() {
    divisors_.clear();
    for (const ChunkItem& item : items) {
      divisors_.push_back(kRecover ? negate_mod_n(item.numbers.r) : item.numbers.s);
    }
    products_.resize(items.size());
    curve::batch_invert_mod_n(divisors_.data(), products_.data(), items.size());
    for (std::size_t i = 0; i < items.size(); ++i) {
      ChunkItem& item = items[i];
      const Uint256 other = kRecover ? negate_mod_n(item.numbers.s) : item.numbers.r;
      item.generator_split = curve::split_odd(curve::mul_mod_n(item.numbers.digest, divisors_[i]));
      item.point_split = curve::split_odd(curve::mul_mod_n(other, divisors_[i]));
    }
  }

  /// Sets totals[i] to (multiplier of G) G + (multiplier of the base point) base; z = 0 mod p when
  /// an exceptional pair was met.
  void add_up_totals() {
    using Shape = curve::GeneratorComb;
    const std::span<const AffineRow> rows = generator_rows();
    sums.reset(items.size(), Shape::kWindows);
    for (std::size_t i = 0; i < items.size(); ++i) {
      sums.template gather<Shape>(i, 0, items[i].generator_split, rows);
    }
    sums.add_up();
    multiplier.build_tables();
    totals.resize(items.size());
    for (std::size_t i = 0; i < items.size(); i += 2) {
      // An odd one out is multiplied beside itself.
      const std::size_t last = std::min(i + 1, items.size() - 1);
      const auto products =
          multiplier.multiply({{{i, items[i].point_split}, {last, items[last].point_split}}});
      add_to_generator_part(i, products[0]);
      add_to_generator_part(last, products[1]);
    }
  }

 private:
  void add_to_generator_part(std::size_t item, const curve::JacobianPoint<F>& product) {
    totals[item] = curve::add_mixed<F>(product, sums.sum(item));
    if (sums.failed(item)) totals[item].z = F::constant({{0, 0, 0, 0}});
  }

  std::vector<Uint256> divisors_;
  std::vector<Uint256> products_;
};

/// Reads the requests and lifts their x-coordinates, two at a time: chunk.items become the requests
/// whose R is a point, with R as their base; the others get their status.
template <curve::Field F>
void lift_nonces(Chunk<F>& chunk, std::span<const RecoverRequest> requests, LowS low_s,
                 std::span<RecoverResult> results) {
  using Pair = PairField<F>;
  chunk.items.clear();
  chunk.multiplier.reset(requests.size());
  for (std::size_t i = 0; i < requests.size(); ++i) {
    results[i] = {};
    ChunkItem item{i, {}, {}, {}};
    auto& x = chunk.multiplier.base(chunk.items.size()).x;
    results[i].status = read_recovery(requests[i], low_s, item.numbers, x);
    if (results[i].status == SignatureStatus::kOk) chunk.items.push_back(item);
  }
  const std::size_t count = chunk.items.size();
  std::size_t lifted = 0;
  for (std::size_t i = 0; i < count; i += 2) {
    const std::size_t last = std::min(i + 1, count - 1);
    const typename Pair::Element x{{chunk.multiplier.base(i).x, chunk.multiplier.base(last).x}};
    const auto roots = curve::square_root<Pair>(curve::curve_right_side<Pair>(x));
    for (std::size_t lane = 0; lane <= last - i; ++lane) {
      const ChunkItem item = chunk.items[i + lane];
      const bool odd = (requests[item.index].recovery_id & 1) != 0;
      if (lift_with_root<F>(x.lane[lane], roots.lane[lane], odd, chunk.multiplier.base(lifted))) {
        chunk.items[lifted++] = item;
      } else {
        results[item.index].status = SignatureStatus::kNotOnCurve;
      }
    }
  }
  chunk.items.resize(lifted);
}

template <curve::Field F>
void recover_chunk(Chunk<F>& chunk, std::span<const RecoverRequest> requests, LowS low_s,
                   std::span<RecoverResult> results) {
  lift_nonces<F>(chunk, requests, low_s, results);
  chunk.multiplier.reset(chunk.items.size());
  chunk.template split_multipliers<true>();
  chunk.add_up_totals();

  chunk.inversion.reset(chunk.items.size());
  for (std::size_t i = chunk.items.size(); i-- > 0;) chunk.inversion.push(chunk.totals[i].z);
  chunk.inversion.invert();
  for (std::size_t i = 0; i < chunk.items.size(); ++i) {
    const std::size_t index = chunk.items[i].index;
    RecoverResult& result = results[index];
    const auto z_inverse = chunk.inversion.pop();
    if (F::is_zero(chunk.totals[i].z)) {
      result = recover_single(requests[index], low_s);
      continue;
    }
    const auto key = curve::to_affine<F>(chunk.totals[i], z_inverse);
    curve::to_big_endian(F::normalize(key.x), result.public_key.data());
    curve::to_big_endian(F::normalize(key.y), result.public_key.data() + 32);
    Hash256 hash;
    keccak256(result.public_key, hash);
    std::copy_n(hash.data() + 12, 20, result.address.data());
  }
}

/// True when the point's x is r mod n, without leaving Jacobian coordinates.
template <curve::Field F>
bool has_x(const curve::JacobianPoint<F>& point, const Uint256& r) {
  const auto zz = F::sqr(point.z);
  const auto is = [&](const Uint256& x) {
    return F::is_zero(F::template sub<1>(F::mul(F::constant(x), zz), point.x));
  };
  if (is(r)) return true;
  Uint256 wrapped;
  if (!less(r, curve::prime_minus_order())) return false;
  add_carry(r, curve::group_order(), wrapped);
  return is(wrapped);
}

template <curve::Field F>
void verify_chunk(Chunk<F>& chunk, std::span<const VerifyRequest> requests, LowS low_s,
                  std::span<SignatureStatus> results) {
  chunk.items.clear();
  chunk.multiplier.reset(requests.size());
  for (std::size_t i = 0; i < requests.size(); ++i) {
    ChunkItem item{i, {}, {}, {}};
    const SignatureStatus key_status =
        decode_key<F>(requests[i].key, chunk.multiplier.base(chunk.items.size()));
    const SignatureStatus numbers_status =
        read_signature(requests[i].signature, low_s, item.numbers);
    results[i] = first_broken(key_status, numbers_status);
    if (results[i] == SignatureStatus::kOk) chunk.items.push_back(item);
  }
  chunk.multiplier.reset(chunk.items.size());
  chunk.template split_multipliers<false>();
  chunk.add_up_totals();
  for (std::size_t i = 0; i < chunk.items.size(); ++i) {
    const ChunkItem& item = chunk.items[i];
    if (F::is_zero(chunk.totals[i].z)) {
      results[item.index] = verify_single(requests[item.index], low_s);
    } else if (!has_x<F>(chunk.totals[i], item.numbers.r)) {
      results[item.index] = SignatureStatus::kMismatch;
    }
  }
}

/// Sets chunk.items to the requests that break no rule on their numbers or key, chunk.sums to their
/// u1 G + u2 key, and hands every request's status so far to `set_status(index, status)`.
template <curve::Field F, class SetStatus>
void sum_known_chunk(Chunk<F>& chunk, const KeySet& keys, std::span<const KnownKeyRequest> requests,
                     LowS low_s, const SetStatus& set_status) {
  using curve::GeneratorComb;
  chunk.items.clear();
  for (std::size_t i = 0; i < requests.size(); ++i) {
    ChunkItem item{i, {}, {}, {}};
    const std::uint32_t key = requests[i].key_index;
    const SignatureStatus key_status =
        key < keys.size() ? keys.key_status(key) : SignatureStatus::kBadLength;
    const SignatureStatus numbers_status =
        read_signature(requests[i].signature, low_s, item.numbers);
    const SignatureStatus status = first_broken(key_status, numbers_status);
    set_status(i, status);
    if (status == SignatureStatus::kOk) chunk.items.push_back(item);
  }
  chunk.template split_multipliers<false>();

  chunk.sums.reset(chunk.items.size(), GeneratorComb::kWindows + CombShape::kWindows);
  for (std::size_t i = 0; i < chunk.items.size(); ++i) {
    const ChunkItem& item = chunk.items[i];
    chunk.sums.template gather<CombShape>(i, 0, item.point_split,
                                          keys.rows(requests[item.index].key_index));
    chunk.sums.template gather<GeneratorComb>(i, CombShape::kWindows, item.generator_split,
                                              generator_rows());
  }
  chunk.sums.add_up();
}

template <curve::Field F>
void verify_known_chunk(Chunk<F>& chunk, const KeySet& keys,
                        std::span<const KnownKeyRequest> requests, LowS low_s,
                        std::span<SignatureStatus> results) {
  sum_known_chunk<F>(chunk, keys, requests, low_s,
                     [&](std::size_t i, SignatureStatus status) { results[i] = status; });
  for (std::size_t i = 0; i < chunk.items.size(); ++i) {
    const ChunkItem& item = chunk.items[i];
    if (chunk.sums.failed(i)) {
      results[item.index] = verify_known_single(keys, requests[item.index], low_s);
    } else if (curve::reduce_mod_n(F::normalize(chunk.sums.sum(i).x)) != item.numbers.r) {
      results[item.index] = SignatureStatus::kMismatch;
    }
  }
}

/// The sum is the nonce's point R itself: its x says whether the signature is good, the parity of
/// its y is the recovery id. No id where x is not r (SEC 1's ids 2 and 3 included).
template <curve::Field F>
void known_recovery_chunk(Chunk<F>& chunk, const KeySet& keys,
                          std::span<const KnownKeyRequest> requests, LowS low_s,
                          std::span<KnownRecovery> results) {
  sum_known_chunk<F>(chunk, keys, requests, low_s, [&](std::size_t i, SignatureStatus status) {
    results[i] = status == SignatureStatus::kOk ? KnownRecovery::kUndecided : KnownRecovery::kNone;
  });
  for (std::size_t i = 0; i < chunk.items.size(); ++i) {
    const ChunkItem& item = chunk.items[i];
    if (chunk.sums.failed(i)) continue;
    const auto& nonce = chunk.sums.sum(i);
    const bool good = F::normalize(nonce.x) == item.numbers.r;
    const bool odd = (F::normalize(nonce.y).limb[0] & 1) != 0;
    results[item.index] =
        !good ? KnownRecovery::kNone : (odd ? KnownRecovery::kOne : KnownRecovery::kZero);
  }
}

/// Calls `work(first, count)` for every chunk of `size` items.
template <class Work>
void for_each_chunk(std::size_t size, const Work& work) {
  for (std::size_t first = 0; first < size; first += kChunk) {
    work(first, std::min(kChunk, size - first));
  }
}

/// The operations over field F, for the table of the unit that instantiates it.
template <curve::Field F>
constexpr BatchFunctions batch_functions() {
  return {
      [](std::span<const RecoverRequest> requests, LowS low_s, std::span<RecoverResult> results) {
        Chunk<F> chunk;
        for_each_chunk(requests.size(), [&](std::size_t first, std::size_t count) {
          recover_chunk<F>(chunk, requests.subspan(first, count), low_s,
                           results.subspan(first, count));
        });
      },
      [](std::span<const VerifyRequest> requests, LowS low_s, std::span<SignatureStatus> results) {
        Chunk<F> chunk;
        for_each_chunk(requests.size(), [&](std::size_t first, std::size_t count) {
          verify_chunk<F>(chunk, requests.subspan(first, count), low_s,
                          results.subspan(first, count));
        });
      },
      [](const KeySet& keys, std::span<const KnownKeyRequest> requests, LowS low_s,
         std::span<SignatureStatus> results) {
        Chunk<F> chunk;
        for_each_chunk(requests.size(), [&](std::size_t first, std::size_t count) {
          verify_known_chunk<F>(chunk, keys, requests.subspan(first, count), low_s,
                                results.subspan(first, count));
        });
      },
      [](const KeySet& keys, std::span<const KnownKeyRequest> requests, LowS low_s,
         std::span<KnownRecovery> results) {
        Chunk<F> chunk;
        for_each_chunk(requests.size(), [&](std::size_t first, std::size_t count) {
          known_recovery_chunk<F>(chunk, keys, requests.subspan(first, count), low_s,
                                  results.subspan(first, count));
        });
      },
  };
}

}  // namespace buri::accel::scalar
