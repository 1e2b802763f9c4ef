/* SPDX-License-Identifier: BSD-3-Clause */
/* network_rule: which cells a rule connects. */
#include "error.h"
#include "network_bulk.h"
#include "progress.h"
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>

struct source { /* a cell of the list pre */
    uint64_t identity;
    uint32_t cell, at; /* at: its place in the list */
    uint32_t source;   /* its detector, or the artificial cell's point */
};

struct ranked {
    double rank;
    uint32_t source;
};

struct work {
    const struct hk_rule *rule;
    struct bulk bulk;
    uint64_t pair_purpose;
    struct source
        *source; /* [n_pre] by identity, so that what is made does not depend on the list's order */
    uint32_t *source_of;   /* [n_pre] of a place in the list: index into source */
    uint32_t n_new;        /* detectors written beyond the network's count */
    struct ranked *chosen; /* HK_IN_DEGREE: [degree] a heap, the greatest rank first */
    struct table pairs;    /* HK_PAIRS: -> the pair's first place in the list */
    uint32_t *times;       /* HK_PAIRS: [n_pair] how often the pair that is first here came */
};

/* ---- checks */

static hk_status check_kind(hk_net *net, const struct hk_rule *r) {
    switch (r->kind) {
    case HK_ALL: return HK_OK;
    case HK_PAIRWISE:
        return r->probability >= 0 && r->probability <= 1
                   ? HK_OK
                   : fail(net->ctx, HK_INVALID, "the probability is %g, not within 0 to 1",
                          r->probability);
    case HK_ONE_TO_ONE:
        return r->n_pre == r->n_post
                   ? HK_OK
                   : fail(net->ctx, HK_INVALID,
                          "one to one, but there are %" PRIu32 " sources and %" PRIu32 " targets",
                          r->n_pre, r->n_post);
    case HK_IN_DEGREE:
        return r->degree <= r->n_pre
                   ? HK_OK
                   : fail(net->ctx, HK_INVALID,
                          "%" PRIu32 " sources for each target, but there are %" PRIu32, r->degree,
                          r->n_pre);
    case HK_PAIRS:
        if (r->n_pair && (!r->pair_pre || !r->pair_post)) {
            return fail(net->ctx, HK_INVALID, "the list of pairs is missing");
        }
        for (uint32_t i = 0; i < r->n_pair; i++) {
            bool pre = r->pair_pre[i] >= r->n_pre;
            if (pre || r->pair_post[i] >= r->n_post) {
                return fail(net->ctx, HK_NOT_FOUND,
                            "pair %" PRIu32 ": %s %" PRIu32 " does not exist: there are %" PRIu32,
                            i, pre ? "source" : "target", pre ? r->pair_pre[i] : r->pair_post[i],
                            pre ? r->n_pre : r->n_post);
            }
        }
        return HK_OK;
    }
    return fail(net->ctx, HK_INVALID, "no rule has the number %d", (int)r->kind);
}

static hk_status check(hk_net *net, const struct hk_rule *r, hk_cell **post) {
    hk_cell *pre;
    hk_status status = bulk_cells(net, "sources", r->n_pre, r->pre, &pre);
    if (status || (status = bulk_cells(net, "targets", r->n_post, r->post, post)) ||
        (status = check_kind(net, r)) || (status = network_segment(net, pre, r->from_segment))) {
        return status;
    }
    if (!isfinite(r->threshold)) {
        return fail(net->ctx, HK_INVALID, "the threshold is %g mV, not a finite number",
                    r->threshold);
    }
    return HK_OK;
}

/* ---- preparation */

static int by_identity(const void *a, const void *b) {
    uint64_t x = ((const struct source *)a)->identity, y = ((const struct source *)b)->identity;
    return (x > y) - (x < y);
}

static int by_source(const void *a, const void *b) {
    uint32_t x = ((const struct ranked *)a)->source, y = ((const struct ranked *)b)->source;
    return (x > y) - (x < y);
}

/* Sorts the sources and gives each a detector: the one that is there, or a new one beyond the
 * count. */
static hk_status prepare_sources(struct work *w) {
    const struct hk_rule *r = w->rule;
    hk_net *net = w->bulk.net;
    hk_status status = network_detectors_room(net, r->n_pre);
    if (status) {
        return status;
    }
    for (uint32_t i = 0; i < r->n_pre; i++) {
        w->source[i] =
            (struct source){.identity = net->identity[r->pre[i]], .cell = r->pre[i], .at = i};
    }
    qsort(w->source, r->n_pre, sizeof *w->source, by_identity);
    for (uint32_t i = 0; i < r->n_pre; i++) {
        w->source_of[w->source[i].at] = i;
        if (network_population(net, w->source[i].cell)->artificial) {
            w->source[i].source =
                SOURCE(HK_FROM_POINT, network_artificial_point(net, w->source[i].cell));
            continue;
        }
        struct detector wanted = {
            .cell = w->source[i].cell, .segment = r->from_segment, .threshold = r->threshold + 0.0};
        uint32_t detector = network_detector_find(net, &wanted);
        if (detector == HK_NONE) {
            detector = net->n_detector + w->n_new++;
            net->detector[detector] = wanted;
        }
        w->source[i].source = SOURCE(HK_DETECTOR, detector);
    }
    return HK_OK;
}

static hk_status prepare(struct work *w) {
    const struct hk_rule *r = w->rule;
    hk_context *ctx = w->bulk.net->ctx;
    w->source = malloc(r->n_pre * sizeof *w->source);
    w->source_of = malloc(r->n_pre * sizeof *w->source_of);
    bool fine = w->source && w->source_of;
    if (r->kind == HK_IN_DEGREE) {
        w->chosen = malloc((r->degree + (size_t)1) * sizeof *w->chosen);
        fine = fine && w->chosen;
    }
    if (r->kind == HK_PAIRS) {
        w->times = calloc(r->n_pair + (size_t)1, sizeof *w->times);
        fine = fine && w->times && table_reserve(&w->pairs, r->n_pair);
    }
    if (!fine) {
        return fail_memory(ctx, "a rule's lists");
    }
    hk_status status = draw_purpose(ctx, r->stream, "pair", &w->pair_purpose);
    return status ? status : prepare_sources(w);
}

static void close_work(struct work *w) {
    bulk_close(&w->bulk);
    free(w->source);
    free(w->source_of);
    free(w->chosen);
    free(w->times);
    table_free(&w->pairs);
}

/* ---- the rules, target by target */

/* The k-th connection of the pair. */
static hk_status put(struct work *w, const struct source *source, uint32_t post, uint32_t k) {
    hk_net *net = w->bulk.net;
    struct draw_key key = {.seed = net->options.seed,
                           .cell = net->identity[post],
                           .index = source->identity,
                           .draw = (uint64_t)k << 32};
    return bulk_put(&w->bulk, post, source->source, &key);
}

static double pair_draw(const struct work *w, const struct source *source, uint32_t post) {
    const hk_net *net = w->bulk.net;
    struct random_stream stream =
        random_stream(net->options.seed, w->pair_purpose, net->identity[post], source->identity);
    return random_uniform(&stream, 0);
}

static hk_status connect_pairwise(struct work *w, uint32_t post) {
    const struct hk_rule *r = w->rule;
    hk_status status = HK_OK;
    bool all = r->kind == HK_ALL || r->probability >= 1;
    for (uint32_t i = 0; !status && i < r->n_pre; i++) {
        const struct source *source = &w->source[i];
        if ((source->cell != post || r->self) &&
            (all || pair_draw(w, source, post) < r->probability)) {
            status = put(w, source, post, 0);
        }
    }
    return status;
}

static bool before(const struct ranked *a, const struct ranked *b) {
    return a->rank < b->rank || (a->rank == b->rank && a->source < b->source);
}

/* Puts `it` into the heap of n from the place `at` downwards. */
static void sink(struct ranked *heap, uint32_t n, uint32_t at, struct ranked it) {
    for (uint64_t child; (child = 2 * (uint64_t)at + 1) < n; at = (uint32_t)child) {
        child += child + 1 < n && before(&heap[child], &heap[child + 1]);
        if (!before(&it, &heap[child])) {
            break;
        }
        heap[at] = heap[child];
    }
    heap[at] = it;
}

/* Those `degree` sources whose draws with this target are the least. */
static hk_status connect_in_degree(struct work *w, uint32_t post) {
    const struct hk_rule *r = w->rule;
    uint32_t n = 0;
    for (uint32_t i = 0; r->degree && i < r->n_pre; i++) {
        if (w->source[i].cell == post && !r->self) {
            continue;
        }
        struct ranked mine = {.rank = pair_draw(w, &w->source[i], post), .source = i};
        if (n < r->degree) {
            w->chosen[n++] = mine;
            for (uint32_t at = n / 2; n == r->degree && at-- > 0;) {
                sink(w->chosen, n, at, w->chosen[at]);
            }
        } else if (before(&mine, &w->chosen[0])) {
            sink(w->chosen, n, 0, mine);
        }
    }
    if (n < r->degree) {
        return fail(w->bulk.net->ctx, HK_INVALID,
                    "%" PRIu32 " sources for each target, but cell %" PRIu32 " has %" PRIu32
                    " without itself",
                    r->degree, post, n);
    }
    qsort(w->chosen, n, sizeof *w->chosen, by_source);
    hk_status status = HK_OK;
    for (uint32_t i = 0; !status && i < n; i++) {
        status = put(w, &w->source[w->chosen[i].source], post, 0);
    }
    return status;
}

/* How often the pair at place i of the list came before. */
static uint32_t came_before(struct work *w, uint32_t i) {
    const uint32_t *pre = w->rule->pair_pre, *post = w->rule->pair_post;
    uint64_t hash = table_hash(5, (uint64_t)pre[i] << 32 | post[i]);
    for (uint32_t at = 0, j; (j = table_next(&w->pairs, hash, &at)) != HK_NONE;) {
        if (pre[j] == pre[i] && post[j] == post[i]) {
            return ++w->times[j];
        }
    }
    table_add(&w->pairs, hash, i);
    return 0;
}

/* HK_ONE_TO_ONE and HK_PAIRS, in the list's order. */
static hk_status connect_listed(struct work *w, uint32_t n) {
    const struct hk_rule *r = w->rule;
    hk_status status = HK_OK;
    struct progress progress = progress_begin(&w->bulk.net->options, "connections", n);
    for (uint32_t i = 0; !status && i < n; i++) {
        if (i % 1024 == 0) {
            progress_tell(&progress, i);
        }
        bool pairs = r->kind == HK_PAIRS;
        const struct source *source = &w->source[w->source_of[pairs ? r->pair_pre[i] : i]];
        uint32_t post = r->post[pairs ? r->pair_post[i] : i];
        if (source->cell == post && !r->self) {
            return fail(w->bulk.net->ctx, HK_INVALID,
                        "pair %" PRIu32 " is cell %" PRIu32 " with itself, which is not allowed", i,
                        post);
        }
        status = put(w, source, post, pairs ? came_before(w, i) : 0);
    }
    return status;
}

static hk_status connect_cells(struct work *w) {
    const struct hk_rule *r = w->rule;
    if (r->kind == HK_ONE_TO_ONE || r->kind == HK_PAIRS) {
        return connect_listed(w, r->kind == HK_PAIRS ? r->n_pair : r->n_pre);
    }
    hk_status status = HK_OK;
    if (r->kind == HK_ALL) {
        status = bulk_room(&w->bulk, (uint64_t)r->n_pre * r->n_post);
    } else if (r->kind == HK_IN_DEGREE) {
        status = bulk_room(&w->bulk, (uint64_t)r->degree * r->n_post);
    }
    struct progress progress = progress_begin(&w->bulk.net->options, "connections", r->n_post);
    for (uint32_t i = 0; !status && i < r->n_post; i++) {
        progress_tell(&progress, i);
        status = r->kind == HK_IN_DEGREE ? connect_in_degree(w, r->post[i])
                                         : connect_pairwise(w, r->post[i]);
    }
    return status;
}

hk_status hk_net_rule(hk_net *net, const struct hk_rule *rule, struct hk_made *made) {
    hk_status status = network_open(net, "rules");
    if (status) {
        return status;
    }
    struct work work = {
        .rule = rule,
        .bulk = {.net = net, .name = rule->stream, .weight = &rule->weight, .delay = &rule->delay}};
    hk_cell *post;
    status = check(net, rule, &post);
    if (!status) {
        const struct population *from = network_population(net, rule->pre[0]),
                                *to = network_population(net, rule->post[0]);
        work.bulk.kind = from->artificial ? HK_FROM_POINT : HK_DETECTOR;
        work.bulk.to = to->artificial ? to : NULL;
    }
    (void)(status || (status = bulk_open(&work.bulk, &rule->point, post, &rule->place)) ||
           (status = prepare(&work)) || (status = connect_cells(&work)));
    if (status) {
        fail_within(net->ctx, status, "rule \"%s\"", rule->stream ? rule->stream : "");
    } else {
        bulk_keep(&work.bulk, made);
        for (uint32_t i = 0; i < work.n_new; i++) {
            struct detector detector = net->detector[net->n_detector];
            network_detector_add(net, &detector);
        }
    }
    close_work(&work);
    return status;
}
