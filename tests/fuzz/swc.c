/* SPDX-License-Identifier: BSD-3-Clause */
/* The target of libFuzzer for the SWC reader; run.sh builds and runs it. */
#include "shape_check.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    return shape_fuzz(&SHAPE_SWC, data, size);
}
