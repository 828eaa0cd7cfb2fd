#pragma once

#include <stddef.h>
#include <stdint.h>

/* The C interface of the crate beside this file. Inputs and outputs are encoded as the precompiled
 * contracts have them (EIP-196, 197, 2537, 4844), integers big-endian. No function fails otherwise
 * than by its answer; all are thread-safe; no input and output may overlap. */

#ifdef __cplusplus
extern "C" {
#endif

/* 1 if the input was a valid one and the output was written, else 0. */
int32_t buri_bn254_add(const uint8_t input[128], uint8_t output[64]);
int32_t buri_bn254_multiply(const uint8_t input[96], uint8_t output[64]);
int32_t buri_bls12_g1_add(const uint8_t input[256], uint8_t output[128]);
int32_t buri_bls12_g2_add(const uint8_t input[512], uint8_t output[256]);
/* Pairs of a point and a scalar; count is at least 1. */
int32_t buri_bls12_g1_sum(const uint8_t* pairs, size_t count, uint8_t output[128]);
int32_t buri_bls12_g2_sum(const uint8_t* pairs, size_t count, uint8_t output[256]);
int32_t buri_bls12_map_to_g1(const uint8_t input[64], uint8_t output[128]);
int32_t buri_bls12_map_to_g2(const uint8_t input[128], uint8_t output[256]);

/* 1 if the product of the pairings is one, 0 if it is not, -1 if the input is not valid. */
int32_t buri_bn254_pairing(const uint8_t* pairs, size_t count);
int32_t buri_bls12_pairing(const uint8_t* pairs, size_t count);

/* 1 if the proof shows that the committed polynomial has the value y at z, else 0. */
int32_t buri_kzg_verify(const uint8_t commitment[48], const uint8_t z[32], const uint8_t y[32],
                        const uint8_t proof[48]);

#ifdef __cplusplus
}
#endif
