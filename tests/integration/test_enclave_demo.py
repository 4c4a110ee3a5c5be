# SPDX-License-Identifier: BSD-2-Clause
"""The enclave demonstration in Linux, and what its reports prove to a developer."""

import pathlib
import platform
import shlex
import shutil
import subprocess

import pytest

import building

REPO = pathlib.Path(__file__).resolve().parent.parent.parent
RUN = REPO / "tools" / "run"
SDK = REPO / "tools" / "enclave"
HARTS = [1, 4]


def need_libc():
    if not pathlib.Path("/usr/riscv64-linux-gnu/include/stdio.h").exists():
        pytest.skip("no C library for the host program: tools/setup --for enclave")


@pytest.fixture(scope="session")
def monitor(build):
    """Build the monitor for the demonstration, and check that the guests are present."""
    if platform.machine() != "x86_64":
        pytest.skip("Linux' build programs for the driver are those for amd64")
    if not (REPO / "third_party" / "guests").exists():
        pytest.skip("no guests: tools/guests fetches them")
    need_libc()
    got = subprocess.run([REPO / "tools/guests", "get", "linux-headers", "linux-headers-common",
                          "linux-kbuild", "libc-amd64", "linux-trixie", "opensbi-1.6",
                          "initramfs"], capture_output=True, text=True, check=False)
    if got.returncode:
        pytest.skip(f"guests or headers are missing: {got.stderr.strip().splitlines()[-1]}")
    out = build / "tests" / "enclave"
    return building.monitor(out, "qemu_virt_defconfig", "keystone.config", "offload.config")


class Outcome:
    """One run of the demonstration."""

    def __init__(self, monitor, *args, timeout=300):
        done = subprocess.run([RUN, "--enclave", "--build", monitor, "--timeout", str(timeout),
                               *args], capture_output=True, text=True, errors="replace",
                              timeout=timeout + 120, stdin=subprocess.DEVNULL, check=False)
        self.status = done.returncode
        self.text = (done.stdout + done.stderr).replace("\r", "")

    def must_pass(self):
        if self.status:
            pytest.fail("\n".join(self.text.splitlines()[-60:]), pytrace=False)

    def verify_command(self):
        """Return the line with the verification of the enclave's report."""
        line = next(line for line in self.text.splitlines() if "/verify-report enclave " in line)
        return shlex.split(line)


@pytest.fixture(scope="session")
def outcomes(monitor):
    """Return a function: the demonstration's outcome on a number of harts, run on demand."""
    done = {}

    def outcome(harts):
        if harts not in done:
            done[harts] = Outcome(monitor, "--harts", str(harts))
        return done[harts]
    return outcome


@pytest.mark.parametrize("harts", HARTS)
def test_demonstration(outcomes, harts):
    outcome = outcomes(harts)
    outcome.must_pass()
    assert "ENCLAVE PASS" in outcome.text
    # the enclave's report, the platform's, and the joined one
    assert outcome.text.count("\nTEST KEY: ") == 3
    assert f"on {harts} hart(s)" in outcome.text
    assert "demo: version 2 unseals what version 1 sealed, and not the other way" in outcome.text
    assert "demo: the enclave seals for the maker it was built with alone" in outcome.text
    assert "demo: an enclave of 64 MiB writes and reads 60 MiB" in outcome.text


def test_the_refused_certificate_is_right(outcomes, monitor):
    """Only its maker is another: the monitor alone would have accepted it."""
    outcomes(HARTS[0]).must_pass()
    shown = {}
    for name in ("app", "foreign", "other"):
        done = subprocess.run([REPO / "tools/certify", "show", monitor / f"enclave/{name}.cert"],
                              capture_output=True, text=True, check=True)
        assert "signature good" in done.stdout
        shown[name] = dict(line.split(maxsplit=1) for line in done.stdout.splitlines())
    assert shown["foreign"]["enclave"] == shown["app"]["enclave"]
    assert shown["foreign"]["version"] == shown["app"]["version"]
    assert shown["foreign"]["maker"] == shown["other"]["maker"] != shown["app"]["maker"]


def test_random_numbers(monitor):
    """On harts with an entropy source enclaves get random numbers, and Linux keeps the source."""
    outcome = Outcome(monitor, "--harts", "2", "--cpu", "rv64,zkr=on,x-epmp=on")
    outcome.must_pass()
    assert "demo: random numbers differ" in outcome.text


@pytest.fixture
def verify(outcomes):
    """verify-report's command as the demonstration used it."""
    outcome = outcomes(HARTS[0])
    if outcome.status:
        pytest.fail("the demonstration failed: there is no report", pytrace=False)
    return outcome.verify_command()


def refused(command, why):
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 1, done.stdout + done.stderr
    assert "VERIFIED" not in done.stdout
    assert "NOT VERIFIED" in done.stderr and why in done.stderr


def with_option(command, option, *values):
    """Return the command with other values of an option."""
    at = command.index(option) + 1
    return [*command[:at], *values, *command[at + len(values):]]


def test_reports_verify_again(verify):
    assert subprocess.run(verify, capture_output=True, check=False).returncode == 0


# One byte of each field: hashes, length, nonce, slack, signatures, keys.
@pytest.mark.parametrize("byte", [0, 63, 64, 72, 103, 104, 1095, 1096, 1159, 1160, 1224, 1256,
                                  1319, 1320, 1351])
def test_flipped_bit(verify, tmp_path, byte):
    report = bytearray(pathlib.Path(verify[2]).read_bytes())
    report[byte] ^= 0x10
    (tmp_path / "report").write_bytes(report)
    refused([*verify[:2], str(tmp_path / "report"), *verify[3:]], "")


def test_wrong_nonce(verify):
    nonce = verify[verify.index("--nonce") + 1]
    refused(with_option(verify, "--nonce", nonce[:-1] + ("0" if nonce[-1] != "0" else "1")),
            "nonce")


def test_public_test_key(verify):
    refused([word for word in verify if word != "--allow-test-key"], "test key")


def test_other_device(verify):
    refused(with_option(verify, "--device-key", "11" * 32), "another device")


def test_other_monitor(verify, monitor, tmp_path):
    other = bytearray((monitor / "cordon.bin").read_bytes())
    other[-1] ^= 1
    (tmp_path / "other.bin").write_bytes(other)
    refused(with_option(verify, "--monitor", str(tmp_path / "other.bin")), "another monitor")


def test_other_enclave(verify, monitor):
    parts = [str(monitor / "enclave" / name) for name in
             ("loader.bin", "runtime.elf", "other.elf")]
    refused(with_option(verify, "--enclave", *parts), "another enclave")


@pytest.mark.long
def test_very_large(monitor, build):
    """512 MiB from a pool of 768: more than a quarter of all memory."""
    out = build / "tests" / "enclave-large"
    building.monitor(out, "qemu_virt_defconfig", "keystone.config",
                     text="CONFIG_ENCLAVE_POOL=768\n")
    outcome = Outcome(out, "--harts", "2", "--mem", "2G", "--large", "512")
    outcome.must_pass()
    assert "demo: an enclave of 512 MiB writes and reads 508 MiB" in outcome.text


@pytest.mark.long
def test_long_runaway(monitor):
    """Longer than Linux' soft and hard lockup watchdogs wait."""
    Outcome(monitor, "--harts", "2", "--spin", "45000", timeout=600).must_pass()


def test_same_enclave(tmp_path):
    """Reproducible: the same sources give the same enclave hash."""
    need_libc()
    for folder in ("arch", "core", "policies", "tools/enclave"):
        shutil.copytree(REPO / folder, tmp_path / "tree" / folder)
    building.make(tmp_path / "a", source=SDK)
    building.make(tmp_path / "b/c", source=tmp_path / "tree/tools/enclave")
    for name in ("loader.bin", "runtime.elf", "app.elf", "update.elf", "other.elf"):
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b/c" / name).read_bytes()


def test_no_monitor_for_enclaves(build):
    """A monitor without the policy is refused before anything boots."""
    if not (build / "cordon.bin").exists():
        pytest.skip(f"no monitor: {build}/cordon.bin is not built")
    outcome = Outcome(build)
    assert outcome.status and "runs no enclaves" in outcome.text
