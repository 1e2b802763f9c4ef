/* SPDX-License-Identifier: BSD-3-Clause */
#include "group_ports.h"

void group_put_down(struct group *g, enum port_side side) {
    double *to = g->relay[side] + g->first_tap;
    for (uint32_t k = 0; k < g->n_tap; k++) {
        to[k] = *g->tap[k];
    }
}

void group_take(struct group *g, enum port_side side) {
    const double *relay = g->relay[side];
    for (uint32_t p = 0; p < g->n_port; p++) {
        const struct port_column *port = &g->port[p];
        for (uint32_t k = 0; k < port->n; k++) {
            port->column[k] = relay[port->slot[k]];
        }
    }
}
