: SPDX-License-Identifier: BSD-3-Clause
COMMENT
Tests the idiom of a stimulator that plays a Vector of times (VERBATIM): what most models call VecStim.
ENDCOMMENT

NEURON {
    THREADSAFE
    ARTIFICIAL_CELL VecStim
    BBCOREPOINTER space
}

ASSIGNED {
    index
    etime (ms)
    space
}

INITIAL {
    index = 0
    element()
    if (index > 0) {
        net_send(etime - t, 1)
    }
}

NET_RECEIVE(w) {
    if (flag == 1) {
        net_event(t)
        element()
        if (index > 0) {
            if (etime < t) {
                printf("VecStim: times are not sorted\n")
            } else {
                net_send(etime - t, 1)
            }
        }
    }
}

VERBATIM
extern double* vector_vec();
extern int vector_capacity();
extern void* vector_arg();
ENDVERBATIM

PROCEDURE element() {
VERBATIM
    {
        void* times = *((void**)(&(_p_space)));
        int which = (int)index;
        if (times && which >= 0 && which < vector_capacity(times)) {
            etime = vector_vec(times)[which];
            index += 1.;
        } else {
            index = -1.;
        }
    }
ENDVERBATIM
}

PROCEDURE play() {
VERBATIM
    {
        void** times = (void**)(&(_p_space));
        *times = (void*)0;
        if (ifarg(1)) {
            *times = vector_arg(1);
        }
    }
ENDVERBATIM
}

VERBATIM
static void bbcore_write(double* x, int* d, int* xx, int* offset, _threadargsproto_) {
}
static void bbcore_read(double* x, int* d, int* xx, int* offset, _threadargsproto_) {
}
ENDVERBATIM
