/* SPDX-License-Identifier: BSD-3-Clause */
/* unit_files: units of networks, made by the C compiler, CC or cc, in a folder of their own. */
#ifndef HK_TESTS_UNIT_FILES_H
#define HK_TESTS_UNIT_FILES_H
#include "models.h"
#include "hash.h"
#include "hillock/unit.h"

enum { PATH = 2048 };

struct files {
    char folder[PATH], include[PATH];
    bool compiler;
};

static struct files files;

static int shell(const char *format, ...) __attribute__((format(printf, 1, 2)));
static int shell(const char *format, ...) {
    char command[4 * PATH];
    va_list args;
    va_start(args, format);
    int n = vsnprintf(command, sizeof command, format, args);
    va_end(args);
    assert_true(n > 0 && n < (int)sizeof command);
    return system(command);
}

static inline const char *compiler(void) {
    const char *named = getenv("CC");
    return named && *named ? named : "cc";
}

static inline int open_files(void **state) {
    (void)state;
    const char *tmp = getenv("TMPDIR");
    char program[PATH - 32] = "";
    assert_true(readlink("/proc/self/exe", program, sizeof program - 1) > 0);
    *strrchr(program, '/') = 0;
    snprintf(files.include, sizeof files.include, "%s/../include", program); /* the build tree's */
    snprintf(files.folder, sizeof files.folder, "%s/hillock-XXXXXX", tmp ? tmp : "/tmp");
    assert_non_null(mkdtemp(files.folder));
    files.compiler = shell("%s --version >'%s/said' 2>&1", compiler(), files.folder) == 0;
    return 0;
}

static inline int close_files(void **state) {
    (void)state;
    return shell("rm -rf '%s'", files.folder);
}

/* Ends a test that needs a compiler where there is none. (cmocka's skip() counts as a failure.) */
#define NEEDS_COMPILER                                                                             \
    if (!files.compiler) {                                                                         \
        print_message("# skipped: there is no C compiler %s\n", compiler());                       \
        return;                                                                                    \
    }

static inline void path_of(char path[PATH], const char *name) {
    assert_true(snprintf(path, PATH, "%s/%s", files.folder, name) < PATH);
}

static inline void write_file(const char *name, const char *text) {
    char path[PATH];
    path_of(path, name);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

/* Compiles a text to NAME.so, and gives the path. */
static inline const char *compile_as(const char *name, const char *text) {
    static char path[PATH];
    char source[64];
    snprintf(source, sizeof source, "%.40s.c", name);
    write_file(source, text);
    if (shell("%s -shared -fPIC -O1 -w -ffp-contract=off -fno-math-errno -fvisibility=hidden "
              "-I'%s' -o '%s/%s.so' '%s/%s' -lm",
              compiler(), files.include, files.folder, name, files.folder, source)) {
        fail_msg("%s does not compile", source);
    }
    snprintf(source, sizeof source, "%.40s.so", name);
    path_of(path, source);
    return path;
}

/* The same for a unit, once for each text. */
static inline const char *compile_unit(const char *text) {
    static char path[PATH];
    char key[65], name[64];
    hk_hash(text, strlen(text), key);
    snprintf(name, sizeof name, "%.32s.so", key);
    path_of(path, name);
    if (access(path, R_OK) != 0) {
        key[32] = 0;
        return compile_as(key, text);
    }
    return path;
}

static inline void load_units(hk_context *ctx, hk_net *net) {
    WORKS(ctx, hk_net_build(net));
    assert_true(hk_net_units(net) > 0);
    for (uint32_t k = 0; k < hk_net_units(net); k++) {
        const char *text;
        WORKS(ctx, hk_net_unit_source(net, k, &text));
        WORKS(ctx, hk_net_unit_load(net, k, compile_unit(text), false));
    }
    assert_int_equal(hk_net_facts(net).units, hk_net_units(net));
}

#endif
