#ifndef LOAD_H
#define LOAD_H

#include <stdint.h>

#include "client.h"

int64_t now_nanos(void);

/* Starts the workers and does what standard input says until it ends. */
int serve(const struct target *target, int workers, int as_programs);

/* One program: load, open, one P-256 signature; prints when it was there, or why not. */
int once(const struct target *target);

/* Starts this program anew so often, one after the other or all at once. */
int launch(char **arguments, int times, int at_once);

/* Starts a daemon, prints the microseconds until it says READY=1, and ends it. */
int ready(char **command);

#endif
