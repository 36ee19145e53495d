/*
 * load COMMAND [OPTIONS]
 *
 *     threads N, programs N      workers of one program or programs; see load.c for what standard input says
 *     once                       one signature and the end
 *     starts N, storm N          `once` so often, one after the other or all at once: microseconds to the first signature
 *
 *     ready COMMAND...           microseconds until this daemon says READY=1
 *
 *     --module FILE --token LABEL --pin-file FILE, or --socket FILE
 *     --p256 KEY --rsa KEY --ciphertext FILE
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "load.h"

static int usage(void) {
    fprintf(stderr, "load: the command line is not understood; see main.c\n");
    return 64;
}

static int read_ciphertext(struct target *target, const char *name) {
    FILE *file = fopen(name, "r");
    if (!file) return -1;
    target->ciphertext_length = fread(target->ciphertext, 1, sizeof target->ciphertext, file);
    fclose(file);
    return 0;
}

static int read_options(struct target *target, int count, char **words) {
    for (int i = 0; i + 1 < count; i += 2) {
        const char *name = words[i], *value = words[i + 1];
        if (!strcmp(name, "--module")) target->module = value;
        else if (!strcmp(name, "--token")) target->token = value;
        else if (!strcmp(name, "--pin-file")) target->pin_file = value;
        else if (!strcmp(name, "--socket")) target->socket = value;
        else if (!strcmp(name, "--p256")) target->p256 = value;
        else if (!strcmp(name, "--rsa")) target->rsa = value;
        else if (strcmp(name, "--ciphertext") || read_ciphertext(target, value)) return -1;
    }
    return target->module || target->socket ? 0 : -1;
}

int main(int count, char **words) {
    if (count < 2) return usage();
    const char *command = words[1];
    if (!strcmp(command, "ready")) return count > 2 ? ready(words + 2) : usage();
    int takes_number = strcmp(command, "once") != 0;
    int number = takes_number && count > 2 ? atoi(words[2]) : 1;
    int before = takes_number ? 3 : 2;
    struct target target = {0};
    if (count < before || number < 1 || read_options(&target, count - before, words + before)) return usage();
    if (!strcmp(command, "threads")) return serve(&target, number, 0);
    if (!strcmp(command, "programs")) return serve(&target, number, 1);
    if (!strcmp(command, "once")) return once(&target);
    words[1] = words[0];
    words[2] = "once";
    if (!strcmp(command, "starts")) return launch(words + 1, number, 0);
    if (!strcmp(command, "storm")) return launch(words + 1, number, 1);
    return usage();
}
