//! The curves behind the pairing precompiles. The C interface is described in pairings.h.

mod bls12_381;
mod bn254;
mod kzg;

/// The bytes that a C caller passes. The caller promises that they are there.
unsafe fn bytes<'a>(data: *const u8, length: usize) -> &'a [u8] {
    if length == 0 {
        &[]
    } else {
        core::slice::from_raw_parts(data, length)
    }
}

/// Copies an answer out; 1 if there is one.
unsafe fn answer<const N: usize>(result: Option<[u8; N]>, output: *mut u8) -> i32 {
    match result {
        Some(value) => {
            core::ptr::copy_nonoverlapping(value.as_ptr(), output, N);
            1
        }
        None => 0,
    }
}

/// The verdict of a pairing check.
fn verdict(result: Option<bool>) -> i32 {
    match result {
        Some(holds) => i32::from(holds),
        None => -1,
    }
}
