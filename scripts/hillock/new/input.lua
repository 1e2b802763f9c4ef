-- SPDX-License-Identifier: BSD-3-Clause
-- The template of `hillock new input`.

return [[
/* @NAME@: a train of events, one in each interval, each late by a random part of it:
 *   t(j) = start + (j + jitter u(j)) interval,   u uniform in (0, 1), j = 0, 1, ... */
#include "hillock/plugin.h"

struct @P@ { /* one column a field, in the order of the table below */
    hk_col start, number, interval, jitter, done;
};

static const struct hk_field @P@_fields[] = {
    /* name, role, unit, default, least, greatest (0 and 0: any number), doc, ion, 0 */
    {"start", HK_PARAMETER, "ms", 0, 0, HK_INF, "when the first interval begins", NULL, 0},
    {"number", HK_PARAMETER, "", 1e9, 0, HK_INF, "how many events", NULL, 0},
    {"interval", HK_PARAMETER, "ms", 10, 1e-3, HK_INF, "mean time between events", NULL, 0},
    {"jitter", HK_PARAMETER, "", 0.1, 0, 1, "greatest lateness, in intervals", NULL, 0},
    {"done", HK_STATE, "", 0, 0, HK_INF, "events so far", NULL, 0},
};

HK_KERNEL(@P@, init) {
    HK_EACH(k, b) {
        c->done[k] = 0;
    }
}

HK_NEXT(@P@) { /* the time of instance k's next event, not before its last; HK_INF: no more */
    double j = c->done[k];
    if (j >= c->number[k])
        return HK_INF;
    c->done[k] = j + 1;
    /* Draw j of the instance's own stream: the same in each run with the same seed. */
    double u = b->host->uniform(&b->stream[k], (uint64_t)j);
    return c->start[k] + (j + c->jitter[k] * u) * c->interval[k];
}

HK_PLUGIN(@P@) = {
    HK_HEADER(@P@, HK_INPUT, "@NAME@", "a regular train of events with jitter"),
    HK_FIELDS(@P@, @P@_fields),
    .init = @P@_init_hook,
    .next = @P@_next_hook,
};
]]
