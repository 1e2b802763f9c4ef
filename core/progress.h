/* SPDX-License-Identifier: BSD-3-Clause */
/* progress: how far a call is that makes many things, told to who asked for it
 * (hk_net_options.progress). */
#ifndef HK_CORE_PROGRESS_H
#define HK_CORE_PROGRESS_H
#include "hillock/network.h"

struct progress {
    const struct hk_net_options *options;
    const char *phase;
    uint64_t all; /* things to make */
    double start, next;
};

struct progress progress_begin(const struct hk_net_options *options, const char *phase,
                               uint64_t all);

/* So many have been made. A look at the clock where somebody listens, nothing otherwise. */
void progress_tell(struct progress *progress, uint64_t done);

/* s, of a clock that never goes back. */
double progress_clock(void);

#endif
