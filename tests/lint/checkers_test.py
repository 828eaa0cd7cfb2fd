"""Plants violations in small trees and expects each checker to name them, and nothing else."""

import tempfile
import unittest
from pathlib import Path

import documents
import layers
import sizes
import wide_symbols
import words

LAYERS = """
accel -> base  # a comment
accel/scalar -> base
accel/scalar -> accel
accel/engine* -> accel/scalar
node/app -> hsm/wire
node/app -> base
public base/codec
"""


class Tree(unittest.TestCase):
    """A repository in a temporary folder."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = Path(folder.name)

    def write(self, path, text=""):
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)


class Layers(Tree):
    def setUp(self):
        super().setUp()
        for header in ("base/hex.hpp", "base/codec/rlp.hpp", "base/detail/table.hpp", "accel/engine.hpp",
                       "accel/scalar/keccak256.hpp", "hsm/wire/request.hpp", "hsm/rules/rule.hpp",
                       "tests/unit/helper.hpp"):
            self.write(header)

    def problems(self, path, *includes):
        self.write(path, "".join(f"#include {include}\n" for include in includes))
        return layers.check(self.root, layers.Rules(LAYERS))

    def test_allows_edges_own_room_public_folders_and_libraries(self):
        self.assertEqual([], self.problems("accel/engine.cpp", '"base/hex.hpp"', '"accel/engine.hpp"', "<vector>",
                                           '"base/codec/rlp.hpp"', '"accel/scalar/keccak256.hpp"'))
        self.assertEqual([], self.problems("node/app/main.cpp", '"hsm/wire/request.hpp"'))

    def test_refuses_an_edge_that_is_not_listed(self):
        self.assertEqual(['base/up.cpp:2: "accel/engine.hpp": there is no edge base -> accel'],
                         self.problems("base/up.cpp", "<vector>", '"accel/engine.hpp"'))

    def test_refuses_a_backend_header_outside_the_engine(self):
        self.assertEqual(
            ['accel/report.cpp:1: "accel/scalar/keccak256.hpp": there is no edge accel -> accel/scalar'],
            self.problems("accel/report.cpp", '"accel/scalar/keccak256.hpp"'))

    def test_refuses_private_folders_of_another_room(self):
        self.assertEqual(['accel/a.cpp:1: "base/detail/table.hpp": base/detail is private to base'],
                         self.problems("accel/a.cpp", '"base/detail/table.hpp"'))

    def test_a_longer_folder_is_its_own_room(self):
        self.assertEqual(
            ['node/app/a.cpp:1: "hsm/rules/rule.hpp": hsm/rules/rule.hpp is in no room that the layers file names'],
            self.problems("node/app/a.cpp", '"hsm/rules/rule.hpp"'))

    def test_refuses_files_in_no_room(self):
        self.assertEqual(['attic/a.cpp:1: "base/hex.hpp": attic/a.cpp is in no room that the layers file names'],
                         self.problems("attic/a.cpp", '"base/hex.hpp"'))

    def test_refuses_short_and_bracketed_paths_to_our_files(self):
        self.assertEqual(['base/a.cpp:1: "hex.hpp": includes are full paths from the root'],
                         self.problems("base/a.cpp", '"hex.hpp"'))
        self.assertEqual(['base/a.cpp:1: "base/hex.hpp": our own files are included in quotes'],
                         self.problems("base/a.cpp", "<base/hex.hpp>"))

    def test_tests_may_include_everything_and_nothing_may_include_tests(self):
        self.assertEqual([], self.problems("tests/unit/a_test.cpp", '"accel/scalar/keccak256.hpp"',
                                           '"hsm/rules/rule.hpp"', '"tests/unit/helper.hpp"'))
        self.assertEqual(['base/a.cpp:1: "tests/unit/helper.hpp": product code includes a test\'s file'],
                         self.problems("base/a.cpp", '"tests/unit/helper.hpp"'))

    def test_refuses_a_layers_file_it_cannot_read(self):
        with self.assertRaisesRegex(ValueError, "line 2"):
            layers.Rules("a -> b\na => b\n")


def function_of(length, header="int f(int a) {"):
    return "\n".join([header, *["  g();"] * (length - 2), "}", ""])


class Sizes(Tree):
    def problems(self, text, exceptions=None):
        self.write("base/a.cpp", text)
        return sizes.check(self.root, exceptions or {})

    def test_counts_lines_of_files(self):
        self.assertEqual([], self.problems("\n" * 400))
        self.assertEqual(["base/a.cpp: 401 lines, at most 400 are allowed"], self.problems("\n" * 401))

    def test_counts_lines_of_functions(self):
        self.assertEqual([], self.problems(function_of(60)))
        self.assertEqual(["base/a.cpp:1: f: 61 lines, at most 60 are allowed"], self.problems(function_of(61)))

    def test_knows_members_tests_and_headers_of_several_lines(self):
        member = "class A {\n public:\n  void work(int a,\n            int b) {\n" + "    g();\n" * 60 + "  }\n};\n"
        self.assertEqual(["base/a.cpp:3: work: 63 lines, at most 60 are allowed"], self.problems(member))
        self.assertEqual(["base/a.cpp:1: TEST(Rlp, Reads): 61 lines, at most 60 are allowed"],
                         self.problems(function_of(61, "TEST(Rlp, Reads) {")))

    def test_an_exception_has_its_own_limit_below_the_hard_one(self):
        self.assertEqual([], self.problems(function_of(65), {"base/a.cpp:f": 65}))
        self.assertEqual(["base/a.cpp:1: f: 66 lines, at most 65 are allowed"],
                         self.problems(function_of(66), {"base/a.cpp:f": 65}))
        self.assertEqual(["base/a.cpp:1: f: 71 lines, at most 70 are allowed"],
                         self.problems(function_of(71), {"base/a.cpp:f": 90}))

    def test_refuses_exceptions_that_nothing_needs(self):
        self.assertEqual(["tests/lint/size_exceptions.txt: base/a.cpp needs no exception"],
                         self.problems("", {"base/a.cpp": 500}))


class Words(Tree):
    def test_finds_unfinished_words_outside_the_lint(self):
        self.write("base/a.cpp", "int a;\n// TODO: more\n")
        self.write("tests/lint/words.py", "TODO")
        self.assertEqual(["base/a.cpp:2: TODO: finish it or write it down as an issue"], words.check(self.root))

    def test_finds_cuda_names_outside_cuda_files(self):
        self.write("accel/cuda/device.cu", "cudaError_t status;\n")
        self.write("tests/ptx/runtime.cpp", "cudaError_t status;\n")
        self.write("accel/cuda/device.hpp", '// cudaError_t\nauto text = "cudaMalloc";\ncudaStream_t stream;\n')
        self.assertEqual(["accel/cuda/device.hpp:3: cudaStream_t: CUDA's names stay in .cu and .cuh files"],
                         words.check(self.root))


class Documents(Tree):
    def problems(self, text):
        self.write("scripts/packages.txt", "# needed\ncmake\n")
        self.write("docs/dependencies.md", "| `cmake` | builds |\n")
        self.write("scripts/dev/test.sh", "--long")
        self.write("base/hex.hpp", "std::string to_hex(ByteView bytes);")
        self.write("README.md", text)
        return documents.check(self.root)

    def test_accepts_what_exists(self):
        self.assertEqual([], self.problems("`base/hex.hpp` `base/*.hpp` `to_hex()` `buri::to_hex` `ninja` "
                                           "`build/release/bin/buri` [hex](base/hex.hpp) `./dev test --long`\n"))

    def test_finds_paths_links_and_names_that_do_not_exist(self):
        self.assertEqual(["README.md:1: there is no file or folder base/gone.hpp"], self.problems("`base/gone.hpp`"))
        self.assertEqual(["README.md:1: the link docs/gone.md leads nowhere"], self.problems("[a](docs/gone.md)"))
        self.assertEqual(["README.md:1: no file of ours says from_hex"], self.problems("`from_hex()`"))

    def test_finds_commands_that_do_not_exist(self):
        self.assertEqual(["README.md:1: ./dev has no verb tset"], self.problems("`./dev tset`"))
        self.assertEqual(["README.md:1: ./dev test knows no --lang"], self.problems("    ./dev test Rlp --lang"))

    def test_packages_and_their_reasons_agree(self):
        self.problems("")
        self.write("scripts/packages.txt", "cmake\nninja-build\n")
        self.write("docs/dependencies.md", "| `cmake` | builds |\n| `make` | builds |\n")
        self.assertEqual(
            ["docs/dependencies.md: says nothing of ninja-build, which scripts/packages.txt installs",
             "docs/dependencies.md: explains make, which scripts/packages.txt does not install"],
            documents.check(self.root))


class WideSymbols(unittest.TestCase):
    def test_finds_weak_functions_of_other_namespaces(self):
        symbols = ["0000000000000000 T buri::accel::avx512::recover(unsigned int)",
                   "0000000000000000 W buri::accel::avx512::Lanes::add(int)",
                   "0000000000000000 W std::vector<int, std::allocator<int>>::~vector()",
                   "0000000000000000 W buri::append(int)",
                   "0000000000000000 t local()"]
        self.assertEqual(["std::vector<int, std::allocator<int>>::~vector()", "buri::append(int)"],
                         wide_symbols.shared_symbols("avx512", symbols))

    def test_allows_templates_over_the_own_registers_only(self):
        of = "0000000000000000 W void buri::accel::vector::run<buri::accel::{}>(unsigned int)".format
        taken = "0000000000000000 W void buri::accel::vector::take(buri::accel::avx512::Lanes)"
        self.assertEqual([symbol[19:] for symbol in (of("avx2::Lanes"), of("scalar::AdxField"), taken)],
                         wide_symbols.shared_symbols("avx512", [of("avx512::Lanes"), of("avx2::Lanes"),
                                                                of("scalar::AdxField"), taken]))


if __name__ == "__main__":
    unittest.main()
