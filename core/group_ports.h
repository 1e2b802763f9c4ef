/* SPDX-License-Identifier: BSD-3-Clause */
/* group_ports: what ports show, from where it is to where it is read.
 *
 * Each group puts down what others, or itself, want to see of it, in the network's relay, and takes
 * from there what its ports show. A relay has two sides, so that nobody takes while another puts
 * down: side 0 is put down before `current` and taken by it, side 1 after `current` and taken by
 * advance. Between the two, all groups that share a relay must have arrived. */
#ifndef HK_CORE_GROUP_PORTS_H
#define HK_CORE_GROUP_PORTS_H
#include "group.h"

enum port_side { BEFORE_CURRENT, AFTER_CURRENT };

void group_put_down(struct group *g, enum port_side side);
void group_take(struct group *g, enum port_side side);

#endif
