/* SPDX-License-Identifier: BSD-3-Clause */
/* context.h: what everything belongs to, and how calls fail.
 *
 * Everything belongs to a context, and nothing is global: two contexts in one process know nothing
 * of each other, and each may be used by one thread at a time. A function that can fail returns a
 * hk_status; the reason, with place and value, is then hk_message(context). Units are NEURON's: mV,
 * ms, um, nA, uS, mA/cm2, S/cm2, uF/cm2, mM, ohm cm, degC. */
#ifndef HK_CONTEXT_H
#define HK_CONTEXT_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#if defined __GNUC__
#define HK_API __attribute__((visibility("default")))
#else
#define HK_API
#endif

#define HK_VERSION "0.1.0"

#define HK_NONE UINT32_MAX /* no index */

/* Why a call failed. */
#define HK_STATUS(X)                                                                               \
    X(HK_OK, "it went well")                                                                       \
    X(HK_NO_MEMORY, "memory could not be had")                                                     \
    X(HK_INVALID, "a value is out of its range or does not fit the others")                        \
    X(HK_NOT_FOUND, "a name, index or location does not exist")                                    \
    X(HK_FILE, "a file could not be read or written")                                              \
    X(HK_SYNTAX, "a file's text is malformed")                                                     \
    X(HK_PLUGIN, "a plugin is not one, or not for this version")                                   \
    X(HK_ORDER, "the call came too early or too late")                                             \
    X(HK_DIVERGED, "a membrane potential is not a number or out of bounds")                        \
    X(HK_INTERRUPTED, "the run was asked to stop")

typedef enum hk_status {
#define HK_STATUS_NAME(name, text) name,
    HK_STATUS(HK_STATUS_NAME)
#undef HK_STATUS_NAME
} hk_status;

typedef struct hk_context hk_context;

/* A new context, or NULL where memory is short. hk_free frees it; every cell type, network and
 * morphology made in it must have been freed before. */
HK_API hk_context *hk_new(void);
HK_API void hk_free(hk_context *ctx);

/* The last failure's message, "" if there was none. It stays valid until the next failure in ctx.
 */
HK_API const char *hk_message(const hk_context *ctx);

/* The code's name and meaning, as in the list above. */
HK_API const char *hk_status_name(hk_status status);
HK_API const char *hk_status_text(hk_status status);

/* SHA-256 (FIPS 180-4) of n bytes, as 64 hexadecimal digits and a zero: how plugins are known. */
HK_API void hk_hash(const void *bytes, size_t n, char hex[65]);

/* The same of a file's content. HK_FILE where it cannot be read. */
HK_API hk_status hk_hash_file(hk_context *ctx, const char *path, char hex[65]);

#ifdef __cplusplus
}
#endif
#endif
