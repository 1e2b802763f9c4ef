/* SPDX-License-Identifier: BSD-3-Clause */
/* field: what a plugin's fields may be and hold. */
#ifndef HK_CORE_FIELD_H
#define HK_CORE_FIELD_H
#include "hillock/context.h"
#include "hillock/plugin.h"

/* "a channel", "a point process", ...; "of an unknown kind" */
const char *plugin_kind_name(uint32_t kind);

/* "parameter", "state", ...; NULL for no role */
const char *field_role_name(uint32_t role);

bool field_is_column(uint32_t role);
bool field_is_ion(uint32_t role);     /* names an ion */
bool field_is_list(uint32_t role);    /* holds rows of numbers: HK_LIST, HK_TABLE */
bool field_writes_ion(uint32_t role); /* stores an ion's concentration or reversal potential */

/* Columns that no kernel but init writes; and those that are the mechanism's own and change. The
 * others are an ion's. */
bool field_is_constant(uint32_t role);
bool field_varies(uint32_t role);

/* Whether a plugin of this kind may have such a field. */
bool field_fits(uint32_t role, uint32_t kind);

/* Whether the field may have this value: within its range, or finite where it has none; never NaN.
 */
bool field_allows(const struct hk_field *field, double value);

/* As field_allows; HK_INVALID names `where` (NULL: nothing), the plugin, the field, the value and
 * the range. */
hk_status field_check(hk_context *ctx, const char *where, const struct hk_plugin *plugin,
                      const struct hk_field *field, double value);

/* An ion's valence, as the host knows it or the plugin introduces it; false where neither does. */
bool field_ion(const struct hk_plugin *plugin, const char *ion, int *valence);

#endif
