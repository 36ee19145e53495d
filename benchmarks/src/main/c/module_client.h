#ifndef MODULE_CLIENT_H
#define MODULE_CLIENT_H

#include "client.h"

int module_load(const struct target *target, char *why);
void *module_open(const struct target *target, char *why);
int module_do(void *worker, enum operation operation);

#endif
