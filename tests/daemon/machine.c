/* A machine that a test can mistreat: preloaded, it sets the clock ahead and lets writes to the
 * database fail. The file that $FEEDD_MACHINE names holds both: seconds ahead, and the error (an
 * errno, 0 for none). */
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

static void look(long *ahead_s, int *error)
{
    const char *place = getenv("FEEDD_MACHINE");
    FILE *file = place ? fopen(place, "r") : NULL;
    *ahead_s = 0;
    *error = 0;
    if (file) {
        if (fscanf(file, "%ld %d", ahead_s, error) != 2)
            *error = 0;
        fclose(file);
    }
}

int clock_gettime(clockid_t which, struct timespec *now)
{
    int failed = syscall(SYS_clock_gettime, which, now);
    if (!failed && which == CLOCK_REALTIME) {
        long ahead_s;
        int error;
        look(&ahead_s, &error);
        now->tv_sec += ahead_s;
    }
    return failed;
}

/* Nobody but SQLite writes at a place of a file. */
ssize_t pwrite64(int file, const void *data, size_t size, off64_t at)
{
    long ahead_s;
    int error;
    look(&ahead_s, &error);
    if (error) {
        errno = error;
        return -1;
    }
    return syscall(SYS_pwrite64, file, data, size, at);
}

ssize_t pwrite(int file, const void *data, size_t size, off_t at)
{
    return pwrite64(file, data, size, at);
}
