/*
 * Clients of a PKCS#11 module or of tokend, as threads of one program or as programs of their own, that operate as fast as
 * they can for as long as standard input says. One answer in JSON for each line:
 *
 *     run p256 300      all workers sign for 300 ms: count, seconds, errors, and quantiles of the latencies in microseconds
 */
#include "load.h"

#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { SAMPLES = 1 << 16 };

/* What one worker has to say; in memory that parent and children share. */
struct report {
    int lost; /* could not open the token */
    char why[WHY];
    unsigned long count, errors;
    uint32_t nanos[SAMPLES];
};

struct shared {
    pthread_barrier_t begin, end;
    pthread_mutex_t opening;
    enum operation operation;
    int64_t deadline;
    int quit;
    struct report reports[];
};

struct worker {
    const struct target *target;
    struct shared *shared;
    struct report *report;
    int loads; /* a program of its own */
};

int64_t now_nanos(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1000000000LL + time.tv_nsec;
}

/* One after the other: what happens when all open at once is another question, which `storm` answers. */
static struct client *open_in_turn(const struct worker *worker) {
    pthread_mutex_lock(&worker->shared->opening);
    int failed = worker->loads && client_load(worker->target, worker->report->why);
    struct client *client = failed ? NULL : client_open(worker->target, worker->report->why);
    pthread_mutex_unlock(&worker->shared->opening);
    worker->report->lost = client == NULL;
    return client;
}

static void run_once(struct client *client, const struct shared *shared, struct report *report) {
    report->count = 0;
    report->errors = 0;
    int64_t before = now_nanos();
    while (client && before < shared->deadline) {
        int failed = client_do(client, shared->operation);
        int64_t after = now_nanos();
        if (failed)
            report->errors++;
        else if (report->count++ < SAMPLES)
            report->nanos[report->count - 1] = (uint32_t)(after - before);
        before = after;
    }
}

static void *work(void *argument) {
    struct worker *worker = argument;
    struct client *client = open_in_turn(worker);
    pthread_barrier_wait(&worker->shared->end); /* ready */
    for (;;) {
        pthread_barrier_wait(&worker->shared->begin);
        if (worker->shared->quit) return NULL;
        run_once(client, worker->shared, worker->report);
        pthread_barrier_wait(&worker->shared->end);
    }
}

static struct shared *share(int workers) {
    struct shared *shared = mmap(NULL, sizeof *shared + workers * sizeof(struct report), PROT_READ | PROT_WRITE,
                                 MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (shared == MAP_FAILED) abort();
    pthread_barrierattr_t between_processes;
    pthread_barrierattr_init(&between_processes);
    pthread_barrierattr_setpshared(&between_processes, PTHREAD_PROCESS_SHARED);
    pthread_barrier_init(&shared->begin, &between_processes, (unsigned)workers + 1);
    pthread_barrier_init(&shared->end, &between_processes, (unsigned)workers + 1);
    pthread_mutexattr_t also;
    pthread_mutexattr_init(&also);
    pthread_mutexattr_setpshared(&also, PTHREAD_PROCESS_SHARED);
    pthread_mutex_init(&shared->opening, &also);
    return shared;
}

static void start(struct worker *worker, int as_program) {
    if (!as_program) {
        pthread_t thread;
        pthread_create(&thread, NULL, work, worker);
        pthread_detach(thread);
    } else if (fork() == 0) {
        work(worker);
        _exit(0);
    }
}

static int by_value(const void *a, const void *b) {
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

static double micros(const uint32_t *sorted, size_t count, double quantile) {
    return count ? sorted[(size_t)(quantile * (double)(count - 1))] / 1000.0 : 0;
}

static void tell(struct shared *shared, int workers, double seconds) {
    unsigned long count = 0, errors = 0;
    size_t samples = 0;
    uint32_t *all = malloc(sizeof(uint32_t) * SAMPLES * (size_t)workers);
    for (int i = 0; i < workers; i++) {
        struct report *report = &shared->reports[i];
        size_t kept = report->count < SAMPLES ? report->count : SAMPLES;
        memcpy(all + samples, report->nanos, kept * sizeof(uint32_t));
        samples += kept;
        count += report->count;
        errors += report->errors;
    }
    qsort(all, samples, sizeof(uint32_t), by_value);
    printf("{\"count\":%lu,\"seconds\":%.6f,\"errors\":%lu,\"p50\":%.2f,\"p90\":%.2f,\"p99\":%.2f}\n", count, seconds, errors,
           micros(all, samples, 0.5), micros(all, samples, 0.9), micros(all, samples, 0.99));
    fflush(stdout);
    free(all);
}

static void tell_ready(const struct shared *shared, int workers) {
    int lost = 0;
    const char *why = "";
    for (int i = 0; i < workers; i++) {
        lost += shared->reports[i].lost;
        if (shared->reports[i].why[0]) why = shared->reports[i].why;
    }
    printf("{\"lost\":%d,\"why\":\"%s\"}\n", lost, why);
    fflush(stdout);
}

static void obey(struct shared *shared, int workers) {
    static const char *const names[] = {"p256", "rsa", "decrypt"};
    char line[128], name[16];
    int millis;
    while (fgets(line, sizeof line, stdin) && sscanf(line, "run %15s %d", name, &millis) == 2) {
        for (int i = 0; i < OPERATIONS; i++)
            if (strcmp(name, names[i]) == 0) shared->operation = (enum operation)i;
        int64_t begin = now_nanos();
        shared->deadline = begin + millis * 1000000LL;
        pthread_barrier_wait(&shared->begin);
        pthread_barrier_wait(&shared->end);
        tell(shared, workers, (double)(now_nanos() - begin) / 1e9);
    }
}

int serve(const struct target *target, int workers, int as_programs) {
    struct shared *shared = share(workers);
    struct worker *all = calloc((size_t)workers, sizeof *all);
    char why[WHY] = "";
    if (!as_programs && client_load(target, why)) {
        fprintf(stderr, "load: %s\n", why);
        return 1;
    }
    for (int i = 0; i < workers; i++) {
        all[i] = (struct worker){target, shared, &shared->reports[i], as_programs};
        start(&all[i], as_programs);
    }
    pthread_barrier_wait(&shared->end);
    tell_ready(shared, workers);
    obey(shared, workers);
    shared->quit = 1;
    pthread_barrier_wait(&shared->begin);
    while (as_programs && wait(NULL) > 0) {
    }
    return 0;
}
