#pragma once

#include <string>

/// What this machine's processor can do, read once from cpuid (and XGETBV for the wide registers).

namespace buri::accel {

struct CpuFeatures {
  std::string model;         ///< brand string, trimmed
  bool bmi2_adx = false;     ///< BMI1, BMI2 and ADX: andn, rorx, mulx, adcx, adox
  bool avx2 = false;         ///< AVX2, FMA and BMI2, and the OS saves ymm
  bool avx512_ifma = false;  ///< F, DQ, BW, VL, IFMA, VBMI and bmi2_adx, and the OS saves zmm
  bool sha_ni = false;
};

/// The features of the processor this runs on. Thread-safe.
const CpuFeatures& cpu_features();

}  // namespace buri::accel
