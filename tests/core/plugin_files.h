/* SPDX-License-Identifier: BSD-3-Clause */
/* plugin_files: a context and an empty folder in which a test makes plugins and other files. */
#ifndef HK_TESTS_PLUGIN_FILES_H
#define HK_TESTS_PLUGIN_FILES_H
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "hillock/hillock.h"
#include "hillock/plugin.h"
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PATH = 4096 };

struct files {
    hk_context *ctx;
    char folder[PATH / 2], include[PATH / 2];
    const struct hk_plugin *plugin;
};

#define WORKS(s, call)                                                                             \
    do {                                                                                           \
        if (call) {                                                                                \
            fail_msg("%s", hk_message((s)->ctx));                                                  \
        }                                                                                          \
    } while (0)

#define SAYS(s, part)                                                                              \
    do {                                                                                           \
        if (!strstr(hk_message((s)->ctx), part)) {                                                 \
            fail_msg("\"%s\" is not in \"%s\"", part, hk_message((s)->ctx));                       \
        }                                                                                          \
    } while (0)

/* Expects a status and a message that has `part` in it. */
#define FAILS(s, call, status, part)                                                               \
    do {                                                                                           \
        assert_string_equal(hk_status_name(call), #status);                                        \
        SAYS(s, part);                                                                             \
    } while (0)

static int run(const char *command) {
    return system(command);
}

/* The path of a file in the folder. To be freed. */
static char *in_folder(const struct files *s, const char *name) {
    char *path = malloc(PATH);
    assert_non_null(path);
    assert_true(snprintf(path, PATH, "%s/%s", s->folder, name) < PATH);
    return path;
}

static char *write_file(const struct files *s, const char *name, const void *bytes, size_t n) {
    char *path = in_folder(s, name);
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, n, file), n);
    assert_int_equal(fclose(file), 0);
    return path;
}

/* Compiles the text to the file `name`. */
static char *compile(const struct files *s, const char *name, const char *text, const char *flags) {
    char *source = write_file(s, "source.c", text, strlen(text)), *path = in_folder(s, name),
         command[3 * PATH];
    const char *cc = getenv("CC");
    snprintf(command, sizeof command,
             "%s -shared -fPIC -O1 -ffp-contract=off -fvisibility=hidden -w -I'%s' %s -o '%s' '%s'",
             cc ? cc : "cc", s->include, flags, path, source);
    assert_int_equal(run(command), 0);
    free(source);
    return path;
}

/* A channel with one parameter. NAME, VALUE: its name and the parameter's default. */
static const char SMALL[] =
    "#include \"hillock/plugin.h\"\n"
    "struct x { hk_col g; };\n"
    "static const struct hk_field f[] = {\n"
    "    {\"g\", HK_PARAMETER, \"S/cm2\", VALUE, 0, 1, \"conductance\", NULL, 0}};\n"
    "HK_KERNEL(x, current) { HK_EACH(k, b) b->i[k] += c->g[k] * b->v[k]; }\n"
    "HK_PLUGIN(x) = {HK_HEADER(x, HK_CHANNEL, NAME, \"\"), HK_FIELDS(x, f),\n"
    "                .current = x_current_hook};\n";

static inline char *compile_small(const struct files *s, const char *file, const char *name,
                                  const char *value) {
    char flags[128];
    snprintf(flags, sizeof flags, "-DNAME='\"%s\"' -DVALUE=%s", name, value);
    return compile(s, file, SMALL, flags);
}

static int files_open(void **state) {
    struct files *s = calloc(1, sizeof *s);
    char program[PATH / 2 - 32] = "";
    const char *tmp = getenv("TMPDIR");
    assert_true(readlink("/proc/self/exe", program, sizeof program - 1) > 0);
    *strrchr(program, '/') = 0;
    snprintf(s->include, sizeof s->include, "%s/../include", program); /* the build tree's */
    snprintf(s->folder, sizeof s->folder, "%s/hillock-XXXXXX", tmp ? tmp : "/tmp");
    assert_non_null(mkdtemp(s->folder));
    s->ctx = hk_new();
    assert_non_null(s->ctx);
    *state = s;
    return 0;
}

static int files_close(void **state) {
    struct files *s = *state;
    char command[PATH];
    hk_free(s->ctx);
    snprintf(command, sizeof command, "rm -r '%s'", s->folder);
    int result = run(command);
    free(s);
    return result;
}

#endif
