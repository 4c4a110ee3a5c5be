#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""Write the expected results of insn_decode() for many instructions, for insn-test.c.

The oracle is GNU binutils. An instruction as text ("lw x5,-4(x6)") shows all fields
that the decoder must find. Two sources give pairs of bits and text:

as       we write random text for every form, the assembler gives the bits
objdump  we write bits (every 16-bit parcel; random words of the opcodes that
        the decoder knows; valid words with bits flipped), objdump the text

Extensions that Debian 12's binutils lacks (Zcb, Zabha, Zacas) are encoded and decoded
here, bit by bit from the specification.

Output, one line per vector: bits kind len rd rs1 rs2 imm size op flags csr source
(flags: 1 unsigned, 2 immediate CSR form, 4 hlvx). Without a RISC-V binutils that
supports the extensions below, the output is empty and the test is skipped.
"""

import argparse
import os
import random
import re
import subprocess
import sys
import tempfile

MARCH = "rv64gch_svinval_zicbom_zicboz_zfh"

LOADS = {"b": (1, 0), "h": (2, 0), "w": (4, 0), "d": (8, 0),
         "bu": (1, 1), "hu": (2, 1), "wu": (4, 1)}
STORES = {"b": 1, "h": 2, "w": 4, "d": 8}
FP = {"h": 2, "w": 4, "d": 8}
AMO_SIZE = {"b": 1, "h": 2, "w": 4, "d": 8, "q": 16}
AMO_OP = {"add": 0, "swap": 1, "xor": 4, "cas": 5, "or": 8, "and": 12,
          "min": 16, "max": 20, "minu": 24, "maxu": 28}
CSR_OP = {"csrrw": 1, "csrrs": 2, "csrrc": 3}
CBO_OP = {"inval": 0, "clean": 1, "flush": 2, "zero": 4}
PLAIN = {"mret": "MRET", "sret": "SRET", "wfi": "WFI", "ecall": "ECALL",
         "ebreak": "EBREAK", "c.ebreak": "EBREAK", "fence.i": "FENCE_I",
         "sfence.w.inval": "SFENCE_W_INVAL",
         "sfence.inval.ir": "SFENCE_INVAL_IR"}
FENCES = {"sfence.vma": "SFENCE_VMA", "sinval.vma": "SINVAL_VMA",
          "hfence.vvma": "HFENCE_VVMA", "hfence.gvma": "HFENCE_GVMA",
          "hinval.vvma": "HINVAL_VVMA", "hinval.gvma": "HINVAL_GVMA"}

UNSIGNED, IMM, HLVX = 1, 2, 4


# Parsing text -----------------------------------------------------------------

def regs(text):
    return [int(n) for n in re.findall(r"\b[xf](\d+)", text)]


def want(kind, rd=0, rs1=0, rs2=0, imm=0, size=0, op=0, flags=0, csr=0):
    return [kind, rd, rs1, rs2, imm, size, op, flags, csr]


def parse_access(name, args):
    """Loads and stores, integer and floating point, compressed or not."""
    m = re.fullmatch(r"(?:c\.)?(f?)(l|s)(\w+?)(?:sp)?", name)
    if not m:
        return None
    operands = re.fullmatch(r"[xf](\d+),(-?\d+)\(x(\d+)\)", args)
    if not operands:
        return None
    reg, imm, base = map(int, operands.groups())
    fp, store, width = m.group(1), m.group(2) == "s", m.group(3)
    sizes = FP if fp else STORES if store else LOADS
    if width not in sizes:
        return None
    if store:
        return want("FSTORE" if fp else "STORE", rs1=base, rs2=reg, imm=imm,
                    size=sizes[width])
    size, unsigned = (FP[width], 0) if fp else LOADS[width]
    return want("FLOAD" if fp else "LOAD", rd=reg, rs1=base, imm=imm,
                size=size, flags=unsigned * UNSIGNED)


def parse_csr(name, args, csr_names):
    form = re.fullmatch(r"(csrr[wsc])(i?)", name)
    if not form:
        return None
    rd, csr, src = args.split(",")
    number = int(csr, 16) if csr.startswith("0x") else csr_names[csr]
    op, rd = CSR_OP[form.group(1)], regs(rd)[0]
    if form.group(2):
        return want("CSR", rd=rd, imm=int(src), op=op, flags=IMM, csr=number)
    return want("CSR", rd=rd, rs1=regs(src)[0], op=op, csr=number)


def parse_atomic(name, args):
    m = re.fullmatch(r"(lr|sc|amo(\w+))\.([bhwdq])(\.aq|\.rl|\.aqrl)?", name)
    if not m:
        return None
    r, size = regs(args), AMO_SIZE[m.group(3)]
    if m.group(1) == "lr":
        return want("LR", rd=r[0], rs1=r[1], size=size)
    if m.group(1) == "sc":
        return want("SC", rd=r[0], rs2=r[1], rs1=r[2], size=size)
    return want("AMO", rd=r[0], rs2=r[1], rs1=r[2], size=size,
                op=AMO_OP[m.group(2)])


def parse_hypervisor(name, args):
    m = re.fullmatch(r"(hlvx?|hsv)\.(\w+)", name)
    if not m:
        return None
    r = regs(args)
    if m.group(1) == "hsv":
        return want("HSV", rs2=r[0], rs1=r[1], size=STORES[m.group(2)])
    size, unsigned = LOADS[m.group(2)]
    hlvx = HLVX if m.group(1) == "hlvx" else 0
    return want("HLV", rd=r[0], rs1=r[1], size=size,
                flags=unsigned * UNSIGNED | hlvx)


def parse(text, csr_names):
    """Return the fields in an instruction's text."""
    text = text.split("#")[0].strip()
    name, _, args = text.partition("\t") if "\t" in text \
        else text.partition(" ")
    args = args.replace(" ", "")
    if name in PLAIN:
        return want(PLAIN[name])
    if name in FENCES:
        r = regs(args)
        return want(FENCES[name], rs1=r[0], rs2=r[1])
    if name.startswith("cbo."):
        return want("CBO", rs1=regs(args)[0], op=CBO_OP[name[4:]])
    return (parse_access(name, args) or parse_csr(name, args, csr_names) or
            parse_atomic(name, args) or parse_hypervisor(name, args) or
            want("OTHER"))


# Extensions that binutils lacks -----------------------------------------------

def zcb_parcels():
    """Zcb loads and stores: bits to text, enumerated from their operands."""
    out = {}
    for rs1 in range(8):
        for reg in range(8):
            base = 0b100 << 13 | rs1 << 7 | reg << 2
            ops = f"x{reg + 8},%d(x{rs1 + 8})"
            for off in range(4):
                uimm = (off & 1) << 6 | (off >> 1) << 5
                out[base | 0b000 << 10 | uimm] = "c.lbu " + ops % off
                out[base | 0b010 << 10 | uimm] = "c.sb " + ops % off
            for off in (0, 2):
                uimm = (off >> 1) << 5
                out[base | 0b001 << 10 | 0 << 6 | uimm] = "c.lhu " + ops % off
                out[base | 0b001 << 10 | 1 << 6 | uimm] = "c.lh " + ops % off
                out[base | 0b011 << 10 | 0 << 6 | uimm] = "c.sh " + ops % off
    return out


def amo_text(word):
    """Zabha's byte and halfword AMOs and Zacas's amocas, or None."""
    bits = f"{word:032b}"
    funct5, aqrl, rs2, rs1 = bits[0:5], bits[5:7], bits[7:12], bits[12:17]
    funct3, rd, opcode = bits[17:20], bits[20:25], bits[25:32]
    names = {f"{code:05b}": name for name, code in AMO_OP.items()}
    if opcode != "0101111" or funct5 not in names:
        return None
    width = {"000": "b", "001": "h", "010": "w", "011": "d",
             "100": "q"}.get(funct3)
    if width is None:
        return None
    if names[funct5] != "cas" and width == "q":
        return None
    if width == "q" and (rs2[-1] == "1" or rd[-1] == "1"):
        return None
    order = {"00": "", "10": ".aq", "01": ".rl", "11": ".aqrl"}[aqrl]
    return (f"amo{names[funct5]}.{width}{order} "
            f"x{int(rd, 2)},x{int(rs2, 2)},(x{int(rs1, 2)})")


# Binutils ----------------------------------------------------------------

class Binutils:
    def __init__(self, cross, tmp):
        self.cross, self.tmp = cross, tmp

    def assemble(self, lines, option="rvc"):
        """Assemble lines; returns (bits, length, text) of each instruction."""
        src, obj = (os.path.join(self.tmp, n) for n in ("a.s", "a.o"))
        with open(src, "w", encoding="ascii") as f:
            f.write("\n".join([".option " + option, *lines, ""]))
        subprocess.run([self.cross + "as", "-march=" + MARCH, "-o", obj, src],
                       check=True, stderr=subprocess.PIPE)
        dump = subprocess.run(
            [self.cross + "objdump", "-d", "-M", "no-aliases,numeric", obj],
            check=True, stdout=subprocess.PIPE, encoding="ascii").stdout
        found = re.findall(r"^ *[0-9a-f]+:\t([0-9a-f]+) *\t(.*)$", dump, re.M)
        if len(found) != len(lines):
            raise SystemExit(f"{len(lines)} lines, {len(found)} instructions")
        return [(int(bits, 16), len(bits) // 2, text) for bits, text in found]

    def disassemble(self, words):
        """The text of each word (16 bits long if its low bits say so)."""
        lines = [f".insn {2 if (w & 3) < 3 else 4}, {w:#x}" for w in words]
        return self.assemble(lines)


# Instructions as text ----------------------------------------------------

def texts_32(rnd):
    """One text of every 32-bit form, with random operands."""
    def x():
        return f"x{rnd.randrange(32)}"

    def f():
        return f"f{rnd.randrange(32)}"

    def mem():
        off = rnd.choice((-2048, -1, 0, 1, 2047, rnd.randrange(-2048, 2048)))
        return f"{off}({x()})"

    out = [f"l{w} {x()},{mem()}" for w in LOADS]
    out += [f"s{w} {x()},{mem()}" for w in STORES]
    out += [f"f{d}{w} {f()},{mem()}" for d in "ls" for w in FP]
    out += list(n for n in PLAIN if not n.startswith("c."))
    out += [f"{n} {x()},{x()}" for n in FENCES]
    out += [f"cbo.{n} ({x()})" for n in CBO_OP]
    out += [f"hlv.{w} {x()},({x()})" for w in LOADS]
    out += [f"hlvx.{w} {x()},({x()})" for w in ("hu", "wu")]
    out += [f"hsv.{w} {x()},({x()})" for w in STORES]
    for w in "wd":
        order = rnd.choice(("", ".aq", ".rl", ".aqrl"))
        out.append(f"lr.{w}{order} {x()},({x()})")
        out.append(f"sc.{w}{order} {x()},{x()},({x()})")
        out += [f"amo{n}.{w}{order} {x()},{x()},({x()})"
                for n in AMO_OP if n != "cas"]
    return out


def texts_csr(rnd):
    """Every CSR number, alternating between the forms."""
    out = []
    for csr in range(4096):
        name = list(CSR_OP)[csr % 3]
        rd, src = rnd.randrange(32), rnd.randrange(32)
        out.append(f"{name} x{rd},{csr:#x},x{src}")
        out.append(f"{name}i x{rd},{csr:#x},{src}")
    return out


def texts_16(rnd):
    """One text of every compressed form, with random operands."""
    def low():
        return rnd.randrange(8, 16)

    out = ["c.ebreak"]
    for w, size in (("w", 4), ("d", 8)):
        off, sp = rnd.randrange(32) * size, rnd.randrange(64) * size
        out += [f"c.{n}{w} x{low()},{off}(x{low()})" for n in "ls"]
        out.append(f"c.l{w}sp x{rnd.randrange(1, 32)},{sp}(x2)")
        out.append(f"c.s{w}sp x{rnd.randrange(32)},{sp}(x2)")
    for n in "ls":
        out.append(f"c.f{n}d f{low()},{off}(x{low()})")
        out.append(f"c.f{n}dsp f{rnd.randrange(32)},{sp}(x2)")
    return out


# Instructions as bits ----------------------------------------------------

def fits(word):
    """True unless it starts a longer encoding, which the assembler refuses."""
    return word & 0x1f != 0x1f


def words_random(rnd, count):
    opcodes = (0x03, 0x07, 0x0f, 0x23, 0x27, 0x2f, 0x73)
    for opcode in opcodes:
        for _ in range(count):
            yield rnd.getrandbits(25) << 7 | opcode
    for _ in range(count):          # SYSTEM without CSR accesses
        yield rnd.getrandbits(25) << 7 & ~0x3000 | 0x73
    for _ in range(count):          # and near the valid ones
        yield rnd.getrandbits(12) << 20 | rnd.choice((0, 4)) << 12 | 0x73


def words_flipped(rnd, valid):
    for word in valid:
        for bit in range(32):
            yield word ^ 1 << bit
        yield word ^ 1 << rnd.randrange(7, 32) ^ 1 << rnd.randrange(7, 32)


def csr_numbers(binutils, texts):
    """Numbers of objdump's CSR names, from the assembler."""
    names = sorted({m.group(1) for m in
                    (re.match(r"csrr\w+\s+x\d+,([a-z]\w*),", t) for t in texts)
                    if m})
    found = binutils.assemble([f"csrrs x0,{n},x0" for n in names])
    return {n: bits >> 20 for n, (bits, _, _) in zip(names, found)}


def vectors(binutils, rnd):
    """Yield (bits, length, text, source)."""
    wide = [t for _ in range(60) for t in texts_32(rnd)] + texts_csr(rnd)
    narrow = [t for _ in range(60) for t in texts_16(rnd)]
    for written, option in ((wide, "norvc"), (narrow, "rvc")):
        assembled = binutils.assemble(written, option)
        for text, (bits, length, _) in zip(written, assembled):
            yield bits, length, text, "as"

    once = binutils.assemble(texts_32(rnd), "norvc")
    zcb = zcb_parcels()
    words = [w for w in range(65536) if w & 3 != 3]
    words += words_random(rnd, 4000)
    words += [w if w & 3 == 3 else w & 0xffff for w in
              words_flipped(rnd, [bits for bits, _, _ in once]) if fits(w)]
    for bits, length, text in binutils.disassemble(words):
        if length == 2:
            own = zcb.get(bits)
        else:
            own = amo_text(bits)
        if own and text.startswith("."):
            yield bits, length, own, "own"
        else:
            yield bits, length, text, "objdump"


def main():
    args = argparse.ArgumentParser(description=__doc__.strip().split("\n")[0])
    args.add_argument("--cross", default="riscv64-linux-gnu-",
                      help="prefix of as and objdump")
    args.add_argument("--seed", type=int, default=1)
    args.add_argument("output")
    args = args.parse_args()

    with tempfile.TemporaryDirectory() as tmp, \
            open(args.output, "w", encoding="ascii") as out:
        binutils = Binutils(args.cross, tmp)
        try:
            binutils.assemble(["nop"])
        except (OSError, subprocess.CalledProcessError) as err:
            print(f"{os.path.basename(sys.argv[0])}: no binutils for {MARCH} "
                  f"({err}); insn-test will skip", file=sys.stderr)
            return
        found = list(vectors(binutils, random.Random(args.seed)))
        names = csr_numbers(binutils, [text for _, _, text, _ in found])
        for bits, length, text, source in found:
            kind, *fields = parse(text, names)
            print(f"{bits:x}", kind, length, *fields, source, file=out)


if __name__ == "__main__":
    main()
