# SPDX-License-Identifier: BSD-2-Clause
"""Changes to QEMU 10.0's sources for our boards: (file, old text, new text).

Fields of the CPU configuration enable all of them; other CPU types leave these fields
at 0, so that the rest of QEMU behaves as before. Each text must occur exactly as often
as COUNT says, or the build stops.
"""

CFG = "target/riscv/cpu_cfg.h"
CPU = "target/riscv/cpu.c"
PMP = "target/riscv/pmp.c"
TRANS = "target/riscv/insn_trans/"

# The fifth member is the number of times the text occurs; 1 if left out.
EDITS = [
    # Facts of a core that QEMU has no field for.
    (CFG, "    bool misa_w;\n",
     """    bool misa_w;

    /* Cordon's board models; 0: as QEMU has it. */
    bool misaligned_traps;      /* loads and stores, all modes */
    bool has_cease;             /* SiFive's CEASE instruction */
    uint8_t pmp_regions;        /* entries that are not hardwired to 0 */
    uint8_t pmp_grain;          /* G of Priv. 3.7.1 */
    uint8_t pmp_addr_bits;      /* of a pmpaddr register */
    uint8_t asid_bits_plus1;
    uint8_t vendor_csrs;        /* bit n: 0x7c0 + n is storage */
    bool priv_1_11;             /* of 1.12 the H extension, but no more */
    uint32_t misa_more;         /* letters that QEMU has no extension for */
    uint32_t medeleg_mask;      /* 0: as QEMU has it */
"""),
    ("target/riscv/cpu.h", "struct CPUArchState {\n",
     """struct CPUArchState {
    bool ceased;                /* by CEASE, until reset */
    uint64_t vendor_csr[8];
"""),
    (CPU, "    env->misa_mxl = mcc->misa_mxl_max;\n    env->priv = PRV_M;\n",
     """    env->misa_mxl = mcc->misa_mxl_max;
    env->ceased = false;
    memset(env->vendor_csr, 0, sizeof(env->vendor_csr));
    /* Feature disable: bit 0, no clock gating of the data cache, is set. */
    env->vendor_csr[1] = 1;
    env->priv = PRV_M;
"""),
    # U74 and P550 are of privileged 1.11 and 1.12 and have Zba and Zbb.
    (CPU, "ISA_EXT_DATA_ENTRY(zba, PRIV_VERSION_1_12_0,",
     "ISA_EXT_DATA_ENTRY(zba, PRIV_VERSION_1_11_0,"),
    (CPU, "ISA_EXT_DATA_ENTRY(zbb, PRIV_VERSION_1_12_0,",
     "ISA_EXT_DATA_ENTRY(zbb, PRIV_VERSION_1_11_0,"),
    (CPU, "static void rv64_thead_c906_cpu_init(Object *obj)\n{",
     '#include "cordon-cpus.c.inc"\n\nstatic void rv64_thead_c906_cpu_init(Object *obj)\n{'),
    (CPU, "    DEFINE_VENDOR_CPU(TYPE_RISCV_CPU_THEAD_C906,",
     "    CORDON_CPUS\n    DEFINE_VENDOR_CPU(TYPE_RISCV_CPU_THEAD_C906,"),
    (CPU, "    return riscv_cpu_all_pending(env) != 0 ||\n",
     "    if (env->ceased) {\n        return false;\n    }\n"
     "    return riscv_cpu_all_pending(env) != 0 ||\n"),

    # Misaligned loads and stores (RV64GC without V: these are all).
    (TRANS + "trans_rvi.c.inc", "    if (ctx->cfg_ptr->ext_zama16b) {\n",
     "    if (ctx->cfg_ptr->misaligned_traps) {\n        memop |= MO_ALIGN;\n"
     "    } else if (ctx->cfg_ptr->ext_zama16b) {\n", 2),
    (TRANS + "trans_rvf.c.inc", "    if (ctx->cfg_ptr->ext_zama16b) {\n",
     "    if (ctx->cfg_ptr->misaligned_traps) {\n        memop |= MO_ALIGN;\n"
     "    } else if (ctx->cfg_ptr->ext_zama16b) {\n", 2),
    (TRANS + "trans_rvd.c.inc",
     "    if (get_xl_max(ctx) == MXL_RV32) {\n        memop |= MO_ATOM_NONE;\n",
     "    if (ctx->cfg_ptr->misaligned_traps) {\n        memop |= MO_ALIGN;\n"
     "    } else if (get_xl_max(ctx) == MXL_RV32) {\n        memop |= MO_ATOM_NONE;\n", 2),

    # CEASE (SiFive U74-MC manual 21G1, section 6.2): M-mode only.
    ("target/riscv/insn32.decode", "wfi         0001000    00101 00000 000 00000 1110011\n",
     "wfi         0001000    00101 00000 000 00000 1110011\n"
     "cease       0011000    00101 00000 000 00000 1110011\n"),
    (TRANS + "trans_privileged.c.inc", "static bool trans_wfi(DisasContext *ctx, arg_wfi *a)\n",
     """static bool trans_cease(DisasContext *ctx, arg_cease *a)
{
#ifndef CONFIG_USER_ONLY
    if (!ctx->cfg_ptr->has_cease || ctx->priv != PRV_M) {
        return false;
    }
    decode_save_opc(ctx, 0);
    gen_update_pc(ctx, ctx->cur_insn_len);
    gen_helper_cease(tcg_env);
    return true;
#else
    return false;
#endif
}

static bool trans_wfi(DisasContext *ctx, arg_wfi *a)
"""),
    ("target/riscv/helper.h", "DEF_HELPER_1(wfi, void, env)\n",
     "DEF_HELPER_1(wfi, void, env)\nDEF_HELPER_1(cease, void, env)\n"),
    ("target/riscv/op_helper.c", "void helper_wfi(CPURISCVState *env)\n",
     """void helper_cease(CPURISCVState *env)
{
    CPUState *cs = env_cpu(env);

    env->ceased = true;
    cs->halted = 1;
    cs->exception_index = EXCP_HLT;
    cpu_loop_exit(cs);
}

void helper_wfi(CPURISCVState *env)
"""),

    # ASIDLEN (Priv. 12.1.11).
    ("target/riscv/csr.c", "    target_ulong mask;\n    bool vm;\n",
     """    target_ulong mask;
    bool vm;

    if (riscv_cpu_cfg(env)->asid_bits_plus1) {
        int bits = riscv_cpu_cfg(env)->asid_bits_plus1 - 1;

        val = set_field(val, SATP64_ASID,
                        get_field(val, SATP64_ASID) & ((1 << bits) - 1));
    }
"""),

    # Cores of privileged 1.11, one of them with the H extension, for which
    # QEMU wants 1.12: no CSRs of 1.12, and xRET leaves MPRV alone.
    ("target/riscv/csr.c", "    if (env->priv_ver < csr_min_priv) {\n",
     """    if (env->priv_ver < csr_min_priv ||
        (riscv_cpu_cfg(env)->priv_1_11 &&
         (csrno == CSR_MENVCFG || csrno == CSR_SENVCFG || csrno == CSR_HENVCFG ||
          csrno == CSR_MCONFIGPTR))) {
"""),
    ("target/riscv/op_helper.c", "    if (env->priv_ver >= PRIV_VERSION_1_12_0) {\n",
     "    if (env->priv_ver >= PRIV_VERSION_1_12_0 && !riscv_cpu_cfg(env)->priv_1_11) {\n"),
    ("target/riscv/op_helper.c",
     "    if ((env->priv_ver >= PRIV_VERSION_1_12_0) && (prev_priv != PRV_M)) {\n",
     "    if (env->priv_ver >= PRIV_VERSION_1_12_0 && prev_priv != PRV_M &&\n"
     "        !riscv_cpu_cfg(env)->priv_1_11) {\n"),
    ("target/riscv/csr.c", "    *val = misa | env->misa_ext;\n",
     "    *val = misa | env->misa_ext | riscv_cpu_cfg(env)->misa_more;\n"),

    # Exceptions that these cores can delegate; without guest external
    # interrupts (GEILEN 0) there is none to delegate (Priv., hypervisor, mideleg).
    ("target/riscv/csr.c",
     "    env->medeleg = (env->medeleg & ~DELEGABLE_EXCPS) | (val & DELEGABLE_EXCPS);\n",
     """    if (riscv_cpu_cfg(env)->medeleg_mask) {
        val &= riscv_cpu_cfg(env)->medeleg_mask;
    }
    env->medeleg = (env->medeleg & ~DELEGABLE_EXCPS) | (val & DELEGABLE_EXCPS);
"""),
    ("target/riscv/csr.c", "        env->mideleg |= HS_MODE_INTERRUPTS;\n",
     "        env->mideleg |= HS_MODE_INTERRUPTS &\n"
     "                        ~(riscv_cpu_cfg(env)->medeleg_mask ? MIP_SGEIP : 0);\n"),
    (CPU, "        env->mideleg |= HS_MODE_INTERRUPTS;\n",
     "        env->mideleg |= HS_MODE_INTERRUPTS &\n"
     "                        ~(riscv_cpu_cfg(env)->medeleg_mask ? MIP_SGEIP : 0);\n"),

    # PMP: entries that exist, granularity, width (Priv. 3.7.1).
    (PMP, "static inline uint8_t pmp_read_cfg(CPURISCVState *env, uint32_t pmp_index)\n{\n",
     '#include "cordon-pmp.c.inc"\n\n'
     "static inline uint8_t pmp_read_cfg(CPURISCVState *env, uint32_t pmp_index)\n{\n"),
    (PMP, "static bool pmp_write_cfg(CPURISCVState *env, uint32_t pmp_index, uint8_t val)\n{\n",
     "static bool pmp_write_cfg(CPURISCVState *env, uint32_t pmp_index, uint8_t val)\n{\n"
     "    if (cordon_pmp_absent(env, pmp_index)) {\n        return false;\n    }\n"
     "    val = cordon_pmp_legal_cfg(env, val);\n"),
    (PMP, "    switch (pmp_get_a_field(this_cfg)) {\n",
     "    cordon_pmp_coarse(env, this_cfg, &this_addr, &prev_addr);\n"
     "    switch (pmp_get_a_field(this_cfg)) {\n"),
    (PMP, "    bool is_next_cfg_tor = false;\n",
     "    bool is_next_cfg_tor = false;\n\n"
     "    if (cordon_pmp_absent(env, addr_index)) {\n        return;\n    }\n"
     "    val = cordon_pmp_legal_addr(env, val);\n"),
    (PMP, "        val = env->pmp_state.pmp[addr_index].addr_reg;\n",
     "        val = cordon_pmp_seen_addr(env, addr_index,\n"
     "                                   env->pmp_state.pmp[addr_index].addr_reg);\n"),

    # Our files.
    ("hw/riscv/meson.build", "\nhw_arch += {'riscv': riscv_ss}\n",
     "riscv_ss.add(files('cordon-soc.c', 'cordon-i2c.c', 'cordon-mmc.c', 'cordon-jh7110.c',\n"
     "                   'cordon-jh7110-ddr.c', 'cordon-jh7110-rom.c', 'cordon-eic7700.c'))\n"
     "\nhw_arch += {'riscv': riscv_ss}\n"),
    # The tarball of Debian comes without the EDK2 images.
    ("meson.build", "    unpack_edk2_blobs = bzip2.found()\n", "    unpack_edk2_blobs = false\n"),
]


class EditError(Exception):
    """The source is not the one that these edits were made for."""


def apply(tree):
    """Edit an unpacked source tree (a Path)."""
    for name, old, new, *count in EDITS:
        path = tree / name
        text = path.read_text()
        found, expected = text.count(old), count[0] if count else 1
        if found != expected:
            raise EditError(f"{name}: {found} times instead of {expected}: {old.strip()!r}")
        path.write_text(text.replace(old, new))
