# SPDX-License-Identifier: BSD-2-Clause
"""The build: configuration, rebuilds, and an unchanged source tree."""

import json
import os
import pathlib
import re
import shutil
import subprocess
import tempfile

import pexpect
import pytest

REPO = pathlib.Path(__file__).resolve().parent.parent.parent
PARTS = ["Makefile", "Kconfig", "VERSION", "README.md", "LICENSE", "arch",
         "boards", "configs", "core", "drivers",
         "policies", "tools"]
MENUS = ["Board", "Architecture", "Monitor", "Devices", "Policies",
         "Debugging", "Build"]


def clean_env():
    """Return the environment without variables of an outer make or the user."""
    names = ("MAKEFLAGS", "MFLAGS", "MAKELEVEL", "O", "V", "W", "LLVM",
             "CROSS_COMPILE", "EXTERNAL")
    return {k: v for k, v in os.environ.items() if k not in names}


class Tree:
    """A copy of the sources and a build folder beside it."""

    def __init__(self, folder):
        self.src = folder / "src"
        self.out = folder / "out"
        self.src.mkdir()
        for part in PARTS:
            if (REPO / part).is_dir():
                shutil.copytree(REPO / part, self.src / part)
            else:
                shutil.copy2(REPO / part, self.src / part)
        (self.src / "third_party").mkdir()
        (self.src / "third_party" / "libfdt").symlink_to(REPO / "third_party" / "libfdt")

    def make(self, *args, fails=False):
        """Run make and return what it printed."""
        r = subprocess.run(["make", "-j2", f"O={self.out}", *args], cwd=self.src,
                           env=clean_env(), text=True, timeout=300, check=False,
                           stdin=subprocess.DEVNULL,
                           stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        assert (r.returncode != 0) == fails, r.stdout
        return r.stdout

    def config(self, *lines):
        """Configure the default board with these lines as a fragment."""
        fragment = self.out.parent / "test.config"
        fragment.write_bytes(b"".join(line if isinstance(line, bytes) else f"{line}\n".encode()
                                      for line in lines))
        return ["qemu_virt_defconfig", str(fragment)]

    def dotconfig(self):
        return (self.out / ".config").read_text()

    def defs(self):
        """The identifiers in the generated policies.h, in order."""
        text = (self.out / "include/generated/policies.h").read_text()
        return re.findall(r"\bF\((\w+), __VA_ARGS__\)", text)


@pytest.fixture
def tree(tmp_path):
    return Tree(tmp_path)


def write_policy(folder, name, priority):
    """Add a policy that only exists."""
    folder.mkdir(parents=True)
    symbol = f"POLICY_{name.upper()}"
    (folder / "Kconfig").write_text(
        f"config {symbol}\n\tbool \"{name}\"\n\thelp\n\t  A test. Say N.\n")
    (folder / "Makefile").write_text(f"obj-$(CONFIG_{symbol}) += {name}.o\n")
    (folder / "policy.def").write_text(
        f"POLICY({priority}, CONFIG_{symbol}, {name})\n")
    (folder / f"{name}.c").write_text(
        "#include <cordon/policy.h>\n"
        "static int init(void)\n{\n\treturn 0;\n}\n"
        f"const struct policy_ops policy_{name} = "
        f"{{ .name = \"{name}\", .init = init }};\n")


def write_board(folder, vendor, name):
    """Copy QEMU's board under another name."""
    board = folder / "boards" / vendor / name
    symbol = f"BOARD_{vendor}_{name}".upper()
    board.mkdir(parents=True)
    shutil.copy(REPO / "boards/qemu/virt/board.c", board / "board.c")
    (board / "Kconfig.name").write_text(
        f"config {symbol}\n\tbool \"{name}\"\n\thelp\n\t  A test. Say N.\n")
    (board / "Kconfig").write_text(
        f"if {symbol}\nconfig BOARD_DIR\n\tdefault \"{vendor}/{name}\"\n"
        f"config {symbol}_OPTIONS\n\tdef_bool y\n\tselect HAVE_UART_NS16550\nendif\n")
    (folder / "configs").mkdir(exist_ok=True)
    (folder / "configs" / f"{vendor}_{name}_defconfig").write_text(f"CONFIG_{symbol}=y\n")


def test_default_configuration_is_announced(tree):
    out = tree.make("all")
    assert "qemu_virt_defconfig" in out
    assert "SIZE" in out
    assert (tree.out / "cordon.bin").stat().st_size % 4096 == 0


def test_nothing_changed_builds_nothing(tree):
    tree.make("all")
    assert "  CC " not in tree.make("all")
    (tree.src / "core/include/cordon/hart.h").touch()
    out = tree.make("all")
    assert "core/trap/trap.o" in out and "core/lib/printf.o" not in out


def test_configuration_change_rebuilds(tree):
    tree.make("all")
    before = (tree.out / "cordon.bin").read_bytes()
    tree.make(*tree.config("CONFIG_MAX_PMP=8"))
    assert "core/memory/pmp.o" in tree.make("all")
    assert (tree.out / "cordon.bin").read_bytes() != before


def test_source_folder_is_left_alone(tree):
    def state():
        return {p: p.stat().st_mtime_ns for p in tree.src.rglob("*")}
    before = state()
    tree.make("qemu_virt_defconfig", "all")
    assert state() == before


def test_debug_information_does_not_change_the_image(tree):
    tree.make(*tree.config("CONFIG_DEBUG_INFO=y"), "all")
    image = (tree.out / "cordon.bin").read_bytes()
    tree.make(*tree.config("# CONFIG_DEBUG_INFO is not set"), "all")
    assert (tree.out / "cordon.bin").read_bytes() == image


def test_silent_and_verbose(tree):
    assert tree.make("-s", "qemu_virt_defconfig", "all") == ""
    (tree.src / "core/lib/printf.c").touch()
    assert "-Wconversion" in tree.make("V=1", "all")


def test_compiler_warning_is_an_error(tree):
    with open(tree.src / "core/lib/printf.c", "a", encoding="utf-8") as f:
        f.write("static int unused;\n")
    assert "-Werror" in tree.make("all", fails=True)


@pytest.mark.parametrize("line, message", [
    ("CONFIG_NO_SUCH_OPTION=y", "undefined symbol"),
    ("CONFIG_LOG_LEVEL=17", "outside the active range"),
    ("CONFIG_KEYSTONE_CONSOLE=y", "was asked for"),
    ("CONFIG_LTO=perhaps", "perhaps"),
    ("CONFIG_VPMP_ENTRIES=5", "0, 16 or 64"),
    ("CONFIG_STACK_SIZE=9000", "a multiple of 4096"),
    ("CONFIG_STACK_SIZE=4096", "outside the active range"),
    ("CONFIG_HOME_FIXED=y\nCONFIG_HOME_ADDRESS=0x80200800", "a multiple of 4096"),
    ("CONFIG_LOG_UART=0x10000001", "a multiple of 4096"),
    ("CONFIG_POLICY_KEYSTONE=y\nCONFIG_ENCLAVES_MAX=48", "a power of two"),
    (b"CONFIG_LTO=y\n# caf\xe9", ".config:2: not UTF-8"),
    (b"CONFIG_LTO=y\0", ".config:1: not text"),
])
def test_wrong_configuration_is_an_error(tree, line, message):
    text = tree.make(*tree.config(line), fails=True)
    assert message in text and "warning" not in text, text


@pytest.mark.parametrize("board", sorted(p.name for p in (REPO / "configs").glob("*_defconfig")))
def test_keystone_is_offered_what_can_start(tree, board):
    """The board is offered as the source of its secret only if it has one."""
    tree.make(board, "keystone.config")
    has = "CONFIG_HAVE_DEVICE_SECRET=y" in tree.dotconfig()
    assert ("CONFIG_KEYSTONE_SECRET_BOARD=y" in tree.dotconfig()) <= has
    (source,) = [
        tree.src / "boards" / line.split('"')[1] / "board.c"
        for line in tree.dotconfig().splitlines() if line.startswith("CONFIG_BOARD_DIR=")]
    assert (".device_secret" in source.read_text()) == has
    if not has:
        fragment = tree.out.parent / "x.config"
        fragment.write_text("CONFIG_KEYSTONE_SECRET_BOARD=y\n")
        assert "was asked for" in tree.make(board, "keystone.config", str(fragment), fails=True)


@pytest.mark.parametrize("fragment", sorted(p.name for p in (REPO / "configs/fragments").iterdir()))
def test_fragment_in_a_second_command(tree, fragment):
    """It has the same result as in one command: an existing .config asks for nothing."""
    tree.make("qemu_virt_defconfig", fragment)
    together = tree.dotconfig()
    tree.make("qemu_virt_defconfig")
    tree.make(fragment)
    assert tree.dotconfig() == together


def test_fragment_turns_a_policy_off(tree):
    """Options that depend on it go with it, as in tools/bench's columns."""
    tree.make("qemu_virt_defconfig")
    without = tree.dotconfig()
    tree.make("qemu_virt_defconfig", "offload.config", "keystone.config", "protect.config")
    fragment = tree.out.parent / "x.config"
    fragment.write_text("".join(f"# CONFIG_POLICY_{name} is not set\n"
                                for name in ("OFFLOAD", "KEYSTONE", "PROTECT")))
    tree.make(str(fragment))
    assert tree.dotconfig() == without


def test_undefined_symbol_in_kconfig_is_an_error(tree):
    with open(tree.src / "core/Kconfig", "a", encoding="utf-8") as f:
        f.write("config TEST\n\tbool \"t\"\n\tdepends on NO_SUCH_OPTION\n")
    assert "NO_SUCH_OPTION" in tree.make("qemu_virt_defconfig", fails=True)


def test_unknown_names_touch_nothing(tree):
    assert "make help" in tree.make("foo_defconfig", fails=True)
    assert "there is no bar.config" in tree.make("qemu_virt_defconfig", "bar.config", fails=True)
    assert "one defconfig" in tree.make("qemu_virt_defconfig", "spike_defconfig", fails=True)
    assert not tree.out.exists()


@pytest.mark.parametrize("goal", ["qemu_virt_defconfig", "no-lto.config", "olddefconfig",
                                  "savedefconfig", "all", "docs", "lint", "clean", "mrproper"])
def test_files_of_others_are_left_alone(tree, goal):
    """A mistyped O= is neither configured nor built in, nor removed."""
    (tree.out / "arch").mkdir(parents=True)
    (tree.out / "arch/precious").write_text("x")
    (tree.out / ".config").write_text("CONFIG_OTHER=y\n")
    assert tree.make(goal, fails=True).count("nothing was done") == 1
    assert (tree.out / "arch/precious").read_text() == "x"
    assert sorted(p.name for p in tree.out.iterdir()) == [".config", "arch"]


def test_clean_and_mrproper_remove_what_is_ours(tree):
    tree.make("qemu_virt_defconfig", "all")
    tree.make("clean")
    assert not (tree.out / "cordon.elf").exists() and (tree.out / ".config").exists()
    tree.make("mrproper")
    assert not tree.out.exists()
    # A folder with only an old .config also counts as a build folder.
    tree.out.mkdir()
    (tree.out / ".config").write_text("")
    tree.make("olddefconfig", "all")
    tree.make("mrproper")
    assert not tree.out.exists()


@pytest.mark.parametrize("goal", ("menuconfig", "nconfig"))
def test_menuconfig_without_a_terminal(tree, goal):
    assert "takes a terminal" in tree.make(goal, fails=True)


@pytest.mark.parametrize("name", ["a:b", "a;b", "a'b", "a(b", "a)b", 'a"b', "a$b", "a b", "a#b",
                                  "a,b", "a%b", "a=b", "a\\b", "a&b", "a|b", "a*b", "a~", "a`b"])
def test_odd_build_folders_are_refused(tree, tmp_path, name):
    """The error is one sentence, and no file is made."""
    before = sorted(tmp_path.rglob("*"))
    said = tree.make(f"O={tmp_path}/{name}".replace("$", "$$"), "all", fails=True)
    assert "cannot have this in its name" in said and said.count("\n") == 1
    assert sorted(tmp_path.rglob("*")) == before


def test_other_build_folders_work(tree, tmp_path):
    tree.make("-s", f"O={tmp_path}/caf\u00e9-with_every.good+char@^/", "qemu_virt_defconfig", "all")
    assert (tmp_path / "caf\u00e9-with_every.good+char@^/cordon.bin").exists()


@pytest.mark.skipif(os.getuid() != 0, reason="needs root to become somebody else")
def test_build_folder_of_somebody_else():
    """A user who may not write to the folder is told its owner, and how to continue."""
    with tempfile.TemporaryDirectory() as name:
        top = pathlib.Path(name)
        top.chmod(0o755)
        (top / "tools").mkdir()
        (top / "out").mkdir()
        shutil.copy(REPO / "tools/build-folder", top / "tools")
        done = subprocess.run([top / "tools/build-folder", top / "out"], user="nobody", cwd=top,
                              capture_output=True, text=True, timeout=60, check=False)
        assert done.returncode == 1
        assert "is not yours to write (root owns it)" in done.stderr and "O=" in done.stderr


def test_build_folder_without_a_name(tree):
    assert "O= is empty" in tree.make("O=", "all", fails=True)


def test_wrong_external_is_an_error(tree):
    """The same if everything is built already."""
    tree.make("-s", "qemu_virt_defconfig", "all")
    for external, says in (
            ("/none", "there is no folder /none"), ("/none:/tmp", "there is no folder /none"),
            ("/it's", "cannot have this"), (f"{tree.src}/core", "has no folder boards"),
            (f"{tree.src}/Makefile", "there is no folder")):
        assert says in tree.make(f"EXTERNAL={external}", "all", fails=True)


def test_help_lists_external_configurations(tree, tmp_path):
    write_board(tmp_path / "ours", "acme", "rocket")
    (tmp_path / "ours/configs/fast.config").write_text("")
    (tmp_path / "ours/configs/fragments").mkdir()
    (tmp_path / "ours/configs/fragments/faster.config").write_text("")
    said = tree.make(f"EXTERNAL={tmp_path}/ours", "help")
    for name in ("acme_rocket_defconfig", "fast.config", "faster.config", "offload.config"):
        assert f"  {name}\n" in said
    said = tree.make(f"EXTERNAL={tmp_path}/ours", "slow_defconfig", fails=True)
    assert f"no slow_defconfig in configs, configs/fragments, {tmp_path}/ours/configs, " \
        f"{tmp_path}/ours/configs/fragments" in said


def test_configuration_that_is_no_text(tree):
    """A damaged .config is reported, and a defconfig replaces it."""
    tree.make("qemu_virt_defconfig")
    (tree.out / ".config").write_bytes(b"CONFIG_LTO=y\n\xff\xfe\n")
    for goal in ("all", "olddefconfig", "savedefconfig", "listnewconfig", "size.config"):
        said = tree.make(goal, fails=True)
        assert ".config:2: not UTF-8" in said and "Traceback" not in said
    tree.make("qemu_virt_defconfig")
    assert "CONFIG_LTO=y" in tree.dotconfig()


def test_goals_of_linux(tree):
    """oldconfig asks, listnewconfig lists, and allnoconfig and allyesconfig set their values."""
    tree.make("qemu_virt_defconfig")
    text = tree.dotconfig()
    (tree.out / ".config").write_text(text.replace("CONFIG_LOG_LEVEL=3\n", ""))
    assert tree.make("listnewconfig") == "CONFIG_LOG_LEVEL=3\n"
    said = tree.make("oldconfig", fails=True)
    assert "LOG_LEVEL" in said and "its input has ended" in said
    tree.make("olddefconfig")
    assert tree.dotconfig() == text
    tree.make("allnoconfig")
    assert "CONFIG_LTO=y" not in tree.dotconfig() and "POLICY_OFFLOAD=y" not in tree.dotconfig()
    tree.make("allyesconfig")
    assert "CONFIG_OFFLOAD_DEBUG=y" in tree.dotconfig()


def test_randconfig_by_its_seed(tree, tmp_path, monkeypatch):
    fixed = tmp_path / "fixed.config"
    fixed.write_text("CONFIG_BOARD_QEMU_SPIKE=y\nCONFIG_LOG_LEVEL=4\n")
    monkeypatch.setenv("KCONFIG_ALLCONFIG", str(fixed))
    made = []
    for seed in ("1", "2", "1"):
        monkeypatch.setenv("KCONFIG_SEED", seed)
        assert f"KCONFIG_SEED={seed}" in tree.make("randconfig")
        made.append(tree.dotconfig())
        assert "CONFIG_BOARD_QEMU_SPIKE=y" in made[-1] and "CONFIG_LOG_LEVEL=4" in made[-1]
    assert made[0] == made[2] != made[1]


def version_of(tree):
    text = (tree.out / "include/generated/version.h").read_text()
    return [line.split('"')[1] for line in text.splitlines() if '"' in line]


def git(tree, *words):
    subprocess.run(["git", "-c", "user.name=x", "-c", "user.email=x@x", *words], cwd=tree.src,
                   check=True, capture_output=True)


def test_banner_names_commit_and_configuration(tree):
    tree.make("-s", "qemu_virt_defconfig", "all")
    base = (tree.src / "VERSION").read_text().strip()
    assert version_of(tree) == [base, "default"]
    plain = (tree.out / "cordon.bin").read_bytes()
    assert f"{base}\0".encode() in plain
    tree.make("-s", *tree.config("CONFIG_DEBUG_INFO=n"), "all")
    assert version_of(tree)[1] == "default"
    tree.make("-s", "qemu_virt_defconfig", "offload.config", "all")
    name = version_of(tree)[1]
    assert name.endswith(" (offload)") and len(name.split()[0]) == 8
    assert name.encode() in (tree.out / "cordon.bin").read_bytes()
    tree.make("-s", "qemu_virt_defconfig", "all")
    git(tree, "init", "-q")
    git(tree, "add", "--", ".", ":!third_party")
    git(tree, "commit", "-qm", "x")
    tree.make("-s")
    assert version_of(tree)[0].startswith(f"{base}-g")
    (tree.src / "Makefile").touch()
    tree.make("-s")
    assert "dirty" not in version_of(tree)[0]
    (tree.src / "README.md").write_text("x")
    tree.make("-s")
    assert version_of(tree)[0].endswith("-dirty")
    git(tree, "commit", "-qam", "x")
    git(tree, "tag", "-am", "x", f"v{base}")
    assert "  CC " in tree.make() and version_of(tree)[0] == base
    assert "  CC " not in tree.make()


def test_dist_is_reproducible_and_builds_the_same(tree, tmp_path):
    git(tree, "init", "-q")
    git(tree, "add", "--", ".", ":!third_party")
    git(tree, "commit", "-qm", "x")
    tree.make("-s", "qemu_virt_defconfig", "all", "dist")
    (tarball,) = tree.out.glob("cordon-*.tar.xz")
    first = tarball.read_bytes()
    (tree.src / "README.md").chmod(0o600)
    tree.make("dist")
    assert tarball.read_bytes() == first
    image = (tree.out / "cordon.bin").read_bytes()
    shutil.unpack_archive(tarball, tmp_path / "unpacked")
    other = Tree.__new__(Tree)
    (other.src,) = (tmp_path / "unpacked").iterdir()
    other.out = tmp_path / "other"
    (other.src / "third_party").mkdir()
    (other.src / "third_party/libfdt").symlink_to(REPO / "third_party/libfdt")
    assert other.src.name == tarball.name[:-len(".tar.xz")]
    other.make("-s", "qemu_virt_defconfig", "all")
    assert (other.out / "cordon.bin").read_bytes() == image
    assert "not a git checkout" in other.make("dist", fails=True)


def test_install(tree, tmp_path):
    tree.make("-s", "qemu_virt_defconfig", "install", f"DESTDIR={tmp_path}/root", "PREFIX=/usr")
    lib = tmp_path / "root/usr/lib/cordon"
    assert (lib / "qemu_virt/cordon.bin").read_bytes() == (tree.out / "cordon.bin").read_bytes()
    (tmp_path / "fw.bin").write_bytes(b"\x13\0\0\0" * 4)
    subprocess.run([tmp_path / "root/usr/bin/cordon-pack-image", "--monitor",
                    lib / "qemu_virt/cordon.bin", "--firmware", tmp_path / "fw.bin", "-o",
                    tmp_path / "image.bin"], check=True)
    assert (tmp_path / "image.bin").exists()


def test_distclean(tree):
    tree.make("-s", "qemu_virt_defconfig")
    for name in ("core/x.orig", "core/x.c~", "x.rej"):
        (tree.src / name).write_text("")
    (tree.src / "core/precious").write_text("")
    tree.make("distclean")
    assert not tree.out.exists() and not list(tree.src.rglob("x.*"))
    assert (tree.src / "core/precious").exists()


def test_compile_commands(build):
    """Covers the whole tree (monitor, unit tests and guests) without building."""
    if not (build / ".config").exists():
        pytest.skip("nothing is configured")
    before = (build / "cordon.bin").stat().st_mtime_ns
    subprocess.run(["make", "-s", "-C", REPO, f"O={build}", "compile_commands.json"],
                   env=clean_env(), check=True, timeout=300)
    found = json.loads((build / "compile_commands.json").read_text())
    files = {os.path.relpath(os.path.join(entry["directory"], entry["file"]), REPO)
             for entry in found}
    for path in ("arch/riscv/insn.c", "arch/riscv/vector.S", "boards/qemu/virt/board.c",
                 "drivers/uart/ns16550.c", "tests/unit/insn-test.c", "tests/guest/mprv.c"):
        assert path in files, path
    entry = next(entry for entry in found if entry["file"] == "arch/riscv/insn.c")
    command = ["-fsyntax-only" if word == "-c" else word for word in entry["arguments"]]
    command = command[:command.index("-o")] + command[command.index("-o") + 2:]
    subprocess.run(command, cwd=entry["directory"], check=True, timeout=60)
    assert (build / "cordon.bin").stat().st_mtime_ns == before
    assert "-Werror" not in entry["arguments"]


@pytest.mark.parametrize("goal, word", [("tags", "trap_handle"), ("TAGS", "trap_handle")])
def test_tags(tree, goal, word):
    if not shutil.which("ctags"):
        pytest.skip("ctags is not installed: tools/setup --for tags")
    (tree.src / "tests").mkdir()
    tree.make(goal)
    assert word in (tree.out / goal).read_text(errors="replace")


def test_fragments_apply_in_order(tree):
    tree.make("qemu_virt_defconfig", "size.config", "no-lto.config")
    assert "CONFIG_CC_OPTIMIZE_FOR_SIZE=y" in tree.dotconfig()
    assert "# CONFIG_LTO is not set" in tree.dotconfig()
    tree.make(*tree.config("CONFIG_CC_OPTIMIZE_FOR_SIZE=y",
                           "CONFIG_CC_OPTIMIZE_FOR_PERFORMANCE=y"))
    assert "CONFIG_CC_OPTIMIZE_FOR_PERFORMANCE=y" in tree.dotconfig()


@pytest.mark.parametrize("part", ["TIMER", *(
    pytest.param(part, marks=pytest.mark.long)
    for part in ("TIME", "IPI", "FENCE", "MISALIGNED"))])
def test_offload_without_a_part(tree, part):
    """Each part can be left out, with code of other policies that refers to it built in."""
    tree.make(*tree.config("CONFIG_POLICY_OFFLOAD=y", "CONFIG_POLICY_TRACE=y",
                           f"# CONFIG_OFFLOAD_{part} is not set"))
    assert f"# CONFIG_OFFLOAD_{part} is not set" in tree.dotconfig()
    tree.make("all")


def test_savedefconfig_is_minimal(tree):
    tree.make("qemu_virt_defconfig", "no-lto.config")
    tree.make("savedefconfig")
    lines = (tree.out / "defconfig").read_text().splitlines()
    assert [line for line in lines if "CONFIG_" in line] == ["# CONFIG_LTO is not set"]


def test_olddefconfig_names_what_is_gone(tree):
    tree.make("qemu_virt_defconfig")
    with open(tree.out / ".config", "a", encoding="utf-8") as f:
        f.write("CONFIG_GONE=y\n")
    assert "GONE" in tree.make("all", fails=True)
    assert "GONE" in tree.make("olddefconfig")
    assert "GONE" not in tree.dotconfig()


def test_menuconfig_has_the_menus(tree):
    tree.make("qemu_virt_defconfig")
    env = dict(clean_env(), TERM="xterm", LC_ALL="C.UTF-8")
    child = pexpect.spawn("make", [f"O={tree.out}", "menuconfig"], cwd=str(tree.src),
                          env=env, dimensions=(40, 100), timeout=30, encoding="utf-8")
    for menu in MENUS:
        child.expect(menu)
    child.send("q")
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == 0


def test_policy_is_found_by_its_folder(tree):
    write_policy(tree.src / "policies/zfirst", "zfirst", 1)
    write_policy(tree.src / "policies/alast", "alast", 999)
    write_policy(tree.src / "policies/off", "off", 2)
    on = ("ALAST", "COUNTER", "ZFIRST")
    tree.make(*tree.config("\n".join(f"CONFIG_POLICY_{name}=y" for name in on)), "all")
    assert tree.defs() == ["zfirst", "counter", "alast"]
    shutil.rmtree(tree.src / "policies/alast")
    tree.make("olddefconfig", "all")
    assert tree.defs() == ["zfirst", "counter"]


def test_wrong_policy_def_is_an_error(tree):
    write_policy(tree.src / "policies/one", "counter", 1)
    assert "two policies" in tree.make("all", fails=True)
    (tree.src / "policies/one/policy.def").write_text("POLICY(1, one)\n")
    assert "expected the one line" in tree.make("all", fails=True)
    (tree.src / "policies/one/policy.def").write_text(
        "POLICY(1, CONFIG_POLICY_COUNTER, one)\nCALL(SBI_EXT_TIME, 0, 0, one)\n")
    assert "expected DEADLINE or CALL(" in tree.make("all", fails=True)


def test_missing_deadline_is_named(tree):
    """The message says what policy.def lacks."""
    folder = tree.src / "policies/alarm"
    write_policy(folder, "alarm", 5)
    (folder / "alarm.c").write_text(
        "#include <cordon/policy.h>\n#include <cordon/timer.h>\n"
        "static int init(struct hart *h)\n{\n"
        "\ttimer_set_deadline(h, DEADLINE_alarm, 1);\n\treturn 0;\n}\n"
        "const struct policy_ops policy_alarm = { .name = \"alarm\", .hart_init = init };\n")
    tree.make(*tree.config("CONFIG_POLICY_ALARM=y"))
    only = f"{tree.out}/policies/alarm/alarm.o"
    assert "policy.def of alarm needs a line DEADLINE" in tree.make(only, fails=True)
    with (folder / "policy.def").open("a") as rows:
        rows.write("DEADLINE\n")
    tree.make(only)


def test_policy_is_not_left_out_silently(tree):
    folder = tree.src / "policies/spy"
    write_policy(folder, "spy", 5)
    spy = tree.config("CONFIG_POLICY_SPY=y")
    (folder / "policy.def").write_text("POLICY(5, CONFIG_POLICY_SPIE, spy)\n")
    assert "CONFIG_POLICY_SPIE is not a bool" in tree.make(*spy, "all", fails=True)
    (folder / "policy.def").unlink()
    assert "no policy.def has it" in tree.make(*spy, "all", fails=True)


def test_board_is_found_by_its_folder(tree):
    write_board(tree.src, "acme", "rocket")
    tree.make("acme_rocket_defconfig")
    assert "boards/acme/rocket/board.o" in tree.make("all")
    assert not (tree.out / "boards/qemu").exists()


def test_external_board_and_policy(tree, tmp_path):
    ours, more = tmp_path / "ours", tmp_path / "more"
    write_board(ours, "acme", "rocket")
    write_policy(more / "policies/spy", "spy", 5)
    spy = more / "policies/spy"
    with open(spy / "Makefile", "a", encoding="utf-8") as f:
        f.write("obj-y += fast.o\noffsets-y += asm-offsets\n")
    (spy / "asm-offsets.c").write_text(
        "#include <arch/offsets.h>\n#include <cordon/hart.h>\n"
        "void asm_offsets(void)\n{\n\tHART(WORLD, world);\n}\n")
    (spy / "fast.S").write_text(
        "#include <arch/asm.h>\n#include <generated/spy/asm-offsets.h>\n"
        '\t.section .text.fast, "ax"\nspy_start:\n\tlw t0, HART_WORLD(tp)\n'
        "spy_end:\n\tret\n\tFIXUP spy_start, spy_end, spy_end\n")
    external = f"EXTERNAL={ours}:{more}"
    tree.make(external, "acme_rocket_defconfig")
    fragment = tmp_path / "spy.config"
    fragment.write_text("CONFIG_POLICY_SPY=y\n")
    tree.make(external, str(fragment))
    out = tree.make(external, "all")
    assert "external/ours/boards/acme/rocket/board.o" in out
    assert "external/more/policies/spy/spy.o" in out
    assert "external/more/policies/spy/fast.o" in out
    assert tree.defs()[0] == "spy"
    assert b"spy\0" in (tree.out / "cordon.bin").read_bytes()
    name = version_of(tree)[1]
    assert re.fullmatch(r"[0-9a-f]{8}\+[0-9a-f]{8} \(spy\)", name)
    with open(spy / "spy.c", "a", encoding="utf-8") as f:
        f.write("/* not the same file */\n")
    tree.make("-s", external, "all")
    assert version_of(tree)[1] != name and version_of(tree)[1].split("+")[0] == name.split("+")[0]
    assert "EXTERNAL" in tree.make("all", fails=True)
    # One level too deep
    assert "has no folder" in tree.make(f"EXTERNAL={more}/policies", "all", fails=True)
