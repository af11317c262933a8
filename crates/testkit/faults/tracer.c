/*
 * Runs a program and makes its n-th call that changes files fail, or ends the program there.
 *
 *   tracer MODE N REPORT -- PROGRAM ARGUMENT...
 *
 * MODE    count   nothing is done, the calls are counted
 *         kill    SIGKILL instead of the n-th call
 *         torn    the n-th call writes half of its bytes, then SIGKILL (calls that write only)
 *         short   the n-th call writes half of its bytes and says so (calls that write only)
 *         eio     the n-th call fails with EIO; when it sends, its connection is shut down instead
 *         enospc  the n-th call and every later one that needs space fails with ENOSPC
 * REPORT  a file: "points N", "hit NAME WHERE" when something was done, "calls NAME N" for each kind of call,
 *         "hung 1" when it was ended after two minutes, "exit CODE" or "signal NUMBER"
 *
 * A point is a system call that writes, syncs, truncates, renames, links, removes or creates, or that sends to a
 * socket, whoever makes it: the C library, SQLite, Rust or inline assembler. Writes to pipes, terminals and
 * devices do not count, nor does standard output and standard error.
 *
 * The kernel stops the program at these calls only (seccomp), so the rest runs at full speed. Linux on x86-64
 * and arm64; anything else does not compile, and the caller says so. Plain C without libraries.
 */
#define _GNU_SOURCE
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

#if defined(__x86_64__)
#define OWN_ARCH AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define OWN_ARCH AUDIT_ARCH_AARCH64
#else
#error "system calls can be stopped on Linux on x86-64 and arm64 only"
#endif

/* What a call does to space, and where its arguments are. */
enum kind {
    WRITES,  /* fd, buffer, length: half of it can be written */
    FILLS,   /* fd first, needs space, cannot be halved */
    TO_FD,   /* fd first, needs no space */
    OPENS,   /* a point only when it creates or truncates */
    NAMES,   /* works on names and needs space in a folder */
    REMOVES, /* works on names and needs no space */
    SENDS,   /* fd of a socket */
};

struct call {
    long number;
    const char *name;
    enum kind kind;
    /* Which argument is the file or its name. */
    int place;
    long count;
};

static struct call calls[] = {
    {SYS_write, "write", WRITES, 0, 0},
    {SYS_pwrite64, "pwrite64", WRITES, 0, 0},
    {SYS_writev, "writev", FILLS, 0, 0},
    {SYS_pwritev, "pwritev", FILLS, 0, 0},
    {SYS_pwritev2, "pwritev2", FILLS, 0, 0},
    {SYS_sendfile, "sendfile", FILLS, 0, 0},
    {SYS_copy_file_range, "copy_file_range", FILLS, 2, 0},
    {SYS_fallocate, "fallocate", FILLS, 0, 0},
    {SYS_ftruncate, "ftruncate", TO_FD, 0, 0},
    {SYS_fsync, "fsync", TO_FD, 0, 0},
    {SYS_fdatasync, "fdatasync", TO_FD, 0, 0},
    {SYS_sync_file_range, "sync_file_range", TO_FD, 0, 0},
    {SYS_fchmod, "fchmod", TO_FD, 0, 0},
    {SYS_openat, "openat", OPENS, 1, 0},
    {SYS_mkdirat, "mkdirat", NAMES, 1, 0},
    {SYS_linkat, "linkat", NAMES, 3, 0},
    {SYS_symlinkat, "symlinkat", NAMES, 2, 0},
    {SYS_renameat, "renameat", NAMES, 1, 0},
    {SYS_renameat2, "renameat2", NAMES, 1, 0},
    {SYS_unlinkat, "unlinkat", REMOVES, 1, 0},
    {SYS_truncate, "truncate", REMOVES, 0, 0},
    {SYS_sendto, "sendto", SENDS, 0, 0},
    {SYS_sendmsg, "sendmsg", SENDS, 0, 0},
#if defined(__x86_64__)
    {SYS_open, "open", OPENS, 0, 0},
    {SYS_creat, "creat", NAMES, 0, 0},
    {SYS_mkdir, "mkdir", NAMES, 0, 0},
    {SYS_link, "link", NAMES, 1, 0},
    {SYS_symlink, "symlink", NAMES, 1, 0},
    {SYS_rename, "rename", NAMES, 0, 0},
    {SYS_unlink, "unlink", REMOVES, 0, 0},
    {SYS_rmdir, "rmdir", REMOVES, 0, 0},
#endif
};
enum { CALLS = sizeof calls / sizeof calls[0] };

static void die(const char *what) {
    fprintf(stderr, "tracer: %s: %s\n", what, strerror(errno));
    exit(125);
}

/* Only these calls stop the program. */
static void install_filter(void) {
    struct sock_filter filter[CALLS + 5];
    size_t at = 0;
    filter[at++] = (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, arch));
    filter[at++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, OWN_ARCH, 0, CALLS + 1);
    filter[at++] = (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr));
    for (int i = 0; i < CALLS; i++)
        filter[at++] =
            (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (unsigned)calls[i].number, CALLS - i, 0);
    filter[at++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
    filter[at++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_TRACE);
    struct sock_fprog program = {.len = (unsigned short)at, .filter = filter};
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) || prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program))
        die("cannot set a filter");
}

struct stop {
    long number;
    unsigned long long arguments[6];
#if defined(__x86_64__)
    struct user_regs_struct registers;
#else
    struct user_pt_regs registers;
#endif
};

static void look(pid_t pid, struct stop *stop) {
    struct iovec place = {&stop->registers, sizeof stop->registers};
    if (ptrace(PTRACE_GETREGSET, pid, NT_PRSTATUS, &place)) die("cannot read registers");
#if defined(__x86_64__)
    stop->number = (long)stop->registers.orig_rax;
    unsigned long long found[6] = {stop->registers.rdi, stop->registers.rsi, stop->registers.rdx,
                                   stop->registers.r10, stop->registers.r8,  stop->registers.r9};
    memcpy(stop->arguments, found, sizeof found);
#else
    stop->number = (long)stop->registers.regs[8];
    for (int i = 0; i < 6; i++) stop->arguments[i] = stop->registers.regs[i];
#endif
}

static void store(pid_t pid, struct stop *stop) {
    struct iovec place = {&stop->registers, sizeof stop->registers};
    if (ptrace(PTRACE_SETREGSET, pid, NT_PRSTATUS, &place)) die("cannot write registers");
}

/* The call is not made and fails. */
static void refuse(pid_t pid, struct stop *stop, int error) {
#if defined(__x86_64__)
    stop->registers.orig_rax = (unsigned long long)-1;
    stop->registers.rax = (unsigned long long)-error;
    store(pid, stop);
#else
    int none = -1;
    struct iovec place = {&none, sizeof none};
    if (ptrace(PTRACE_SETREGSET, pid, NT_ARM_SYSTEM_CALL, &place)) die("cannot skip a call");
    stop->registers.regs[0] = (unsigned long long)-error;
    store(pid, stop);
#endif
}

/* Another call is made instead, with another second argument. */
static void exchange(pid_t pid, struct stop *stop, long number, unsigned long long second) {
#if defined(__x86_64__)
    stop->registers.orig_rax = (unsigned long long)number;
    stop->registers.rsi = second;
    store(pid, stop);
#else
    int wanted = (int)number;
    struct iovec place = {&wanted, sizeof wanted};
    if (ptrace(PTRACE_SETREGSET, pid, NT_ARM_SYSTEM_CALL, &place)) die("cannot exchange a call");
    stop->registers.regs[1] = second;
    store(pid, stop);
#endif
}

static void halve(pid_t pid, struct stop *stop) {
#if defined(__x86_64__)
    stop->registers.rdx /= 2;
#else
    stop->registers.regs[2] /= 2;
#endif
    store(pid, stop);
}

/* The file behind a descriptor; empty when there is none. */
static void name_of(pid_t pid, unsigned long long fd, char *name, size_t size) {
    char link[64];
    snprintf(link, sizeof link, "/proc/%d/fd/%d", pid, (int)fd);
    ssize_t length = readlink(link, name, size - 1);
    name[length > 0 ? length : 0] = 0;
}

/* The text at an address of the program. */
static void text_at(pid_t pid, unsigned long long address, char *text, size_t size) {
    struct iovec own = {text, size - 1}, its = {(void *)(uintptr_t)address, size - 1};
    ssize_t length = process_vm_readv(pid, &own, 1, &its, 1, 0);
    text[length > 0 ? length : 0] = 0;
    text[strcspn(text, "\n")] = 0;
}

/* Devices and the like keep nothing; a file system in memory does. */
static int keeps(const char *where) {
    if (!strncmp(where, "/dev/", 5)) return !strncmp(where, "/dev/shm/", 9);
    return strncmp(where, "/proc/", 6) != 0;
}

/* Whether a stop is a point; `where` gets the file. */
static int is_point(pid_t pid, const struct call *call, const struct stop *stop, char *where, size_t size) {
    unsigned long long place = stop->arguments[call->place];
    switch (call->kind) {
    case WRITES: case FILLS: case TO_FD:
        name_of(pid, place, where, size);
        if (!strncmp(where, "socket:", 7)) return call->kind != TO_FD;
        return place > 2 && where[0] == '/' && keeps(where);
    case SENDS:
        name_of(pid, place, where, size);
        return 1;
    case OPENS:
        text_at(pid, place, where, size);
        /* its flags come after its name */
        return (stop->arguments[call->place + 1] & (O_CREAT | O_TRUNC)) != 0 && keeps(where);
    default:
        text_at(pid, place, where, size);
        return 1;
    }
}

static int needs_space(const struct call *call) {
    return call->kind == WRITES || call->kind == FILLS || call->kind == OPENS || call->kind == NAMES;
}

static pid_t child;
static volatile sig_atomic_t is_hung;

/* A program that waits for ever is wrong as well. */
static void give_up(int signal) {
    (void)signal;
    is_hung = 1;
    kill(child, SIGKILL);
}

int main(int count, char **arguments) {
    if (count < 6 || strcmp(arguments[4], "--")) {
        fprintf(stderr, "usage: tracer MODE N REPORT -- PROGRAM ARGUMENT...\n");
        return 125;
    }
    const char *mode = arguments[1];
    long wanted = atol(arguments[2]), points = 0;
    int is_writes_only = !strcmp(mode, "torn") || !strcmp(mode, "short");
    int is_full = !strcmp(mode, "enospc");
    FILE *report = fopen(arguments[3], "we");
    if (!report) die(arguments[3]);

    child = fork();
    if (child < 0) die("cannot fork");
    if (child == 0) {
        if (ptrace(PTRACE_TRACEME, 0, 0, 0)) die("cannot be traced");
        raise(SIGSTOP);
        install_filter();
        execv(arguments[5], arguments + 5);
        die(arguments[5]);
    }
    int status;
    if (waitpid(child, &status, 0) < 0 || !WIFSTOPPED(status)) die("the program did not start");
    if (ptrace(PTRACE_SETOPTIONS, child, 0,
               PTRACE_O_TRACESECCOMP | PTRACE_O_TRACECLONE | PTRACE_O_TRACEFORK | PTRACE_O_TRACEVFORK |
                   PTRACE_O_TRACEEXEC | PTRACE_O_EXITKILL))
        die("cannot trace");
    ptrace(PTRACE_CONT, child, 0, 0);

    signal(SIGALRM, give_up);
    alarm(120);

    pid_t tearing = 0;
    for (;;) {
        pid_t pid = waitpid(-1, &status, __WALL);
        if (pid < 0 && errno == EINTR) continue;
        if (pid < 0) die("the program is gone");
        if (WIFEXITED(status) || WIFSIGNALED(status)) {
            if (pid != child) continue;
            break;
        }
        int stopped_by = WSTOPSIG(status), event = status >> 16, forward = 0;
        if (pid == tearing && stopped_by == SIGTRAP && event == 0) {
            kill(child, SIGKILL); /* the half is written */
            tearing = 0;
            continue;
        }
        if (event == 0 && stopped_by != SIGTRAP && stopped_by != SIGSTOP) forward = stopped_by;
        enum __ptrace_request next = PTRACE_CONT;
        if (event == PTRACE_EVENT_SECCOMP) {
            struct stop stop;
            char where[4200] = "";
            look(pid, &stop);
            struct call *call = NULL;
            for (int i = 0; i < CALLS && !call; i++)
                if (calls[i].number == stop.number) call = &calls[i];
            int counts = call && is_point(pid, call, &stop, where, sizeof where) &&
                         !(is_writes_only && (call->kind != WRITES || stop.arguments[2] < 2)) &&
                         !(is_full && !(needs_space(call) && strncmp(where, "socket:", 7)));
            if (counts) {
                points++;
                call->count++;
                int is_hit = wanted > 0 && (points == wanted || (is_full && points > wanted));
                if (points == wanted && strcmp(mode, "count")) fprintf(report, "hit %s %s\n", call->name, where);
                if (is_hit && !strcmp(mode, "kill")) {
                    kill(child, SIGKILL);
                    continue;
                }
                if (is_hit && is_writes_only) halve(pid, &stop);
                if (is_hit && !strcmp(mode, "torn")) {
                    tearing = pid;
                    next = PTRACE_SYSCALL;
                }
                /* A socket does not fail and go on; its connection is gone. */
                if (is_hit && !strcmp(mode, "eio") && !strncmp(where, "socket:", 7))
                    exchange(pid, &stop, SYS_shutdown, SHUT_RDWR);
                else if (is_hit && !strcmp(mode, "eio")) refuse(pid, &stop, EIO);
                if (is_hit && is_full) refuse(pid, &stop, ENOSPC);
            }
        }
        ptrace(next, pid, 0, forward);
    }
    fprintf(report, "points %ld\n", points);
    for (int i = 0; i < CALLS; i++)
        if (calls[i].count) fprintf(report, "calls %s %ld\n", calls[i].name, calls[i].count);
    if (is_hung) fprintf(report, "hung 1\n");
    if (WIFEXITED(status)) fprintf(report, "exit %d\n", WEXITSTATUS(status));
    else fprintf(report, "signal %d\n", WTERMSIG(status));
    if (fclose(report)) die("cannot write the report");
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
