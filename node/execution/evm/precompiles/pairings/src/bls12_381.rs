//! BLS12-381 (EIP-2537) over blst.

use crate::{answer, bytes, verdict};
use blst::*;

/// A field element is padded to 64 bytes; its upper 16 are zero.
const FP: usize = 64;
const FP_ZEROS: usize = 16;
pub const G1: usize = 2 * FP;
const G2: usize = 4 * FP;
const SCALAR: usize = 32;
const SCALAR_BITS: usize = 256;
const PAIR: usize = G1 + G2;

fn read_fp(input: &[u8]) -> Option<blst_fp> {
    let (zeros, value) = input[..FP].split_at(FP_ZEROS);
    let mut element = blst_fp::default();
    let mut canonical = [0; FP - FP_ZEROS];
    // Reading reduces, so what does not come back the same was not below the modulus.
    unsafe {
        blst_fp_from_bendian(&mut element, value.as_ptr());
        blst_bendian_from_fp(canonical.as_mut_ptr(), &element);
    }
    (zeros.iter().all(|byte| *byte == 0) && canonical == *value).then_some(element)
}

fn read_fp2(input: &[u8]) -> Option<blst_fp2> {
    Some(blst_fp2 { fp: [read_fp(input)?, read_fp(&input[FP..])?] })
}

fn write_fp(element: &blst_fp, output: &mut [u8]) {
    unsafe { blst_bendian_from_fp(output[FP_ZEROS..FP].as_mut_ptr(), element) }
}

/// A point of the curve; zeros are the point at infinity.
fn read_g1(input: &[u8]) -> Option<blst_p1_affine> {
    let point = blst_p1_affine { x: read_fp(input)?, y: read_fp(&input[FP..])? };
    unsafe { (blst_p1_affine_is_inf(&point) || blst_p1_affine_on_curve(&point)).then_some(point) }
}

fn read_g2(input: &[u8]) -> Option<blst_p2_affine> {
    let point = blst_p2_affine { x: read_fp2(input)?, y: read_fp2(&input[2 * FP..])? };
    unsafe { (blst_p2_affine_is_inf(&point) || blst_p2_affine_on_curve(&point)).then_some(point) }
}

fn read_subgroup_g1(input: &[u8]) -> Option<blst_p1_affine> {
    read_g1(input).filter(|point| unsafe { blst_p1_affine_in_g1(point) })
}

fn read_subgroup_g2(input: &[u8]) -> Option<blst_p2_affine> {
    read_g2(input).filter(|point| unsafe { blst_p2_affine_in_g2(point) })
}

fn write_g1(point: &blst_p1) -> [u8; G1] {
    let mut affine = blst_p1_affine::default();
    unsafe { blst_p1_to_affine(&mut affine, point) };
    let mut output = [0; G1];
    write_fp(&affine.x, &mut output);
    write_fp(&affine.y, &mut output[FP..]);
    output
}

fn write_g2(point: &blst_p2) -> [u8; G2] {
    let mut affine = blst_p2_affine::default();
    unsafe { blst_p2_to_affine(&mut affine, point) };
    let mut output = [0; G2];
    for (i, element) in [affine.x.fp[0], affine.x.fp[1], affine.y.fp[0], affine.y.fp[1]]
        .iter()
        .enumerate()
    {
        write_fp(element, &mut output[i * FP..]);
    }
    output
}

fn g1_add(input: &[u8]) -> Option<[u8; G1]> {
    let (a, b) = (read_g1(input)?, read_g1(&input[G1..])?);
    let mut sum = blst_p1::default();
    unsafe {
        blst_p1_from_affine(&mut sum, &a);
        let left = sum;
        blst_p1_add_or_double_affine(&mut sum, &left, &b);
    }
    Some(write_g1(&sum))
}

fn g2_add(input: &[u8]) -> Option<[u8; G2]> {
    let (a, b) = (read_g2(input)?, read_g2(&input[G2..])?);
    let mut sum = blst_p2::default();
    unsafe {
        blst_p2_from_affine(&mut sum, &a);
        let left = sum;
        blst_p2_add_or_double_affine(&mut sum, &left, &b);
    }
    Some(write_g2(&sum))
}

/// Little-endian, as blst takes scalars.
fn read_scalar(input: &[u8]) -> [u8; SCALAR] {
    let mut scalar: [u8; SCALAR] = input[..SCALAR].try_into().unwrap();
    scalar.reverse();
    scalar
}

/// blst's sums want neither points at infinity nor zero scalars, which add nothing anyway.
fn g1_sum(input: &[u8]) -> Option<[u8; G1]> {
    let mut points = Vec::new();
    let mut scalars = Vec::new();
    for pair in input.chunks_exact(G1 + SCALAR) {
        let (point, scalar) = (read_subgroup_g1(pair)?, read_scalar(&pair[G1..]));
        if scalar != [0; SCALAR] && !unsafe { blst_p1_affine_is_inf(&point) } {
            points.push(point);
            scalars.push(scalar);
        }
    }
    let mut sum = blst_p1::default();
    if points.len() == 1 {
        let mut point = blst_p1::default();
        unsafe {
            blst_p1_from_affine(&mut point, &points[0]);
            blst_p1_mult(&mut sum, &point, scalars[0].as_ptr(), SCALAR_BITS);
        }
    } else if points.len() > 1 {
        let point_list = [points.as_ptr(), core::ptr::null()];
        let scalar_list = [scalars.as_ptr().cast::<u8>(), core::ptr::null()];
        unsafe {
            let bytes = blst_p1s_mult_pippenger_scratch_sizeof(points.len());
            let mut scratch = vec![0u64; bytes / 8];
            blst_p1s_mult_pippenger(
                &mut sum,
                point_list.as_ptr(),
                points.len(),
                scalar_list.as_ptr(),
                SCALAR_BITS,
                scratch.as_mut_ptr(),
            );
        }
    }
    Some(write_g1(&sum))
}

fn g2_sum(input: &[u8]) -> Option<[u8; G2]> {
    let mut points = Vec::new();
    let mut scalars = Vec::new();
    for pair in input.chunks_exact(G2 + SCALAR) {
        let (point, scalar) = (read_subgroup_g2(pair)?, read_scalar(&pair[G2..]));
        if scalar != [0; SCALAR] && !unsafe { blst_p2_affine_is_inf(&point) } {
            points.push(point);
            scalars.push(scalar);
        }
    }
    let mut sum = blst_p2::default();
    if points.len() == 1 {
        let mut point = blst_p2::default();
        unsafe {
            blst_p2_from_affine(&mut point, &points[0]);
            blst_p2_mult(&mut sum, &point, scalars[0].as_ptr(), SCALAR_BITS);
        }
    } else if points.len() > 1 {
        let point_list = [points.as_ptr(), core::ptr::null()];
        let scalar_list = [scalars.as_ptr().cast::<u8>(), core::ptr::null()];
        unsafe {
            let bytes = blst_p2s_mult_pippenger_scratch_sizeof(points.len());
            let mut scratch = vec![0u64; bytes / 8];
            blst_p2s_mult_pippenger(
                &mut sum,
                point_list.as_ptr(),
                points.len(),
                scalar_list.as_ptr(),
                SCALAR_BITS,
                scratch.as_mut_ptr(),
            );
        }
    }
    Some(write_g2(&sum))
}

fn map_to_g1(input: &[u8]) -> Option<[u8; G1]> {
    let element = read_fp(input)?;
    let mut point = blst_p1::default();
    unsafe { blst_map_to_g1(&mut point, &element, core::ptr::null()) };
    Some(write_g1(&point))
}

fn map_to_g2(input: &[u8]) -> Option<[u8; G2]> {
    let element = read_fp2(input)?;
    let mut point = blst_p2::default();
    unsafe { blst_map_to_g2(&mut point, &element, core::ptr::null()) };
    Some(write_g2(&point))
}

/// Whether the product of e(p, q) over all pairs is one.
pub fn product_is_one(pairs: &[(blst_p1_affine, blst_p2_affine)]) -> bool {
    let mut product = unsafe { *blst_fp12_one() };
    for (p, q) in pairs {
        unsafe {
            if blst_p1_affine_is_inf(p) || blst_p2_affine_is_inf(q) {
                continue;
            }
            let mut factor = blst_fp12::default();
            blst_miller_loop(&mut factor, q, p);
            let so_far = product;
            blst_fp12_mul(&mut product, &so_far, &factor);
        }
    }
    let mut result = blst_fp12::default();
    unsafe {
        blst_final_exp(&mut result, &product);
        blst_fp12_is_one(&result)
    }
}

fn pairing(input: &[u8]) -> Option<bool> {
    let mut pairs = Vec::new();
    for pair in input.chunks_exact(PAIR) {
        pairs.push((read_subgroup_g1(pair)?, read_subgroup_g2(&pair[G1..])?));
    }
    Some(product_is_one(&pairs))
}

#[no_mangle]
unsafe extern "C" fn buri_bls12_g1_add(input: *const u8, output: *mut u8) -> i32 {
    answer(g1_add(bytes(input, 2 * G1)), output)
}

#[no_mangle]
unsafe extern "C" fn buri_bls12_g2_add(input: *const u8, output: *mut u8) -> i32 {
    answer(g2_add(bytes(input, 2 * G2)), output)
}

#[no_mangle]
unsafe extern "C" fn buri_bls12_g1_sum(pairs: *const u8, count: usize, output: *mut u8) -> i32 {
    answer(g1_sum(bytes(pairs, count * (G1 + SCALAR))), output)
}

#[no_mangle]
unsafe extern "C" fn buri_bls12_g2_sum(pairs: *const u8, count: usize, output: *mut u8) -> i32 {
    answer(g2_sum(bytes(pairs, count * (G2 + SCALAR))), output)
}

#[no_mangle]
unsafe extern "C" fn buri_bls12_map_to_g1(input: *const u8, output: *mut u8) -> i32 {
    answer(map_to_g1(bytes(input, FP)), output)
}

#[no_mangle]
unsafe extern "C" fn buri_bls12_map_to_g2(input: *const u8, output: *mut u8) -> i32 {
    answer(map_to_g2(bytes(input, 2 * FP)), output)
}

#[no_mangle]
unsafe extern "C" fn buri_bls12_pairing(pairs: *const u8, count: usize) -> i32 {
    verdict(pairing(bytes(pairs, count * PAIR)))
}
