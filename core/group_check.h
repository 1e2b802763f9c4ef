/* SPDX-License-Identifier: BSD-3-Clause */
/* group_check: what plugins find wrong with their instances, or do wrong themselves. */
#ifndef HK_CORE_GROUP_CHECK_H
#define HK_CORE_GROUP_CHECK_H
#include "group.h"

/* Asks the plugins' check hooks about every instance of a group that has been filled; false leaves
 * HK_INVALID in g->status and what group_check_say puts into words. */
bool group_check(struct group *g);

/* Keeps that an instance of `plugin` at flat position `at`, or input number `input` (else HK_NONE),
 * is wrong. A reason is one line that stays valid. */
void group_note(struct group *g, hk_status status, const struct hk_plugin *plugin,
                const char *reason, uint32_t at, uint32_t input);

/* Puts what was noted into words; gives g->status. */
hk_status group_check_say(const hk_net *net, const struct group *g);

/* HK_DIVERGED: tells v, cell, segment, time and the mechanisms there. */
hk_status group_diverged_say(const hk_net *net, const struct group *g);

#endif
