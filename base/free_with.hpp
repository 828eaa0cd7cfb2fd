#pragma once

namespace buri {

/// The deleter of a C library's objects: std::unique_ptr<EVP_PKEY, FreeWith<EVP_PKEY_free>>.
template <auto kFree>
struct FreeWith {
  template <class T>
  void operator()(T* object) const {
    kFree(object);
  }
};

}  // namespace buri
