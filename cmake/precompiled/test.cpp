// The target buri_precompiled_test owns the precompiled header; a program, because programs are
// compiled with -fPIE.
int main() { return 0; }
