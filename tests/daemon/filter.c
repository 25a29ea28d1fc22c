/* Runs a command with no system calls but those in allowed.h, a list of their numbers: any other
 * fails with EPERM, as under systemd's SystemCallFilter= and SystemCallErrorNumber=EPERM. */
#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

static const int allowed[] = {
#include "allowed.h"
};
#define COUNT (sizeof allowed / sizeof *allowed)

int main(int count, char **words)
{
    static struct sock_filter steps[2 + 2 * COUNT];
    struct sock_filter *step = steps;
    *step++ = (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
                                           offsetof(struct seccomp_data, nr));
    for (size_t n = 0; n < COUNT; n++) {
        *step++ = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, allowed[n], 0, 1);
        *step++ = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
    }
    *step++ = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM);
    struct sock_fprog program = {step - steps, steps};
    if (count < 2 || prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
        || prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program)) {
        perror("filter");
        return 125;
    }
    execvp(words[1], words + 1);
    perror(words[1]);
    return 127;
}
