/* SPDX-License-Identifier: BSD-3-Clause */
/* digest: what a network computes, as a hash: SHA-256 over all that decides its results.
 *
 * It is that of the model as it was said, in the order in which it was said: cell types, cells,
 * points, inputs, connections, ports, the options celsius, v_init, dt and seed. Not in it: names
 * that decide nothing, probes with the detectors and recorders that they alone need, threads,
 * groups, units.
 *
 * A plugin is known by the hash of its source, where that stands beside it and includes no file of
 * its own: then the digest is the same whoever compiled it, with whatever compiler and flags, which
 * decide no bits. Otherwise it is known by the hash of the shared object. */
#ifndef HK_CORE_DIGEST_H
#define HK_CORE_DIGEST_H
#include "network.h"

/* The network's; HK_FILE where a plugin's source cannot be read. */
hk_status digest_net(hk_net *net, unsigned char digest[32]);

/* Of the cell types alone, which may be changed for others when a network has been built: it keeps
 * what they were. */
hk_status digest_types(const hk_net *net, unsigned char digest[32]);

#endif
