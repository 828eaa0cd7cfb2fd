#include "tests/unit/accel/crafted_signatures.hpp"

#include <algorithm>

namespace buri::accel {
namespace {

using slow::Integer;

Integer mod_n(const Integer& value) {
  const Integer rest = value % slow::group_order();
  return rest < 0 ? rest + slow::group_order() : rest;
}

Integer inverse_mod_n(const Integer& value) {
  return powm(value, Integer(slow::group_order() - 2), slow::group_order());
}

const Integer& lambda() {
  static const Integer value("0x5363ad4cc05c30e0a5261c028812645a122e22ea20816678df02967c1b23bd72");
  return value;
}

PublicKey encode(const slow::Point& point) {
  PublicKey key;
  key.length = 65;
  key.bytes[0] = 4;
  std::copy_n(slow::to_bytes(point->x).data(), 32, key.bytes.data() + 1);
  std::copy_n(slow::to_bytes(point->y).data(), 32, key.bytes.data() + 33);
  return key;
}

/// A multiplier with its multiple of G.
struct Known {
  Integer multiplier;
  slow::Point point;
};

std::vector<Known> special_multiples() {
  std::vector<Known> known;
  const Integer one = 1;
  for (const Integer& k : {one, mod_n(-one), lambda(), mod_n(-lambda()), mod_n(lambda() * lambda()),
                           Integer(2), inverse_mod_n(2)}) {
    known.push_back({k, slow::multiply(k, slow::generator())});
  }
  return known;
}

RecoverRequest request(const Known& nonce, const Integer& digest, const Integer& s) {
  RecoverRequest result;
  result.signature = {slow::to_bytes(digest), slow::to_bytes(mod_n(nonce.point->x)),
                      slow::to_bytes(s)};
  result.recovery_id = static_cast<std::uint8_t>((nonce.point->y % 2 == 1 ? 1 : 0) +
                                                 (nonce.point->x >= slow::group_order() ? 2 : 0));
  return result;
}

/// Signs: s = (digest + r key) / nonce. Nothing when s is 0.
void add_signature(const Known& key, const Known& nonce, const Integer& digest,
                   std::vector<Crafted>& list) {
  const Integer r = mod_n(nonce.point->x);
  const Integer s = mod_n((digest + r * key.multiplier) * inverse_mod_n(nonce.multiplier));
  if (s == 0) return;
  Crafted crafted;
  crafted.recover = request(nonce, digest, s);
  crafted.verify = {crafted.recover.signature, encode(key.point)};
  list.push_back(crafted);
}

/// digest G = s R, so that the recovered key is infinity; against `key` it is some mismatch.
void add_infinite_key(const Known& nonce, const Integer& digest, const Known& key,
                      std::vector<Crafted>& list) {
  Crafted crafted;
  crafted.recover = request(nonce, digest, mod_n(digest * inverse_mod_n(nonce.multiplier)));
  crafted.recovered = SignatureStatus::kInfinity;
  crafted.verify = {crafted.recover.signature, encode(key.point)};
  crafted.verified = SignatureStatus::kMismatch;
  list.push_back(crafted);
}

/// digest = -r key: verification adds up to infinity whatever s is. Recovery finds another key.
void add_infinite_sum(const Known& key, const Known& nonce, std::vector<Crafted>& list) {
  Crafted crafted;
  crafted.recover = request(nonce, mod_n(-nonce.point->x * key.multiplier), 12345);
  crafted.verify = {crafted.recover.signature, encode(key.point)};
  crafted.verified = SignatureStatus::kMismatch;
  list.push_back(crafted);
}

/// r below p - n that stands for x = r + n: the recovered key must then verify.
void add_wrapped_x(std::vector<Crafted>& list) {
  for (Integer r = 1; r < 12; ++r) {
    for (const bool odd : {false, true}) {
      const slow::Point nonce = slow::lift_x(r + slow::group_order(), odd);
      if (!nonce) continue;
      Crafted crafted;
      crafted.recover = request({0, nonce}, 777, 4242);
      const slow::Point key = slow::multiply(
          inverse_mod_n(r), slow::add(slow::multiply(4242, nonce),
                                      slow::multiply(mod_n(Integer(-777)), slow::generator())));
      crafted.verify = {crafted.recover.signature, encode(key)};
      list.push_back(crafted);
    }
  }
}

std::vector<Crafted> make_crafted_signatures() {
  std::vector<Crafted> list;
  const std::vector<Known> known = special_multiples();
  for (const Known& key : known) {
    for (const Known& nonce : known) {
      const Integer equal = mod_n(nonce.point->x * key.multiplier);
      for (const Integer& digest :
           {Integer(0), equal, mod_n(equal * lambda()), mod_n(-equal * lambda())}) {
        add_signature(key, nonce, digest, list);
      }
      add_infinite_sum(key, nonce, list);
    }
    add_infinite_key(key, 991, known[0], list);
  }
  add_wrapped_x(list);
  return list;
}

}  // namespace

const std::vector<Crafted>& crafted_signatures() {
  static const std::vector<Crafted> list = make_crafted_signatures();
  return list;
}

}  // namespace buri::accel
