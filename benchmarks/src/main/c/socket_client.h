#ifndef SOCKET_CLIENT_H
#define SOCKET_CLIENT_H

#include "client.h"

void *socket_open(const struct target *target, char *why);
int socket_do(void *worker, enum operation operation);

#endif
