//! BN254 (EIP-196, EIP-197) over arkworks.

use crate::{answer, bytes, verdict};
use ark_bn254::{Bn254, Fq, Fq2, G1Affine, G1Projective, G2Affine};
use ark_ec::{pairing::Pairing, AffineRepr, CurveGroup};
use ark_ff::{BigInt, BigInteger, One, PrimeField};

const WORD: usize = 32;
const G1: usize = 64;
const PAIR: usize = 192;

fn read_integer(word: &[u8]) -> BigInt<4> {
    let mut limbs = [0u64; 4];
    for (limb, chunk) in limbs.iter_mut().zip(word.rchunks_exact(8)) {
        *limb = u64::from_be_bytes(chunk.try_into().unwrap());
    }
    BigInt::new(limbs)
}

/// A field element below the modulus.
fn read_fq(word: &[u8]) -> Option<Fq> {
    Fq::from_bigint(read_integer(word))
}

/// The imaginary part stands first.
fn read_fq2(words: &[u8]) -> Option<Fq2> {
    Some(Fq2::new(read_fq(&words[WORD..])?, read_fq(&words[..WORD])?))
}

/// A point of the curve; two zeros are the point at infinity. The group is the whole curve.
fn read_g1(input: &[u8]) -> Option<G1Affine> {
    let (x, y) = (read_fq(&input[..WORD])?, read_fq(&input[WORD..G1])?);
    if x == Fq::from(0u64) && y == Fq::from(0u64) {
        return Some(G1Affine::zero());
    }
    let point = G1Affine::new_unchecked(x, y);
    point.is_on_curve().then_some(point)
}

/// A point of the curve's subgroup of prime order.
fn read_g2(input: &[u8]) -> Option<G2Affine> {
    let (x, y) = (read_fq2(&input[..2 * WORD])?, read_fq2(&input[2 * WORD..4 * WORD])?);
    if x == Fq2::default() && y == Fq2::default() {
        return Some(G2Affine::zero());
    }
    let point = G2Affine::new_unchecked(x, y);
    (point.is_on_curve() && point.is_in_correct_subgroup_assuming_on_curve()).then_some(point)
}

fn write_g1(point: G1Projective) -> [u8; G1] {
    let mut output = [0; G1];
    if let Some((x, y)) = point.into_affine().xy() {
        output[..WORD].copy_from_slice(&x.into_bigint().to_bytes_be());
        output[WORD..].copy_from_slice(&y.into_bigint().to_bytes_be());
    }
    output
}

fn add(input: &[u8]) -> Option<[u8; G1]> {
    Some(write_g1(read_g1(&input[..G1])? + read_g1(&input[G1..])?))
}

fn multiply(input: &[u8]) -> Option<[u8; G1]> {
    let point = read_g1(&input[..G1])?;
    Some(write_g1(point.mul_bigint(read_integer(&input[G1..]))))
}

fn pairing(input: &[u8]) -> Option<bool> {
    let mut left = Vec::new();
    let mut right = Vec::new();
    for pair in input.chunks_exact(PAIR) {
        let (p, q) = (read_g1(pair)?, read_g2(&pair[G1..])?);
        if !p.is_zero() && !q.is_zero() {
            left.push(p);
            right.push(q);
        }
    }
    Some(Bn254::multi_pairing(left, right).0.is_one())
}

#[no_mangle]
unsafe extern "C" fn buri_bn254_add(input: *const u8, output: *mut u8) -> i32 {
    answer(add(bytes(input, 2 * G1)), output)
}

#[no_mangle]
unsafe extern "C" fn buri_bn254_multiply(input: *const u8, output: *mut u8) -> i32 {
    answer(multiply(bytes(input, G1 + WORD)), output)
}

#[no_mangle]
unsafe extern "C" fn buri_bn254_pairing(pairs: *const u8, count: usize) -> i32 {
    verdict(pairing(bytes(pairs, count * PAIR)))
}
