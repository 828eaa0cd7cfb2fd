#pragma once

#include <cstdint>

#include "accel/signature.hpp"

/// Fixed questions and answers for the start-up test of every backend: each status at least once,
/// edge scalars and r + n. The answers were computed
/// with plain integers in Python, independent of any library; the unit test of the scalar backend
/// confirms them with libsecp256k1.

namespace buri::accel::known_answers {

/// Numbers are 32 bytes of hex; key and address are empty unless some answer is kOk.
struct RecoverVector {
  const char* digest;
  const char* r;
  const char* s;
  std::uint8_t recovery_id;
  SignatureStatus low_s_required;
  SignatureStatus low_s_any;
  const char* public_key;
  const char* address;
};

inline constexpr RecoverVector kRecover[] = {
    {"44d09f3d38c20ebb55bab91cd20b52cfd8aaa1f6d2b6c1ba5e97f5f843c901ee",
     "39494842223fb94e4fecadb81b98d442e9abf5d6696d57266648149e34d2c4c6",
     "6816775c2302372a41548e45c96f0a924deaf887c4bd2933883394f276c75ce2", 0, SignatureStatus::kOk,
     SignatureStatus::kOk,
     "3251b2522b766dc99eeb07389b838fa142971afe550b3a09fee0ded379ebef93"
     "6b8164b4b9e3c4bfb509df5a46d441f3266e3c1d4510311da45cc361664e82a6",
     "efb7bdef3f4cb9a1120faccdb2acba3003a822df"},
    {"5747d1dfafee23750b62aff1f0a3117a2a8ff4e9e1482dc5e06b6ca7cc906e10",
     "902a477250a7695de17983de31cec9b69f3c90392b464fec9dc5768ba3260d04",
     "4fdcdd6ca85109cf8223c8aef5e4a9d19c9bf864d8e5be41218ef90d58b623be", 1, SignatureStatus::kOk,
     SignatureStatus::kOk,
     "0e745831c32736f0ee9f0d47bd2691d4f51a676213956ecf78ddb7b2fbc4eebd"
     "3818a56acc045b073a31839892a2577181f68db19d65a1b66b9fee75dcf452d0",
     "5e51694b671e70072210ab38f4e13357e53f7d04"},
    {"e945af39de42a8dbfc90d5c512be05178a86387f6757d34297d3c89b151d1f66",
     "105fc618015181f2cc2ece7d6da38164c0eb864e9f3f48452dc9d98cf540c9f5",
     "0d06aa1d1ca050a657debfc8cf82b3e0e7e18cc33fcebe30cf518b91a264b13e", 1, SignatureStatus::kOk,
     SignatureStatus::kOk,
     "9dec25c5a08554bd99600b570b7a3526913cf88e62be191c68dd53a620eef5fe"
     "4bb7dcabc44e6126d6e968840e55180db9ebbef2717d043af5d37f012bceb790",
     "21b6c3ebcf52d248ddde68105ad03d9eb510457f"},
    {"bb27675edc69c097d76f4676980d5af781dd4c8dafe721702833c45b08cfd026",
     "85102cfe3b4d6c52b29cd41fabf513a733d229944cd7139b501e39afeb698b64",
     "2c74b78affe5ecde7edabaa65b8185e4772b29ca29b63e4265ff48a27c77aab8", 0, SignatureStatus::kOk,
     SignatureStatus::kOk,
     "3251b2522b766dc99eeb07389b838fa142971afe550b3a09fee0ded379ebef93"
     "6b8164b4b9e3c4bfb509df5a46d441f3266e3c1d4510311da45cc361664e82a6",
     "efb7bdef3f4cb9a1120faccdb2acba3003a822df"},
    {"ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
     "f01d6b9018ab421dd410404cb869072065522bf85734008f105cf385a023a80f",
     "4253b32c67540c7a10591e9d1ef0f8dfccdb1f625675c1243810c774636e9a28", 1, SignatureStatus::kOk,
     SignatureStatus::kOk,
     "0e745831c32736f0ee9f0d47bd2691d4f51a676213956ecf78ddb7b2fbc4eebd"
     "3818a56acc045b073a31839892a2577181f68db19d65a1b66b9fee75dcf452d0",
     "5e51694b671e70072210ab38f4e13357e53f7d04"},
    {"0000000000000000000000000000000000000000000000000000000000000000",
     "e1fe434d345bf33083abb6280f4f44ac5fb22934977813c20c015f2b43d3fab8",
     "2b83ea623a85cc06ba8c10c446fb3a04b1fe61e246b6e1650cfc3b6d59d2ae9e", 0, SignatureStatus::kOk,
     SignatureStatus::kOk,
     "9dec25c5a08554bd99600b570b7a3526913cf88e62be191c68dd53a620eef5fe"
     "4bb7dcabc44e6126d6e968840e55180db9ebbef2717d043af5d37f012bceb790",
     "21b6c3ebcf52d248ddde68105ad03d9eb510457f"},
    {"44d09f3d38c20ebb55bab91cd20b52cfd8aaa1f6d2b6c1ba5e97f5f843c901ee",
     "39494842223fb94e4fecadb81b98d442e9abf5d6696d57266648149e34d2c4c6",
     "97e988a3dcfdc8d5beab71ba3690f56c6cc3e45eea8b7708379ec99a596ee45f", 1, SignatureStatus::kHighS,
     SignatureStatus::kOk,
     "3251b2522b766dc99eeb07389b838fa142971afe550b3a09fee0ded379ebef93"
     "6b8164b4b9e3c4bfb509df5a46d441f3266e3c1d4510311da45cc361664e82a6",
     "efb7bdef3f4cb9a1120faccdb2acba3003a822df"},
    {"44d09f3d38c20ebb55bab91cd20b52cfd8aaa1f6d2b6c1ba5e97f5f843c901ee",
     "0000000000000000000000000000000000000000000000000000000000000000",
     "6816775c2302372a41548e45c96f0a924deaf887c4bd2933883394f276c75ce2", 0,
     SignatureStatus::kBadRange, SignatureStatus::kBadRange,
     ""
     "",
     ""},
    {"44d09f3d38c20ebb55bab91cd20b52cfd8aaa1f6d2b6c1ba5e97f5f843c901ee",
     "39494842223fb94e4fecadb81b98d442e9abf5d6696d57266648149e34d2c4c6",
     "0000000000000000000000000000000000000000000000000000000000000000", 0,
     SignatureStatus::kBadRange, SignatureStatus::kBadRange,
     ""
     "",
     ""},
    {"44d09f3d38c20ebb55bab91cd20b52cfd8aaa1f6d2b6c1ba5e97f5f843c901ee",
     "fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141",
     "6816775c2302372a41548e45c96f0a924deaf887c4bd2933883394f276c75ce2", 0,
     SignatureStatus::kBadRange, SignatureStatus::kBadRange,
     ""
     "",
     ""},
    {"44d09f3d38c20ebb55bab91cd20b52cfd8aaa1f6d2b6c1ba5e97f5f843c901ee",
     "39494842223fb94e4fecadb81b98d442e9abf5d6696d57266648149e34d2c4c6",
     "fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141", 0,
     SignatureStatus::kBadRange, SignatureStatus::kBadRange,
     ""
     "",
     ""},
    {"44d09f3d38c20ebb55bab91cd20b52cfd8aaa1f6d2b6c1ba5e97f5f843c901ee",
     "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
     "6816775c2302372a41548e45c96f0a924deaf887c4bd2933883394f276c75ce2", 0,
     SignatureStatus::kBadRange, SignatureStatus::kBadRange,
     ""
     "",
     ""},
    {"44d09f3d38c20ebb55bab91cd20b52cfd8aaa1f6d2b6c1ba5e97f5f843c901ee",
     "39494842223fb94e4fecadb81b98d442e9abf5d6696d57266648149e34d2c4c6",
     "6816775c2302372a41548e45c96f0a924deaf887c4bd2933883394f276c75ce2", 4,
     SignatureStatus::kBadRange, SignatureStatus::kBadRange,
     ""
     "",
     ""},
    {"44d09f3d38c20ebb55bab91cd20b52cfd8aaa1f6d2b6c1ba5e97f5f843c901ee",
     "39494842223fb94e4fecadb81b98d442e9abf5d6696d57266648149e34d2c4c6",
     "6816775c2302372a41548e45c96f0a924deaf887c4bd2933883394f276c75ce2", 2,
     SignatureStatus::kNotOnCurve, SignatureStatus::kNotOnCurve,
     ""
     "",
     ""},
    {"44d09f3d38c20ebb55bab91cd20b52cfd8aaa1f6d2b6c1ba5e97f5f843c901ee",
     "39494842223fb94e4fecadb81b98d442e9abf5d6696d57266648149e34d2c4c7",
     "6816775c2302372a41548e45c96f0a924deaf887c4bd2933883394f276c75ce2", 0,
     SignatureStatus::kNotOnCurve, SignatureStatus::kNotOnCurve,
     ""
     "",
     ""},
    {"44d09f3d38c20ebb55bab91cd20b52cfd8aaa1f6d2b6c1ba5e97f5f843c901ee",
     "0000000000000000000000000000000000000000000000000000000000000002",
     "6816775c2302372a41548e45c96f0a924deaf887c4bd2933883394f276c75ce2", 2, SignatureStatus::kOk,
     SignatureStatus::kOk,
     "e9beac0f471de34dfcd01b108185b736e3926b2f73f3451f6ac7008f2ec9d798"
     "b3d67d2814742cd123a81d4d2bd73e3f9f30de72c83c3fbfbb5f667ef94025aa",
     "12fa9f9063703b79634ba47c7a069beaa94c4a9a"},
    {"44d09f3d38c20ebb55bab91cd20b52cfd8aaa1f6d2b6c1ba5e97f5f843c901ee",
     "0000000000000000000000000000000000000000000000000000000000000002",
     "6816775c2302372a41548e45c96f0a924deaf887c4bd2933883394f276c75ce2", 3, SignatureStatus::kOk,
     SignatureStatus::kOk,
     "e29fbfb5a63995e95a213cb0d564d1548d0b9713bc814b1ef46d07b72eec7d7c"
     "a73f874ee2eb55fc2568ede4b725252f2d8578058f9f57f8ad0540d19177df6b",
     "3bec7e81a01002ca1b506fbaf26567e3e4cd5182"},
    {"44d09f3d38c20ebb55bab91cd20b52cfd8aaa1f6d2b6c1ba5e97f5f843c901ee",
     "854f60719d6a427f8a79a022dfebd8078d9caef9bf52702e64062ac17bff5206",
     "03dee9aed07e91a21cbca8d19ceadb997c23f8e98814946954c8320d4ae13be3", 0,
     SignatureStatus::kInfinity, SignatureStatus::kInfinity,
     ""
     "",
     ""},
    {"44d09f3d38c20ebb55bab91cd20b52cfd8aaa1f6d2b6c1ba5e97f5f843c901ee",
     "7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b209b",
     "7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0", 1,
     SignatureStatus::kNotOnCurve, SignatureStatus::kNotOnCurve,
     ""
     "",
     ""},
};

/// `key` is hex of any length up to 65 bytes.
struct VerifyVector {
  const char* digest;
  const char* r;
  const char* s;
  const char* key;
  SignatureStatus low_s_required;
  SignatureStatus low_s_any;
};

inline constexpr VerifyVector kVerify[] = {
    {"44d09f3d38c20ebb55bab91cd20b52cfd8aaa1f6d2b6c1ba5e97f5f843c901ee",
     "39494842223fb94e4fecadb81b98d442e9abf5d6696d57266648149e34d2c4c6",
     "6816775c2302372a41548e45c96f0a924deaf887c4bd2933883394f276c75ce2",
     "04"
     "3251b2522b766dc99eeb07389b838fa142971afe550b3a09fee0ded379ebef93"
     "6b8164b4b9e3c4bfb509df5a46d441f3266e3c1d4510311da45cc361664e82a6",
     SignatureStatus::kOk, SignatureStatus::kOk},
    {"5747d1dfafee23750b62aff1f0a3117a2a8ff4e9e1482dc5e06b6ca7cc906e10",
     "902a477250a7695de17983de31cec9b69f3c90392b464fec9dc5768ba3260d04",
     "4fdcdd6ca85109cf8223c8aef5e4a9d19c9bf864d8e5be41218ef90d58b623be",
     "04"
     "0e745831c32736f0ee9f0d47bd2691d4f51a676213956ecf78ddb7b2fbc4eebd"
     "3818a56acc045b073a31839892a2577181f68db19d65a1b66b9fee75dcf452d0",
     SignatureStatus::kOk, SignatureStatus::kOk},
    {"e945af39de42a8dbfc90d5c512be05178a86387f6757d34297d3c89b151d1f66",
     "105fc618015181f2cc2ece7d6da38164c0eb864e9f3f48452dc9d98cf540c9f5",
     "0d06aa1d1ca050a657debfc8cf82b3e0e7e18cc33fcebe30cf518b91a264b13e",
     "04"
     "9dec25c5a08554bd99600b570b7a3526913cf88e62be191c68dd53a620eef5fe"
     "4bb7dcabc44e6126d6e968840e55180db9ebbef2717d043af5d37f012bceb790",
     SignatureStatus::kOk, SignatureStatus::kOk},
    {"bb27675edc69c097d76f4676980d5af781dd4c8dafe721702833c45b08cfd026",
     "85102cfe3b4d6c52b29cd41fabf513a733d229944cd7139b501e39afeb698b64",
     "2c74b78affe5ecde7edabaa65b8185e4772b29ca29b63e4265ff48a27c77aab8",
     "04"
     "3251b2522b766dc99eeb07389b838fa142971afe550b3a09fee0ded379ebef93"
     "6b8164b4b9e3c4bfb509df5a46d441f3266e3c1d4510311da45cc361664e82a6",
     SignatureStatus::kOk, SignatureStatus::kOk},
    {"44d09f3d38c20ebb55bab91cd20b52cfd8aaa1f6d2b6c1ba5e97f5f843c901ee",
     "39494842223fb94e4fecadb81b98d442e9abf5d6696d57266648149e34d2c4c6",
     "6816775c2302372a41548e45c96f0a924deaf887c4bd2933883394f276c75ce2",
     "02"
     "3251b2522b766dc99eeb07389b838fa142971afe550b3a09fee0ded379ebef93",
     SignatureStatus::kOk, SignatureStatus::kOk},
    {"5747d1dfafee23750b62aff1f0a3117a2a8ff4e9e1482dc5e06b6ca7cc906e10",
     "902a477250a7695de17983de31cec9b69f3c90392b464fec9dc5768ba3260d04",
     "4fdcdd6ca85109cf8223c8aef5e4a9d19c9bf864d8e5be41218ef90d58b623be",
     "02"
     "0e745831c32736f0ee9f0d47bd2691d4f51a676213956ecf78ddb7b2fbc4eebd",
     SignatureStatus::kOk, SignatureStatus::kOk},
    {"44d09f3d38c20ebb55bab91cd20b52cfd8aaa1f6d2b6c1ba5e97f5f843c901ee",
     "39494842223fb94e4fecadb81b98d442e9abf5d6696d57266648149e34d2c4c6",
     "6816775c2302372a41548e45c96f0a924deaf887c4bd2933883394f276c75ce2",
     "03"
     "3251b2522b766dc99eeb07389b838fa142971afe550b3a09fee0ded379ebef93",
     SignatureStatus::kMismatch, SignatureStatus::kMismatch},
    {"44d09f3d38c20ebb55bab91cd20b52cfd8aaa1f6d2b6c1ba5e97f5f843c901ef",
     "39494842223fb94e4fecadb81b98d442e9abf5d6696d57266648149e34d2c4c6",
     "6816775c2302372a41548e45c96f0a924deaf887c4bd2933883394f276c75ce2",
     "04"
     "3251b2522b766dc99eeb07389b838fa142971afe550b3a09fee0ded379ebef93"
     "6b8164b4b9e3c4bfb509df5a46d441f3266e3c1d4510311da45cc361664e82a6",
     SignatureStatus::kMismatch, SignatureStatus::kMismatch},
    {"44d09f3d38c20ebb55bab91cd20b52cfd8aaa1f6d2b6c1ba5e97f5f843c901ee",
     "39494842223fb94e4fecadb81b98d442e9abf5d6696d57266648149e34d2c4c6",
     "6816775c2302372a41548e45c96f0a924deaf887c4bd2933883394f276c75ce3",
     "04"
     "3251b2522b766dc99eeb07389b838fa142971afe550b3a09fee0ded379ebef93"
     "6b8164b4b9e3c4bfb509df5a46d441f3266e3c1d4510311da45cc361664e82a6",
     SignatureStatus::kMismatch, SignatureStatus::kMismatch},
    {"44d09f3d38c20ebb55bab91cd20b52cfd8aaa1f6d2b6c1ba5e97f5f843c901ee",
     "39494842223fb94e4fecadb81b98d442e9abf5d6696d57266648149e34d2c4c7",
     "6816775c2302372a41548e45c96f0a924deaf887c4bd2933883394f276c75ce2",
     "04"
     "3251b2522b766dc99eeb07389b838fa142971afe550b3a09fee0ded379ebef93"
     "6b8164b4b9e3c4bfb509df5a46d441f3266e3c1d4510311da45cc361664e82a6",
     SignatureStatus::kMismatch, SignatureStatus::kMismatch},
    {"44d09f3d38c20ebb55bab91cd20b52cfd8aaa1f6d2b6c1ba5e97f5f843c901ee",
     "39494842223fb94e4fecadb81b98d442e9abf5d6696d57266648149e34d2c4c6",
     "6816775c2302372a41548e45c96f0a924deaf887c4bd2933883394f276c75ce2",
     "04"
     "0e745831c32736f0ee9f0d47bd2691d4f51a676213956ecf78ddb7b2fbc4eebd"
     "3818a56acc045b073a31839892a2577181f68db19d65a1b66b9fee75dcf452d0",
     SignatureStatus::kMismatch, SignatureStatus::kMismatch},
    {"44d09f3d38c20ebb55bab91cd20b52cfd8aaa1f6d2b6c1ba5e97f5f843c901ee",
     "39494842223fb94e4fecadb81b98d442e9abf5d6696d57266648149e34d2c4c6",
     "97e988a3dcfdc8d5beab71ba3690f56c6cc3e45eea8b7708379ec99a596ee45f",
     "04"
     "3251b2522b766dc99eeb07389b838fa142971afe550b3a09fee0ded379ebef93"
     "6b8164b4b9e3c4bfb509df5a46d441f3266e3c1d4510311da45cc361664e82a6",
     SignatureStatus::kHighS, SignatureStatus::kOk},
    {"44d09f3d38c20ebb55bab91cd20b52cfd8aaa1f6d2b6c1ba5e97f5f843c901ee",
     "0000000000000000000000000000000000000000000000000000000000000000",
     "6816775c2302372a41548e45c96f0a924deaf887c4bd2933883394f276c75ce2",
     "04"
     "3251b2522b766dc99eeb07389b838fa142971afe550b3a09fee0ded379ebef93"
     "6b8164b4b9e3c4bfb509df5a46d441f3266e3c1d4510311da45cc361664e82a6",
     SignatureStatus::kBadRange, SignatureStatus::kBadRange},
    {"44d09f3d38c20ebb55bab91cd20b52cfd8aaa1f6d2b6c1ba5e97f5f843c901ee",
     "39494842223fb94e4fecadb81b98d442e9abf5d6696d57266648149e34d2c4c6",
     "0000000000000000000000000000000000000000000000000000000000000000",
     "04"
     "3251b2522b766dc99eeb07389b838fa142971afe550b3a09fee0ded379ebef93"
     "6b8164b4b9e3c4bfb509df5a46d441f3266e3c1d4510311da45cc361664e82a6",
     SignatureStatus::kBadRange, SignatureStatus::kBadRange},
    {"44d09f3d38c20ebb55bab91cd20b52cfd8aaa1f6d2b6c1ba5e97f5f843c901ee",
     "fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141",
     "6816775c2302372a41548e45c96f0a924deaf887c4bd2933883394f276c75ce2",
     "04"
     "3251b2522b766dc99eeb07389b838fa142971afe550b3a09fee0ded379ebef93"
     "6b8164b4b9e3c4bfb509df5a46d441f3266e3c1d4510311da45cc361664e82a6",
     SignatureStatus::kBadRange, SignatureStatus::kBadRange},
    {"44d09f3d38c20ebb55bab91cd20b52cfd8aaa1f6d2b6c1ba5e97f5f843c901ee",
     "39494842223fb94e4fecadb81b98d442e9abf5d6696d57266648149e34d2c4c6",
     "fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141",
     "04"
     "3251b2522b766dc99eeb07389b838fa142971afe550b3a09fee0ded379ebef93"
     "6b8164b4b9e3c4bfb509df5a46d441f3266e3c1d4510311da45cc361664e82a6",
     SignatureStatus::kBadRange, SignatureStatus::kBadRange},
    {"44d09f3d38c20ebb55bab91cd20b52cfd8aaa1f6d2b6c1ba5e97f5f843c901ee",
     "39494842223fb94e4fecadb81b98d442e9abf5d6696d57266648149e34d2c4c6",
     "6816775c2302372a41548e45c96f0a924deaf887c4bd2933883394f276c75ce2",
     "04"
     "3251b2522b766dc99eeb07389b838fa142971afe550b3a09fee0ded379ebef93"
     "6b8164b4b9e3c4bfb509df5a46d441f3266e3c1d4510311da45cc361664e82",
     SignatureStatus::kBadLength, SignatureStatus::kBadLength},
    {"44d09f3d38c20ebb55bab91cd20b52cfd8aaa1f6d2b6c1ba5e97f5f843c901ee",
     "39494842223fb94e4fecadb81b98d442e9abf5d6696d57266648149e34d2c4c6",
     "6816775c2302372a41548e45c96f0a924deaf887c4bd2933883394f276c75ce2",
     ""
     "",
     SignatureStatus::kBadLength, SignatureStatus::kBadLength},
    {"44d09f3d38c20ebb55bab91cd20b52cfd8aaa1f6d2b6c1ba5e97f5f843c901ee",
     "39494842223fb94e4fecadb81b98d442e9abf5d6696d57266648149e34d2c4c6",
     "6816775c2302372a41548e45c96f0a924deaf887c4bd2933883394f276c75ce2",
     "06"
     "3251b2522b766dc99eeb07389b838fa142971afe550b3a09fee0ded379ebef93"
     "6b8164b4b9e3c4bfb509df5a46d441f3266e3c1d4510311da45cc361664e82a6",
     SignatureStatus::kNotOnCurve, SignatureStatus::kNotOnCurve},
    {"44d09f3d38c20ebb55bab91cd20b52cfd8aaa1f6d2b6c1ba5e97f5f843c901ee",
     "39494842223fb94e4fecadb81b98d442e9abf5d6696d57266648149e34d2c4c6",
     "6816775c2302372a41548e45c96f0a924deaf887c4bd2933883394f276c75ce2",
     "04"
     "3251b2522b766dc99eeb07389b838fa142971afe550b3a09fee0ded379ebef93"
     "6b8164b4b9e3c4bfb509df5a46d441f3266e3c1d4510311da45cc361664e82a7",
     SignatureStatus::kNotOnCurve, SignatureStatus::kNotOnCurve},
    {"44d09f3d38c20ebb55bab91cd20b52cfd8aaa1f6d2b6c1ba5e97f5f843c901ee",
     "39494842223fb94e4fecadb81b98d442e9abf5d6696d57266648149e34d2c4c6",
     "6816775c2302372a41548e45c96f0a924deaf887c4bd2933883394f276c75ce2",
     "02"
     "0000000000000000000000000000000000000000000000000000000000000005",
     SignatureStatus::kNotOnCurve, SignatureStatus::kNotOnCurve},
    {"44d09f3d38c20ebb55bab91cd20b52cfd8aaa1f6d2b6c1ba5e97f5f843c901ee",
     "39494842223fb94e4fecadb81b98d442e9abf5d6696d57266648149e34d2c4c6",
     "6816775c2302372a41548e45c96f0a924deaf887c4bd2933883394f276c75ce2",
     "02"
     "fffffffffffffffffffffffffffffffffffffffffffffffffffffffefffffc30",
     SignatureStatus::kNotOnCurve, SignatureStatus::kNotOnCurve},
    {"33d76549ec89d43aa33ba1ddbc3f60d74401f283c592309e4d052e6adab3ad9c",
     "39494842223fb94e4fecadb81b98d442e9abf5d6696d57266648149e34d2c4c6",
     "6816775c2302372a41548e45c96f0a924deaf887c4bd2933883394f276c75ce2",
     "04"
     "3251b2522b766dc99eeb07389b838fa142971afe550b3a09fee0ded379ebef93"
     "6b8164b4b9e3c4bfb509df5a46d441f3266e3c1d4510311da45cc361664e82a6",
     SignatureStatus::kMismatch, SignatureStatus::kMismatch},
    {"44d09f3d38c20ebb55bab91cd20b52cfd8aaa1f6d2b6c1ba5e97f5f843c901ee",
     "0000000000000000000000000000000000000000000000000000000000000002",
     "6816775c2302372a41548e45c96f0a924deaf887c4bd2933883394f276c75ce2",
     "04"
     "e9beac0f471de34dfcd01b108185b736e3926b2f73f3451f6ac7008f2ec9d798"
     "b3d67d2814742cd123a81d4d2bd73e3f9f30de72c83c3fbfbb5f667ef94025aa",
     SignatureStatus::kOk, SignatureStatus::kOk},
    {"ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
     "f01d6b9018ab421dd410404cb869072065522bf85734008f105cf385a023a80f",
     "4253b32c67540c7a10591e9d1ef0f8dfccdb1f625675c1243810c774636e9a28",
     "04"
     "0e745831c32736f0ee9f0d47bd2691d4f51a676213956ecf78ddb7b2fbc4eebd"
     "3818a56acc045b073a31839892a2577181f68db19d65a1b66b9fee75dcf452d0",
     SignatureStatus::kOk, SignatureStatus::kOk},
    {"0000000000000000000000000000000000000000000000000000000000000000",
     "e1fe434d345bf33083abb6280f4f44ac5fb22934977813c20c015f2b43d3fab8",
     "2b83ea623a85cc06ba8c10c446fb3a04b1fe61e246b6e1650cfc3b6d59d2ae9e",
     "04"
     "9dec25c5a08554bd99600b570b7a3526913cf88e62be191c68dd53a620eef5fe"
     "4bb7dcabc44e6126d6e968840e55180db9ebbef2717d043af5d37f012bceb790",
     SignatureStatus::kOk, SignatureStatus::kOk},
};

}  // namespace buri::accel::known_answers
