/* SPDX-License-Identifier: BSD-3-Clause */
#include "cable_tree.h"
#include "arena.h"
#include "error.h"
#include "morphology.h"
#include <math.h>
#include <stdlib.h>

/* Where a section joins: the middle of a segment, or an end point without area, of which section s
 * has one, s, at its 1 end, and the root one more, n_section, at its 0 end. */
struct joint {
    uint32_t end;     /* HK_NONE: a segment's middle */
    uint32_t segment; /* that one, or the nearest one above; HK_NONE at the root's 0 end */
};

struct edge {
    uint32_t a, b;
    double g_uS;
};

struct half {
    uint32_t segment;
    double Mohm; /* 0: none yet */
};

struct builder {
    struct cable *cable;
    const hk_morph *morph;
    const double *right_Mohm;
    struct arena arena;
    uint32_t *top_down;  /* sections, parents first */
    struct joint *joint; /* of each section's 0 end */
    uint32_t *meeting;   /* how many segments meet at each end point */
    uint32_t *node;      /* of an end point where three or more meet; else HK_NONE */
    struct half *series; /* of one where two meet: the first that came */
    struct edge *edge;
    uint32_t n_edge;
};

static uint32_t section_count(const struct builder *b) {
    return b->cable->n_section;
}

static double length_um(const struct builder *b, uint32_t s) {
    return hk_morph_get(b->morph, s).length_um;
}

/* Parents before children, by climbing from each section to one that is placed. */
static void sort_sections(struct builder *b, uint32_t *climb, bool *placed) {
    uint32_t n = 0;
    for (uint32_t s = 0; s < section_count(b); s++) {
        uint32_t height = 0;
        for (uint32_t at = s; at != HK_NONE && !placed[at];
             at = hk_morph_get(b->morph, at).parent) {
            placed[at] = true;
            climb[height++] = at;
        }
        while (height) {
            b->top_down[n++] = climb[--height];
        }
    }
}

static struct joint find_joint(const struct builder *b, uint32_t s) {
    const uint32_t *first = b->cable->first;
    struct hk_section section = hk_morph_get(b->morph, s);
    uint32_t p = section.parent;
    if (p == HK_NONE) {
        return (struct joint){section_count(b), HK_NONE};
    }
    if (section.parent_x == 0) { /* no point of the parent's own, but where that one joins */
        return b->joint[p];
    }
    if (section.parent_x == 1) {
        return (struct joint){p, first[p + 1] - 1};
    }
    return (struct joint){HK_NONE,
                          first[p] + cable_index(first[p + 1] - first[p], section.parent_x)};
}

static void find_joints(struct builder *b) {
    struct cable *cable = b->cable;
    for (uint32_t k = 0; k < section_count(b); k++) {
        uint32_t s = b->top_down[k], first = cable->first[s];
        struct hk_section section = hk_morph_get(b->morph, s);
        b->joint[s] = find_joint(b, s);
        bool at_root = b->joint[s].segment == HK_NONE && section.parent != HK_NONE;
        cable->segment[first].parent = at_root ? cable->first[b->top_down[0]] : b->joint[s].segment;
        for (uint32_t i = first + 1; i < cable->first[s + 1]; i++) {
            cable->segment[i].parent = i - 1;
        }
        b->meeting[s]++; /* its last segment */
        if (b->joint[s].end != HK_NONE) {
            b->meeting[b->joint[s].end]++;
        }
    }
}

/* ---- distances */

/* Distance in a section grows from a place in it: at position p um it is from + |p - place|. */
struct reach {
    double place, from;
};

/* The middle of the segment of `section` in which x lies, or one of its ends, um from the 0 end.
 * NEURON measures between nodes. */
static double node_place(const struct builder *b, uint32_t section, double x) {
    uint32_t nseg = b->cable->first[section + 1] - b->cable->first[section];
    return length_um(b, section) * (x == 0 || x == 1 ? x : (cable_index(nseg, x) + 0.5) / nseg);
}

static double distance_at(const struct reach *reach, double place) {
    return reach->from + fabs(place - reach->place);
}

/* First up from the middle of section 0, then down from there. */
static void find_distances(struct builder *b, struct reach *reach, bool *above) {
    double place = node_place(b, 0, 0.5), from = 0;
    for (uint32_t s = 0; s != HK_NONE;) {
        struct hk_section section = hk_morph_get(b->morph, s);
        reach[s] = (struct reach){place, from};
        above[s] = true;
        from = distance_at(&reach[s], 0);
        place = section.parent == HK_NONE ? 0 : node_place(b, section.parent, section.parent_x);
        s = section.parent;
    }
    for (uint32_t k = 0; k < section_count(b); k++) {
        uint32_t s = b->top_down[k];
        struct hk_section section = hk_morph_get(b->morph, s);
        if (!above[s]) {
            double at = node_place(b, section.parent, section.parent_x);
            reach[s] = (struct reach){0, distance_at(&reach[section.parent], at)};
        }
        for (uint32_t i = b->cable->first[s]; i < b->cable->first[s + 1]; i++) {
            struct cable_segment *segment = &b->cable->segment[i];
            segment->distance_um = distance_at(&reach[s], section.length_um * segment->x);
        }
    }
}

/* ---- nodes and conductances */

static void add_edge(struct builder *b, uint32_t from, uint32_t to, double Mohm) {
    b->edge[b->n_edge++] = (struct edge){from, to, 1 / Mohm};
}

/* A segment's half of Mohm reaches an end point: a node of its own, or one with just one other
 * half, or nothing else. */
static void add_half(struct builder *b, uint32_t segment, uint32_t end, double Mohm) {
    if (b->node[end] != HK_NONE) {
        add_edge(b, segment, b->node[end], Mohm);
    } else if (b->meeting[end] == 2) {
        struct half *other = &b->series[end];
        if (other->Mohm > 0) {
            add_edge(b, other->segment, segment, other->Mohm + Mohm);
        } else {
            *other = (struct half){segment, Mohm};
        }
    }
}

static void make_edges(struct builder *b) {
    const struct cable *cable = b->cable;
    for (uint32_t k = 0; k < section_count(b); k++) {
        uint32_t s = b->top_down[k], first = cable->first[s], last = cable->first[s + 1] - 1;
        double Mohm = cable->segment[first].ri_Mohm;
        if (b->joint[s].end == HK_NONE) {
            add_edge(b, first, b->joint[s].segment, Mohm);
        } else {
            add_half(b, first, b->joint[s].end, Mohm);
        }
        for (uint32_t i = first + 1; i <= last; i++) {
            add_edge(b, i - 1, i, cable->segment[i].ri_Mohm);
        }
        add_half(b, last, s, b->right_Mohm[s]);
    }
}

struct link {
    uint32_t node;
    double g_uS;
};

/* Walks the tree from node 0, down each branch to its end. first[node]: of its links; stack: n_node
 * and more. */
static void walk(struct cable *cable, const uint32_t *first, const struct link *link,
                 uint32_t *stack) {
    uint32_t n = 0, height = 0;
    cable->parent[0] = HK_NONE;
    stack[height++] = 0;
    while (height) {
        uint32_t node = stack[--height];
        cable->order[n++] = node;
        for (uint32_t i = first[node + 1];
             i-- > first[node];) { /* from the last, so that the first is walked first */
            if (link[i].node != cable->parent[node]) {
                cable->parent[link[i].node] = node;
                cable->g_uS[link[i].node] = link[i].g_uS;
                stack[height++] = link[i].node;
            }
        }
    }
}

static hk_status root_tree(hk_context *ctx, struct builder *b) {
    struct cable *cable = b->cable;
    uint32_t n = cable->n_node;
    cable->parent = calloc(n, sizeof *cable->parent);
    cable->g_uS = calloc(n, sizeof *cable->g_uS);
    cable->order = calloc(n, sizeof *cable->order);
    uint32_t *first = ARENA_NEW(&b->arena, (size_t)n + 2, uint32_t),
             *stack = ARENA_NEW(&b->arena, n, uint32_t);
    struct link *link = ARENA_NEW(&b->arena, (size_t)2 * n, struct link);
    if (!cable->parent || !cable->g_uS || !cable->order || b->arena.failed) {
        return fail_memory(ctx, "the tree of a cell");
    }
    for (uint32_t i = 0; i < b->n_edge; i++) {
        first[b->edge[i].a + 2]++;
        first[b->edge[i].b + 2]++;
    }
    for (uint32_t i = 2; i < n + 2; i++) {
        first[i] += first[i - 1];
    }
    for (uint32_t i = 0; i < b->n_edge; i++) { /* first[node + 1] moves to the end of node's links:
                                                  to where the next one's begin */
        struct edge e = b->edge[i];
        link[first[e.a + 1]++] = (struct link){e.b, e.g_uS};
        link[first[e.b + 1]++] = (struct link){e.a, e.g_uS};
    }
    walk(cable, first, link, stack);
    return HK_OK;
}

hk_status cable_tree(hk_context *ctx, struct cable *cable, const hk_morph *morph,
                     const double *right_Mohm) {
    struct builder b = {.cable = cable, .morph = morph, .right_Mohm = right_Mohm};
    size_t n = cable->n_section;
    b.top_down = ARENA_NEW(&b.arena, n, uint32_t);
    b.joint = ARENA_NEW(&b.arena, n, struct joint);
    b.meeting = ARENA_NEW(&b.arena, n + 1, uint32_t);
    b.node = ARENA_NEW(&b.arena, n + 1, uint32_t);
    b.series = ARENA_NEW(&b.arena, n + 1, struct half);
    b.edge = ARENA_NEW(&b.arena, n + 1 + cable->n_segment, struct edge);
    uint32_t *climb = ARENA_NEW(&b.arena, n, uint32_t);
    struct reach *reach = ARENA_NEW(&b.arena, n, struct reach);
    bool *placed = ARENA_NEW(&b.arena, n, bool), *above = ARENA_NEW(&b.arena, n, bool);
    hk_status status = b.arena.failed ? fail_memory(ctx, "the tree of a cell") : HK_OK;
    if (!status) {
        sort_sections(&b, climb, placed);
        find_joints(&b);
        find_distances(&b, reach, above);
        cable->n_node = cable->n_segment;
        for (uint32_t i = 0; i <= n; i++) {
            b.node[i] = b.meeting[i] > 2 ? cable->n_node++ : HK_NONE;
        }
        make_edges(&b);
        status = root_tree(ctx, &b);
    }
    arena_free(&b.arena);
    return status;
}
