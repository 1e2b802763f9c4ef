/* SPDX-License-Identifier: BSD-3-Clause */
#include "progress.h"
#include <time.h>

double progress_clock(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

struct progress progress_begin(const struct hk_net_options *options, const char *phase,
                               uint64_t all) {
    struct progress p = {.options = options, .phase = phase, .all = all};
    if (options->progress) {
        p.start = progress_clock();
        p.next = p.start + options->progress_s;
    }
    return p;
}

void progress_tell(struct progress *p, uint64_t done) {
    const struct hk_net_options *o = p->options;
    if (!o->progress) {
        return;
    }
    double now = progress_clock();
    if (now < p->next) {
        return;
    }
    p->next = now + o->progress_s;
    o->progress(o->progress_data, &(struct hk_progress){.t = (double)done,
                                                        .until = (double)p->all,
                                                        .wall_s = now - p->start,
                                                        .phase = p->phase});
}
