/* SPDX-License-Identifier: BSD-3-Clause */
#include "elf.h"
#include "error.h"
#include <dlfcn.h>
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

struct image {
    hk_context *ctx;
    const char *file;
    const unsigned char *byte;
    uint64_t n;
};

static bool is_inside(const struct image *image, uint64_t at, uint64_t n) {
    return at <= image->n && n <= image->n - at;
}

/* Item k of a table of items of `size` bytes, copied: the file promises no alignment. */
static bool read_item(const struct image *image, uint64_t table, uint64_t k, size_t size,
                      void *out) {
    if (table > image->n || k > image->n / size || !is_inside(image, table + k * size, size)) {
        return false;
    }
    memcpy(out, image->byte + table + k * size, size);
    return true;
}

/* The header of the file that this function was loaded from: that of this machine. */
static Elf64_Ehdr own_header(void) {
    Elf64_Ehdr own = {.e_ident = {[EI_CLASS] = ELFCLASS64, [EI_DATA] = ELFDATA2LSB}};
    Dl_info info;
    union {
        hk_status (*function)(hk_context *, const char *, const char *, uint64_t *);
        void *address;
    } here = {.function = elf_check};
    if (dladdr(here.address, &info) && info.dli_fbase && !memcmp(info.dli_fbase, ELFMAG, SELFMAG)) {
        memcpy(&own, info.dli_fbase, sizeof own);
    }
    return own;
}

static const char *machine_name(unsigned machine, char room[32]) {
    static const struct {
        unsigned machine;
        const char *name;
    } known[] = {{EM_X86_64, "x86-64"}, {EM_AARCH64, "AArch64"}, {EM_386, "i386"},
                 {EM_ARM, "ARM"},       {EM_PPC64, "PowerPC64"}, {EM_S390, "s390"},
                 {EM_RISCV, "RISC-V"}};
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        if (known[i].machine == machine) {
            return known[i].name;
        }
    }
    snprintf(room, 32, "ELF machine %u", machine);
    return room;
}

static hk_status check_header(const struct image *image, Elf64_Ehdr *header) {
    char a[32], b[32];
    Elf64_Ehdr own = own_header();
    if (image->n < SELFMAG || memcmp(image->byte, ELFMAG, SELFMAG) != 0) {
        return fail(image->ctx, HK_FILE, "%s: not an ELF file: a compiled shared object is wanted",
                    image->file);
    }
    if (!read_item(image, 0, 0, sizeof *header, header)) {
        return fail(image->ctx, HK_FILE, "%s: an ELF file that is cut short: it has %llu bytes",
                    image->file, (unsigned long long)image->n);
    }
    if (header->e_ident[EI_CLASS] != own.e_ident[EI_CLASS]) {
        return fail(image->ctx, HK_FILE,
                    "%s: an ELF file of class %d; this machine's is %d (1: 32 bits, 2: 64 bits)",
                    image->file, header->e_ident[EI_CLASS], own.e_ident[EI_CLASS]);
    }
    if (header->e_ident[EI_DATA] != own.e_ident[EI_DATA]) {
        return fail(image->ctx, HK_FILE, "%s: an ELF file of byte order %d; this machine's is %d",
                    image->file, header->e_ident[EI_DATA], own.e_ident[EI_DATA]);
    }
    if (own.e_machine && header->e_machine != own.e_machine) {
        return fail(image->ctx, HK_FILE, "%s: compiled for %s; this machine is %s", image->file,
                    machine_name(header->e_machine, a), machine_name(own.e_machine, b));
    }
    if (header->e_type != ET_DYN) {
        return fail(image->ctx, HK_FILE,
                    "%s: an ELF file of type %u, not a shared object (%u): link it with -shared",
                    image->file, header->e_type, ET_DYN);
    }
    return HK_OK;
}

/* All that the loader will map is there. */
static hk_status check_segments(const struct image *image, const Elf64_Ehdr *header) {
    bool dynamic = false;
    for (unsigned i = 0; i < header->e_phnum; i++) {
        Elf64_Phdr segment;
        if (!read_item(image, header->e_phoff, i, sizeof segment, &segment) ||
            (segment.p_type == PT_LOAD && !is_inside(image, segment.p_offset, segment.p_filesz))) {
            return fail(image->ctx, HK_FILE, "%s: an ELF file that is cut short: it has %llu bytes",
                        image->file, (unsigned long long)image->n);
        }
        dynamic = dynamic || segment.p_type == PT_DYNAMIC;
    }
    return dynamic && header->e_phentsize == sizeof(Elf64_Phdr)
               ? HK_OK
               : fail(image->ctx, HK_FILE,
                      "%s: an ELF file that cannot be loaded: it has no dynamic section",
                      image->file);
}

static bool is_named(const struct image *image, uint64_t at, const char *name) {
    size_t size = strlen(name) + 1;
    return is_inside(image, at, size) && !memcmp(image->byte + at, name, size);
}

/* Looks through the dynamic symbols, by the section headers that say how many they are. A file
 * stripped of those may be good: `told` is false then. */
static bool find_symbol(const struct image *image, const Elf64_Ehdr *header, const char *name,
                        Elf64_Sym *out, bool *told) {
    Elf64_Shdr table, strings;
    *told = false;
    for (unsigned i = 0; i < header->e_shnum && !*told; i++) {
        *told = read_item(image, header->e_shoff, i, sizeof table, &table) &&
                table.sh_type == SHT_DYNSYM &&
                read_item(image, header->e_shoff, table.sh_link, sizeof strings, &strings);
    }
    for (uint64_t i = 0; *told && i < table.sh_size / sizeof *out &&
                         read_item(image, table.sh_offset, i, sizeof *out, out);
         i++) {
        if (out->st_shndx != SHN_UNDEF && strings.sh_offset <= image->n &&
            is_named(image, strings.sh_offset + out->st_name, name)) {
            return true;
        }
    }
    return false;
}

static hk_status check_image(const struct image *image, const char *symbol, uint64_t *size) {
    Elf64_Ehdr header;
    Elf64_Sym found;
    bool told;
    *size = 0;
    hk_status status = check_header(image, &header);
    if (status || (status = check_segments(image, &header))) {
        return status;
    }
    if (!find_symbol(image, &header, symbol, &found, &told)) {
        return told ? fail(image->ctx, HK_PLUGIN, "%s: no plugin: it exports no symbol %s",
                           image->file, symbol)
                    : HK_OK;
    }
    if (ELF64_ST_TYPE(found.st_info) != STT_OBJECT) {
        return fail(image->ctx, HK_PLUGIN,
                    "%s: no plugin: its symbol %s is of type %u, not data (%u)", image->file,
                    symbol, (unsigned)ELF64_ST_TYPE(found.st_info), STT_OBJECT);
    }
    *size = found.st_size;
    return HK_OK;
}

hk_status elf_check(hk_context *ctx, const char *file, const char *symbol, uint64_t *size) {
    struct stat stat;
    int fd = open(file, O_RDONLY | O_CLOEXEC | O_NONBLOCK); /* a pipe must not make us wait */
    if (fd < 0 || fstat(fd, &stat)) {
        hk_status status = fail(ctx, HK_FILE, "%s: %s", file, strerror(errno));
        if (fd >= 0) {
            close(fd);
        }
        return status;
    }
    hk_status status = HK_OK;
    struct image image = {.ctx = ctx, .file = file, .n = (uint64_t)stat.st_size};
    if (!S_ISREG(stat.st_mode)) {
        status = fail(ctx, HK_FILE, "%s: %s, not a file", file,
                      S_ISDIR(stat.st_mode) ? "a folder" : "something special");
    } else if (!image.n) {
        status = fail(ctx, HK_FILE, "%s: empty", file);
    } else {
        void *bytes = mmap(NULL, image.n, PROT_READ, MAP_PRIVATE, fd, 0);
        if (bytes == MAP_FAILED) {
            status = fail(ctx, HK_FILE, "%s: %s", file, strerror(errno));
        } else {
            image.byte = bytes;
            status = check_image(&image, symbol, size);
            munmap(bytes, image.n);
        }
    }
    close(fd);
    return status;
}
