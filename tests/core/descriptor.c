/* SPDX-License-Identifier: BSD-3-Clause */
/* Each thing that can be wrong in a descriptor: a right one with one thing changed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "descriptor.h"
#include "hillock/context.h"
#include <math.h>
#include <stdio.h>
#include <string.h>

static double rounding(double a, double b, double c) {
    return a * b + c;
}
static void setup(const struct hk_setup *s, double *common) {
    (void)s;
    (void)common;
}
static void hook(const struct hk_block *b) {
    (void)b;
}
static void event_hook(const struct hk_block *b, const struct hk_event *e) {
    (void)b;
    (void)e;
}
static double next(const struct hk_block *b, uint32_t k) {
    (void)b;
    (void)k;
    return HK_INF;
}
static int open_or_close(struct hk_recorder *r) {
    (void)r;
    return 0;
}
static int write_rows(struct hk_recorder *r, const double *row, uint32_t n) {
    (void)r;
    (void)row;
    (void)n;
    return 0;
}

/* One of each kind; a test changes its own copy. */
struct sample {
    struct hk_plugin p;
    struct hk_field f[8];
    struct hk_ion ion[2];
    struct hk_record record;
};

static struct hk_plugin head(uint32_t kind, const char *name) {
    return (struct hk_plugin){.magic = HK_MAGIC,
                              .abi_major = HK_ABI_MAJOR,
                              .abi_minor = HK_ABI_MINOR,
                              .size = sizeof(struct hk_plugin),
                              .field_size = sizeof(struct hk_field),
                              .block_size = sizeof(struct hk_block),
                              .kind = kind,
                              .name = name,
                              .doc = "a doc",
                              .prefix = "it",
                              .rounding = rounding};
}

static void channel(struct sample *s) {
    *s = (struct sample){.p = head(HK_CHANNEL, "Chan"),
                         .f = {{"gbar", HK_PARAMETER, "S/cm2", 0.5, 0, 1, "", NULL, 0},
                               {"eca", HK_REVERSAL, "mV", 0, 0, 0, "", "ca", 0},
                               {"zni", HK_WRITE_INSIDE, "mM", 0, 0, 0, "", "zn", 0},
                               {"m", HK_STATE, "", 0, 0, 1, "", NULL, 0},
                               {"q", HK_GLOBAL, "", HK_NAN, 0, 0, "", NULL, 0}},
                         .ion = {{"zn", 2}, {"mg", 2}}};
    s->p.n_field = 5;
    s->p.n_column = 4;
    s->p.n_ion = 2;
    s->p.carries = "ca";
    s->p.n_common = 2;
    s->p.setup = setup;
    s->p.init = s->p.current = s->p.advance = hook;
}

static void point(struct sample *s) {
    *s = (struct sample){.p = head(HK_POINT, "Syn"),
                         .f = {{"tau", HK_PARAMETER, "ms", 2, 1e-3, HK_INF, "", NULL, 0},
                               {"g", HK_STATE, "uS", 0, 0, 0, "", NULL, 0},
                               {"weight", HK_WEIGHT, "uS", HK_NAN, 0, HK_INF, "", NULL, 0},
                               {"times", HK_LIST, "ms", 0, 0, 0, "", NULL, 3}}};
    s->p.n_field = 4;
    s->p.n_column = 2;
    s->p.flags = HK_LINEAR;
    s->p.current = hook;
    s->p.receive = event_hook;
}

static void input(struct sample *s) {
    *s = (struct sample){.p = head(HK_INPUT, "Train"),
                         .f = {{"rate", HK_PARAMETER, "Hz", 5, 0, HK_INF, "", NULL, 0},
                               {"rows", HK_LIST, "ms", 0, 0, 0, "", NULL, 0}}};
    s->p.n_field = 2;
    s->p.n_column = 1;
    s->p.next = next;
}

static void recorder(struct sample *s) {
    *s = (struct sample){
        .p = head(HK_RECORDER, "Rec"),
        .f = {{"digits", HK_GLOBAL, "", 9, 1, 17, "", NULL, 0}},
        .record = {.open = open_or_close, .write = write_rows, .close = open_or_close}};
    s->p.n_field = 1;
}

static hk_status check(hk_context *ctx, struct sample *s) {
    s->p.field = s->f;
    s->p.ion = s->p.n_ion ? s->ion : NULL;
    s->p.record = s->p.kind == HK_RECORDER || s->record.open ? &s->record : NULL;
    return descriptor_check(ctx, "dir/it.so", &s->p, sizeof s->p);
}

static void test_right(void **state) {
    hk_context *ctx = *state;
    void (*const sample[])(struct sample *) = {channel, point, input, recorder};
    for (size_t i = 0; i < 4; i++) {
        struct sample s;
        sample[i](&s);
        if (check(ctx, &s)) {
            fail_msg("%s", hk_message(ctx));
        }
    }
}

/* The sample of `make` with `change` made to it is refused with `part` in the message, which begins
 * with the file. */
#define REFUSED(make, change, part)                                                                \
    do {                                                                                           \
        struct sample s;                                                                           \
        make(&s);                                                                                  \
        change;                                                                                    \
        assert_string_equal(hk_status_name(check(ctx, &s)), "HK_PLUGIN");                          \
        if (!strstr(hk_message(ctx), part) || strncmp(hk_message(ctx), "dir/it.so: ", 11) != 0) {  \
            fail_msg("\"%s\" is not in \"%s\"", part, hk_message(ctx));                            \
        }                                                                                          \
    } while (0)

static void test_version(void **state) {
    hk_context *ctx = *state;
    char part[128];
    REFUSED(channel, memcpy(s.p.magic, "hi\001lock", 8),
            "its magic is \"hi\\x01lock\", not \"hillock\"");
    REFUSED(channel, s.p.abi_major = 3, "compiled for plugin ABI 3.1; this host has 1.1");
    REFUSED(channel, s.p.abi_major = 0, "compiled for plugin ABI 0.1; this host has 1.1");
    REFUSED(channel, s.p.abi_minor = HK_ABI_MINOR + 4,
            "compiled for plugin ABI 1.5; this host has 1.1");
    snprintf(part, sizeof part, "its struct hk_plugin has 8 bytes, this host's %zu",
             sizeof(struct hk_plugin));
    REFUSED(channel, s.p.size = 8, part);
    snprintf(part, sizeof part, "its struct hk_field has 9 bytes, this host's %zu",
             sizeof(struct hk_field));
    REFUSED(channel, s.p.field_size = 9, part);
    snprintf(part, sizeof part, "its struct hk_block has 9 bytes, this host's %zu",
             sizeof(struct hk_block));
    REFUSED(channel, s.p.block_size = 9, part);
    struct sample s;
    channel(&s);
    assert_int_equal(descriptor_check(ctx, "it.so", &s.p, 100), HK_PLUGIN);
    snprintf(part, sizeof part, "hk_plugin has 100 bytes, and says that it has %zu",
             sizeof(struct hk_plugin));
    assert_non_null(strstr(hk_message(ctx), part));
    assert_int_equal(descriptor_check(ctx, "it.so", &s.p, 8), HK_PLUGIN);
    assert_non_null(strstr(hk_message(ctx), "hk_plugin has 8 bytes, a descriptor begins with 24"));
}

static void test_head(void **state) {
    hk_context *ctx = *state;
    REFUSED(channel, s.p.kind = 0, "its kind is 0; there are 1 (channel)");
    REFUSED(channel, s.p.kind = 5, "its kind is 5; there are 1 (channel)");
    REFUSED(channel, s.p.name = NULL, "its name is \"\", not a letter");
    REFUSED(channel, s.p.name = "", "its name is \"\", not a letter");
    REFUSED(channel, s.p.name = "2fast", "its name is \"2fast\", not a letter");
    REFUSED(channel, s.p.name = "a b", "its name is \"a b\", not a letter");
    REFUSED(channel, s.p.name = "a234567890123456789012345678901234567890123456789012345678901234",
            "at most 63 in all");
    REFUSED(channel, s.p.doc = NULL, "plugin Chan: doc is NULL, not one line");
    REFUSED(channel, s.p.doc = "a\nb", "doc is several lines, not one line");
    REFUSED(channel, s.p.prefix = NULL, "prefix is \"\", not an identifier");
    REFUSED(channel, s.p.prefix = "a-b", "prefix is \"a-b\", not an identifier");
    REFUSED(channel, s.p.flags = 64, "flags are 0x40; this host knows 0x1f");
    REFUSED(channel, s.p.flags = HK_LINEAR,
            "it is a channel, and HK_LINEAR is for point processes");
    REFUSED(input, s.p.flags = HK_ELECTRODE,
            "it is an input, and HK_ELECTRODE is for point processes");
    REFUSED(point, s.p.flags = HK_RANDOM, "it is a point process, and HK_RANDOM is for channels");
    REFUSED(channel, s.p.rounding = NULL, "rounding is NULL");
    REFUSED(channel, s.p.n_ability = 1, "n_ability is 1, and ability 0 has no name");
}

static void test_ions(void **state) {
    hk_context *ctx = *state;
    REFUSED(channel, s.ion[0].name = "ca",
            "field zni: ion zn is neither known to the host nor introduced");
    REFUSED(channel, s.ion[0].name = NULL, "ion 0 is called \"\", not a letter");
    REFUSED(channel, s.ion[0].name = "z-n", "ion 0 is called \"z-n\", not a letter");
    REFUSED(channel, s.ion[0].name = "a234567890123456", "at most 15 in all");
    REFUSED(channel, s.ion[0].valence = 10, "ion zn has valence 10, not within -9 to 9");
    REFUSED(channel, (s.ion[1].name = "k", s.ion[1].valence = 3),
            "ion k has valence 3; the host knows it with 1");
    REFUSED(channel, (s.ion[1].name = "zn", s.ion[1].valence = 3),
            "ion zn is introduced twice, with valence 2 and 3");
    REFUSED(channel, s.p.carries = "fe",
            "it carries ion fe, which neither the host knows nor the plugin introduces");
    REFUSED(channel, s.p.current = NULL, "it carries ion ca, and has no hook current");
    REFUSED(point, (s.p.carries = "ca", s.p.flags = HK_ELECTRODE),
            "it carries ion ca, and is an electrode");
    REFUSED(input, s.p.carries = "ca", "it carries ca, and is an input");
    REFUSED(channel, s.f[1].ion = NULL,
            "field eca: its role (reversal potential) is of an ion, and it names none");
    REFUSED(channel, s.f[0].ion = "ca",
            "field gbar: it names ion ca, and its role (parameter) has none");
    REFUSED(channel, s.f[3].role = HK_WRITE_CURRENT,
            "field m: its role (written current) is of an ion");
    REFUSED(channel, s.f[1].role = HK_WRITE_CURRENT,
            "field eca: it writes the current of ca, and the plugin carries ca");
    REFUSED(channel, (s.f[1].role = HK_WRITE_CURRENT, s.p.carries = NULL, s.p.current = NULL),
            "it writes the current of ca, and the plugin has no hook current");
    REFUSED(point, (s.f[1].role = HK_WRITE_CURRENT, s.f[1].ion = "ca", s.p.flags = HK_ELECTRODE),
            "it writes the current of ca, and the plugin is an electrode");
    REFUSED(channel, (s.f[1].role = HK_WRITE_INSIDE, s.f[1].ion = "zn"),
            "field zni: eca writes the same of ion zn");
    REFUSED(channel,
            (s.f[1].role = s.f[2].role = HK_WRITE_REVERSAL, s.f[1].ion = s.f[2].ion = "ca"),
            "field zni: eca writes the same of ion ca");
}

static void test_fields(void **state) {
    hk_context *ctx = *state;
    REFUSED(channel, s.p.n_column = 3, "its struct has 3 columns, and 4 of its fields are columns");
    REFUSED(channel, (s.p.n_field = 3, s.p.n_column = 4),
            "its struct has 4 columns, and 3 of its fields are columns");
    REFUSED(channel, s.f[0].role = HK_GLOBAL,
            "field eca: its role (reversal potential) makes it a column, and gbar, of role global, "
            "stands before it");
    REFUSED(channel, s.p.n_field = 5000, "it has 5000 fields; at most 4096");
    REFUSED(channel, s.f[0].name = NULL, "field 0 is called \"\", not a letter");
    REFUSED(channel, s.f[0].name = "g bar", "field 0 is called \"g bar\", not a letter");
    REFUSED(channel, s.f[3].name = "gbar", "field gbar: fields 0 and 3 have this name");
    REFUSED(channel, s.f[0].role = 40, "field gbar: its role is 40, which is none");
    REFUSED(channel, s.f[0].role = 0, "field gbar: its role is 0, which is none");
    REFUSED(channel, s.f[0].role = UINT32_MAX, "field gbar: its role is 4294967295, which is none");
    REFUSED(channel, s.f[4].role = HK_WEIGHT,
            "field q: its role is weight, and the plugin is a channel");
    REFUSED(channel, s.f[4].role = HK_LIST,
            "field q: its role is list, and the plugin is a channel");
    REFUSED(point, s.f[0].role = HK_ION_CURRENT,
            "field tau: its role is ion's current, and the plugin is a point process");
    REFUSED(point, s.f[0].role = HK_WRITE_INSIDE,
            "its role is written concentration inside, and the plugin is a point");
    REFUSED(point, (s.f[0].role = HK_WRITE_REVERSAL, s.f[0].ion = "ca"),
            "its role is written reversal potential, and the plugin is a point");
    REFUSED(input, s.f[0].role = HK_OBSERVED, "its role is observed, and the plugin is an input");
    REFUSED(recorder, s.f[0].role = HK_TABLE, "its role is table, and the plugin is a recorder");
    REFUSED(channel, (s.f[4].role = HK_TABLE, s.f[4].width = 2000),
            "field q: its width is 2000; of role table it is at most 1024");
    REFUSED(channel, s.f[3].role = HK_TABLE, "its struct has 4 columns, and 3 of its fields are");
    REFUSED(input, s.f[0].role = HK_DIAMETER,
            "field rate: its role is diameter, and the plugin is an input");
    REFUSED(recorder, s.f[0].role = HK_PARAMETER,
            "field digits: its role is parameter, and the plugin is a recorder");
    REFUSED(channel, s.f[0].unit = NULL, "field gbar: unit is not one line");
    REFUSED(channel, s.f[0].doc = NULL, "field gbar: doc is not one line");
    REFUSED(channel, s.f[0].width = 2,
            "field gbar: its width is 2; of role parameter it is at most 1");
    REFUSED(point, s.f[3].width = 2000,
            "field times: its width is 2000; of role list it is at most 1024");
    struct sample s;
    channel(&s);
    assert_int_equal(descriptor_check(ctx, "it.so", &s.p, sizeof s.p),
                     HK_PLUGIN); /* tables not set */
    assert_non_null(strstr(hk_message(ctx), "n_ion is 2, and ion is NULL"));
    s.p.ion = s.ion;
    assert_int_equal(descriptor_check(ctx, "it.so", &s.p, sizeof s.p), HK_PLUGIN);
    assert_non_null(strstr(hk_message(ctx), "n_field is 5, and field is NULL"));
}

static void test_ranges(void **state) {
    hk_context *ctx = *state;
    REFUSED(channel, s.f[0].low = 2, "field gbar: its range is 2 to 1");
    REFUSED(channel, s.f[0].high = HK_NAN, "field gbar: its range is 0 to nan");
    REFUSED(channel, s.f[0].value = 1.5,
            "field gbar: its default is 1.5, not within its range, 0 to 1");
    REFUSED(channel, s.f[0].value = -1,
            "field gbar: its default is -1, not within its range, 0 to 1");
    REFUSED(channel, s.f[4].value = HK_INF, "field q: its default is inf, not a finite number");
    REFUSED(channel, s.f[3].value = HK_NAN,
            "field m: its default is nan, not within its range, 0 to 1");
    REFUSED(point, s.f[2].value = -1,
            "field weight: its default is -1, not within its range, 0 to inf");
}

static void test_hooks(void **state) {
    hk_context *ctx = *state;
    REFUSED(channel, s.p.n_common = 65, "n_common is 65; at most 64");
    REFUSED(channel, s.p.setup = NULL, "n_common is 2, and the hook setup is NULL");
    REFUSED(channel, (s.p.carries = NULL, s.p.init = s.p.current = s.p.advance = NULL),
            "init, current, advance and observe are all NULL");
    REFUSED(channel, s.f[3].role = HK_OBSERVED,
            "field m: it is observed, and the hook observe is NULL");
    REFUSED(input, s.p.observe = hook, "it has the hook observe, and an input has none");
    REFUSED(channel, s.p.receive = event_hook, "it has the hook receive, and a channel has none");
    REFUSED(channel, s.p.start = event_hook, "it has the hook start, and a channel has none");
    REFUSED(channel, s.p.next = next, "it has the hook next, and a channel has none");
    REFUSED(channel, s.record.open = open_or_close,
            "it has the hook record, and a channel has none");
    REFUSED(point, s.p.next = next, "it has the hook next, and a point process has none");
    REFUSED(point, (s.p.flags = 0, s.p.n_field = 2, s.p.current = NULL, s.p.receive = NULL),
            "current, receive, start and watch are all NULL");
    REFUSED(point, s.p.receive = NULL, "it is HK_LINEAR, and the hook receive is NULL");
    REFUSED(point, s.p.start = event_hook, "it is HK_LINEAR, and the hook start is not NULL");
    REFUSED(point, s.p.watch = event_hook, "it is HK_LINEAR, and the hook watch is not NULL");
    REFUSED(point, s.f[0].role = HK_PORT, "it is a port, and the plugin is HK_LINEAR");
    REFUSED(input, s.f[0].role = HK_PORT, "its role is port, and the plugin is an input");
    REFUSED(point, s.p.connect = event_hook, "it is HK_LINEAR, and the hook connect is not NULL");
    REFUSED(point, s.p.flags |= HK_CONNECTIONS,
            "it is HK_LINEAR, which changes no weight, and HK_CONNECTIONS");
    REFUSED(point, (s.p.flags = HK_CONNECTIONS, s.p.n_field = 2, s.p.receive = NULL),
            "it asks for connections, and the hook receive is NULL");
    REFUSED(channel, s.p.flags = HK_CONNECTIONS,
            "it is a channel, and HK_CONNECTIONS is for point processes");
    REFUSED(channel, s.p.connect = event_hook, "it has the hook connect, and a channel has none");
    REFUSED(channel, s.p.watch = event_hook, "it has the hook watch, and a channel has none");
    REFUSED(point, (s.p.flags = 0, s.p.receive = NULL),
            "field weight: it is a weight, and the hook receive is NULL");
    REFUSED(input, s.p.next = NULL, "it is an input, and the hook next is NULL");
    REFUSED(input, s.p.current = hook, "it has the hook current, and an input has none");
    REFUSED(input, s.p.advance = hook, "it has the hook advance, and an input has none");
    REFUSED(recorder, s.record.open = NULL, "it is a recorder, and record->open is NULL");
    REFUSED(recorder, s.record.write = NULL, "it is a recorder, and record->write is NULL");
    REFUSED(recorder, s.record.close = NULL, "it is a recorder, and record->close is NULL");
    REFUSED(recorder, s.p.setup = setup, "it has the hook setup, and a recorder has none");
    REFUSED(recorder, s.p.init = hook, "it has the hook init, and a recorder has none");
    struct sample s;
    recorder(&s);
    s.p.field = s.f;
    assert_int_equal(descriptor_check(ctx, "it.so", &s.p, 0), HK_PLUGIN);
    assert_non_null(strstr(hk_message(ctx), "it is a recorder, and record is NULL"));
}

static int open_context(void **state) {
    *state = hk_new();
    return *state ? 0 : 1;
}

static int close_context(void **state) {
    hk_free(*state);
    return 0;
}

int main(void) {
    cmocka_set_message_output(CM_OUTPUT_TAP);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_right), cmocka_unit_test(test_version), cmocka_unit_test(test_head),
        cmocka_unit_test(test_ions),  cmocka_unit_test(test_fields),  cmocka_unit_test(test_ranges),
        cmocka_unit_test(test_hooks),
    };
    return cmocka_run_group_tests(tests, open_context, close_context);
}
