/* Faults in the system calls of one process, for the files below one folder.
 *
 * Preloaded (LD_PRELOAD) and armed from Python by fault_arm(). The calls that concern files below
 * the folder are counted from 1; the armed one fails, is cut short, or ends the process. Every call
 * that changes a file can be written to a log, from which powerloss.py makes what a disk may hold
 * after the power has failed.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#define KILL (-1)
#define SHORT (-2)
#define MOST_FILES 65536
#define MOST_CALLS 65536

static char folder[4096];
static size_t folder_length;
static long armed_at, calls;
static int fault, stays, log_file = -1;
static char *names[MOST_FILES];
static uint64_t seed, drawn;
static char kinds[MOST_CALLS + 1];

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

void fault_arm(const char *below, long at, int kind, int sticky, int log)
{
    strncpy(folder, below, sizeof folder - 1);
    folder_length = strlen(folder);
    armed_at = at;
    fault = kind;
    stays = sticky;
    log_file = log;
    calls = 0;
    memset(kinds, 0, sizeof kinds);
}

long fault_calls(void) { return calls; }

/* What each call does, a letter each: see possible.py. */
const char *fault_kinds(void) { return kinds; }

/* Random names are the same in every process with the same seed; 0 leaves them to the system. */
void fault_seed(unsigned long chosen)
{
    seed = chosen;
    drawn = 0;
}

ssize_t getrandom(void *data, size_t size, unsigned int flags)
{
    if (!seed)
        return REAL(getrandom)(data, size, flags);
    for (size_t at = 0; at < size; at++) {
        /* SplitMix64 */
        uint64_t mixed = seed * 0xd1342543de82ef95 + ++drawn * 0x9e3779b97f4a7c15;
        mixed = (mixed ^ (mixed >> 30)) * 0xbf58476d1ce4e5b9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94d049bb133111eb;
        ((unsigned char *)data)[at] = mixed >> 56;
    }
    return size;
}

static int is_below(const char *path)
{
    return folder_length && path && !strncmp(path, folder, folder_length);
}

static int is_tracked(int file) { return file >= 0 && file < MOST_FILES && names[file] != NULL; }

/* Count a call and note what it does: whether the fault is due at it. */
static int is_due(char does)
{
    if (calls < MOST_CALLS)
        kinds[calls] = does;
    calls++;
    if (!armed_at || (calls != armed_at && !(stays && calls > armed_at)))
        return 0;
    if (fault == KILL)
        kill(getpid(), SIGKILL);
    return 1;
}

/* Fail the call that is_due() says is due; cutting short concerns reads and writes only. */
#define FAIL(does, result)                    \
    do {                                      \
        if (is_due(does) && fault != SHORT) { \
            errno = fault;                    \
            return result;                    \
        }                                     \
    } while (0)

static void note(char kind, uint64_t inode, const char *first, const char *second, int64_t offset,
                 const void *data, uint64_t size)
{
    if (log_file < 0)
        return;
    struct { char kind; char pad[7]; uint64_t inode, first, second; int64_t offset; uint64_t size; } row = {
        kind, {0}, inode, first ? strlen(first) : 0, second ? strlen(second) : 0, offset, size};
    __typeof__(&write) put = REAL(write);
    put(log_file, &row, sizeof row);
    if (first) put(log_file, first, row.first);
    if (second) put(log_file, second, row.second);
    if (size) put(log_file, data, size);
}

static uint64_t inode_of(int file)
{
    struct stat about;
    return REAL(fstat)(file, &about) ? 0 : about.st_ino;
}

static int do_open(const char *path, int flags, mode_t mode)
{
    struct stat about;
    int below = is_below(path), fresh = 0;
    if (below) {
        FAIL(flags & (O_CREAT | O_TRUNC) ? 'c' : 'o', -1);
        fresh = (flags & O_CREAT) && REAL(lstat)(path, &about) != 0;
    }
    int file = REAL(open)(path, flags, mode);
    if (below && file >= 0 && file < MOST_FILES) {
        free(names[file]);
        names[file] = strdup(path);
        if (fresh)
            note('C', inode_of(file), path, NULL, 0, NULL, 0);
        else if (flags & O_TRUNC)
            note('T', inode_of(file), path, NULL, 0, NULL, 0);
    }
    return file;
}

#define OPEN(name)                                  \
    int name(const char *path, int flags, ...)      \
    {                                               \
        va_list rest;                               \
        va_start(rest, flags);                      \
        mode_t mode = va_arg(rest, mode_t);         \
        va_end(rest);                               \
        return do_open(path, flags, mode);          \
    }
OPEN(open)
OPEN(open64)

int openat(int at, const char *path, int flags, ...)
{
    va_list rest;
    va_start(rest, flags);
    mode_t mode = va_arg(rest, mode_t);
    va_end(rest);
    if (at == AT_FDCWD)
        return do_open(path, flags, mode);
    return REAL(openat)(at, path, flags, mode);
}

int close(int file)
{
    if (!is_tracked(file))
        return REAL(close)(file);
    free(names[file]);
    names[file] = NULL;
    int done = REAL(close)(file);
    FAIL('x', -1);
    return done;
}

/* Python maps a duplicate of the file it is given. */
#define CONTROL(name)                                                            \
    int name(int file, int command, ...)                                         \
    {                                                                            \
        va_list rest;                                                            \
        va_start(rest, command);                                                 \
        void *value = va_arg(rest, void *);                                      \
        va_end(rest);                                                            \
        int done = REAL(name)(file, command, value);                             \
        if ((command == F_DUPFD || command == F_DUPFD_CLOEXEC) && is_tracked(file) && \
            done >= 0 && done < MOST_FILES) {                                    \
            free(names[done]);                                                   \
            names[done] = strdup(names[file]);                                   \
        }                                                                        \
        return done;                                                             \
    }
CONTROL(fcntl)
CONTROL(fcntl64)

ssize_t write(int file, const void *data, size_t size)
{
    if (!is_tracked(file))
        return REAL(write)(file, data, size);
    if (is_due('w')) {
        if (fault != SHORT) {
            errno = fault;
            return -1;
        }
        size = size > 1 ? size / 2 : size;
    }
    struct stat about;
    REAL(fstat)(file, &about);
    off_t at = REAL(fcntl)(file, F_GETFL) & O_APPEND ? about.st_size : lseek(file, 0, SEEK_CUR);
    ssize_t done = REAL(write)(file, data, size);
    if (done > 0)
        note('W', about.st_ino, NULL, NULL, at, data, done);
    return done;
}

ssize_t read(int file, void *data, size_t size)
{
    if (is_tracked(file) && is_due('r')) {
        if (fault != SHORT) {
            errno = fault;
            return -1;
        }
        size = size > 1 ? size / 2 : size;
    }
    return REAL(read)(file, data, size);
}

#define PREAD(name)                                           \
    ssize_t name(int file, void *data, size_t size, off_t at) \
    {                                                         \
        if (is_tracked(file) && is_due('r')) {                \
            if (fault != SHORT) {                             \
                errno = fault;                                \
                return -1;                                    \
            }                                                 \
            size = size > 1 ? size / 2 : size;                \
        }                                                     \
        return REAL(name)(file, data, size, at);              \
    }
PREAD(pread)
PREAD(pread64)

#define FLUSH(name)                                           \
    int name(int file)                                        \
    {                                                         \
        if (is_tracked(file)) {                               \
            FAIL('f', -1);                                    \
            note('F', inode_of(file), names[file], NULL, 0, NULL, 0); \
        }                                                     \
        return REAL(name)(file);                              \
    }
FLUSH(fsync)
FLUSH(fdatasync)

#define TWO_NAMES(name, letter)                                     \
    int name(const char *old, const char *fresh)                    \
    {                                                               \
        int below = is_below(old) || is_below(fresh);               \
        if (below)                                                  \
            FAIL('n', -1);                                          \
        int done = REAL(name)(old, fresh);                          \
        if (below && !done)                                         \
            note(letter, 0, old, fresh, 0, NULL, 0);                \
        return done;                                                \
    }
TWO_NAMES(rename, 'R')
TWO_NAMES(link, 'L')

int linkat(int first, const char *old, int second, const char *fresh, int flags)
{
    int below = is_below(old) || is_below(fresh);
    if (below)
        FAIL('n', -1);
    int done = REAL(linkat)(first, old, second, fresh, flags);
    if (below && !done)
        note('L', 0, old, fresh, 0, NULL, 0);
    return done;
}

int unlink(const char *path)
{
    if (is_below(path))
        FAIL('n', -1);
    int done = REAL(unlink)(path);
    if (is_below(path) && !done)
        note('U', 0, path, NULL, 0, NULL, 0);
    return done;
}

int mkdir(const char *path, mode_t mode)
{
    if (is_below(path))
        FAIL('n', -1);
    int done = REAL(mkdir)(path, mode);
    if (is_below(path) && !done)
        note('M', 0, path, NULL, 0, NULL, 0);
    return done;
}

#define LOOK(name, about_file)                          \
    int name(const char *path, struct about_file *about) \
    {                                                    \
        if (is_below(path))                              \
            FAIL('s', -1);                               \
        return REAL(name)(path, about);                  \
    }
LOOK(stat, stat)
LOOK(stat64, stat64)
LOOK(lstat, stat)
LOOK(lstat64, stat64)

#define LOOK_AT_OPEN(name, about_file)              \
    int name(int file, struct about_file *about)    \
    {                                               \
        if (is_tracked(file))                       \
            FAIL('a', -1);                          \
        return REAL(name)(file, about);             \
    }
LOOK_AT_OPEN(fstat, stat)
LOOK_AT_OPEN(fstat64, stat64)

int access(const char *path, int how)
{
    if (is_below(path))
        FAIL('s', -1);
    return REAL(access)(path, how);
}

/* The folder opened last, until its first entry is read: the system reads a small one at once. */
static DIR *unread;

DIR *opendir(const char *path)
{
    int below = is_below(path);
    if (below)
        FAIL('d', NULL);
    DIR *opened = REAL(opendir)(path);
    if (below)
        unread = opened;
    return opened;
}

#define NEXT(name, entry)            \
    struct entry *name(DIR *opened)  \
    {                                \
        if (opened == unread) {      \
            unread = NULL;           \
            FAIL('e', NULL);         \
        }                            \
        return REAL(name)(opened);   \
    }
NEXT(readdir, dirent)
NEXT(readdir64, dirent64)

int flock(int file, int how)
{
    if (is_tracked(file))
        FAIL('k', -1);
    return REAL(flock)(file, how);
}

#define MAP(name)                                                                     \
    void *name(void *place, size_t size, int protection, int flags, int file, off_t at) \
    {                                                                                 \
        if (is_tracked(file))                                                         \
            FAIL('m', MAP_FAILED);                                                    \
        return REAL(name)(place, size, protection, flags, file, at);                  \
    }
MAP(mmap)
MAP(mmap64)
