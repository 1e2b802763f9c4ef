/* SPDX-License-Identifier: BSD-3-Clause */
/* hillock.h: the host's whole interface, in the order in which a model is made: a context, its
 * plugins, morphologies, cell types, networks, runs. The Lua layer is its first client. */
#ifndef HK_HILLOCK_H
#define HK_HILLOCK_H
#include "hillock/cell.h"
#include "hillock/context.h"
#include "hillock/morphology.h"
#include "hillock/network.h"
#include "hillock/registry.h"
#endif
