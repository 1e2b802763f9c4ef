/* SPDX-License-Identifier: BSD-3-Clause */
/* ion: the ions that the host knows, with the values that NEURON gives them where a model gives
 * none. */
#include "cell.h"
#include <math.h>
#include <string.h>

/* src/nrnoc/membdef.h of NEURON 8.2; it has no cl, which there gets what any other ion gets. */
static const struct ion {
    const char *name;
    int valence;
    double reversal, inside, outside; /* mV, mM, mM; NaN: 12.5 mV log(outside/inside) */
} ions[] = {
    {"na", 1, 50, 10, 140},
    {"k", 1, -77, 54.4, 2.5},
    {"ca", 2, (double)NAN, 5e-5, 2},
    {"cl", -1, 0, 1, 1},
};

static const struct ion *find(const char *name) {
    for (size_t i = 0; i < sizeof ions / sizeof ions[0]; i++) {
        if (!strcmp(ions[i].name, name)) {
            return &ions[i];
        }
    }
    return NULL;
}

bool ion_known(const char *name, int *valence) {
    const struct ion *ion = find(name);
    if (ion) {
        *valence = ion->valence;
    }
    return ion != NULL;
}

void ion_defaults(const char *name, double *reversal, double *inside, double *outside) {
    static const struct ion other = {"", 0, 0, 1, 1};
    const struct ion *ion = find(name);
    ion = ion ? ion : &other;
    *inside = ion->inside;
    *outside = ion->outside;
    *reversal = isnan(ion->reversal) ? 12.5 * log(ion->outside / ion->inside) : ion->reversal;
}
