/* SPDX-License-Identifier: Apache-2.0 */
/* fork and exec with a cgroup, a network namespace and a death signal in between. */
#define _GNU_SOURCE
#include "CTestbed.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/close_range.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

/* One request at a time is handed to the thread that forks. */
static pthread_mutex_t gate = PTHREAD_MUTEX_INITIALIZER; /* held by the caller for the whole of its request */
static pthread_mutex_t slot = PTHREAD_MUTEX_INITIALIZER; /* guards what follows */
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static const struct testbed_spawn *pending;
static struct testbed_spawn_failure *pending_failure;
static pid_t result;
static int answered;
static int thread_error = -1; /* -1 before the thread was started, then the error of pthread_create */

/* Everything below runs in the child, between fork and exec: async-signal-safe calls only. */
static int become(const struct testbed_spawn *request, pid_t parent) {
    sigset_t none;
    sigemptyset(&none);
    for (int number = 1; number < NSIG; number++)
        signal(number, SIG_DFL);
    sigprocmask(SIG_SETMASK, &none, NULL);
    setpgid(0, 0);

    if (request->death_signal && prctl(PR_SET_PDEATHSIG, request->death_signal))
        return TESTBED_STAGE_DEATH_SIGNAL;
    /* The parent may have ended before the call above. */
    if (request->death_signal && getppid() != parent) {
        errno = ESRCH;
        return TESTBED_STAGE_DEATH_SIGNAL;
    }
    if (request->cgroup_procs >= 0 && write(request->cgroup_procs, "0", 1) != 1)
        return TESTBED_STAGE_CGROUP;
    if (request->network_namespace >= 0 && setns(request->network_namespace, CLONE_NEWNET))
        return TESTBED_STAGE_NAMESPACE;
    if (request->processor >= 0 && testbed_pin_thread(request->processor))
        return TESTBED_STAGE_PROCESSOR;
    if (dup2(request->input, 0) < 0 || dup2(request->output, 1) < 0 || dup2(request->error, 2) < 0)
        return TESTBED_STAGE_DESCRIPTORS;
    if (syscall(SYS_close_range, 3U, ~0U, CLOSE_RANGE_CLOEXEC))
        return TESTBED_STAGE_DESCRIPTORS;
    execve(request->path, request->arguments, request->environment);
    return TESTBED_STAGE_EXEC;
}

static pid_t fork_and_exec(const struct testbed_spawn *request, struct testbed_spawn_failure *failure) {
    int report[2];
    failure->stage = TESTBED_STAGE_FORK;
    if (pipe2(report, O_CLOEXEC)) {
        failure->code = errno;
        return -1;
    }
    pid_t parent = getpid();
    pid_t child = fork();
    if (child == 0) {
        struct testbed_spawn_failure mine = {.stage = become(request, parent)};
        mine.code = errno;
        ssize_t ignored = write(report[1], &mine, sizeof(mine));
        (void)ignored;
        _exit(127);
    }
    int fork_error = errno;
    close(report[1]);
    ssize_t size = 0;
    if (child > 0)
        while ((size = read(report[0], failure, sizeof(*failure))) < 0 && errno == EINTR)
            ;
    close(report[0]);
    if (child < 0) {
        failure->code = fork_error;
        return -1;
    }
    /* exec closed the pipe without a word: the program runs. */
    if (size == 0)
        return child;
    waitpid(child, NULL, 0);
    return -1;
}

static void *fork_forever(void *unused) {
    (void)unused;
    pthread_mutex_lock(&slot);
    for (;;) {
        while (!pending)
            pthread_cond_wait(&changed, &slot);
        result = fork_and_exec(pending, pending_failure);
        pending = NULL;
        answered = 1;
        pthread_cond_broadcast(&changed);
    }
    return NULL;
}

static int start_thread(void) {
    sigset_t all, before;
    pthread_t thread;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    int error = pthread_create(&thread, NULL, fork_forever, NULL);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (!error)
        pthread_detach(thread);
    return error;
}

pid_t testbed_spawn(const struct testbed_spawn *request, struct testbed_spawn_failure *failure) {
    pthread_mutex_lock(&gate);
    if (thread_error != 0)
        thread_error = start_thread();
    if (thread_error != 0) {
        failure->stage = TESTBED_STAGE_FORK;
        failure->code = thread_error;
        pthread_mutex_unlock(&gate);
        return -1;
    }
    pthread_mutex_lock(&slot);
    answered = 0;
    pending_failure = failure;
    pending = request;
    pthread_cond_broadcast(&changed);
    while (!answered)
        pthread_cond_wait(&changed, &slot);
    pid_t child = result;
    pthread_mutex_unlock(&slot);
    pthread_mutex_unlock(&gate);
    return child;
}

const char *testbed_spawn_stage_name(int stage) {
    switch (stage) {
    case TESTBED_STAGE_DEATH_SIGNAL:
        return "prctl(PR_SET_PDEATHSIG)";
    case TESTBED_STAGE_CGROUP:
        return "joining the cgroup";
    case TESTBED_STAGE_NAMESPACE:
        return "entering the network namespace";
    case TESTBED_STAGE_PROCESSOR:
        return "sched_setaffinity";
    case TESTBED_STAGE_DESCRIPTORS:
        return "setting up descriptors";
    case TESTBED_STAGE_EXEC:
        return "execve";
    default:
        return "fork";
    }
}

int testbed_pidfd_open(pid_t pid) { return (int)syscall(SYS_pidfd_open, pid, 0); }

int testbed_memory_file(const char *name) { return memfd_create(name, MFD_CLOEXEC); }

int testbed_unshare_network(void) { return unshare(CLONE_NEWNET); }

int testbed_enter_network(int fd) { return setns(fd, CLONE_NEWNET); }
