//! The point evaluation of EIP-4844 over blst: one pairing equation. Of the ceremony's setup it needs
//! a single point, tau * G2, so that no setup has to be loaded.

use crate::bls12_381::product_is_one;
use crate::bytes;
use blst::*;

const POINT: usize = 48;
const SCALAR: usize = 32;
const SCALAR_BITS: usize = 255;

/// tau * G2, compressed: the second G2 point of the KZG ceremony's mainnet setup.
const TAU_G2: [u8; 96] = [
    0xb5, 0xbf, 0xd7, 0xdd, 0x8c, 0xde, 0xb1, 0x28, 0x84, 0x3b, 0xc2, 0x87, 0x23, 0x0a, 0xf3, 0x89,
    0x26, 0x18, 0x70, 0x75, 0xcb, 0xfb, 0xef, 0xa8, 0x10, 0x09, 0xa2, 0xce, 0x61, 0x5a, 0xc5, 0x3d,
    0x29, 0x14, 0xe5, 0x87, 0x0c, 0xb4, 0x52, 0xd2, 0xaf, 0xaa, 0xab, 0x24, 0xf3, 0x49, 0x9f, 0x72,
    0x18, 0x5c, 0xbf, 0xee, 0x53, 0x49, 0x27, 0x14, 0x73, 0x44, 0x29, 0xb7, 0xb3, 0x86, 0x08, 0xe2,
    0x39, 0x26, 0xc9, 0x11, 0xcc, 0xec, 0xea, 0xc9, 0xa3, 0x68, 0x51, 0x47, 0x7b, 0xa4, 0xc6, 0x0b,
    0x08, 0x70, 0x41, 0xde, 0x62, 0x10, 0x00, 0xed, 0xc9, 0x8e, 0xda, 0xda, 0x20, 0xc1, 0xde, 0xf2,
];

fn read_point(input: &[u8]) -> Option<blst_p1_affine> {
    let mut point = blst_p1_affine::default();
    unsafe {
        if blst_p1_uncompress(&mut point, input.as_ptr()) != BLST_ERROR::BLST_SUCCESS {
            return None;
        }
        blst_p1_affine_in_g1(&point).then_some(point)
    }
}

/// A scalar below the group's order.
fn read_scalar(input: &[u8]) -> Option<blst_scalar> {
    let mut scalar = blst_scalar::default();
    unsafe {
        blst_scalar_from_bendian(&mut scalar, input.as_ptr());
        blst_scalar_fr_check(&scalar).then_some(scalar)
    }
}

/// a - scalar * G1.
fn minus_g1(a: &blst_p1_affine, scalar: &blst_scalar) -> blst_p1_affine {
    let mut product = blst_p1::default();
    let mut difference = blst_p1::default();
    let mut result = blst_p1_affine::default();
    unsafe {
        blst_p1_mult(&mut product, blst_p1_generator(), scalar.b.as_ptr(), SCALAR_BITS);
        blst_p1_cneg(&mut product, true);
        blst_p1_add_or_double_affine(&mut difference, &product, a);
        blst_p1_to_affine(&mut result, &difference);
    }
    result
}

/// tau * G2 - scalar * G2.
fn tau_minus_g2(scalar: &blst_scalar) -> blst_p2_affine {
    let mut tau = blst_p2_affine::default();
    let mut product = blst_p2::default();
    let mut difference = blst_p2::default();
    let mut result = blst_p2_affine::default();
    unsafe {
        let read = blst_p2_uncompress(&mut tau, TAU_G2.as_ptr());
        assert_eq!(read, BLST_ERROR::BLST_SUCCESS);
        blst_p2_mult(&mut product, blst_p2_generator(), scalar.b.as_ptr(), SCALAR_BITS);
        blst_p2_cneg(&mut product, true);
        blst_p2_add_or_double_affine(&mut difference, &product, &tau);
        blst_p2_to_affine(&mut result, &difference);
    }
    result
}

fn minus_generator_g2() -> blst_p2_affine {
    let mut negative = unsafe { *blst_p2_generator() };
    let mut result = blst_p2_affine::default();
    unsafe {
        blst_p2_cneg(&mut negative, true);
        blst_p2_to_affine(&mut result, &negative);
    }
    result
}

/// e(commitment - y * G1, -G2) * e(proof, tau * G2 - z * G2) = 1.
fn verify(commitment: &[u8], z: &[u8], y: &[u8], proof: &[u8]) -> Option<bool> {
    let (z, y) = (read_scalar(z)?, read_scalar(y)?);
    let (commitment, proof) = (read_point(commitment)?, read_point(proof)?);
    let value = (minus_g1(&commitment, &y), minus_generator_g2());
    let quotient = (proof, tau_minus_g2(&z));
    Some(product_is_one(&[value, quotient]))
}

#[no_mangle]
unsafe extern "C" fn buri_kzg_verify(
    commitment: *const u8,
    z: *const u8,
    y: *const u8,
    proof: *const u8,
) -> i32 {
    let holds = verify(
        bytes(commitment, POINT),
        bytes(z, SCALAR),
        bytes(y, SCALAR),
        bytes(proof, POINT),
    );
    i32::from(holds == Some(true))
}
